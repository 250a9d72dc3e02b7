/** What JSON leaves as it is, and a terminal obeys. */
const CONTROL_CHARACTERS = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON for other programs: the same keys in the same order each time, one value a line. */
export function json(value: unknown): readonly string[] {
  return jsonText(value, 2).split("\n");
}

/** JSON without a character that a terminal obeys; what it says is the same. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(CONTROL_CHARACTERS, escape);
}

function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
