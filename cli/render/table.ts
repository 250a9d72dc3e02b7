import type { Output } from "../system";
import { type Line, paragraphs, type Part, type Tone } from "./line";
import { fitTo, safeText, widthOf } from "./width";

export type { Tone } from "./line";

/** A string is a cell without a tone. */
export type Cell = string | Part;

interface CuttableColumn {
  readonly title: string;
  /** The smallest width to which a narrow terminal may cut this column. Default: the column is never cut. */
  readonly least?: number;
}

/** A string is the title of a column that is never cut. */
export type Column = string | CuttableColumn;

const GAP = "  ";
const SEPARATOR = " · ";

/** A table that fits the terminal. If it does not fit even when cut: a paragraph for each row. */
export function table(
  titles: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { columns: width = Infinity }: Pick<Output, "columns">,
): readonly Line[] {
  const columns = titles.map((column) => (typeof column === "string" ? { title: column } : column));
  const clean = rows.map((row) => row.map(cleanCell));
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...clean.map((row) => widthOf(row[at]?.text ?? ""))),
  );
  const shrunk = shrink(columns, widths, width - GAP.length * (columns.length - 1));
  if (!shrunk) return paragraphs(...clean.map((row) => paragraph(columns, row, width)));
  const line = (cells: readonly Part[]) =>
    trimLine(
      cells.flatMap(({ text, tone }, at): readonly Part[] => [
        ...(at === 0 ? [] : [{ text: GAP }]),
        part(fitTo(text, shrunk[at] ?? 0), tone),
      ]),
    );
  return [line(columns.map(({ title }) => part(title, "title"))), ...clean.map(line)];
}

function cleanCell(cell: Cell): Part {
  return typeof cell === "string" ? { text: safeText(cell) } : { ...cell, text: safeText(cell.text) };
}

function part(text: string, tone: Tone | undefined): Part {
  return { text, ...(tone && { tone }) };
}

/** Removes trailing spaces. */
function trimLine(line: readonly Part[]): readonly Part[] {
  const end = line.findLastIndex(({ text }) => text.trimEnd() !== "");
  return line.slice(0, end + 1).map((each, at) => (at < end ? each : { ...each, text: each.text.trimEnd() }));
}

/** Column widths that fit the room: wide columns are cut first. Undefined if they cannot fit. */
function shrink(
  columns: readonly CuttableColumn[],
  widths: readonly number[],
  room: number,
): readonly number[] | undefined {
  const shrunk = [...widths];
  const needed = widths.reduce((sum, width) => sum + width, 0);
  for (let over = needed - room; over > 0; over -= 1) {
    const spare = shrunk.map((width, at) => (width > (columns[at]?.least ?? Infinity) ? width : 0));
    const widest = Math.max(...spare);
    if (widest === 0) return undefined;
    shrunk[spare.indexOf(widest)] = widest - 1;
  }
  return shrunk;
}

/** The first cell as a heading, then the other cells with their titles. Lines break between cells. */
function paragraph(
  columns: readonly CuttableColumn[],
  [head, ...rest]: readonly Part[],
  width: number,
): readonly Line[] {
  const lines: { text: string; parts: readonly Part[] }[] = [];
  rest.forEach(({ text, tone }, at) => {
    if (text === "") return;
    const title = columns[at + 1]?.title ?? "";
    const item = `${title} ${text}`;
    const titled = (shownText: string) => [part(title, "quiet"), { text: " " }, part(shownText, tone)];
    const last = lines.at(-1);
    if (GAP.length + widthOf(item) > width) {
      const [first = "", ...others] = wrapped(text, title, width - GAP.length);
      lines.push({ text: item, parts: titled(first) });
      // `text` is the whole item for each of its lines, so that no other item is appended to the last line.
      lines.push(...others.map((line) => ({ text: item, parts: [{ text: GAP }, part(line, tone)] })));
    } else if (last && widthOf(last.text) + SEPARATOR.length + widthOf(item) + GAP.length <= width) {
      last.text += SEPARATOR + item;
      last.parts = [...last.parts, { text: SEPARATOR }, ...titled(text)];
    } else lines.push({ text: item, parts: titled(text) });
  });
  return [[part(head?.text ?? "", "title")], ...lines.map(({ parts }) => [{ text: GAP }, ...parts])];
}

/** Wraps a text that follows its title. Words are never split. */
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
