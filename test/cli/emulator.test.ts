import { createServer, type Server } from "node:net";
import { once } from "node:events";

import { cli, fakeSystem } from "./fake-system";
import { runProgram } from "../../cli/program";

interface Printed {
  readonly url: string;
  readonly storeHash: string;
  readonly accessToken: string;
  readonly generation: number;
  readonly env: Readonly<Record<string, string>>;
  readonly stores: readonly { readonly accounts: readonly { readonly accessToken: string }[] }[];
  readonly tokens: readonly Readonly<Record<string, unknown>>[];
}

/** Runs the command, does something with it once it listens, and interrupts it. */
async function running(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  use: (printed: Printed) => Promise<unknown>,
) {
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
  const { system, told } = fakeSystem(["emulator", ...args], { files, interrupted });
  const ended = runProgram(system);
  try {
    while (told().stdout === "" && told().stderr === "")
      await new Promise((resolve) => setImmediate(resolve));
    if (told().stdout !== "") await use(JSON.parse(told().stdout) as Printed);
  } finally {
    interrupt();
    await ended;
  }
  return told();
}

const list = async ({ url, storeHash, accessToken }: Printed, family = "api-token-private") =>
  fetch(`${url}/stores/${storeHash}/v3/storefront/${family}`, {
    headers: { "X-Auth-Token": accessToken, Accept: "application/json" },
  });

it("listens until it is interrupted, with a store and a credential that it prints as JSON", async () => {
  let url = "";
  const { code, stderr } = await running([], {}, async (printed) => {
    url = printed.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(printed).toMatchObject({ storeHash: "abc123", generation: 2, tokens: [] });
    expect(printed.env).toEqual({
      BIGCOMMERCE_API_URL: url,
      BIGCOMMERCE_STORE_HASH: "abc123",
      BIGCOMMERCE_ACCESS_TOKEN: printed.accessToken,
    });
    expect((await list(printed)).status).toBe(200);
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  await expect(fetch(url)).rejects.toThrow();
});

it("has no lists with --generation 1", async () => {
  await running(["--generation", "1"], {}, async (printed) => {
    expect(printed.generation).toBe(1);
    expect((await list(printed)).status).toBe(405);
  });
});

it("names at its end what no correct client sends, with exit code 1", async () => {
  const { code, stderr } = await running([], {}, async ({ url }) => fetch(`${url}/v2/store`));
  expect(code).toBe(1);
  expect(stderr).toMatch(/\/v2\/store/);
});

it("starts with the stores, options and tokens of a seed", async () => {
  const seed = {
    stores: [
      { hash: "def456", accounts: [{ clientId: "ci", accessToken: "of-the-seed" }], channels: [1, 7] },
      { hash: "ghi789" },
    ],
    tokens: [
      { kind: "private", name: "one", channelIds: [7], scopes: ["Customer"], expiresAt: 4_000_000_000 },
      { kind: "impersonation", storeHash: "ghi789", channelIds: [1], expiresAt: 0 },
    ],
    quota: { requests: 3, windowMs: 60_000 },
  };
  await running(["--seed", "seed.json"], { "seed.json": JSON.stringify(seed) }, async (printed) => {
    expect(printed).toMatchObject({ storeHash: "def456", accessToken: "of-the-seed" });
    expect(printed.tokens).toEqual([
      { ...seed.tokens[0], storeHash: "def456", jti: expect.any(String), fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), expiresAt: "2096-10-02T07:06:40Z" },
      { ...seed.tokens[1], jti: expect.any(String), fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), expiresAt: "never" },
    ]);
    const { data } = (await (await list(printed)).json()) as { data: unknown[] };
    expect(data).toEqual([expect.objectContaining({ name: "one", channel_ids: [7] })]);
    const other = { ...printed, storeHash: "ghi789", accessToken: printed.stores[1]!.accounts[0]!.accessToken };
    const answered = await list(other, "api-token-customer-impersonation");
    expect(((await answered.json()) as { data: unknown[] }).data).toHaveLength(1);
    // The mint and the list were two of the three requests of the quota.
    expect([(await list(printed)).status, (await list(printed)).status]).toEqual([200, 429]);
  });
}); // prettier-ignore

it("passes on how GraphQL answers a storefront token without origins from a server", async () => {
  const tokens = [{ kind: "storefront", channelIds: [1], expiresAt: 4_000_000_000 }];
  const seed = { tokens, storefrontServerToServer: "refused" };
  await running(["--seed", "s"], { s: JSON.stringify(seed) }, async (printed) => {
    const { url, storeHash, accessToken } = printed;
    const body = JSON.stringify({ channel_ids: [1], expires_at: 4_000_000_000 });
    const headers = {
      "X-Auth-Token": accessToken,
      Accept: "application/json",
      "Content-Type": "application/json",
    };
    const minted = await fetch(`${url}/stores/${storeHash}/v3/storefront/api-token`, {
      method: "POST",
      headers,
      body,
    });
    const { data } = (await minted.json()) as { data: { token: string } };
    const query = JSON.stringify({ query: "{ site { settings { storeName } } }" });
    const bearer = { Authorization: `Bearer ${data.token}`, "Content-Type": "application/json" };
    expect((await fetch(`${url}/graphql`, { method: "POST", headers: bearer, body: query })).status).toBe(
      401,
    );
  });
});

it.each([
  ["a seed that is no JSON", "stores: []", "s: it is not JSON"],
  ["a seed that is no object", "[]", "s: the seed must be an object"],
  ["an unknown option", '{"latency":5}', 's: the seed has an unknown key, "latency": remove it'],
  ["no stores", '{"stores":[]}', "s: stores must not be empty"],
  ["a store without a hash", '{"stores":[{}]}', "s: stores[0].hash is missing: it must be a text"],
  ["a hash that is a number", '{"stores":[{"hash":1}]}', "s: stores[0].hash must be a text"],
  ["a client id without a character", '{"stores":[{"hash":"a","accounts":[{"clientId":""}]}]}', "s: stores[0].accounts[0].clientId must not be empty"],
  ["a credential with a blank", '{"stores":[{"hash":"a","accounts":[{"accessToken":"a b"}]}]}', "s: stores[0].accounts[0].accessToken must be one or more visible ASCII characters"],
  ["a token of no kind", '{"tokens":[{"channelIds":[1],"expiresAt":0}]}', 's: tokens[0].kind is missing: it must be "storefront" or "private" or "impersonation"'],
  ["half a channel", '{"tokens":[{"kind":"private","channelIds":[1.5],"expiresAt":0}]}', "s: tokens[0].channelIds[0] must be a whole number"],
  ["channel 0", '{"tokens":[{"kind":"private","channelIds":[0],"expiresAt":0}]}', "s: tokens[0].channelIds[0] must be 1 or more"],
  ["an expiration as text", '{"tokens":[{"kind":"private","channelIds":[1],"expiresAt":"never"}]}', "s: tokens[0].expiresAt must be a number"],
  ["a quota that is a number", '{"quota":3}', "s: quota must be an object"],
  ["an unknown scope", '{"stores":[{"hash":"a","accounts":[{"scopes":["all"]}]}]}', 's: stores[0].accounts[0].scopes[0] must be "store_storefront_api" or "store_storefront_api_customer_impersonation"'],
  ["a switch that has no such position", '{"storefrontServerToServer":"maybe"}', 's: storefrontServerToServer must be "accepted" or "refused"'],
  ["an impossible store", '{"stores":[{"hash":"A B"}]}', "stores[0].hash is not a store hash."],
  ["a token that BigCommerce would refuse", '{"tokens":[{"kind":"private","channelIds":[1],"expiresAt":1,"scopes":["Customer"]}]}', /^the seed's token of kind private cannot be minted: .*expires_at/],
])("%s is one line of error, and nothing stays open", async (_, seed, message) => {
  const { code, stdout, stderr } = await cli(["emulator", "--seed", "s"], { files: { s: seed } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  const said = /^pulumi-bigcommerce-tokens: ([^\n]+)\n$/.exec(stderr)?.[1];
  if (typeof message === "string") expect(said).toBe(message);
  else expect(said).toMatch(message);
}); // prettier-ignore

it.each(["-1", "65536", "http"])("refuses port %s", async (port) => {
  const { code, stderr } = await cli(["emulator", "--port", port]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/--port takes a number from 0 to 65535|argument missing/);
});

it("says that a port is taken", async () => {
  const server: Server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const { code, stderr } = await cli(["emulator", "--port", String(port)]);
  server.close();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `pulumi-bigcommerce-tokens: port ${port} is in use: give another one by --port, or 0 for any free one\n`,
  });
});
