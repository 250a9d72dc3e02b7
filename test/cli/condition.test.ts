import { interruptedMints, assess } from "../../cli/tokens/condition";
import { parseExport } from "../../cli/pulumi/export";
import { tokensOf } from "../../cli/tokens/held-token";
import {
  day,
  DAY,
  deployment,
  exported,
  NOW,
  previous,
  printOf,
  SECRET,
  token,
  type TokenOptions,
  urnOf,
} from "./states";

function judged(options: TokenOptions, after = 0) {
  const [first, second] = tokensOf(parseExport(exported(token("a", options)), "x"));
  const held = options.outputs?.["previous"] === undefined ? first : second;
  return held && assess(held, NOW + after);
}

const FIXED = { lifetime: undefined, rotateBefore: undefined };

// Rotates 30 days from now, and expires 60 days from now.
it.each<[string, TokenOptions, number, string, { rotates?: true; settledBy?: "up" | "person"; isOverdue?: true; failsUp?: string }]>([
  ["before its window", {}, 30 * DAY - 1, "ok", {}],
  ["from the first second of its window", {}, 30 * DAY, "due", { rotates: true, settledBy: "up" }],
  ["up to half of its window", {}, 45 * DAY - 1, "due", { rotates: true, settledBy: "up" }],
  ["once half of its window is gone", {}, 45 * DAY, "due", { rotates: true, settledBy: "up", isOverdue: true }],
  ["from its last second on", {}, 60 * DAY, "expired", { rotates: true, settledBy: "up" }],
  ["tainted", { rest: { taint: true } }, 0, "due", { rotates: true, settledBy: "up" }],
  ["protected", { rest: { protect: true } }, 0, "ok", {}],
  ["protected, in its window", { rest: { protect: true } }, 30 * DAY, "due", { settledBy: "person", failsUp: "protected" }],
  ["protected, at its end", { rest: { protect: true } }, 60 * DAY, "expired", { settledBy: "person", failsUp: "protected" }],
  ["with a fixed end, a second before it", { outputs: FIXED }, 60 * DAY - 1, "ok", {}],
  ["with a fixed end, at its end", { outputs: FIXED }, 60 * DAY, "expired", { settledBy: "person" }],
  ["that never expires", { outputs: { ...FIXED, expiresAt: "never" } }, 900 * DAY, "never expires", {}],
  ["that waits for its deletion", { rest: { delete: true } }, 0, "pending delete", { settledBy: "up" }],
  ["that waits for its deletion, long expired", { rest: { delete: true } }, 90 * DAY, "pending delete", { settledBy: "up" }],
  ["that an update has to settle", { outputs: { verified: false } }, 0, "unproven", { settledBy: "up" }],
  ["that an update has to settle, in its window", { outputs: { verified: false } }, 30 * DAY, "unproven", { rotates: true, settledBy: "up" }],
  ["whose end is a secret", { outputs: { expiresAt: SECRET, ...FIXED } }, 0, "unreadable", { settledBy: "person" }],
  ["whose end is a secret, in its window", { outputs: { expiresAt: SECRET, rotateAt: day(30) } }, 30 * DAY, "due", { rotates: true, settledBy: "up" }],
  ["that is gone", { outputs: { gone: true } }, 0, "due", { rotates: true, settledBy: "up" }],
  ["that is gone, protected", { outputs: { gone: true }, rest: { protect: true } }, 0, "due", { settledBy: "person", failsUp: "protected" }],
  ["that is gone, long due", { outputs: { gone: true } }, 45 * DAY, "due", { rotates: true, settledBy: "up", isOverdue: true }],
  ["that is gone, and was never settled", { outputs: { gone: true, verified: false } }, 0, "due", { rotates: true, settledBy: "up" }],
  ["that is gone, with a fixed end that has passed", { outputs: { ...FIXED, gone: true } }, 60 * DAY, "expired", { settledBy: "person", failsUp: "fixed expiration" }],
  ["that is gone, and waits for its deletion", { outputs: { gone: true }, rest: { delete: true } }, 0, "pending delete", { settledBy: "up" }],
  ["that is gone, with a fixed end ahead", { outputs: { ...FIXED, gone: true } }, 60 * DAY - 1, "due", { rotates: true, settledBy: "up" }],
  ["that is gone, and never expires", { outputs: { ...FIXED, expiresAt: "never", gone: true } }, 0, "due", { rotates: true, settledBy: "up" }],
  ["that is gone, at its end", { outputs: { gone: true } }, 60 * DAY, "expired", { rotates: true, settledBy: "up" }],
  ["tainted, with a fixed end ahead", { outputs: FIXED, rest: { taint: true } }, 0, "due", { rotates: true, settledBy: "up" }],
  ["tainted, with a fixed end that has passed", { outputs: FIXED, rest: { taint: true } }, 60 * DAY, "expired", { settledBy: "person", failsUp: "fixed expiration" }],
  ["tainted, protected", { rest: { taint: true, protect: true } }, 0, "due", { settledBy: "person", failsUp: "protected" }],
  ["protected, with a fixed end that has passed", { outputs: FIXED, rest: { protect: true } }, 60 * DAY, "expired", { settledBy: "person" }],
  ["protected, that waits for its deletion", { rest: { protect: true, delete: true } }, 0, "pending delete", { settledBy: "up" }],
  ["protected, that an update has to settle", { outputs: { verified: false }, rest: { protect: true } }, 0, "unproven", { settledBy: "up" }],
  ["protected, that an update has to settle, in its window", { outputs: { verified: false }, rest: { protect: true } }, 30 * DAY, "unproven", { settledBy: "person", failsUp: "protected" }],
  ["that an update has to settle, with a fixed end that has passed", { outputs: { ...FIXED, verified: false } }, 60 * DAY, "unproven", { settledBy: "person" }],
  ["of an interrupted replacement", { rest: { pendingReplacement: true } }, 0, "interrupted replacement", { settledBy: "person" }],
  ["whose end is a number", { outputs: { expiresAt: 1_800_000_000 } }, 30 * DAY, "unreadable", { settledBy: "person" }],
  ["whose end is no time", { outputs: { expiresAt: "soon", rotateAt: day(30) } }, 30 * DAY, "unreadable", { settledBy: "person" }],
  ["whose end is absent", { outputs: { expiresAt: undefined } }, 0, "unreadable", { settledBy: "person" }],
  ["whose own claim is no time", { outputs: { effectiveExpiresAt: "soon" } }, 0, "unreadable", { settledBy: "person" }],
  ["whose end is no time, tainted", { outputs: { expiresAt: "soon" }, rest: { taint: true } }, 0, "due", { rotates: true, settledBy: "up" }],
  ["whose end is no time, and that waits for its deletion", { outputs: { expiresAt: "soon" }, rest: { delete: true } }, 0, "pending delete", { settledBy: "up" }],
  ["that was replaced, and whose end is no time", { outputs: { previous: previous("old", { expiresAt: "soon" }) } }, 0, "unreadable", { settledBy: "person" }],
  ["that was replaced, and whose end is a number", { outputs: { previous: previous("old", { expiresAt: 7 }) } }, 0, "unreadable", { settledBy: "person" }],
  ["that was replaced", { outputs: { previous: previous("old") } }, 0, "left to expire", {}],
])("a token %s", (_, options, after, condition, expected) => {
  const found = judged(options, after);
  const said = { rotates: false, isOverdue: false, ...expected };
  expect(found).toMatchObject({ condition, ...said });
  expect([found?.settledBy, found?.failsUp]).toEqual([expected.settledBy, expected.failsUp]);
  // Whatever needs a person says why.
  if (expected.settledBy === "person") expect(found?.note).toMatch(/\w+ .*\w/);
}); // prettier-ignore

it.each<[string, unknown, string]>([
  ["since when", day(-2), `missing since ${day(-2)}`],
  ["no time, if an earlier version wrote the state", undefined, "missing, as a refresh saw"],
  ["no time, if it is damaged", "yesterday", "missing, as a refresh saw"],
  ["no time, if it is a secret", SECRET, "missing, as a refresh saw"],
])("of a token that is gone the note says %s, and what comes next", (_, goneAt, since) => {
  const gone = { outputs: { gone: true, goneAt } };
  expect(judged(gone)?.note).toBe(`${since}; the next \`pulumi up\` mints a new one`);
  expect(judged(gone, 45 * DAY)?.note).toBe(`${since}; the next \`pulumi up\` mints a new one`);
  expect(judged(gone, 60 * DAY)?.note).toBe(`${since}; the next \`pulumi up\` mints a new one`);
  for (const rest of [{}, { protect: true }]) {
    const fixed = { outputs: { ...FIXED, ...gone.outputs }, rest };
    expect(judged(fixed, 60 * DAY)?.note).toMatch(new RegExp(`^${since}; `));
  }
  expect(judged({ ...gone, rest: { protect: true } })?.note).toBe(`${since}, and it is protected: a \`pulumi up\` that would rotate it fails`);
}); // prettier-ignore

it("a time without the mark is no sign that a token is gone", () => {
  expect(judged({ outputs: { goneAt: day(-2) } })).toMatchObject({ condition: "ok" });
});

it("a token that is not settled was minted, or adopted", () => {
  const noteOn = (outputs: Readonly<Record<string, unknown>>) => judged({ outputs: { verified: false, ...outputs } })?.note;
  expect(noteOn({})).toMatch(/failed after the token was minted/);
  expect(noteOn({ adopted: printOf("a") })).toMatch(/failed after the token was adopted/);
  expect(noteOn({ adopted: printOf("b") })).toMatch(/failed after the token was minted/);
}); // prettier-ignore

it.each([
  ["has expired", { previous: previous("old") }, 10 * DAY],
  ["was to be revoked", { previous: previous("old", { fate: "revoke" }) }, 0],
])("a predecessor that %s is nobody's concern", (_, outputs, after) => {
  expect(judged({ outputs }, after)).toBeUndefined();
});

it("an interrupted update may have minted what it was creating, and nothing else", () => {
  const operation = (type: string, name: string) => ({
    type,
    resource: { urn: urnOf(name), type: "pulumi-nodejs:dynamic/bigcommerce:PrivateToken" },
  });
  const other = { type: "creating", resource: { urn: "urn:pulumi:dev::shop::a:b:C::x", type: "a:b:C" } };
  const pending_operations = [operation("creating", "a"), operation("deleting", "b"), other];
  const text = JSON.stringify({ version: 3, deployment: { ...deployment(), pending_operations } });
  expect(interruptedMints(parseExport(text, "x"))).toEqual(["a"]);
});
