import { ticksIn } from "./axis";
import type { Bar } from "./bars";
import type { Chart, Lane } from "./chart";
import { type Html, join, lines, markup } from "./escape";
import { type Mark, percentOf, type Range } from "./lane";

/**
 * SVG that needs no script and no style sheet to have its form: its places are percents of the width, so that it fits a
 * phone and a printed page. The grid is drawn once, and each lane uses it.
 */
const ROW = 18;
const TOP = 6;
const AXIS = 34;
/** Half of a name in percents, on a phone. */
const EDGE = 9;

/** The names of times, with the grid and the line of today that all lanes use. */
export function axisSvg({ range, now, asked }: Chart): Html {
  const ticks = ticksIn(range).map(({ time, text }) => ({ text, x: percentOf(time, range) }));
  const today = percentOf(now, range);
  const grid = ticks.map(({ x }) => markup`<line x1="${pc(x)}" x2="${pc(x)}" y2="100%"/>`);
  // A name at an edge would be cut. On a phone there is room for every second name.
  const named = ticks.filter(({ x }) => x >= EDGE && x <= 100 - EDGE);
  const names = named.map(({ x, text }, at) => label(x, 12, text, at % 2 === 0 ? "" : "minor"));
  return markup`<svg width="100%" height="${AXIS}" aria-hidden="true">
<defs><g id="grid">${asked ? spanRect(asked, range) : ""}${join(grid)}</g><line id="now" class="today" x1="${pc(today)}" x2="${pc(today)}" y2="100%"/></defs>
${join(names)}${label(today, 28, "today", "today")}</svg>`;
}

/** The bars of one resource. */
export function laneSvg({ rights, marks, rows, doubts }: Lane, { range }: Chart): Html {
  const top = TOP + rows * ROW + 1;
  const height = top + (doubts.length > 0 ? 6 : 1);
  const bars = marks.filter(({ bars: { length } }) => length === 1);
  // The line of today is over bars, but not over numbers.
  const groups = marks.filter(({ bars: { length } }) => length > 1);
  const maybe = doubts.map(([x, width]) => markup`<line class="maybe" x1="${pc(x)}" x2="${pc(x + width)}" y1="${top}" y2="${top}"/>`); // prettier-ignore
  return markup`<svg width="100%" height="${height}"><use href="#grid"/>${join(maybe)}
${join(bars.map((mark) => barSvg(mark, range, rights)))}<use href="#now"/>${join(groups.map(groupSvg))}</svg>`;
}

/** How each kind of mark looks, for the legend. */
export function sampleSvg(
  name: Bar["state"] | "due" | "group" | "beyond" | "maybe" | "today" | "asked",
): Html {
  const shapes: Readonly<Record<string, Html>> = {
    revoked: markup`<g class="revoked">${rect(0, "80%", 3, 12)}${cut("80%", 1)}</g>`,
    due: markup`<g class="live">${rect(0, "40%", 3, 12)}${rect("40%", "60%", 6, 6)}</g>`,
    group: markup`<g class="group">${rect("10%", "80%", 3, 12)}<text x="50%" y="13">7</text></g>`,
    beyond: markup`<g class="live">${rect(0, "100%", 3, 12)}${arrow(3)}</g>`,
    maybe: markup`<line class="maybe" x1="0" x2="100%" y1="9" y2="9"/>`,
    today: markup`<line class="today" x1="50%" x2="50%" y2="100%"/>`,
    asked: markup`<rect class="asked" width="100%" height="100%"/>`,
  };
  const shape = shapes[name] ?? markup`<g class="${name}">${rect("4%", "92%", 3, 12)}</g>`;
  return markup`<svg width="30" height="${ROW}" aria-hidden="true">${shape}</svg>`;
}

/** Rights are only told if they are not those of the lane. */
function barSvg({ bars, x, width, row }: Mark, range: Range, rights: string): Html {
  const [bar] = bars;
  if (!bar) return join([]);
  const { state, facts, dueFrom, to } = bar;
  const y = TOP + row * ROW;
  const due = dueFrom === undefined ? x + width : Math.max(x, percentOf(dueFrom, range));
  const isBeyond = to === "never" || to > range.to;
  return markup`<g${state === "expired" ? "" : markup` class=${state}`}><title>${lines(bar.rights === rights ? facts : [...facts, bar.rights])}</title>${
    due > x ? rect(pc(x), pc(due - x), y, 12) : ""
  }${due < x + width ? rect(pc(due), pc(x + width - due), y + 3, 6) : ""}${
    state === "revoked" ? cut(pc(x + width), y - 2) : ""
  }${isBeyond ? arrow(y) : ""}</g>
`;
}

function groupSvg({ bars, x, width, row }: Mark): Html {
  const y = TOP + row * ROW;
  const counts = new Map<string, number>();
  for (const { state } of bars) counts.set(state, (counts.get(state) ?? 0) + 1);
  const facts = [`${bars.length} tokens`, ...[...counts].map(([state, count]) => `${count} ${STATE_WORDS[state as Bar["state"]]}`)]; // prettier-ignore
  const names = bars.map(({ facts: [name = ""] }) => name);
  return markup`<g class="group"><title>${lines([...facts, ...names.slice(0, 5), ...(names.length > 5 ? ["..."] : [])])}</title>${rect(pc(x), pc(width), y, 12)}<text x="${pc(x + width / 2)}" y="${y + 10}">${bars.length}</text></g>
`;
}

const STATE_WORDS: Readonly<Record<Bar["state"], string>> = {
  live: "in the state",
  leaving: "replaced, valid until it expires",
  expired: "expired",
  revoked: "revoked",
  unproven: "without proof of the revocation",
};

function spanRect(asked: Range, range: Range): Html {
  const [from, to] = [percentOf(asked.from, range), percentOf(asked.to, range)];
  return markup`<rect class="asked" x="${pc(from)}" width="${pc(Math.max(0.3, to - from))}" height="100%"/>`;
}

function label(x: number, y: number, text: string, name: string): Html {
  const anchor = x < 5 ? "start" : x > 95 ? "end" : "middle";
  return markup`<text class="${name}" x="${pc(x)}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}

/** The only attributes without quotes: numbers, in a third of all markup. */
function rect(x: string | number, width: string, y: number, height: number): Html {
  return markup`<rect x=${x} y=${y} width=${width} height=${height} />`;
}

/** The line at which a revoked token stops to be valid. */
function cut(x: string, y: number): Html {
  return markup`<rect class=cut x=${x} y=${y} width=3 height=16 />`;
}

/** At the right end of a bar that goes on beyond the chart. */
function arrow(y: number): Html {
  return markup`<text class="beyond" x="100%" y="${y + 10}" text-anchor="end">→</text>`;
}

function pc(percent: number): string {
  return `${Number(percent.toFixed(2))}%`;
}
