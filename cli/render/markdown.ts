import { safeText } from "./width";

/**
 * What GitHub or GitLab makes more of than text: mentions, references, links, commits, `:emoji:`, `$math$`. They
 * decode entities and escapes before they look for it, and look into everything but code.
 */
const RISKY = /[@#$!~%^&`\\]|:\/\/|www\.|[a-z]-\d|[0-9a-f]{7}|:(?!\d\d:)[\w+-]{1,40}:/i;
/** A word of anything but these is code as well. */
const PLAIN = /^[\p{L}\p{M}\p{N}.,;:()"'?/+={}[\]<>*_|→-]*$/u;

/** Text from outside: none may end a cell, become a link, an image or HTML, or call a person or an issue. */
export function escaped(text: string): string {
  return safeText(text).split(" ").map(word).join(" ");
}

/** Cells are texts from outside, or several with a line of their own each. */
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
  // A bar ends a cell even in code.
  return text.split("|").map(code).join("\\|");
}

/** As many backticks around it as it does not have itself. */
function code(text: string): string {
  if (text === "") return "";
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}
