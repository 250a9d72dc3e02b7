import { createHash } from "node:crypto";

import {
  at,
  call,
  claimsOf,
  FAMILIES,
  HASH,
  IN_A_DAY,
  mint,
  minted,
  NOW,
  perTest,
  start,
  type Kind,
} from "./support";

const KINDS = Object.keys(FAMILIES) as Kind[];
const TOKEN_TYPE = { simple: 1, customer_impersonation: 2, private: 3 };

describe.each([1, 2] as const)("minting, generation %i", (generation) => {
  const emulator = perTest({ generation });

  it.each(KINDS)("answers a %s create with 200 and nothing but the token", async (kind) => {
    const reply = await mint(emulator.it, kind);
    expect(reply.status).toBe(200);
    expect(reply.headers["content-type"]).toBe("application/json");
    expect(reply.json).toEqual({
      data: { token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/) },
      meta: {},
    });
  });

  it.each(KINDS)("signs the observed claims into a %s token", async (kind) => {
    const { token } = await minted(emulator.it, kind);
    expect(JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString())).toEqual({
      typ: "JWT",
      alg: "ES256",
    });
    expect(claimsOf(token)).toEqual({
      cid: [1],
      cors: [],
      eat: IN_A_DAY,
      iat: NOW,
      iss: "BC",
      ...(generation === 2 && { jti: expect.stringMatching(/^[\da-f-]{36}$/) }),
      sid: 1_000_000_001,
      sub: "client-a",
      sub_type: 2,
      token_type: TOKEN_TYPE[kind],
    });
  });

  it("puts a single channel_id into the token as a number", async () => {
    const reply = await mint(emulator.it, "simple", { channel_ids: undefined, channel_id: 2 });
    expect(claimsOf(reply.json.data?.token ?? "")["cid"]).toBe(2);
    expect(emulator.it.issued[0]!.channelIds).toEqual([2]);
  });

  it("leaves the expiry out of a token that never expires", async () => {
    const token = await minted(emulator.it, "private", { expires_at: 0 });
    expect(claimsOf(token.token)).not.toHaveProperty("eat");
    expect(token).not.toHaveProperty("expiresAt");
  });

  it("records what it issued", async () => {
    const origins = ["https://shop.example.com", "http://localhost:3000"];
    const token = await minted(emulator.it, "simple", { channel_ids: [2, 1], allowed_cors_origins: origins });
    expect(emulator.it.issued).toEqual([token]);
    expect(token).toEqual({
      token: expect.any(String),
      fingerprint: createHash("sha256").update(token.token).digest("hex").slice(0, 16),
      type: "simple",
      storeHash: HASH,
      clientId: "client-a",
      ...(generation === 2 && { jti: claimsOf(token.token)["jti"] }),
      issuedAt: NOW,
      expiresAt: IN_A_DAY,
      channelIds: [2, 1],
      scopes: [],
      allowedCorsOrigins: origins,
    });
    expect(claimsOf(token.token)["cors"]).toEqual(origins);
  });

  it("issues two tokens for two equal requests", async () => {
    const [one, other] = [await minted(emulator.it), await minted(emulator.it)];
    expect(one.token).not.toBe(other.token);
    expect(one.fingerprint).not.toBe(other.fingerprint);
  });
});

it("takes an empty list of origins for none in generation 2", async () => {
  const emulator = await start({ generation: 2 });
  expect((await minted(emulator, "simple", { allowed_cors_origins: [] })).allowedCorsOrigins).toEqual([]);
  await emulator.close();
});

it("always has channel 1", async () => {
  const account = { clientId: "c", accessToken: "access-a", scopes: ["store_storefront_api" as const] };
  const emulator = await start({ stores: [{ hash: HASH, accounts: [account], channels: [2] }] });
  expect((await minted(emulator, "simple", { channel_ids: [1, 2] })).channelIds).toEqual([1, 2]);
  await emulator.close();
});

describe("the name of a token", () => {
  const emulator = perTest({ generation: 2 });

  it("is trimmed, kept and never signed", async () => {
    const token = await minted(emulator.it, "private", { name: `  ${"n".repeat(120)} ` });
    expect(token.name).toBe("n".repeat(120));
    expect(claimsOf(token.token)).not.toHaveProperty("name");
  });

  it("is none where it is blank", async () => {
    expect(await minted(emulator.it, "private", { name: "  " })).not.toHaveProperty("name");
  });

  it.each([["n".repeat(121)], ["a 😀"], [7]])("is refused where it is %p", async (name) => {
    const reply = await mint(emulator.it, "private", { name });
    expect([reply.status, Object.keys(reply.json.errors ?? {})]).toEqual([422, ["name"]]);
  });
});

describe("a create that is not in order", () => {
  const emulator = perTest({ generation: 1 });
  const wrong: [string, Kind, object, string[]][] = [
    ["no channel", "simple", { channel_ids: undefined }, ["channel_ids"]],
    ["both ways to name channels", "simple", { channel_id: 1 }, ["channel_ids"]],
    ["no channel in the list", "simple", { channel_ids: [] }, ["channel_ids"]],
    ["channels that are no list", "simple", { channel_ids: 1 }, ["channel_ids"]],
    ["a channel as text", "simple", { channel_ids: ["1"] }, ["channel_ids"]],
    ["channel 0", "simple", { channel_ids: [0] }, ["channel_ids"]],
    ["a channel that the store does not have", "simple", { channel_ids: [1, 99] }, ["channel_ids"]],
    ["no expiry", "simple", { expires_at: undefined }, ["expires_at"]],
    ["an expiry as text", "simple", { expires_at: String(IN_A_DAY) }, ["expires_at"]],
    ["a fraction of a second", "simple", { expires_at: IN_A_DAY + 0.5 }, ["expires_at"]],
    ["a negative expiry", "simple", { expires_at: -1 }, ["expires_at"]],
    ["an expiry that is now", "simple", { expires_at: NOW }, ["expires_at"]],
    ["milliseconds", "simple", { expires_at: IN_A_DAY * 1000 }, ["expires_at"]],
    ["no scopes", "private", { scopes: undefined }, ["scopes"]],
    ["an empty list of scopes", "private", { scopes: [] }, ["scopes"]],
    ["a scope in the wrong case", "private", { scopes: ["customer"] }, ["scopes"]],
    ["an origin as text", "simple", { allowed_cors_origins: "https://a.example" }, ["allowed_cors_origins"]],
    ["an empty list of origins", "simple", { allowed_cors_origins: [] }, ["allowed_cors_origins"]],
    [
      "three origins",
      "simple",
      { allowed_cors_origins: ["https://a.example", "https://b.example", "https://c.example"] },
      ["allowed_cors_origins"],
    ],
    [
      "a wildcard",
      "simple",
      { allowed_cors_origins: ["https://*.example"] },
      ["allowed_cors_origins:is_invalid"],
    ],
    ["a bare host", "simple", { allowed_cors_origins: ["a.example"] }, ["allowed_cors_origins:is_invalid"]],
    ["two mistakes", "simple", { channel_ids: [], expires_at: -1 }, ["channel_ids", "expires_at"]],
  ];

  it.each(wrong)("is refused for %s", async (_name, kind, fields, errors) => {
    const reply = await mint(emulator.it, kind, fields);
    expect(reply.status).toBe(422);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(reply.json).toEqual({
      status: 422,
      title: `The following fields are invalid: ${errors.join(", ")}`,
      type: "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes",
      errors: Object.fromEntries(errors.map((key) => [key, expect.any(String)])),
    });
    expect(emulator.it.issued).toEqual([]);
  });

  it.each(["https://shop.example.com/", "https://shop.example.com/path", "https://shop.example.com?q"])(
    "is refused in BigCommerce's words for the origin %s",
    async (origin) => {
      const reply = await mint(emulator.it, "simple", { allowed_cors_origins: [origin] });
      expect(reply.json.errors).toEqual({
        "allowed_cors_origins:has_invalid_suffix":
          "A supplied origin has a trailing slash or other special character following the end of the domain. " +
          "Please remove any trailing characters in supplied origins.",
      });
    },
  );

  it.each(["not JSON", "[]", "null", ""])("is refused for the body %p", async (body) => {
    const reply = await call(emulator.it, "POST", at("api-token"), { body });
    expect([reply.status, reply.json.title]).toEqual([422, "Invalid JSON request body"]);
  });

  it.each([[undefined], ["text/plain"], ["application/jsonp"]])(
    "is refused for the content type %p",
    async (type) => {
      const body = { channel_ids: [1], expires_at: IN_A_DAY };
      const reply = await call(emulator.it, "POST", at("api-token"), {
        body,
        headers: { "content-type": type },
      });
      expect([reply.status, emulator.it.issued.length]).toEqual([415, 0]);
    },
  );

  it("takes a content type with a charset", async () => {
    const body = { channel_ids: [1], expires_at: IN_A_DAY };
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect(await call(emulator.it, "POST", at("api-token"), { body, headers })).toMatchObject({
      status: 200,
    });
  });

  it.each<[string, Kind, object]>([
    ["scopes of a storefront token", "simple", { scopes: ["Customer"] }],
    ["origins of a private token", "private", { allowed_cors_origins: ["https://a.example"] }],
    ["dev_mode", "simple", { dev_mode: true }],
    ["a name in generation 1", "simple", { name: "n" }],
  ])("is refused, and a problem, for %s", async (_name, kind, fields) => {
    emulator.expectProblems();
    const reply = await mint(emulator.it, kind, fields);
    const field = Object.keys(fields)[0]!;
    expect([reply.status, Object.keys(reply.json.errors ?? {})]).toEqual([422, [field]]);
    expect(emulator.it.requests[0]!.problem).toBe(`unknown field ${field}`);
  });
});
