/** JSON does not escape these characters, and a terminal interprets them. */
const CONTROL_CHARACTERS = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON for other programs, one value a line. The order of the keys never changes. */
export function json(value: unknown): readonly string[] {
  return jsonText(value, 2).split("\n");
}

/** JSON in which control characters are escaped. The parsed value is the same. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(CONTROL_CHARACTERS, escape);
}

function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
