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
it.each<[string, TokenOptions, number, string, { rotates?: true; needsPerson?: true; isOverdue?: true }]>([
  ["before its window", {}, 30 * DAY - 1, "ok", {}],
  ["from the first second of its window", {}, 30 * DAY, "due", { rotates: true }],
  ["up to half of its window", {}, 45 * DAY - 1, "due", { rotates: true }],
  ["once half of its window is gone", {}, 45 * DAY, "due", { rotates: true, needsPerson: true, isOverdue: true }],
  ["from its last second on", {}, 60 * DAY, "expired", { rotates: true, needsPerson: true }],
  ["tainted", { rest: { taint: true } }, 0, "due", { rotates: true }],
  ["protected", { rest: { protect: true } }, 0, "ok", {}],
  ["protected, in its window", { rest: { protect: true } }, 30 * DAY, "due", { needsPerson: true }],
  ["protected, at its end", { rest: { protect: true } }, 60 * DAY, "expired", { needsPerson: true }],
  ["with a fixed end, a second before it", { outputs: FIXED }, 60 * DAY - 1, "ok", {}],
  ["with a fixed end, at its end", { outputs: FIXED }, 60 * DAY, "expired", { needsPerson: true }],
  ["that never expires", { outputs: { ...FIXED, expiresAt: "never" } }, 900 * DAY, "never expires", {}],
  ["that waits for its deletion", { rest: { delete: true } }, 0, "pending delete", { needsPerson: true }],
  ["that waits for its deletion, long expired", { rest: { delete: true } }, 90 * DAY, "pending delete", { needsPerson: true }],
  ["that an update has to settle", { outputs: { verified: false } }, 0, "unproven", { needsPerson: true }],
  ["that an update has to settle, in its window", { outputs: { verified: false } }, 30 * DAY, "unproven", { rotates: true, needsPerson: true }],
  ["whose end is a secret", { outputs: { expiresAt: SECRET, ...FIXED } }, 0, "unreadable", { needsPerson: true }],
  ["whose end is a secret, in its window", { outputs: { expiresAt: SECRET, rotateAt: day(30) } }, 30 * DAY, "due", { rotates: true }],
  ["that is gone", { outputs: { gone: true } }, 0, "due", { rotates: true }],
  ["that is gone, protected", { outputs: { gone: true }, rest: { protect: true } }, 0, "due", { needsPerson: true }],
  ["that is gone, long due", { outputs: { gone: true } }, 45 * DAY, "due", { rotates: true, needsPerson: true, isOverdue: true }],
  ["that is gone, and was never settled", { outputs: { gone: true, verified: false } }, 0, "due", { rotates: true }],
  ["that is gone, with a fixed end that has passed", { outputs: { ...FIXED, gone: true } }, 60 * DAY, "expired", { needsPerson: true }],
  ["that is gone, and waits for its deletion", { outputs: { gone: true }, rest: { delete: true } }, 0, "pending delete", { needsPerson: true }],
  ["that was replaced", { outputs: { previous: previous("old") } }, 0, "left to expire", {}],
])("a token %s", (_, options, after, condition, expected) => {
  const found = judged(options, after);
  const said = { rotates: false, needsPerson: false, isOverdue: false, ...expected };
  expect(found).toMatchObject({ condition, ...said });
  // Whatever needs a person says why.
  if (said.needsPerson) expect(found?.note).toMatch(/\w+ .*\w/);
}); // prettier-ignore

it("of a token that is gone the note says who saw it, and what comes next", () => {
  const note = "a refresh saw that it is gone; the next `pulumi up` mints a new one";
  expect(judged({ outputs: { gone: true } })?.note).toBe(note);
  expect(judged({ outputs: { gone: true } }, 45 * DAY)?.note).toBe(note);
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
