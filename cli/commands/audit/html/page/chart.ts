import * as Plot from "@observablehq/plot";

import type { PageData } from "../data";
import { type Lane, layOut, type Layout, MARK_PX, markOf, type PlacedBar } from "./lanes";

const ROW_PX = 20;
const TOP_PX = 44;
const BOTTOM_PX = 12;
/** Room for the mark of a token that never expires: the mark is to the right of the time scale. */
const RIGHT_PX = MARK_PX;
/** The width of a letter in a lane's name. */
const LETTER_PX = 7.2;
const LEAST_PX = 320;
const SVG = "http://www.w3.org/2000/svg";

/** The chart as SVG, and its bars in the order of the elements within `.tokens`. */
export function drawChart(
  data: PageData,
  width: number,
): { readonly svg: SVGSVGElement; readonly bars: readonly PlacedBar[] } {
  const room = Math.max(width, LEAST_PX);
  const longest = Math.max(0, ...data.lanes.map((name) => name.length));
  const marginLeft = Math.ceil(Math.min(longest * LETTER_PX + 20, room * 0.32));
  const layout = layOut(data, (data.to - data.from) / (room - marginLeft - RIGHT_PX));
  const svg = Plot.plot({
    width: room,
    height: TOP_PX + layout.rows * ROW_PX + BOTTOM_PX,
    marginTop: TOP_PX,
    marginBottom: BOTTOM_PX,
    marginLeft,
    marginRight: RIGHT_PX,
    className: "chart",
    ariaLabel: "Timeline of the tokens",
    x: { type: "utc", domain: [date(data.from), date(data.to)] },
    y: {
      type: "linear",
      axis: null,
      domain: [0, layout.rows],
      range: [TOP_PX, TOP_PX + layout.rows * ROW_PX],
    },
    color: { type: "identity" },
    marks: marksOf(data, layout, Math.floor((marginLeft - 16) / LETTER_PX)),
  }) as SVGSVGElement;
  // The content security policy blocks them, and the page's style sheet has all rules.
  svg.querySelectorAll("style").forEach((style) => {
    style.remove();
  });
  svg.setAttribute("role", "group");
  return { svg, bars: layout.bars };
}

function marksOf(data: PageData, layout: Layout, letters: number): Plot.Markish[] {
  const { lanes, bars, overlaps, rows } = layout;
  const colour = ({ state }: PlacedBar) => `var(--${state})`;
  const area = {
    x2: ({ to }: PlacedBar) => date(to),
    y1: ({ row }: PlacedBar) => row + 0.16,
    y2: ({ row }: PlacedBar) => row + 0.84,
  };
  const rotating = bars.filter((bar) => bar.rotateAt !== undefined && bar.state !== "unproven");
  const maybe = bars.filter((bar) => bar.maybeTo !== undefined);
  return [
    patterns,
    Plot.rect(
      lanes.filter((_, place) => place % 2 === 1),
      { x1: () => date(data.from), x2: () => date(data.to), y1: "row", y2: ({ row, rows: own }: Lane) => row + own, fill: "var(--stripe)", ariaHidden: "true" }, // prettier-ignore
    ),
    ...(data.span
      ? [Plot.rect([data.span], { x1: ([from]: Span) => date(from), x2: ([, to]: Span) => date(to), y1: 0, y2: rows, fill: "var(--span)", ariaHidden: "true" })] // prettier-ignore
      : []),
    Plot.gridX({ stroke: "var(--line)", strokeOpacity: 1, ariaHidden: "true" }),
    Plot.rect(overlaps, {
      ...{ x1: ({ from }: Overlap) => date(from), x2: ({ to }: Overlap) => date(to) },
      ...{
        y1: ({ lane }: Overlap) => lane.row + 0.04,
        y2: ({ lane: { row, rows: own } }: Overlap) => row + own - 0.04,
      },
      ...{ fill: "var(--overlap)", ariaHidden: "true" },
    }),
    Plot.rect(maybe, {
      ...{ x1: ({ to }: PlacedBar) => date(to), x2: ({ to, maybeTo = to }: PlacedBar) => date(maybeTo) },
      ...{ y1: ({ row }: PlacedBar) => row + 0.2, y2: ({ row }: PlacedBar) => row + 0.8 },
      ...{ fill: "none", stroke: "var(--unproven)", strokeDasharray: "3 3", ariaHidden: "true" },
    }),
    Plot.rect(bars, {
      ...{ ...area, x1: ({ from }: PlacedBar) => date(from) },
      ...{ fill: colour, stroke: colour, strokeWidth: 1.5, rx: 2, className: "tokens" },
    }),
    Plot.rect(rotating, {
      ...{ ...area, x1: ({ rotateAt = 0 }: PlacedBar) => date(rotateAt) },
      ...{ fill: "url(#rotation)", rx: 2, ariaHidden: "true", pointerEvents: "none" },
    }),
    Plot.text(bars.filter(markOf), {
      ...{ x: ({ to }: PlacedBar) => date(to), y: ({ row }: PlacedBar) => row + 0.5 },
      ...{ text: markOf, textAnchor: "start", dx: 2 },
      ...{ fill: "var(--text)", fontSize: 13, ariaHidden: "true", pointerEvents: "none" },
    }),
    Plot.ruleX([date(data.now)], { stroke: "var(--today)", strokeWidth: 1.5, y1: 0, y2: rows }),
    Plot.text([date(data.now)], { x: (d: Date) => d, text: () => "today", frameAnchor: "top", dy: -10, fill: "var(--today)", fontWeight: 600 }), // prettier-ignore
    Plot.axisX({ anchor: "top", dy: -14, tickSize: 4, color: "var(--quiet)", label: null }),
    Plot.text(lanes, {
      ...{ y: ({ row, rows: own }: Lane) => row + own / 2, text: ({ name }: Lane) => cut(name, letters) },
      ...{ frameAnchor: "left", textAnchor: "end", dx: -10, fill: "var(--text)", fontSize: 12 },
      ...{ title: "name" },
    }),
  ];
}

type Overlap = Layout["overlaps"][number];
type Span = readonly [number, number];

/** The stripes over the part of a bar in which the token is due. */
function patterns(): SVGElement {
  const defs = document.createElementNS(SVG, "defs");
  const pattern = element("pattern", { id: "rotation", width: "6", height: "6", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }); // prettier-ignore
  pattern.append(element("rect", { width: "2.5", height: "6", fill: "var(--page)", "fill-opacity": "0.55" }));
  defs.append(pattern);
  return defs;
}

function element(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function cut(name: string, letters: number): string {
  return name.length <= letters ? name : `${name.slice(0, Math.max(1, letters - 1))}…`;
}

function date(seconds: number): Date {
  return new Date(seconds * 1_000);
}
