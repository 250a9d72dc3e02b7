const MAX_ERROR = 300;
const NONE = "it printed no error";

/**
 * The first sentence of the first error that Pulumi printed, else the last line. Around some errors Pulumi draws a banner of
 * `=`, and wraps their lines.
 */
export function errorIn(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const last = lines.findLastIndex(hasWords);
  const start = lines.findIndex(
    (line, at) => line.startsWith("error:") || (/^={3,}$/.test(line) && at < last),
  );
  if (start < 0) return (lines[last] ?? NONE).slice(0, MAX_ERROR);
  const [own = "", ...below] = lines.slice(start);
  const line = own.replace(/^error:\s*/, "");
  return (hasWords(line) ? withList(line, below) : sentenceIn(below)).slice(0, MAX_ERROR);
}

/** A line that only introduces others, such as `2 errors occurred:`, with the first of them. */
function withList(line: string, below: readonly string[]): string {
  const first = line.endsWith(":") ? below.find(hasWords) : undefined;
  return first === undefined ? line : `${line} ${first.replace(/^[*-]\s+/, "")}`;
}

/** The first sentence of a wrapped text, which ends at an empty line, a banner or its first full stop. */
function sentenceIn(lines: readonly string[]): string {
  const text = lines.slice(lines.findIndex(hasWords));
  const end = text.findIndex((line) => !hasWords(line));
  const paragraph = text.slice(0, end < 0 ? undefined : end).join(" ");
  return /^.*?[.!?](?=\s|$)/.exec(paragraph)?.[0] ?? (paragraph || NONE);
}

function hasWords(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line);
}
