import { join } from "node:path";

import { type Attack, attacksOn, type Expression, expressionsIn } from "../support/expressions";

const ROOT = join(__dirname, "../..");
const SMALL = 2_048;
/** Of a character, nanoseconds, what a linear search surely stays below, and a quadratic one does not. */
const QUICK_NS = 150;
const LARGE = 4_096;
/** Twice the text takes twice the time, and four times if it is quadratic. */
const MAX_RATIO = 3;

const all = ["provider", "cli", "emulator"].flatMap((folder) => expressionsIn(ROOT, folder));

/** The best of several, milliseconds, for all matches. */
function timeOf({ source, flags }: Expression, text: string, runs: number): number {
  const expression = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  let best = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    text.replace(expression, "");
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

function isQuadratic(expression: Expression, attack: Attack): boolean {
  const small = attack(SMALL);
  if (timeOf(expression, small, 2) * 1e6 < QUICK_NS * small.length) return false;
  // Beside other processes a few runs can all be slow: what looks quadratic is measured again, longer.
  return [3, 20].every((runs) => {
    const [half = 0, whole = 0] = [attack(LARGE), attack(2 * LARGE)].map((text) =>
      timeOf(expression, text, runs),
    );
    return whole > MAX_RATIO * half;
  });
}

it("finds the expressions of all sources", () => {
  expect(all.length).toBeGreaterThan(100);
});

it.each([
  ["a blank before the end", " +$", ""],
  ["a line between blanks", "\\s*\\n\\s*", "g"],
  ["a run that does not end", "[\\w-]+(\\.[\\w-]+){2}", "g"],
  ["two that share", "^\\s*a?\\s*b", ""],
  ["a word without its end", "(\\S+) x", ""],
  ["the rest of a line", "some longer words: and [^\\n]*; end", ""],
])("sees that an expression is quadratic: %s", (_, source, flags) => {
  const expression = { place: "", source, flags };
  expect(attacksOn(expression).some((attack) => isQuadratic(expression, attack))).toBe(true);
});

it("every expression takes twice the time for twice the text, whatever the text", () => {
  const slow = all.filter((expression) => attacksOn(expression).some((attack) => isQuadratic(expression, attack)));
  expect(slow.map(({ place, source }) => `${place} ${source}`)).toEqual([]);
}); // prettier-ignore
