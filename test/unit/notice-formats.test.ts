import fc from "fast-check";

import {
  formatNotice,
  type Notice,
  notice,
  type NoticeCode,
  NOTICES,
  parseNotice,
  parseNoticeAs,
  readersOf,
  textOf,
} from "../../provider/notice-formats";
import { fill } from "../../provider/notice-slots";
import { cpuMs } from "../support/cpu-time";

const CODES = Object.keys(NOTICES) as NoticeCode[];
const LABEL = "o/p/s/private/x";
const PRINT = "0123456789abcdef";
const NEVER = { label: LABEL, fingerprint: PRINT, expiry: "never" as const };

/** The present form, then the former ones. */
const formsOf = (code: NoticeCode): readonly [string, ...string[]] => {
  const format = NOTICES[code];
  return typeof format === "string" ? [format] : format;
};
const lineOf = (code: NoticeCode) => formsOf(code)[0];
/** Each kind and name of what a line has, as `{kind:name}` or `{name}`. */
const slotsIn = (line: string) =>
  [...line.matchAll(/\{(\w+)(?::(\w+))?\}/g)].map(([, kind = "", name = kind]) => ({ kind, name }));

/** Words and beginnings of the notices themselves, which a label or a server's text may hold. */
const WORDS = [
  ...CODES.flatMap((code) => lineOf(code).split(/\{[^}]*\}/)),
  ...[
    "warning: ",
    "bigcommerce-tokens: ",
    "token",
    `token ${PRINT} `,
    ": ",
    "'",
    '"',
    "`",
    "\\",
    "{label}",
    "$&",
    "$1",
  ],
  ...[
    "never",
    "2026-08-01T00:00:00Z",
    "; the next `pulumi up` mints a new one",
    "; `pulumi up --refresh` mints a new token, if the program still needs one",
    `: token ${PRINT} expired at never`,
  ],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })), { maxLength: 6 })
  .map((parts) => parts.join("").replace(/[^\x20-\x7e]/g, "?"));
const word = text.map((each) => each.replace(/ /g, "").slice(0, 80)).filter((each) => each !== "");
const time = fc.integer({ min: 1, max: 99_999_999_999 });
const expiry = fc.oneof(time, fc.constant("never" as const));
const KINDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ...{ label: word, word, argument: word, text, time, expiry, works: expiry },
  ...{
    valid: expiry,
    expires: expiry,
    change: fc.constantFrom("rotated", "replaced"),
    verified: fc.boolean(),
  },
  fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
  source: text.map((each) => each.slice(0, 200)).filter((each) => each !== ""),
  gone: fc.oneof(
    fc.constant("was revoked outside of this stack"),
    text.map((each) => `is no longer in the ${each}`.slice(0, 300) + "."),
  ),
  since: fc.oneof(time, fc.constant(undefined)),
  listedTime: fc.oneof(time, fc.constant(undefined)),
  minutes: fc.integer({ min: 1, max: 999_999_999 }),
  more: fc.nat(100_000),
  days: fc.constantFrom(30, 365, 366),
  onDelete: fc.constantFrom("revoke", "letExpire"),
  handle: fc.oneof(word, fc.constant(undefined)),
  minter: fc.oneof(word, fc.constant(undefined)),
};

/** Any notice of a code, with hostile facts. */
function anyNotice(code: NoticeCode): fc.Arbitrary<Notice> {
  return factsOf(lineOf(code)).map((all) => notice(code, all as never));
}

function factsOf(form: string): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(slotsIn(form).map(({ kind, name }) => [name, KINDS[kind]!])));
}

/** As long as a line of a log that is read. */
const LONG = 64 * 1024;
/** A linear search takes less than one, a quadratic one a second at the least. */
const QUICK_MS = 100;

describe.each(CODES)("%s", (code) => {
  it("is read from its line as it was, and from no other notice's form", () => {
    fc.assert(
      fc.property(anyNotice(code), (told) => {
        const line = formatNotice(told);
        expect(parseNotice(line)).toEqual(told);
        expect(CODES.filter((each) => parseNoticeAs(each, line))).toEqual([code]);
      }),
      { numRuns: 100 },
    );
  });

  it("has former lines with no facts but its own, and one text without bounds in a line", () => {
    const [line, ...formerly] = formsOf(code);
    const names = slotsIn(line).map(({ name }) => name);
    for (const former of formerly)
      expect(names).toEqual(expect.arrayContaining(slotsIn(former).map(({ name }) => name)));
    for (const each of [line, ...formerly])
      expect(slotsIn(each).filter(({ kind }) => kind === "text").length).toBeLessThan(2);
  });

  it("is read in no time, and so is a line that goes on as each of its slots could, however long", () => {
    const forms = formsOf(code);
    expect(readersOf(code)).toHaveLength(forms.length);
    readersOf(code).forEach(({ expression }, at) => {
      const form = forms[at]!;
      const [facts] = fc.sample(factsOf(form), { numRuns: 1, seed: 1 });
      const line = fill(form, facts!);
      const [, ...slots] = (new RegExp(expression, "d").exec(line)?.indices ?? []) as readonly [
        number,
        number,
      ][];
      expect(slots).toHaveLength(slotsIn(form).length);
      for (const [begin, end] of slots)
        for (const pump of ["a", " ", "a ", "0", line.slice(end, end + 20), line.slice(0, begin)])
          if (pump !== "")
            expect(
              cpuMs(() => expression.exec(line.slice(0, begin) + pump.repeat(LONG / pump.length))),
            ).toBeLessThan(QUICK_MS);
    });
  });
});

it("has arbitrary facts for every kind of slot", () => {
  const kinds = CODES.flatMap((code) => slotsIn(lineOf(code))).map(({ kind }) => kind);
  expect([...new Set(kinds)].sort()).toEqual(Object.keys(KINDS).sort());
});

it.each([
  ["minted", "minted o/p/s/private/x 0123456789abcdef never"],
  ["adopted", "adopted o/p/s/private/x 0123456789abcdef never"],
  ["revoke_accepted", "revoke accepted o/p/s/private/x 0123456789abcdef never"],
  ["left_to_expire", "left to expire o/p/s/private/x 0123456789abcdef never"],
  ["expired", "expired o/p/s/private/x 0123456789abcdef never"],
] as const)("the line of an effect is stable, in every version: %s", (code, line) => {
  expect(formatNotice(notice(code, NEVER))).toBe(line);
  expect(parseNotice(line)).toEqual(notice(code, NEVER));
});

it("has its severity and its resource apart from its text", () => {
  const told = notice("gone", { label: LABEL, fingerprint: PRINT, how: "was revoked outside of this stack" });
  expect(told).toMatchObject({ severity: "warning", resource: LABEL, code: "gone" });
  expect(textOf(told)).toBe(
    `token ${PRINT} was revoked outside of this stack; \`pulumi up --refresh\` mints a new token, if the program still needs one`,
  );
  expect(formatNotice(told)).toBe(`warning: ${LABEL}: ${textOf(told)}`);
  expect(notice("api_url", { storeHash: "abc123", apiUrl: "http://127.0.0.1" })).toMatchObject({
    severity: "info",
    resource: undefined,
  });
});

/** As version 0.1.0 printed them, and those after it before notices were data. */
describe("lines of earlier versions", () => {
  const AT = Date.parse("2026-10-30T00:00:00Z") / 1000;
  const token = { label: LABEL, fingerprint: PRINT };
  const SIXTY = "will be revoked at the end of this update (BigCommerce takes up to about 60 s to apply it)";
  const HELD = "because what it depends on is deleted before it is replaced";

  it.each<[string, Notice]>([
    [`warning: token ${PRINT} of ${LABEL} was revoked before this run, says the store's list`, notice("revoked_before", { ...token, by: "the store's list" })],
    [`warning: ${LABEL}: token ${PRINT} was revoked outside of this stack; the next \`pulumi up\` mints a new one`, notice("gone", { ...token, how: "was revoked outside of this stack" })],
    [`warning: ${LABEL}: token ${PRINT} is no longer in the list of API account client-main, which minted it; the next \`pulumi up\` mints a new one`, notice("gone", { ...token, how: "is no longer in the list of API account client-main, which minted it" })],
    ["warning: BIGCOMMERCE_ON_DELETE=letExpire decides how every token ends that ends in this run", notice("on_delete_override", { onDelete: "letExpire" })],
    [`${LABEL}: token ${PRINT} may be replaced; the update will say what becomes of it`, notice("replaced_undecided", token)],
    [`${LABEL}: token ${PRINT} ${SIXTY}`, notice("replaced_revoked", token)],
    [`${LABEL}: token ${PRINT} works for ever`, notice("replaced_left", { ...token, expiry: "never" })],
    [`${LABEL}: token ${PRINT} expired at 2026-10-30T00:00:00Z`, notice("replaced_expired", { ...token, expiry: AT })],
    [`${LABEL}: token ${PRINT}, its predecessor, ${SIXTY}`, notice("previous_revoked", token)],
    [`${LABEL}: token ${PRINT}, its predecessor, works until 2026-10-30T00:00:00Z`, notice("previous_left", { ...token, expiry: AT })],
    [`${LABEL}: token ${PRINT} will be revoked before its successor exists, ${HELD}`, notice("deleted_first_revoked", token)],
    [`${LABEL}: token ${PRINT} works until 2026-10-30T00:00:00Z, ${HELD}; \`pulumi-bigcommerce-tokens retire\` revokes it once its successor is in use, BIGCOMMERCE_ON_DELETE=revoke at once`, notice("deleted_first_left", { ...token, expiry: AT })],
    [`warning: ${LABEL}: is due since 2026-10-30T00:00:00Z, so it is to be rotated (README.md#due-rotations)`, notice("due", { label: LABEL, since: AT })],
  ])("%s", (line, told) => {
    expect(parseNotice(line)).toEqual(told);
  }); // prettier-ignore

  it("a refused revocation, with what was said behind it", () => {
    const reason = "Revoking a token: [REJECTED]. Nothing tries again: to end it by hand, revoke id A as the API account that minted it, client-a.";
    const line = `warning: token ${PRINT} of ${LABEL} was not revoked and may work until 2026-10-30T00:00:00Z: ${reason}`;
    expect(parseNotice(line)).toMatchObject({ code: "revocation_refused", resource: LABEL, facts: { fingerprint: PRINT, expiry: AT, reason } });
  }); // prettier-ignore
});

it("reads no other line", () => {
  for (const line of ["", "x", `minted ${LABEL} ${PRINT}`, `minted ${LABEL} ${PRINT} never `, `warning: minted ${LABEL} ${PRINT} never`])
    expect(parseNotice(line)).toBeUndefined();
}); // prettier-ignore
