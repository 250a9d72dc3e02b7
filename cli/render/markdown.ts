import { safeText } from "./width";

/**
 * Text that GitHub or GitLab turns into something else: mentions, references, links, commits, `:emoji:`, `$math$`. They
 * search after they have decoded entities and escapes, so that only code is safe.
 */
const RISKY = /[@#$!~%^&`\\]|:\/\/|www\.|[a-z]-\d|[0-9a-f]{7}|:(?!\d\d:)[\w+-]{1,40}:/i;
/** A word with any other character is written as code too. */
const PLAIN = /^[\p{L}\p{M}\p{N}.,;:()"'?/+={}[\]<>*_|→-]*$/u;

/** Escapes untrusted text: it cannot end a cell, become a link, an image or HTML, or mention a person or an issue. */
export function escaped(text: string): string {
  return safeText(text).split(" ").map(word).join(" ");
}

/** A cell is an untrusted text, or several texts with a line for each. */
export function markdownTable(
  titles: readonly string[],
  rows: readonly (readonly (string | readonly string[])[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(row.map((cell) => [cell].flat().map(escaped).join("<br>"))));
  return [line(titles), line(titles.map(() => "---")), ...body];
}

function word(text: string): string {
  if (PLAIN.test(text) && !RISKY.test(text)) {
    return text.replace(/[*_[\]|]/g, "\\$&").replace(/[<>]/g, (each) => (each === "<" ? "&lt;" : "&gt;"));
  }
  // A `|` ends a cell even within code.
  return text.split("|").map(code).join("\\|");
}

/** Inline code. Its fence has more backticks than the longest run of backticks in the text. */
function code(text: string): string {
  if (text === "") return "";
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}
