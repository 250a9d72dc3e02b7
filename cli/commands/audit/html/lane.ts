import type { Expiry } from "../../../../provider/domain/expiry";
import type { Bar } from "./bars";

/** Unix seconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A bar in the chart, or several that are drawn as one. `x` and `width` are percents of the chart's width. */
export interface Mark {
  readonly bars: readonly Bar[];
  readonly x: number;
  readonly width: number;
  /** Counted from the top of the lane. */
  readonly row: number;
}

export interface Layout {
  readonly marks: readonly Mark[];
  readonly rows: number;
  /** The times in which a token may have been valid, because its revocation is not proven: `x` and `width`. */
  readonly doubts: readonly (readonly [x: number, width: number])[];
}

/** All in percents. A narrow phone shows 100 percent in 330 px. */
const LEAST_WIDTH = 0.8;
/** Between two marks in a row. */
const GAP = 0.4;
/** After a revoked token, for the line that ends its bar. */
const CUT = 1;
/** More tokens at the same time are drawn as one mark in the last row. */
const MAX_ROWS = 4;

/** Places the bars of one resource so that no mark covers another, however many and however short the bars are. */
export function layOut(bars: readonly Bar[], range: Range): Layout {
  const all = bars.map((bar) => spanOf(bar, range)).sort((a, b) => a.x - b.x);
  const short = all.filter(({ width }) => width < LEAST_WIDTH);
  const long = all.filter(({ width }) => width >= LEAST_WIDTH);
  const { marks, rows } = inRows([...long, ...grouped(short)].sort((a, b) => a.x - b.x));
  return { marks, rows, doubts: doubtsOf(bars, range) };
}

/** The place of a time in the chart. */
export function percentOf(time: Expiry, { from, to }: Range): number {
  if (time === "never") return 100;
  return Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100));
}

type Span = Omit<Mark, "row">;

function spanOf(bar: Bar, range: Range): Span {
  const x = percentOf(bar.from ?? range.from, range);
  return { bars: [bar], x, width: Math.max(0, percentOf(bar.to, range) - x) };
}

/** Tokens that lived too briefly to be seen get the least width. Where those would cover each other, one mark counts them. */
function grouped(short: readonly Span[]): readonly Span[] {
  const groups: Span[] = [];
  for (const { x, bars } of short) {
    const last = groups.at(-1);
    const end = last ? last.x + last.width : -Infinity;
    const isBeside = last?.bars.length === 1 && x < end + GAP;
    if (last && (isBeside || x < end)) groups[groups.length - 1] = groupOf(last, bars);
    else groups.push(within({ bars, x: Math.max(x, end + GAP), width: LEAST_WIDTH }));
  }
  return groups;
}

/** A group is wide enough for its number. */
function groupOf({ bars, x, width }: Span, more: readonly Bar[]): Span {
  const all = [...bars, ...more];
  const digits = Math.max(2, String(all.length).length);
  return within({ bars: all, x, width: Math.max(width, 2 * digits + 1) });
}

function within({ bars, x, width }: Span): Span {
  return { bars, width, x: Math.min(x, 100 - width) };
}

/** As few rows as possible. If all are taken, a mark is merged into the one that it covers in the last row. */
function inRows(spans: readonly Span[]): Pick<Layout, "marks" | "rows"> {
  const marks: Mark[] = [];
  const ends: number[] = [];
  for (const span of spans) {
    const free = ends.findIndex((end) => end <= span.x);
    const row = free === -1 ? Math.min(ends.length, MAX_ROWS - 1) : free;
    const covered = (ends[row] ?? 0) > span.x ? marks.findLastIndex((mark) => mark.row === row) : -1;
    const last = marks[covered];
    const merged = last ? groupOf({ ...last, width: Math.max(last.width, span.x + span.width - last.x) }, span.bars) : span; // prettier-ignore
    if (last) marks[covered] = { ...merged, row };
    else marks.push({ ...merged, row });
    const { x, width, bars } = merged;
    ends[row] = x + width + (bars.length > 1 ? GAP : bars[0]?.state === "revoked" ? CUT : 0);
  }
  return { marks, rows: Math.max(1, ends.length) };
}

function doubtsOf(bars: readonly Bar[], range: Range): Layout["doubts"] {
  const spans = bars
    .filter(({ maybeTo }) => maybeTo !== undefined)
    .map(({ to, maybeTo = to }) => [percentOf(to, range), percentOf(maybeTo, range)] as const)
    .sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of spans) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined.map(([from, to]) => [from, Math.max(LEAST_WIDTH, to - from)]);
}
