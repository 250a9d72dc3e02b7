import type { EmulatorOptions } from "../../emulator/index";
import { graphql, HASH, minted, NOW, OTHER_HASH, perTest, revoke, send, start, type Kind } from "./support";

const emulator = perTest();
const ORIGIN = "https://shop.example.com";
const INVALID = "GraphQL invalid credentials.";
const store = (hash: string) => ({ data: { site: { settings: { storeName: `Store ${hash}` } } } });
const refused = (message: string) => ({ status: 401, json: { errors: [{ message }] } });
const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** The token with another payload under the old signature. */
function repack(token: string, payload: unknown): string {
  const [head, , signature] = token.split(".");
  return `${head}.${encode(payload)}.${signature}`;
}

it.each<Kind>(["simple", "private", "customer_impersonation"])(
  "a live %s token reads the store's name",
  async (kind) => {
    const { token } = await minted(emulator.it, kind);
    expect(await graphql(emulator.it, token)).toMatchObject({ status: 200, json: store(HASH) });
  },
);

describe("a credential is refused", () => {
  it("where none was sent", async () => {
    const message = "GraphQL credentials were missing. No token was sent.";
    expect(await graphql(emulator.it, undefined)).toMatchObject(refused(message));
    expect(await graphql(emulator.it, undefined, { authorization: "Basic eA==" })).toMatchObject(
      refused(message),
    );
  });

  it.each(["access-a", "a.b", "a.b.c.d", "a.b!.c"])("where it is %s, no JWT", async (text) => {
    expect(await graphql(emulator.it, text)).toMatchObject(refused(`${INVALID} String is not a JWT`));
  });

  it("where its payload is no JSON object", async () => {
    const { token } = await minted(emulator.it);
    for (const payload of ["text", "[]"]) {
      const reply = await graphql(emulator.it, repack(token, payload));
      expect(reply).toMatchObject(refused(`${INVALID} JWT has no valid Json`));
    }
  });

  it("where its claims are not BigCommerce's", async () => {
    const { token } = await minted(emulator.it);
    const reply = await graphql(emulator.it, repack(token, { sub: "x", exp: NOW + 60 }));
    expect(reply).toMatchObject(refused(`${INVALID} JWT has Json of an unknown format`));
  });

  it("where its signature is not genuine", async () => {
    const { token } = await minted(emulator.it);
    const claims = { cid: [1, 2], cors: [], eat: NOW + 9_999_999, sid: 1_000_000_001, token_type: 1 };
    const reply = await graphql(emulator.it, repack(token, claims));
    expect(reply).toMatchObject(refused(`${INVALID} JWT signature is invalid`));
  });

  it("from the second of its expiry on", async () => {
    const { token } = await minted(emulator.it, "simple", { expires_at: NOW + 60 });
    emulator.it.clock.advance(59);
    expect((await graphql(emulator.it, token)).status).toBe(200);
    emulator.it.clock.advance(1);
    expect(await graphql(emulator.it, token)).toMatchObject(refused(`${INVALID} JWT is expired`));
  });

  it("on a channel that is not its own", async () => {
    const { token } = await minted(emulator.it, "simple", { channel_ids: [2] });
    const message = `${INVALID} JWT channel id doesn't match channel id of the URL`;
    expect(await graphql(emulator.it, token)).toMatchObject(refused(message));
    expect((await graphql(emulator.it, token, {}, `/stores/${HASH}/channels/2/graphql`)).status).toBe(200);
  });

  it("in another store", async () => {
    const { token } = await minted(emulator.it);
    const reply = await graphql(emulator.it, token, {}, `/stores/${OTHER_HASH}/channels/1/graphql`);
    expect(reply).toMatchObject(refused(`${INVALID} JWT store id doesn't match store id of the URL`));
  });

  it("once it was revoked", async () => {
    const { token } = await minted(emulator.it);
    await revoke(emulator.it, token);
    expect(await graphql(emulator.it, token)).toMatchObject(refused("Unknown JWT token"));
  });

  it("after a reset, which forgets it", async () => {
    const { token } = await minted(emulator.it);
    emulator.it.reset();
    expect(await graphql(emulator.it, token)).toMatchObject(refused("Unknown JWT token"));
  });
});

describe("a browser's request", () => {
  it("is served from an allowed origin only", async () => {
    const { token } = await minted(emulator.it, "simple", { allowed_cors_origins: [ORIGIN] });
    expect((await graphql(emulator.it, token, { origin: ORIGIN })).status).toBe(200);
    const other = await graphql(emulator.it, token, { origin: "https://other.example" });
    expect(other).toMatchObject({ status: 401 });
    expect(other.text).toContain("'Origin' header invalid: The 'Origin' request header value did not match");
  });

  it("may come without an Origin header", async () => {
    const { token } = await minted(emulator.it, "simple", { allowed_cors_origins: [ORIGIN] });
    expect((await graphql(emulator.it, token)).status).toBe(200);
  });

  it.each<Kind>(["private", "customer_impersonation"])("is refused for a %s token", async (kind) => {
    const { token } = await minted(emulator.it, kind);
    const reply = await graphql(emulator.it, token, { origin: ORIGIN });
    expect(reply).toMatchObject(refused("This token may not be used from a browser."));
  });
});

describe("a storefront token without origins, asked from a server", () => {
  const DOCUMENTED = /jwt|credentials were missing|origin' header/i;
  const answers = async (options: Partial<EmulatorOptions>, kind: Kind, fields: object, headers = {}) => {
    const own = await start(options);
    const { token } = await minted(own, kind, fields);
    const reply = await graphql(own, token, headers);
    await own.close();
    return reply;
  };

  it.each<[string, Partial<EmulatorOptions>]>([
    ["by default", {}],
    ["where the option says so", { storefrontServerToServer: "accepted" }],
  ])("is accepted %s", async (_, options) => {
    expect((await answers(options, "simple", {})).status).toBe(200);
  });

  it("is refused in words that are nobody's where the option says so", async () => {
    for (const fields of [{}, { allowed_cors_origins: [] }]) {
      const { status, json } = await answers({ storefrontServerToServer: "refused" }, "simple", fields);
      expect([status, json]).toEqual([401, { errors: [{ message: expect.not.stringMatching(DOCUMENTED) }] }]);
    }
  });

  it.each<[string, Kind, object, Record<string, string>]>([
    ["a token with origins", "simple", { allowed_cors_origins: [ORIGIN] }, {}],
    [
      "a token with origins from one of them",
      "simple",
      { allowed_cors_origins: [ORIGIN] },
      { origin: ORIGIN },
    ],
    ["a private token", "private", {}, {}],
    ["an impersonation token", "customer_impersonation", {}, {}],
  ])("and refused does not concern %s", async (_, kind, fields, headers) => {
    const { status } = await answers({ storefrontServerToServer: "refused" }, kind, fields, headers);
    expect(status).toBe(200);
  });

  it("is told as dead where it is", async () => {
    const own = await start({ storefrontServerToServer: "refused" });
    const { token } = await minted(own);
    await revoke(own, token);
    expect(await graphql(own, token)).toMatchObject(refused("Unknown JWT token"));
    await own.close();
  });
});

it.each<[Kind, number]>([
  ["customer_impersonation", 200],
  ["simple", 401],
  ["private", 401],
])("X-Bc-Customer-Id beside a %s token is answered %i", async (kind, status) => {
  const { token } = await minted(emulator.it, kind);
  expect((await graphql(emulator.it, token, { "x-bc-customer-id": "7" })).status).toBe(status);
});

it("a private token without Unauthenticated reads nothing, at status 200", async () => {
  const { token } = await minted(emulator.it, "private", { scopes: ["Customer", "B2B"] });
  const reply = await graphql(emulator.it, token);
  const extensions = { code: "INSUFFICIENT_ACCESS_SCOPE", requiredScopes: ["Unauthenticated"] };
  expect(reply.status).toBe(200);
  expect(reply.json).toMatchObject({
    data: null,
    errors: [{ message: expect.stringContaining("does not include the scopes"), extensions }],
  });
});

describe("the route", () => {
  it("answers 405 to GET", async () => {
    const reply = await send(`${emulator.it.url}/graphql`, "GET", { accept: "application/json" });
    expect([reply.status, reply.headers.allow]).toEqual([405, "POST"]);
  });

  it("answers 400 to a body without a query", async () => {
    const { token } = await minted(emulator.it);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    expect((await send(`${emulator.it.url}/graphql`, "POST", headers, "{}")).status).toBe(400);
  });

  it.each([
    ["the first store without a Host of BigCommerce", {}, HASH, [1]],
    ["the store of the Host", { host: `store-${OTHER_HASH}.mybigcommerce.com` }, OTHER_HASH, undefined],
    [
      "the store of the Host in capitals",
      { host: `STORE-${HASH.toUpperCase()}-2.mybigcommerce.com` },
      HASH,
      [2],
    ],
    ["the channel of the Host", { host: `store-${HASH}-2.mybigcommerce.com:443` }, HASH, [2]],
  ])("plain /graphql is %s", async (_what, headers, hash, channels) => {
    const { token } = await minted(emulator.it, "simple", { channel_ids: channels ?? [1] });
    const reply = await graphql(emulator.it, token, headers, "/graphql");
    if (channels) expect(reply.json).toEqual(store(hash));
    else expect(reply.text).toContain("store id");
    expect(emulator.it.requests.at(-1)!.storeHash).toBe(hash);
  });

  it("has no rate limit", async () => {
    const { token } = await minted(emulator.it);
    const { headers } = await graphql(emulator.it, token);
    expect(Object.keys(headers).filter((name) => name.startsWith("x-rate-limit"))).toEqual([]);
    expect(headers["x-request-id"]).toMatch(/^[\da-f-]{36}$/);
  });
});
