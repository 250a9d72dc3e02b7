import { DAY, type Expiry } from "../../provider/domain/expiry";
import type { Fate, Overlap } from "../../provider/domain/fate";
import { planReplacement } from "../../provider/domain/plan-replacement";
import type { Rights } from "../../provider/domain/state";

const END = 1_785_000_000;
const A = "https://a.example";
const B = "https://b.example";

interface Granted extends Rights {
  readonly expiry: Expiry;
}

const OLD: Granted = { storeHash: "abc123", channelIds: [1, 2], expiry: END };

function fateOf(
  { expiry: end, ...rights }: Granted,
  { expiry, ...fresh }: Granted,
  overlap: Overlap,
): Fate | undefined {
  const old = { ...rights, fingerprint: "0123456789abcdef", expiresAt: end };
  return planReplacement(old, { ...fresh, overlap, expiresAt: expiry }, {}, undefined, END - DAY).fates.own;
}

/** In what the new token differs (and the old one, where it says so) -> whether it covers the old one. */
const DIMENSIONS: readonly [what: string, fresh: Partial<Granted>, old: Partial<Granted>, covers: boolean][] =
  [
    ["nothing", {}, {}, true],
    ["another store", { storeHash: "other9" }, {}, false],
    ["another host", { apiUrl: "https://api.example.com" }, {}, false],
    ["another host than the old one's own", {}, { apiUrl: "https://api.example.com" }, false],
    [
      "one host more than the default, the same for both",
      { apiUrl: "https://x.y" },
      { apiUrl: "https://x.y" },
      true,
    ],
    ["a channel more", { channelIds: [1, 2, 3] }, {}, true],
    ["a channel less", { channelIds: [1] }, {}, false],
    ["a channel for another", { channelIds: [1, 3] }, {}, false],
    ["the same scopes", { scopes: ["B2B", "Customer"] }, { scopes: ["B2B", "Customer"] }, true],
    ["a scope more", { scopes: ["B2B", "Customer"] }, { scopes: ["Customer"] }, true],
    ["a scope less", { scopes: ["Customer"] }, { scopes: ["B2B", "Customer"] }, false],
    ["a scope for another", { scopes: ["Customer"] }, { scopes: ["Unauthenticated"] }, false],
    ["the same origins", { allowedCorsOrigins: [A, B] }, { allowedCorsOrigins: [A, B] }, true],
    ["an origin more", { allowedCorsOrigins: [A, B] }, { allowedCorsOrigins: [A] }, true],
    ["an origin less", { allowedCorsOrigins: [A] }, { allowedCorsOrigins: [A, B] }, false],
    ["an origin for another", { allowedCorsOrigins: [B] }, { allowedCorsOrigins: [A] }, false],
    ["origins where there were none", { allowedCorsOrigins: [A] }, {}, false],
    ["no origins where there were some", {}, { allowedCorsOrigins: [A] }, false],
    ["an empty list of origins for none", { allowedCorsOrigins: [] }, {}, true],
    ["a later end", { expiry: END + 1 }, {}, true],
    ["no end", { expiry: "never" }, {}, true],
    ["an earlier end", { expiry: END - 1 }, {}, false],
    ["a channel more, but an earlier end", { channelIds: [1, 2, 3], expiry: END - DAY }, {}, false],
    ["a channel less, but a later end", { channelIds: [1], expiry: END + DAY }, {}, false],
  ];

describe.each(DIMENSIONS)("of a token whose new token has %s", (_, fresh, old, covers) => {
  const fate = (overlap: "auto" | "always" | "never") =>
    fateOf({ ...OLD, ...old }, { ...OLD, ...fresh }, overlap);

  it(`auto: it is ${covers ? "left to expire" : "revoked"}`, () => {
    expect(fate("auto")).toBe(covers ? "letExpire" : "revoke");
  });

  it("always: it is left to expire", () => {
    expect(fate("always")).toBe("letExpire");
  });

  it("never: it is revoked", () => {
    expect(fate("never")).toBe("revoke");
  });
});

it.each(["auto", "always", "never"] as const)(
  "a token that never expires is revoked with overlap %s, also by one that never expires either",
  (overlap) => {
    for (const expiry of [END, "never"] as const) {
      expect(fateOf({ ...OLD, expiry: "never" }, { ...OLD, expiry }, overlap)).toBe("revoke");
    }
  },
);
