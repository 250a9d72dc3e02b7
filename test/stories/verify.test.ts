import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import type { FaultAction } from "../../emulator";
import { DAY, declare } from "../support/program";
import { type SecretStore, startSecretStore } from "../support/secret-store";
import { itOnOneHost, Stack, type StateResource, TYPE_PREFIX } from "../support/stack";

type Args = Readonly<Record<string, unknown>>;

const DEPENDANT = 'new Consumer("deploy", { value: server.fingerprint });';

/** A token that is tried before it is handed on, and who depends on it. */
const shop = (args: Args = {}, dependant = DEPENDANT) =>
  [
    declare({
      ...{ kind: "PrivateToken", name: "server" },
      args: {
        ...{ channelIds: [1], scopes: ["Customer", "Unauthenticated"], lifetime: "90d", verify: true },
        ...args,
      },
    }),
    dependant,
    "exports.fingerprint = server.fingerprint;",
  ].join("\n");
const NARROW = { scopes: ["Unauthenticated"] };

const says = (message: string): FaultAction => ({
  kind: "status",
  status: 401,
  body: { errors: [{ message }] },
});
const NOT_YET = says("Unknown JWT token");
const NEVER = says("GraphQL invalid credentials. JWT channel id doesn't match channel id of the URL");

let stack: Stack;
let seen = 0;
beforeEach(() => (seen = 0));
afterEach(() => stack.close());

const refuse = (fault: FaultAction, times = Infinity) => {
  stack.emulator.faults.push({ ...fault, path: /graphql$/, times });
};

/** The requests since the last call, in order, looks into the list aside; of each question, what was answered. */
function sent(): string {
  const all = stack.emulator.requests.filter(({ method }) => method !== "GET");
  const fresh = all.slice(seen);
  seen = all.length;
  return fresh
    .map(({ method, path, status }) => {
      if (path.endsWith("/graphql")) return `ask ${status}`;
      return method === "POST" ? "mint" : "revoke";
    })
    .join(", ");
}

const exported = async () => (await stack.ok("stack", "output", "fingerprint")).trim();
const refresh = () => stack.ok("refresh", "--yes", "--skip-preview");
const verified = async () => (await stack.token("server")).outputs["verified"];
const fingerprintOf = ({ outputs }: StateResource) => outputs["fingerprint"];
const issued = (...indices: number[]) => indices.map((index) => stack.emulator.issued[index]?.fingerprint);
const pending = async () =>
  (await stack.tokens("server")).filter((resource) => resource.delete).map(fingerprintOf);

describe("a token that GraphQL refuses", () => {
  let store: SecretStore;
  afterEach(() => store.close());

  it("[V12] stays in the state, where it and the old one wait until it is proven, and nothing is minted twice", async () => {
    const delivery = [
      'const { Delivery } = require("../consumer.cjs");',
      'new Delivery("shop", { place: "shop", value: server.token });',
    ].join("\n");
    stack = await Stack.start(shop({ overlap: "never" }, delivery));
    store = await startSecretStore(stack.emulator);
    stack.env["SECRET_STORE_URL"] = store.url;
    await stack.up();
    expect(sent()).toBe("mint, ask 200");
    expect(store.heard()).toEqual(["mint A", "put shop A"]);

    stack.program(shop({ overlap: "never", ...NARROW }, delivery));
    refuse(NEVER);
    expect(await stack.upFails()).toMatch(
      /is not proven to work: GraphQL at store-abc123-1\.mybigcommerce\.com: answered 401, "[^"]+"\. It is kept in the state/,
    );
    expect(sent()).toBe("mint, ask 401");
    expect(store.heard()).toEqual(["mint B"]);
    expect(await verified()).toBe(false);
    expect(await exported()).toBe(issued(0)[0]);
    expect(stack.live()).toEqual(issued(0, 1));
    expect(await pending()).toEqual(issued(0));

    // A refresh clears the engine's own record of the failure.
    await refresh();
    expect(await stack.upFails()).toContain("is not proven to work");
    expect(sent()).toBe("ask 401");
    expect(store.heard()).toEqual([]);
    expect(stack.live()).toEqual(issued(0, 1));
    expect(await pending()).toEqual(issued(0));

    stack.emulator.faults.clear();
    await refresh();
    await stack.up();
    expect(sent()).toBe("ask 200, revoke");
    expect(store.heard()).toEqual(["put shop B", "revoke A"]);
    expect(await verified()).toBe(true);
    expect(stack.live()).toEqual(issued(1));
    expect(await pending()).toEqual([]);
    await stack.up("--expect-no-changes");
    expect(sent()).toBe("");
  });
});

itOnOneHost(
  "[V1,V2] one question proves a token, or as many as it takes until BigCommerce knows it; a changed verify asks nothing",
  async () => {
    stack = await Stack.start(shop());
    await stack.up();
    expect(sent()).toBe("mint, ask 200");
    await stack.up("--expect-no-changes");

    stack.advance(61 * DAY);
    refuse(NOT_YET, 2);
    await stack.up();
    expect(sent()).toBe("mint, ask 401, ask 401, ask 200");
    expect(stack.live()).toEqual(issued(0, 1));

    for (const verify of [false, { graphqlUrl: "https://shop.example.com/graphql" }]) {
      stack.program(shop({ verify }));
      const preview = await stack.ok("preview", "--diff");
      expect(preview).toMatch(new RegExp(`~ ${TYPE_PREFIX}PrivateToken: \\(update\\)`));
      expect(preview).not.toMatch(/replace/);
      await stack.up();
      expect(sent()).toBe("");
    }
    stack.program(shop({ verify: true }));
    await stack.destroy();
    expect(sent()).toBe("revoke, revoke");
  },
);

itOnOneHost(
  "[V7,V13] BIGCOMMERCE_TIMEOUT_S bounds the questions, and a token that was never proven is revoked with its resource",
  async () => {
    stack = await Stack.start(shop());
    stack.env["BIGCOMMERCE_TIMEOUT_S"] = "1";
    refuse(NOT_YET);
    expect(await stack.upFails()).toContain('answered 401, "Unknown JWT token"');
    expect(sent()).toMatch(/^mint(, ask 401){1,2}$/);
    await stack.destroy();
    expect(sent()).toBe("revoke");
    expect(stack.live()).toEqual([]);
  },
);

it("[V11] graphqlUrl is asked in place of the store's own, from the token's first origin, and without the credential", async () => {
  const asked: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const answers = [503, 200];
  const storefront = createServer(({ url, headers }, response) => {
    asked.push({ url, headers });
    const data = { site: { settings: { storeName: "A shop" } } };
    response.writeHead(answers.shift() ?? 500, { "content-type": "application/json" });
    response.end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => storefront.listen(0, "127.0.0.1", resolve));
  const { port } = storefront.address() as AddressInfo;
  try {
    const origins = ["https://b.example", "https://a.example"];
    stack = await Stack.start(
      declare({
        ...{ kind: "StorefrontToken", name: "web" },
        args: {
          ...{ channelIds: [1], allowedCorsOrigins: origins, lifetime: "30d" },
          verify: { graphqlUrl: `http://127.0.0.1:${port}/shop/graphql` },
        },
      }),
    );
    await stack.up();
  } finally {
    storefront.closeAllConnections();
    await new Promise((resolve) => storefront.close(resolve));
  }
  expect(sent()).toBe("mint");
  const { token } = stack.emulator.issued[0]!;
  expect(asked).toHaveLength(2);
  for (const { url, headers } of asked) {
    expect(url).toBe("/shop/graphql");
    expect(headers).toMatchObject({ authorization: `Bearer ${token}`, origin: "https://a.example" });
    expect(JSON.stringify(headers)).not.toContain(stack.env["BIGCOMMERCE_ACCESS_TOKEN"]);
  }
  expect((await stack.token("web")).outputs["verified"]).toBe(true);
});
