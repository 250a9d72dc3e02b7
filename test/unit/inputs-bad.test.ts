import { failureText, parseInputs } from "../../provider/domain/inputs";
import { KINDS } from "../../provider/domain/kinds";
import { goodArgs, LABEL, SECRET } from "../handlers/support/samples";

type Row = readonly [what: string, property: string, value: unknown, rule: RegExp];

const CHANNEL = /whole number of 1 or more/;
const origin = (fault: string) => new RegExp(`^allowedCorsOrigins\\[[01]\\]: must be an origin such as https://shop\\.example\\.com, but ${fault}`); // prettier-ignore
const SCOPE = /one of Unauthenticated, Customer, B2B/;
const DURATION =
  /duration: a whole number of at most 6 digits, not starting with 0, and one of s, m, h, d, w, such as "90d"/;
const FIXED = { lifetime: undefined };

/** Every value that is long enough to be recognised holds the canary, or is 7654321 at some scale. */
const ROWS: readonly Row[] = [
  ["[U7] no channel", "channelIds", undefined, /is missing: it must be a list of channel ids, such as \[1\]/],
  ["[U8] an empty list of channels", "channelIds", [], /is empty: name at least one channel/],
  ["[U8] a channel beside a list", "channelIds", 7654321, /: must be a list of channel ids/],
  ["[U8] channels as text", "channelIds", SECRET, /must be a list of channel ids/],
  ["[U8] channel 0", "channelIds[0]", [0], CHANNEL],
  ["[U8] a negative channel", "channelIds[1]", [1, -7654321], CHANNEL],
  ["[U8] a channel as text", "channelIds[1]", [1, "7654321"], CHANNEL],
  ["[U8] half a channel", "channelIds[0]", [7654321.5], CHANNEL],
  ["[U8] an infinite channel", "channelIds[0]", [Infinity], CHANNEL],
  ["[U8] a channel that is no number", "channelIds[0]", [NaN], CHANNEL],
  ["[U8] a channel of 2^53", "channelIds[0]", [2 ** 53], CHANNEL],
  ["[U8] a channel of 1e21", "channelIds[0]", [1e21], CHANNEL],
  ["[U8] a channel in a list of its own", "channelIds[0]", [[1]], CHANNEL],
  ["[U8] no channel in the list", "channelIds[1]", [1, null], CHANNEL],
  ["[U8] a third channel that is wrong", "channelIds[2]", [1, 2, "x"], CHANNEL],

  [
    "[U10] no scopes",
    "scopes",
    undefined,
    /is missing: it must be a list of at least one of Unauthenticated/,
  ],
  ["[U10] an empty list of scopes", "scopes", [], /is empty: name at least one of Unauthenticated/],
  ["[U10] one scope without a list", "scopes", "Customer", /must be a list of at least one of/],
  [
    "[U10] a scope in lower case",
    "scopes[1]",
    ["Customer", "unauthenticated"],
    /did you mean "Unauthenticated"\?$/,
  ],
  ["[U10] a scope in capitals", "scopes[0]", ["CUSTOMER"], /did you mean "Customer"\?$/],
  ["[U10] a misspelt scope", "scopes[0]", ["customers"], /did you mean "Customer"\?$/],
  ["[U10] another scope", "scopes[1]", ["Customer", SECRET], /one of Unauthenticated, Customer, B2B$/],
  ["[U10] a scope with a space", "scopes[0]", ["Customer "], SCOPE],
  ["[U10] a scope that is inherited", "scopes[0]", ["constructor"], SCOPE],
  ["[U10] a number for a scope", "scopes[0]", [7654321], SCOPE],

  [
    "[U9] three origins",
    "allowedCorsOrigins",
    ["https://a.x", "https://b.x", `https://${SECRET}.x`],
    /more than 2 origins.*mint another token/,
  ],
  [
    "[U9] one origin without a list",
    "allowedCorsOrigins",
    `https://${SECRET}.x`,
    /must be a list of origins/,
  ],
  ["[U9] every origin", "allowedCorsOrigins[0]", ["*"], origin("it has a wildcard")],
  ["[U9] a wildcard host", "allowedCorsOrigins[0]", [`https://*.${SECRET}.x`], origin("it has a wildcard")],
  ["[U9] a path", "allowedCorsOrigins[1]", ["https://a.x", `https://a.x/${SECRET}`], origin("it has a path")],
  [
    "[U9] a slash at the end",
    "allowedCorsOrigins[0]",
    [`https://${SECRET}.x/`],
    origin("it ends with a slash$"),
  ],
  ["[U9] a query", "allowedCorsOrigins[0]", [`https://a.x?${SECRET}`], origin("it has a path, query")],
  [
    "[U9] a fragment",
    "allowedCorsOrigins[0]",
    [`https://a.x#${SECRET}`],
    origin("it has a path, query or fragment"),
  ],
  ["[U9] a user", "allowedCorsOrigins[0]", [`https://${SECRET}@a.x`], origin("it has a user")],
  [
    "[U9] a host in capitals",
    "allowedCorsOrigins[0]",
    [`https://A.${SECRET}.x`],
    origin("it has capital letters"),
  ],
  [
    "[U9] a scheme in capitals",
    "allowedCorsOrigins[0]",
    [`HTTPS://${SECRET}.x`],
    origin("it has capital letters"),
  ],
  [
    "[U9] a host that is not ASCII",
    "allowedCorsOrigins[0]",
    [`https://bücher.${SECRET}.x`],
    origin("its host is not ASCII: write it .*xn--"),
  ],
  [
    "[U9] the default port of https",
    "allowedCorsOrigins[0]",
    [`https://${SECRET}.x:443`],
    origin("it has the default port"),
  ],
  [
    "[U9] the default port of http",
    "allowedCorsOrigins[0]",
    [`http://${SECRET}.x:80`],
    origin("it has the default port"),
  ],
  [
    "[U9] a port that is none",
    "allowedCorsOrigins[0]",
    [`http://${SECRET}.x:65536`],
    origin("its port is not a number from 0 to 65535"),
  ],
  [
    "[U9] another scheme",
    "allowedCorsOrigins[0]",
    [`ftp://${SECRET}.x`],
    origin("it does not begin with https:// or http://"),
  ],
  ["[U9] no scheme", "allowedCorsOrigins[0]", [`${SECRET}.x`], origin("it does not begin with https://")],
  ["[U9] the opaque origin", "allowedCorsOrigins[0]", ["null"], origin("it does not begin with https://")],
  [
    "[U9] a line break behind",
    "allowedCorsOrigins[0]",
    [`https://${SECRET}.x\n`],
    origin("it has a blank or a line break"),
  ],
  ["[U9] a space in front", "allowedCorsOrigins[0]", [` https://${SECRET}.x`], origin("it has a blank")],
  ["[U9] an empty origin", "allowedCorsOrigins[0]", [""], origin("it is empty")],
  [
    "[U9] a path behind a slash",
    "allowedCorsOrigins[0]",
    [`https://a.x/${SECRET}/`],
    origin("it has a path"),
  ],
  [
    "[U9] a port with a zero in front",
    "allowedCorsOrigins[0]",
    ["https://a.x:0443"],
    origin("its port is not"),
  ],
  ["[U9] no port behind a colon", "allowedCorsOrigins[0]", ["https://a.x:"], origin("its port is not")],
  [
    "[U9] a dot at the end",
    "allowedCorsOrigins[0]",
    ["https://a.x."],
    origin("its host has .* ends with a hyphen or dot"),
  ],
  [
    "[U9] a comma",
    "allowedCorsOrigins[0]",
    [`https://a.x,${SECRET}`],
    origin("its host has other characters"),
  ],
  [
    "[U9] a long IP address",
    "allowedCorsOrigins[0]",
    ["http://[0:0::1]:3000"],
    origin("its IP address is not"),
  ],
  ["[U9] half an IP address", "allowedCorsOrigins[0]", ["http://127.1"], origin("its IP address is not")],
  ["[U9] a number for an origin", "allowedCorsOrigins[0]", [7654321], origin("it is no text")],

  ["[U11] milliseconds", "expiresAt", 7_654_321_000_000, /milliseconds.*divide by 1000/],
  ["[U13] zero", "expiresAt", 0, /give "never"/],
  ["[U18] no zone", "expiresAt", "7654-03-21T00:00:00", /no zone.*"Z" or an offset/],
  ["[U17] 30 February", "expiresAt", "2099-02-30T00:00:00Z", /does not exist/],
  ["[U12] a fraction", "expiresAt", 7654321.5, /whole number of Unix seconds/],
  ["[U12] a number as text", "expiresAt", "7654321", /give Unix seconds as a number/],
  ["[U12] free text", "expiresAt", SECRET, /RFC 3339/],
  ["[U12] an object", "expiresAt", { at: SECRET }, /must be a time/],

  ["a duration in capitals", "lifetime", "90D", /; did you mean "90d"\?$/],
  ["a duration with a blank", "rotateBefore", "30 d", /; did you mean "30d"\?$/],
  ["a duration with blanks around", "rotateBefore", "  30d ", /; did you mean "30d"\?$/],
  ["an odd duration", "lifetime", "7654321d", DURATION],
  ["a duration with a fraction", "lifetime", "1.5d", DURATION],
  ["a number for a duration", "lifetime", 7654321, DURATION],
  ["a duration in words", "lifetime", SECRET, DURATION],
  ["a lifetime of 9 s", "lifetime", "9s", /from 10 s to 100 years/],
  ["a lifetime beyond 100 years", "lifetime", "36526d", /from 10 s to 100 years/],
  ["an odd window", "rotateBefore", SECRET, DURATION],
  ["a window of zero", "rotateBefore", "0s", DURATION],
  ["a number for a window", "rotateBefore", 7654321, DURATION],

  ["a token with a line break", "adopt", `a.${SECRET}.c\n`, /: is not a token; give the whole token/],
  ["a token in a list", "adopt", [SECRET], /: is not a token; give the whole token/],

  ["another overlap", "overlap", SECRET, /must be "auto", "always" or "never"/],
  [
    "an overlap in capitals",
    "overlap",
    "Auto",
    /must be "auto", "always" or "never"; did you mean "auto"\?$/,
  ],
  ["another end", "onDelete", SECRET, /must be "revoke" or "letExpire"/],
  [
    "an end in lower case",
    "onDelete",
    "letexpire",
    /must be "revoke" or "letExpire"; did you mean "letExpire"\?$/,
  ],

  ["[U1] a store hash with a path", "storeHash", `../../${SECRET}`, /1 to 32 lower-case letters and digits/],
  [
    "[U1] a store hash in capitals",
    "storeHash",
    "ABC123",
    /lower-case letters and digits.*; did you mean the same in lower case and without blanks\?$/,
  ],
  [
    "[U1] a store's API path",
    "storeHash",
    `https://api.bigcommerce.com/stores/abc123/v3/${SECRET}`,
    /; did you mean "abc123"\?$/,
  ],
  ["[U1] a part of it", "storeHash", "stores/ABC123/v3", /; did you mean "abc123"\?$/],
  [
    "[U1] a store's control panel",
    "storeHash",
    "https://store-abc123.mybigcommerce.com/manage",
    /; did you mean "abc123"\?$/,
  ],
  [
    "[U1] a channel's storefront",
    "storeHash",
    "store-abc123-7.mybigcommerce.com",
    /; did you mean "abc123"\?$/,
  ],
  ["[U1] another URL", "storeHash", `https://${SECRET}.example/abc123`, /stores\/\{hash\}$/],
  ["[U1] an empty store hash", "storeHash", "", /1 to 32 lower-case letters and digits/],
  [
    "[U1] a store hash of 33 characters",
    "storeHash",
    "x".repeat(33),
    /1 to 32 lower-case letters and digits/,
  ],
  ["[U1] a store hash with a line break", "storeHash", "abc123\n", /1 to 32 lower-case letters and digits/],
  ["[U1] a store hash that is a number", "storeHash", 7654321, /must be a store hash/],
];

const PROPERTIES: readonly Row[] = [
  ["[U6] channelId", "channelId", 7654321, /say channelIds: \[id\]/],
  ["[U19] a misspelt list of channels", "chanelIds", [7654321], /did you mean channelIds\?/],
  ["[U19] channels in lower case", "channelids", [7654321], /did you mean channelIds\?/],
  ["[U19] a misspelt end", "expiresat", SECRET, /did you mean expiresAt\?/],
  ["[U19] an end by another name", "expireAt", SECRET, /did you mean expiresAt\?/],
  ["[U19] a misspelt lifetime", "liftime", SECRET, /did you mean lifetime\?/],
  ["[U19] a misspelt window", "rotateBefor", SECRET, /did you mean rotateBefore\?/],
  ["[U19] a misspelt scope", "scope", SECRET, /did you mean scopes\?/],
  ["[U19] a misspelt store", "storehash", SECRET, /did you mean storeHash\?/],
  ["[U19] a misspelt end of life", "ondelete", SECRET, /did you mean onDelete\?/],
  ["a credential", "accessToken", SECRET, /remove it/],
  ["a misspelt label, which the class sets", "lable", SECRET, /; remove it$/],
  ["another kind's right", "allowedCorsOrigins", [`https://${SECRET}.x`], /remove it/],
  ["[U20] a name that objects have", "constructor", SECRET, /there is no such property/],
  ["[U20] another such name", "toString", SECRET, /there is no such property/],
];

const kindFor = (property: string) => (property.startsWith("allowedCors") ? KINDS.storefront : KINDS.private);

function refusal(row: Row, kind = kindFor(row[1])): string {
  const [, property, value] = row;
  const name = property.replace(/\[.*/, "");
  const base = { ...goodArgs(kind), label: LABEL, ...(name === "expiresAt" ? FIXED : {}) };
  const { failures } = parseInputs(kind, { ...base, [name]: value });
  expect(failures).toHaveLength(1);
  return failures.map(failureText)[0] ?? "";
}

describe("bad input is told by property, rule and fix, in one line, and no value is quoted", () => {
  it.each(ROWS)("%s", (...row) => {
    const [, property, , rule] = row;
    const line = refusal(row);
    expect(line.startsWith(`${property}: `)).toBe(true);
    expect(line).toMatch(rule);
    expect(line).not.toMatch(/[\r\n]/);
    expect(line).not.toContain(SECRET);
    expect(line).not.toMatch(/7.?654.?321|7654-/);
  });
});

describe("a property that there is not fails, with the nearest right name", () => {
  it.each(PROPERTIES)("%s", (...row) => {
    const [, property, , rule] = row;
    const line = refusal(row, KINDS.private);
    expect(line.startsWith(`${property}: there is no such property`)).toBe(true);
    expect(line).toMatch(rule);
    expect(line).not.toContain(SECRET);
    expect(line).not.toMatch(/7654321/);
  });

  it("scopes of a kind without scopes", () => {
    expect(refusal(["", "scopes", ["Customer"], /./], KINDS.impersonation)).toMatch(
      /^scopes: there is no such property/,
    );
  });

  it("and its own name is not shown where it is no plain word: it may be a secret pasted in the wrong place", () => {
    const news = {
      ...goodArgs(KINDS.private),
      label: LABEL,
      [`${SECRET} in a name`]: 1,
      ["x".repeat(41)]: 1,
    };
    const { failures } = parseInputs(KINDS.private, news);
    expect(failures).toHaveLength(2);
    for (const line of failures.map(failureText))
      expect(line).toMatch(/^\(a property\): there is no such property/);
  });

  it("[U20] __proto__, as JSON brings it, changes nothing", () => {
    const news = JSON.parse(`{"__proto__":{"channelIds":[1],"label":"x"},"lifetime":"90d"}`) as Record<
      string,
      unknown
    >;
    const { failures } = parseInputs(KINDS.impersonation, news);
    const lines = failures.map(failureText);
    expect(lines).toContainEqual(expect.stringMatching(/^__proto__: there is no such property/));
    expect(lines).toContainEqual(expect.stringMatching(/^channelIds: is missing/));
  });

  it("the label is the class's own", () => {
    expect(refusal(["", "label", 7654321, /./])).toMatch(
      /^label: is set by the resource class; do not pass it/,
    );
  });
});
