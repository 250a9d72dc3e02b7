/** Joins the lines of a text to one line, without the prefix `error: ` of Pulumi and commander. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
