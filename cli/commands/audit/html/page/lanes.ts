import type { Bar, PageData } from "../data";

/** A bar with its row. Rows are counted from the top of the chart. */
export interface PlacedBar extends Bar {
  readonly row: number;
}

export interface Lane {
  readonly name: string;
  /** Its first row. */
  readonly row: number;
  /** The number of its rows. */
  readonly rows: number;
}

export interface Layout {
  readonly lanes: readonly Lane[];
  readonly bars: readonly PlacedBar[];
  /** The times in which two tokens of a resource are valid. */
  readonly overlaps: readonly { readonly lane: Lane; readonly from: number; readonly to: number }[];
  readonly rows: number;
}

/** The width of a mark at the right end of a bar, with some space. */
export const MARK_PX = 16;

/** Assigns as few rows as possible, so that no bar overlaps another bar or its mark. */
export function layOut(
  { lanes: names, bars }: Pick<PageData, "lanes" | "bars">,
  secondsPerPx: number,
): Layout {
  const lanes: Lane[] = [];
  const placed: PlacedBar[] = [];
  const overlaps: { lane: Lane; from: number; to: number }[] = [];
  let top = 0;
  names.forEach((name, place) => {
    const own = bars.filter(({ lane }) => lane === place).sort((a, b) => a.from - b.from);
    const ends: number[] = [];
    const rows = own.map((bar) => {
      const free = ends.findIndex((end) => end <= bar.from);
      const row = free === -1 ? ends.length : free;
      ends[row] = (bar.maybeTo ?? bar.to) + (markOf(bar) ? MARK_PX * secondsPerPx : 0);
      return row;
    });
    const lane = { name, row: top, rows: Math.max(1, ends.length) };
    lanes.push(lane);
    own.forEach((bar, at) => placed.push({ ...bar, row: top + (rows[at] ?? 0) }));
    overlaps.push(...spansOfTwo(own).map((span) => ({ lane, ...span })));
    top += lane.rows;
  });
  return { lanes, bars: placed, overlaps, rows: top };
}

/** The mark at the right end of a bar. */
export function markOf({ state, isOpen }: Bar): "→" | "×" | undefined {
  if (isOpen) return "→";
  return state === "revoked" ? "×" : undefined;
}

/** The time spans that at least two bars share. */
function spansOfTwo(bars: readonly Bar[]): readonly { readonly from: number; readonly to: number }[] {
  const edges = bars.flatMap(({ from, to }) => [
    { time: from, step: 1 },
    { time: to, step: -1 },
  ]);
  // At the same time, a bar's end comes before another bar's start: adjacent bars do not overlap.
  edges.sort((a, b) => a.time - b.time || a.step - b.step);
  const spans: { from: number; to: number }[] = [];
  let count = 0;
  let from = 0;
  for (const { time, step } of edges) {
    count += step;
    if (step === 1 && count === 2) from = time;
    if (step === -1 && count === 1 && time > from) spans.push({ from, to: time });
  }
  return spans;
}
