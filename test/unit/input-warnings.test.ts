import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Kind, KINDS } from "../../provider/domain/kinds";
import { DAY } from "../../provider/domain/expiry";
import type { CheckedInputs, PreviewedInputs } from "../../provider/domain/state";
import { NOTICES, textOf } from "../../provider/notice-formats";
import { HOMEPAGE } from "../../provider/homepage";
import { UNKNOWN } from "../../provider/domain/unknown";
import { isShortOverlap, warningsOf } from "../../provider/domain/input-warnings";
import { dueSince } from "../../provider/domain/rotation";

const NOW = Date.parse("2026-08-01T00:00:00Z") / 1000;
const HOUR = 3600;
const { storefront, private: server, impersonation } = KINDS;

const inputs = (change: Partial<CheckedInputs> = {}): CheckedInputs => ({
  ...{ label: "o/p/s/private/x", storeHash: "abc123", channelIds: [1], overlap: "auto", onDelete: "revoke" },
  expiresAt: NOW + 90 * DAY,
  ...change,
});
const fixed = (end: number | "never") => inputs({ expiresAt: end });
const lasting = (lifetime: string, rotateBefore?: string) =>
  inputs({ lifetime, ...(rotateBefore !== undefined && { rotateBefore }) });
const bound = { allowedCorsOrigins: ["https://a.example"] };
/** The headings of the page that are pointed to. */
const topics = (kind: Kind, of: PreviewedInputs) =>
  warningsOf(kind, of, NOW).map(
    (told) => /\(https:\S+\/docs\/reference\/warnings\.md#([\w-]+)\)$/.exec(textOf(told))?.[1],
  );

describe("what is worth a warning", () => {
  it.each<[string, Kind, CheckedInputs, string[]]>([
    [
      "a storefront token without origins",
      storefront,
      fixed(NOW + 90 * DAY),
      ["storefront-tokens-without-origins"],
    ],
    [
      "a storefront token without origins that is verified",
      storefront,
      { ...fixed(NOW + 90 * DAY), verify: true },
      ["verifying-storefront-tokens-without-origins", "storefront-tokens-without-origins"],
    ],
    [
      "one that is verified at a URL of its own",
      storefront,
      { ...fixed(NOW + 90 * DAY), verify: { graphqlUrl: "https://shop.example.com/graphql" } },
      ["verifying-storefront-tokens-without-origins", "storefront-tokens-without-origins"],
    ],
    [
      "not one with an origin that is verified",
      storefront,
      { ...fixed(NOW + 90 * DAY), ...bound, verify: true },
      [],
    ],
    ["not a private token that is verified", server, { ...fixed(NOW + 90 * DAY), verify: true }, []],
    ["not an impersonation token that is verified", impersonation, { ...lasting("30d"), verify: true }, []],
    ["not one with an origin", storefront, { ...fixed(NOW + 90 * DAY), ...bound }, []],
    ["not a private token, which has none", server, fixed(NOW + 90 * DAY), []],
    ["[U15] a private token for more than a year", server, fixed(NOW + 365 * DAY + 1), ["long-lives"]],
    ["not one for a year", server, fixed(NOW + 365 * DAY), []],
    ["[U15] one that never expires", server, fixed("never"), ["long-lives"]],
    ["[U15] one of a long lifetime", server, lasting("53w"), ["long-lives"]],
    ["[U15] not a storefront token, which browsers show", storefront, { ...fixed("never"), ...bound }, []],
    ["an impersonation token for more than 30 days", impersonation, lasting("31d"), ["long-lives"]],
    ["not one for 30 days", impersonation, lasting("30d"), []],
    ["a fixed end within 30 days", server, fixed(NOW + 30 * DAY), ["fixed-ends"]],
    ["not one later", server, fixed(NOW + 30 * DAY + 1), []],
    ["not a lifetime of 30 days, which is rotated", server, lasting("30d"), []],
    ["a window under 24 hours", server, lasting("30d", "23h"), ["short-windows"]],
    ["a default window under 24 hours", server, lasting("71h"), ["short-windows"]],
    ["not one of 24 hours", server, lasting("30d", "24h"), []],
    ["several at once", impersonation, lasting("90d", "1h"), ["long-lives", "short-windows"]],
  ])("%s", (_, kind, of, expected) => {
    expect(topics(kind, of)).toEqual(expected);
  });

  it("says of a fixed end that has passed that it has", () => {
    expect(warningsOf(server, fixed(NOW - 1), NOW).map(textOf)).toEqual([
      expect.stringMatching(/^expired at 2026-07-31T23:59:59Z, and nothing rotates/),
    ]);
    expect(warningsOf(server, fixed(NOW + 1), NOW).map(textOf)).toEqual([
      expect.stringMatching(/^expires at 2026-08-01T00:00:01Z/),
    ]);
  });

  it("says nothing of what a preview does not know", () => {
    const unknown = { lifetime: UNKNOWN, rotateBefore: UNKNOWN, expiresAt: UNKNOWN };
    expect(topics(impersonation, { ...inputs(), ...unknown })).toEqual([]);
    const origins = { verify: true, allowedCorsOrigins: UNKNOWN } as const;
    expect(topics(storefront, { ...inputs(), ...origins })).toEqual([]);
    expect(topics(storefront, { ...inputs(), verify: UNKNOWN })).toEqual([
      "storefront-tokens-without-origins",
    ]);
  });
});

describe("an origin that BigCommerce's older rule refuses", () => {
  const said = (origins: readonly string[], old?: readonly string[]) =>
    warningsOf(storefront, { ...lasting("90d"), allowedCorsOrigins: origins }, NOW, old && { ...lasting("90d"), allowedCorsOrigins: old })
      .map((told) => /^(allowedCorsOrigins\[\d\]): BigCommerce's older rule refuses this origin: /.exec(textOf(told))?.[1]);

  it.each([
    "https://a..example",
    "https://a-.example",
    "https://-a.example",
    "https://my_shop.example",
    "https://4shop.example",
    "http://[::1]:3000",
    "http://127.0.0.1:3000",
  ])("is warned of: %s", (origin) => {
    expect(said(["https://a.example", origin])).toEqual(["allowedCorsOrigins[1]"]);
  });

  it.each(["http://localhost:3000", "https://xn--bcher-kva.example", "https://a-b4.c5.example:8443"])("not of %s", (origin) => {
    expect(said([origin])).toEqual([]);
  });

  it("not where BigCommerce accepted it before", () => {
    expect(said(["http://[::1]:3000", "https://a_b.example"], ["https://a_b.example"])).toEqual(["allowedCorsOrigins[0]"]);
  });
}); // prettier-ignore

describe("a token that is due", () => {
  const old = (change: Partial<CheckedInputs> = {}) =>
    inputs({ lifetime: "90d", rotateBefore: "30d", expiresAt: NOW + 30 * DAY, ...change });

  it("is said to be so since when, from the second on", () => {
    expect(dueSince(old(), NOW)).toBe(NOW);
    expect(dueSince(old(), NOW - 1)).toBeUndefined();
  });

  it("is so by its own earlier end", () => {
    const claimed = { ...old(), effectiveExpiresAt: NOW + 20 * DAY };
    expect(dueSince(claimed, NOW)).toBe(Date.parse("2026-07-22T00:00:00Z") / 1000);
  });

  it("is not one whose end is fixed, or that has none", () => {
    const { lifetime: _, rotateBefore: __, ...rest } = old();
    expect(dueSince(rest, NOW)).toBeUndefined();
    expect(dueSince(old({ expiresAt: "never" }), NOW)).toBeUndefined();
  });
});

it("a previous token that works for less than 48 hours leaves little time, unless its owner chose a window that is as short", () => {
  expect(isShortOverlap(NOW + 48 * HOUR - 1, {}, NOW)).toBe(true);
  expect(isShortOverlap(NOW + 48 * HOUR, {}, NOW)).toBe(false);
  expect(isShortOverlap("never", {}, NOW)).toBe(false);
  const day = { lifetime: "3d", rotateBefore: "24h" };
  expect(isShortOverlap(NOW + 12 * HOUR, day, NOW)).toBe(false);
  expect(isShortOverlap(NOW + 12 * HOUR - 1, day, NOW)).toBe(true);
});

describe("what a person decided knowingly", () => {
  const decided: readonly (readonly [string, Kind, PreviewedInputs])[] = [
    ["a token that never expires", KINDS.impersonation, { ...inputs(), expiresAt: "never" }],
    ["a long lifetime", KINDS.impersonation, lasting("900d")],
    ["a short window", KINDS.private, { ...lasting("90d"), rotateBefore: "2h" }],
  ];

  it.each(decided)("is warned of while it is new: %s", (_, kind, given) => {
    expect(warningsOf(kind, given, NOW)).toHaveLength(1);
    expect(warningsOf(kind, given, NOW, lasting("30d"))).toHaveLength(1);
    expect(warningsOf(kind, given, NOW, given as CheckedInputs)).toEqual([]);
  });
});

it("each points to a heading of the page on warnings, at the repository's address", () => {
  const path = "docs/reference/warnings.md";
  const named = JSON.stringify(NOTICES).match(new RegExp(`${HOMEPAGE}/blob/main/${path}#[\\w-]+`, "g")) ?? [];
  const headings = readFileSync(join(__dirname, "..", "..", path), "utf8").match(/^#+ .*$/gm) ?? [];
  const anchors = headings.map((line) => line.replace(/^#+ /, "").toLowerCase().replaceAll(" ", "-"));
  expect(new Set(named).size).toBe(8);
  for (const link of named) expect(anchors).toContain(link.split("#")[1]);
});

describe("a warning", () => {
  const told = (kind: Kind, of: PreviewedInputs) =>
    warningsOf(kind, of, NOW).map(({ code, resource, facts }) => ({ code, resource, facts }));
  const resource = "o/p/s/private/x";

  it("names the resource, how long is long, and when a fixed expiration is", () => {
    expect(told(storefront, { ...lasting("90d"), verify: true })).toEqual([
      { code: "verify_without_origins", resource, facts: {} },
      { code: "no_origins", resource, facts: {} },
    ]);
    expect(told(server, fixed("never"))).toEqual([{ code: "never_expires", resource, facts: {} }]);
    expect(told(server, fixed(NOW + 400 * DAY))).toEqual([
      { code: "long_life", resource, facts: { maxDays: 365 } },
    ]);
    expect(told(impersonation, fixed(NOW + 31 * DAY))).toEqual([
      { code: "long_life", resource, facts: { maxDays: 30 } },
    ]);
    expect(told(server, lasting("2d", "1h"))).toEqual([{ code: "short_window", resource, facts: {} }]);
    expect(told(server, fixed(NOW + DAY))).toEqual([
      { code: "fixed_expiry", resource, facts: { expiry: NOW + DAY } },
    ]);
    expect(told(server, fixed(NOW))).toEqual([{ code: "fixed_expired", resource, facts: { expiry: NOW } }]);
  });

  it("is none of what is not known yet, or rotates", () => {
    expect(told(impersonation, { ...inputs(), expiresAt: UNKNOWN, lifetime: "400d" })).toEqual([]);
    expect(told(impersonation, { ...fixed(NOW + 400 * DAY), lifetime: UNKNOWN })).toEqual([]);
    expect(told(server, { ...lasting("10d"), expiresAt: NOW + 2 * DAY })).toEqual([]);
  });
});
