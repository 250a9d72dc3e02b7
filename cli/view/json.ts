/** JSON for other programs: the same keys in the same order each time, one value a line. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
