import { printable } from "./width";

/** Text from outside: none may end a cell, become a link, an image or HTML, or call a person or an issue. */
export function escaped(text: string): string {
  return printable(text)
    .replace(/[\\`*_[\]#|~$]/g, "\\$&")
    .replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@/g, "&#64;")
    .replace(/:\/\//g, "&#58;//")
    .replace(/\b(www)\./gi, "$1&#46;")
    .replace(/\b(gh)-(?=\d)/gi, "$1&#45;");
}

/** A table whose cells are texts from outside. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const body = rows.map((row) => line(row.map(escaped)));
  return [line(titles), line(titles.map(() => "---")), ...body].join("");
}
