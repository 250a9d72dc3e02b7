import { failureText, InputError, parseInputs } from "../../provider/domain/inputs";
import { KINDS } from "../../provider/domain/kinds";
import { goodArgs, LABEL } from "../handlers/support/samples";
import { rotateBeforeSeconds } from "../../provider/domain/rotation";

const parse = (change: object, kind = KINDS.private) =>
  told(parseInputs(kind, { ...goodArgs(kind), label: LABEL, ...change }));
const told = ({ inputs, failures }: ReturnType<typeof parseInputs>) => ({
  inputs,
  failures: failures.map(failureText),
});
const without = (...names: string[]) => Object.fromEntries(names.map((name) => [name, undefined]));

describe("inputs in normal form", () => {
  it.each(Object.values(KINDS))("of a $name token have their defaults", (kind) => {
    const { inputs, failures } = parse({}, kind);
    expect(failures).toEqual([]);
    expect(inputs).toStrictEqual({
      ...goodArgs(kind),
      ...{ label: LABEL, overlap: "auto", onDelete: "revoke" },
    });
  });

  it.each([
    ["[U8] channels, ascending and once each", { channelIds: [10, 9, 1, 10] }, { channelIds: [1, 9, 10] }],
    [
      "[U10] scopes, by code unit and once each",
      { scopes: ["Customer", "B2B", "Customer"] },
      { scopes: ["B2B", "Customer"] },
    ],
    [
      "an end with an offset, in UTC",
      { lifetime: undefined, expiresAt: "2099-01-01T01:00:00+01:00" },
      { expiresAt: 4_070_908_800 },
    ],
    [
      "an end in Unix seconds",
      { lifetime: undefined, expiresAt: 4_070_908_800 },
      { expiresAt: 4_070_908_800 },
    ],
    [
      "durations as they were written",
      { lifetime: "12w", rotateBefore: "48h" },
      { lifetime: "12w", rotateBefore: "48h" },
    ],
    ["a store", { storeHash: "constructor" }, { storeHash: "constructor" }],
  ])("have %s", (_, change, expected) => {
    const { inputs, failures } = parse(change);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(expected);
  });

  it.each([
    ["none", undefined, undefined],
    ["an empty list", [], undefined],
    ["one twice", ["https://a.example", "https://a.example"], ["https://a.example"]],
    [
      "two in another order",
      ["https://b.example", "https://a.example"],
      ["https://a.example", "https://b.example"],
    ],
    [
      "two and one of them again",
      ["https://a.example", "http://b.example", "https://a.example"],
      ["http://b.example", "https://a.example"],
    ],
  ])("[U9] have origins: %s", (_, allowedCorsOrigins, stored) => {
    const { inputs, failures } = parse({ allowedCorsOrigins }, KINDS.storefront);
    expect(failures).toEqual([]);
    expect(inputs.allowedCorsOrigins).toEqual(stored);
    expect("allowedCorsOrigins" in inputs).toBe(stored !== undefined);
  });

  it.each([
    "https://shop.example.com",
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]:3000",
    "https://xn--bcher-kva.example",
    "https://a.example:80",
    "http://a.example:443",
    "https://a_b.example",
  ])("[U9] accept the origin %s", (origin) => {
    expect(parse({ allowedCorsOrigins: [origin] }, KINDS.storefront).inputs.allowedCorsOrigins).toEqual([
      origin,
    ]);
  });

  it("take null for nothing", () => {
    const nulls = { storeHash: null, overlap: null, onDelete: null, rotateBefore: null, expiresAt: null };
    expect(parse(nulls)).toEqual(parse({}));
  });

  it("are left as they came in the caller's hands", () => {
    const channelIds = Object.freeze([2, 1]);
    expect(parse(Object.freeze({ channelIds })).inputs.channelIds).toEqual([1, 2]);
    expect(channelIds).toEqual([2, 1]);
  });
});

describe("rules between properties", () => {
  it.each([
    ["[U13] no expiry", without("lifetime"), /^expiresAt: no expiry; give expiresAt .*"never".* or lifetime/],
    [
      "rotateBefore without lifetime",
      { lifetime: undefined, expiresAt: "2099-01-01T00:00:00Z", rotateBefore: "1d" },
      /^rotateBefore: goes with lifetime only/,
    ],
    [
      "letExpire beside never",
      { lifetime: undefined, expiresAt: "never", onDelete: "letExpire" },
      /^onDelete: "letExpire" cannot stand beside expiresAt "never".*say "revoke"/,
    ],
    [
      "always beside never",
      { lifetime: undefined, expiresAt: "never", overlap: "always" },
      /^overlap: "always" cannot stand beside expiresAt "never".*say "auto" or "never"/,
    ],
  ])("%s", (_, change, line) => {
    const { failures } = parse(change);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(line);
  });

  // rotateBefore < lifetime - grid; the grid of 30 d is a day, of 2 d an hour, of 2 h a minute, of 59 min a second.
  it.each([
    ["30d", "29d", false],
    ["30d", "41759m", true],
    ["30d", "30d", false],
    ["2d", "47h", false],
    ["2d", "169199s", true],
    ["2h", "119m", false],
    ["2h", "7139s", true],
    ["59m", "3539s", false],
    ["59m", "3538s", true],
    ["10s", "9s", false],
    ["10s", "8s", true],
  ])("a lifetime of %s with rotateBefore %s: accepted is %s", (lifetime, rotateBefore, accepted) => {
    const { failures } = parse({ lifetime, rotateBefore });
    if (accepted) expect(failures).toEqual([]);
    else
      expect(failures).toEqual([
        expect.stringMatching(/^rotateBefore: too large .*shorter than lifetime .*, or leave it out$/),
      ]);
  });

  it.each(["10s", "59m", "1h", "1d", "14d", "90d", "5200w", "36525d"])(
    "the default third always fits into %s",
    (lifetime) => {
      expect(parse({ lifetime, rotateBefore: undefined }).failures).toEqual([]);
    },
  );
});

it("reports every failure at once, one line each", () => {
  const { failures } = parse({
    ...{
      channelIds: [],
      scopes: ["x"],
      lifetime: "1y",
      rotateBefore: "soon",
      overlap: "maybe",
      onDelete: "keep",
    },
    ...{ storeHash: "Bad Hash", channelId: 1, accessToken: "x" },
  });
  const named = failures.map((line) => line.split(":")[0]);
  expect(named.sort()).toEqual([
    ...["accessToken", "channelId", "channelIds", "lifetime", "onDelete"],
    ...["overlap", "rotateBefore", "scopes[0]", "storeHash"],
  ]);
});

it("reports a missing expiry beside other failures", () => {
  const { failures } = parse({ channelIds: [], lifetime: undefined });
  expect(failures).toEqual([
    expect.stringMatching(/^channelIds: /),
    expect.stringMatching(/^expiresAt: no expiry/),
  ]);
});

it("reports a broken lifetime once, and rotateBefore not as one that goes without", () => {
  const { failures } = parse({ lifetime: "1y", rotateBefore: "1d" });
  expect(failures).toEqual([expect.stringMatching(/^lifetime: must be a duration/)]);
});

describe("a failure is one line", () => {
  it("that begins with the input, and with where in the input it is", () => {
    expect(failureText({ property: "channelIds", path: [1], reason: "is bad" })).toBe(
      "channelIds[1]: is bad",
    );
    expect(failureText({ property: "stores", path: ["abc123", "apiUrl"], reason: "is bad" })).toBe(
      "stores[abc123][apiUrl]: is bad",
    );
  });

  it("that is the reason alone if no input is refused", () => {
    expect(failureText({ reason: "no store" })).toBe("no store");
  });

  it("as an error, which programs know by its name, its code and its input", () => {
    const error = new InputError("graphql_unknown", "verify", "is bad");
    expect(error).toMatchObject({ name: "InputError", code: "graphql_unknown", message: "verify: is bad" });
    expect(error.failure).toEqual({ code: "graphql_unknown", property: "verify", reason: "is bad" });
  });
});

it("reports a broken expiry once, and not as missing", () => {
  const { failures } = parse({ lifetime: undefined, expiresAt: 0 });
  expect(failures).toEqual([expect.stringMatching(/^expiresAt: is 0/)]);
});

it.each([
  [{ lifetime: "90d" }, 30 * 86_400],
  [{ lifetime: "10s" }, 3],
  [{ lifetime: "90d", rotateBefore: "1w" }, 7 * 86_400],
])("%j is due this long before its end: %i s", (policy, seconds) => {
  expect(rotateBeforeSeconds(policy)).toBe(seconds);
});
