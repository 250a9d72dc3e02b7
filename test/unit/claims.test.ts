import { inspect } from "node:util";

import { isToken, readClaims } from "../../provider/domain/claims";

const segment = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const token = (payload: unknown, header: unknown = { typ: "JWT", alg: "ES256" }) =>
  `${segment(header)}.${segment(payload)}.c2ln`;

describe("reads what a token says of itself", () => {
  it("[J1] of a token of today", () => {
    const claims = {
      ...{ cid: [1, 2], cors: ["https://a.example"], eat: 1_885_635_176, iat: 1_785_635_176, iss: "BC" },
      ...{ jti: "0f8e-1", sid: 7, sub: "client-1", sub_type: 2, token_type: 1 },
    };
    expect(readClaims(token(claims))).toEqual({
      jti: "0f8e-1",
      issuedAt: 1_785_635_176,
      expiresAt: 1_885_635_176,
      channelIds: [1, 2],
      allowedCorsOrigins: ["https://a.example"],
      apiAccount: "client-1",
      tokenType: 1,
      storeId: 7,
    });
  });

  it("[J1] of an older one, whose channel is a single number", () => {
    expect(readClaims(token({ cid: 1, cors: [], eat: 1_715_670_420 }))).toEqual({
      channelIds: [1],
      allowedCorsOrigins: [],
      expiresAt: 1_715_670_420,
    });
  });

  it.each([
    ["eat alone", { eat: 2_000_000_000 }, 2_000_000_000],
    ["exp alone", { exp: 2_000_000_000 }, 2_000_000_000],
    ["the earlier of both", { eat: 2_000_000_000, exp: 1_900_000_000 }, 1_900_000_000],
    ["the other one where the first is unreadable", { eat: "soon", exp: 1_900_000_000 }, 1_900_000_000],
    ["the second in which a fraction ends", { eat: 1_900_000_000.9 }, 1_900_000_000],
  ])("[B12] takes for its end %s", (_, claims, end) => {
    expect(readClaims(token(claims)).expiresAt).toBe(end);
  });

  it.each([{ alg: "none" }, { alg: "HS256" }, [], "not JSON"])(
    "[J2] whatever its header %j says, which nobody can verify",
    (header) => {
      expect(readClaims(token({ jti: "a" }, header))).toEqual({ jti: "a" });
    },
  );
});

describe("leaves out what cannot be read, and never throws", () => {
  it.each([
    ["text", "2000000000"],
    ["a negative number", -1],
    ["zero", 0],
    ["milliseconds", 2_000_000_000_000],
    ["null", null],
    ["a list", [2_000_000_000]],
  ])("[J2] an end that is %s", (_, eat) => {
    expect(readClaims(token({ eat, exp: eat, iat: eat }))).toEqual({});
  });

  it("[J2] an end that JSON makes infinite", () => {
    expect(readClaims(token('{"eat":1e400,"exp":-1e400}'))).toEqual({});
  });

  it.each([
    ["a jti with a space", { jti: "a b" }],
    ["a jti with a line break", { jti: "a\n" }],
    ["an empty jti", { jti: "" }],
    ["a numeric jti", { jti: 5 }],
    ["an endless jti", { jti: "x".repeat(129) }],
    ["an account that is none", { sub: { id: 1 } }],
    ["channels that are text", { cid: ["1"] }],
    ["half a channel", { cid: [1.5] }],
    ["origins that are numbers", { cors: [1] }],
    ["no origins at all", { cors: null }],
  ])("%s", (_, claims) => {
    expect(readClaims(token(claims))).toEqual({});
  });

  it.each([
    ["the empty text", ""],
    ["one segment", "abc"],
    ["two segments", "a.b"],
    ["four segments", `${token({ jti: "a" })}.x`],
    ["an empty payload", `${segment({})}..c2ln`],
    ["padding", `${segment({})}.eyJqdGkiOiJhIn0=.c2ln`],
    ["characters of plain base64", `a.eyJ+dGk/.c2ln`],
    ["a payload that is no JSON", token("}{")],
    ["a payload that is no UTF-8", `a.${Buffer.from([0xff, 0xfe]).toString("base64url")}.c2ln`],
    ["a payload that is null", token("null")],
    ["a payload that is a number", token("7")],
    ["a payload that is a list", token("[1]")],
    ["a line break behind", `${token({ jti: "a" })}\n`],
    ["[J4] a payload nested 100,000 levels deep", token("[".repeat(100_000))],
  ])("[J2] all of a token that is %s", (_, text) => {
    expect(readClaims(text)).toEqual({});
  });

  it("[J4] all of a token of more than 16 KiB, and nothing of one just below", () => {
    const sized = (length: number) => {
      const short = token({ jti: "a" });
      return short + "A".repeat(length - short.length);
    };
    expect(readClaims(sized(16_384))).toEqual({ jti: "a" });
    expect(readClaims(sized(16_385))).toEqual({});
  });
});

describe("[J2] takes nothing from a prototype", () => {
  it.each(['{"__proto__":{"jti":"evil","eat":1}}', '{"constructor":{"prototype":{"jti":"evil"}}}'])(
    "given %s",
    (payload) => {
      expect(readClaims(token(payload))).toEqual({});
      expect(({} as Record<string, unknown>)["jti"]).toBeUndefined();
    },
  );

  it("of the process either", () => {
    const polluted = Object.prototype as unknown as Record<string, unknown>;
    polluted["jti"] = "evil";
    try {
      expect(inspect(readClaims(token({ eat: 5 })))).not.toContain("evil");
    } finally {
      delete polluted["jti"];
    }
  });
});

it.each([
  ["three segments", "a.b.c", true],
  ["an empty segment", "a..c", false],
  ["a line break", "a.b.c\n", false],
  ["no text", "", false],
])("the shape of a token: %s", (_, text, fits) => {
  expect(isToken(text)).toBe(fits);
});

it("a claim of another type is omitted", () => {
  const claims = { token_type: "1", sid: "7", eat: 99_999_999_999, cid: 1 };
  const token = ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "c2ln"].join(".");
  expect(readClaims(token)).toEqual({ channelIds: [1], expiresAt: 99_999_999_999 });
});

it("a list with the text of a token is no token", () => {
  expect(isToken([["e30", "e30", "c2ln"].join(".")])).toBe(false);
});
