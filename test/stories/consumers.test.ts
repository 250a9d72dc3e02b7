import { leaksIn } from "../support/leaks";
import { DAY, declare } from "../support/program";
import { isAccepted, type SecretStore, startSecretStore } from "../support/secret-store";
import { Stack, type StateResource } from "../support/stack";

type Args = Readonly<Record<string, unknown>>;

/** A token, the secret that holds it, and what is deployed from that secret. */
const shop = (args: Args = {}) =>
  [
    'const { Delivery } = require("../consumer.cjs");',
    declare({
      ...{ kind: "PrivateToken", name: "server" },
      args: { channelIds: [1], scopes: ["Customer", "Unauthenticated"], lifetime: "90d", ...args },
    }),
    'const secret = new Delivery("secret", { place: "secret", value: server.token, immutable: true });',
    'new Delivery("shop", { place: "shop", value: secret.value });',
  ].join("\n");
const NARROW = { scopes: ["Unauthenticated"] };

let stack: Stack;
let store: SecretStore;
const start = async (program: string) => {
  stack = await Stack.start(program);
  store = await startSecretStore(stack.emulator);
  stack.env["SECRET_STORE_URL"] = store.url;
  await stack.up();
  store.heard();
};
afterEach(async () => {
  await store.close();
  await stack.close();
});

/** Letters of the tokens with which the store's GraphQL API can be asked. */
const accepted = async () => {
  const { issued } = stack.emulator;
  const answers = await Promise.all(
    issued.map(({ token }) => isAccepted(stack.emulator, stack.store, token)),
  );
  return issued.flatMap((_, index) => (answers[index] ? [String.fromCharCode(65 + index)] : [])).join("");
};
const inShop = async () => isAccepted(stack.emulator, stack.store, store.held("shop"));
const server = async () => ({
  live: await stack.token("server"),
  pending: (await stack.tokens("server")).filter((resource) => resource.delete),
});
const fingerprintOf = (resource?: StateResource) => resource?.outputs["fingerprint"];

describe("dependants get the new token before the old one ends", () => {
  it("in a rotation that revokes the old one, and the shop that they feed is never refused", async () => {
    await start(shop({ overlap: "never" }));
    stack.advance(61 * DAY);
    let [isOver, asked, refused] = [false, 0, 0];
    const updating = stack.up().finally(() => (isOver = true));
    while (!isOver) {
      const held = store.held("shop");
      asked++;
      // A shop that is refused looks for a newer token first.
      if (!(await isAccepted(stack.emulator, stack.store, held)) && held === store.held("shop")) refused++;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await updating;
    expect(store.heard()).toEqual(["mint B", "put secret B", "put shop B", "removed secret A", "revoke A"]);
    expect(asked).toBeGreaterThan(10);
    expect(refused).toBe(0);
    expect(await accepted()).toBe("B");
  });
});

describe("a dependant that fails keeps the old token alive, and the next update finishes", () => {
  it.each([
    { change: "change of rights", args: NARROW, isForced: false },
    { change: "forced replacement", args: {}, isForced: true },
  ])("in a $change", async ({ args, isForced }) => {
    await start(shop({ overlap: "never" }));
    const before = await stack.token("server");
    stack.program(shop({ overlap: "never", ...args }));
    store.broken.add("shop");
    expect(await stack.upFails(...(isForced ? ["--replace", before.urn] : []))).toContain(
      "the secret store answered 503 for shop",
    );
    expect(store.heard()).toEqual(["mint B", "put secret B"]);
    expect(await accepted()).toBe("AB");
    expect(await inShop()).toBe(true);
    const { live, pending } = await server();
    expect(pending.map(fingerprintOf)).toEqual([fingerprintOf(before)]);
    expect(fingerprintOf(live)).toBe(stack.emulator.issued[1]?.fingerprint);

    // Still broken: nothing gets worse by trying.
    await stack.upFails();
    expect(store.heard()).toEqual([]);

    store.broken.clear();
    await stack.up();
    expect(store.heard()).toEqual(["put shop B", "removed secret A", "revoke A"]);
    expect(await accepted()).toBe("B");
    expect(await inShop()).toBe(true);
    expect((await server()).pending).toEqual([]);
    await stack.up("--expect-no-changes");
    expect(store.heard()).toEqual([]);
  });
});

it("a covered token is left to expire after a dependant failed, and nothing is minted again", async () => {
  await start(shop());
  stack.advance(61 * DAY);
  store.broken.add("secret");
  await stack.upFails();
  expect(store.heard()).toEqual(["mint B"]);
  store.broken.clear();
  await stack.up();
  expect(store.heard()).toEqual(["put secret B", "put shop B", "removed secret A"]);
  expect(await accepted()).toBe("AB");
});

it("dependants hold the token as a secret, also in the state of an update that failed", async () => {
  await start(shop());
  stack.program(shop(NARROW));
  store.broken.add("shop");
  await stack.upFails();
  const text = await stack.ok("stack", "export");
  const secrets = stack.emulator.issued.map(({ token }) => token);
  expect(leaksIn(text, secrets)).toBe(0);
  const { deployment } = JSON.parse(text) as { deployment: { resources: StateResource[] } };
  for (const name of ["secret", "shop"]) {
    const { inputs, outputs } = deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))!;
    const encrypted: unknown = expect.objectContaining({ ciphertext: expect.any(String) as string });
    expect({ inputs, outputs }).toMatchObject({
      inputs: { value: encrypted },
      outputs: { value: encrypted },
    });
  }
});
