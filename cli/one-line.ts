/** The lines of a text as one, without the `error: ` that Pulumi and commander begin with. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
