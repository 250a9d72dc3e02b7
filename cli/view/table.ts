import type { Output } from "../world";
import { fitted, printable, widthOf } from "./width";

export type Tone = "good" | "warn" | "bad" | "quiet";

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  /** It may be cut to this width, if the terminal asks for it. Default: it is never cut. */
  readonly least?: number;
}

const CODES: Readonly<Record<Tone | "title", number>> = { good: 32, warn: 33, bad: 31, quiet: 2, title: 1 };
const GAP = "  ";
const SEPARATOR = " · ";

/** Lines that fit the terminal: a table, or where even a cut one does not fit, a paragraph for each row. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { columns: width = Infinity, colour }: Pick<Output, "columns" | "colour">,
): string {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: printable(cell.text) })));
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...clean.map((row) => widthOf(row[at]?.text ?? ""))),
  );
  const shrunk = shrink(columns, widths, width - GAP.length * (columns.length - 1));
  if (!shrunk) return clean.map((row) => paragraph(columns, row, width, colour)).join("\n");
  const line = (cells: readonly Cell[], tone?: "title") =>
    cells
      .map(({ text, tone: own }, at) => paint(fitted(text, shrunk[at] ?? 0), tone ?? own, colour))
      .join(GAP)
      .replace(/ +$/, "");
  const titles = columns.map(({ title }) => ({ text: title }));
  return [line(titles, "title"), ...clean.map((row) => line(row))].map((each) => `${each}\n`).join("");
}

/** Colours, for a terminal alone. */
export function paint(text: string, tone: Tone | "title" | undefined, colour: boolean): string {
  if (!colour || tone === undefined || text.trim() === "") return text;
  // Blanks at the end stay outside, so that they can be cut off.
  const shown = text.trimEnd();
  return `\x1b[${CODES[tone]}m${shown}\x1b[0m${text.slice(shown.length)}`;
}

/** The widest columns that may be cut are cut first; undefined where that is not enough. */
function shrink(
  columns: readonly Column[],
  widths: readonly number[],
  room: number,
): readonly number[] | undefined {
  const shrunk = [...widths];
  for (let over = sum(shrunk) - room; over > 0; over -= 1) {
    const spare = shrunk.map((width, at) => (width > (columns[at]?.least ?? Infinity) ? width : 0));
    const widest = Math.max(...spare);
    if (widest === 0) return undefined;
    const at = spare.indexOf(widest);
    shrunk[at] = widest - 1;
  }
  return shrunk;
}

/** The first cell as a heading, the others behind their titles, wrapped between them. */
function paragraph(
  columns: readonly Column[],
  [head, ...rest]: readonly Cell[],
  width: number,
  colour: boolean,
): string {
  const lines: { text: string; shown: string }[] = [];
  rest.forEach(({ text, tone }, at) => {
    if (text === "") return;
    const title = columns[at + 1]?.title ?? "";
    const item = `${title} ${text}`;
    const painted = `${paint(title, "quiet", colour)} ${paint(text, tone, colour)}`;
    const last = lines.at(-1);
    if (GAP.length + widthOf(item) > width) {
      const [first = "", ...others] = wrapped(text, title, width - GAP.length);
      lines.push({ text: item, shown: `${paint(title, "quiet", colour)} ${paint(first, tone, colour)}` });
      // Nothing is put behind them, because the last one counts as long as all of it.
      lines.push(...others.map((line) => ({ text: item, shown: `${GAP}${paint(line, tone, colour)}` })));
    } else if (last && widthOf(last.text) + SEPARATOR.length + widthOf(item) + GAP.length <= width) {
      last.text += SEPARATOR + item;
      last.shown += SEPARATOR + painted;
    } else lines.push({ text: item, shown: painted });
  });
  return [
    `${paint(head?.text ?? "", "title", colour)}\n`,
    ...lines.map(({ shown }) => `${GAP}${shown}\n`),
  ].join("");
}

/** The lines of a text behind its title, those after the first one indented; a word that is too long stays whole. */
function wrapped(text: string, title: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    const before = lines.length === 1 ? `${title} ` : GAP;
    if (line === undefined || widthOf(before) + widthOf(line) + 1 + widthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
