import type { Table } from "./tables";

/**
 * Bars have a contrast of at least 3 to the page, text of at least 4.5, light and dark. Colour is never the only sign of a
 * state. On a phone, a row of a table becomes a block, in which each cell begins with its title.
 */
export function styleOf(tables: readonly Table[]): string {
  const titles = tables.flatMap(({ id, titles: all }) =>
    all.map((title, at) => `  .${id} td:nth-child(${at + 1})::before { content: "${title}"; }`),
  );
  return compact(`${STYLE}@media screen and (max-width: 900px) {
  .legend li { flex-basis: 100%; }
  table, tbody, tr, td, tbody th, caption { display: block; }
  thead { display: none; }
  tbody tr { border-top: 1px solid var(--line); padding: 6px 12px; }
  tbody tr:has(> th) { padding: 0; }
  tbody th { border: 0; padding: 6px 12px; }
  tbody td, .events td:nth-child(n) { white-space: normal; }
  tbody td { border: 0; padding: 1px 0 1px 92px; min-height: 1.5em; position: relative; }
  td::before { position: absolute; left: 0; color: var(--quiet); }
${titles.join("\n")}
}
`);
}

/** Without the spaces that only help to read it. */
function compact(css: string): string {
  return css.replace(/\n */g, "").replace(/;? \}/g, "}").replace(/ ?\{ ?/g, "{").replace(/([:;]) /g, "$1"); // prettier-ignore
}

/** Colours by name, which a test measures. */
export const LIGHT = `
  --page: #ffffff; --text: #1c2128; --quiet: #57606a; --line: #dfe3e8; --stripe: #f6f8fa; --accent: #0b5cad;
  --live: #1f6feb; --leaving: #0f766e; --gone: #7d8590; --doubt: #b45309; --today: #c4233a; --asked: #8250df;
  --good: #116329; --bad: #b3122a; --warn: #8a4600;`;
export const DARK = `
  --page: #0d1117; --text: #e6edf3; --quiet: #9aa4af; --line: #2c333c; --stripe: #131922; --accent: #6cb0ff;
  --live: #4c8dff; --leaving: #2dd4bf; --gone: #7d8590; --doubt: #e09b3d; --today: #ff7b86; --asked: #b392f0;
  --good: #56d364; --bad: #ff7b86; --warn: #e3a73f;`;

const STYLE = `
:root {
  color-scheme: light dark; ${LIGHT}
}
@media (prefers-color-scheme: dark) {
  :root { ${DARK} }
}
@media print { :root { color-scheme: light; ${LIGHT} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 1400px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 4px 0; max-width: 100ch; }
a { color: var(--accent); }
code { font-family: ui-monospace, monospace; font-size: 0.92em; }
.quiet, footer, caption, output, small { color: var(--quiet); }
a.skip { position: absolute; left: -999px; }
a.skip:focus { left: 24px; top: 4px; background: var(--page); padding: 4px 8px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.sums { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 16px 0 0; }
.sums div { min-width: 72px; }
dt { color: var(--quiet); font-size: 13px; }
dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
ul { list-style: none; margin: 8px 0; padding: 0; }
.concerns li { border: 1px solid var(--line); border-left: 4px solid var(--quiet); border-radius: 4px; padding: 6px 12px; margin: 6px 0; }
.concerns li:has(> b.bad) { border-left-color: var(--bad); }
.concerns li:has(> b.warn) { border-left-color: var(--warn); }
.concerns p { margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 24px; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 8px; }
.legend svg { flex: none; }
svg { display: block; font: 11px system-ui, sans-serif; }
.lanes { border: 1px solid var(--line); border-radius: 6px; }
.lanes li { display: grid; grid-template-columns: 280px minmax(0, 1fr); padding: 0 12px; }
.lanes div { padding: 4px 12px 6px 0; }
.lanes li:nth-child(even) { background: var(--stripe); }
.lanes li:nth-child(even) g { --page: var(--stripe); }
.lanes .axis { position: sticky; top: 0; background: var(--page); border-bottom: 1px solid var(--line); padding-top: 4px; z-index: 1; }
.lanes a { font-weight: 600; color: var(--text); text-decoration-color: var(--quiet); }
small { display: block; font-size: 12px; line-height: 1.35; }
.axis text { fill: var(--quiet); }
text.today { fill: var(--today); font-weight: 600; }
line { stroke: var(--line); }
line.today { stroke: var(--today); stroke-width: 1.5; }
line.maybe { stroke: var(--doubt); stroke-width: 3; stroke-dasharray: 2 3; }
.asked { fill: var(--asked); fill-opacity: 0.18; }
g { fill: var(--gone); } .live { fill: var(--live); }
.leaving rect, .unproven rect, .group rect { fill: var(--page); stroke-width: 2; }
.leaving rect { stroke: var(--leaving); }
.unproven rect { stroke: var(--doubt); stroke-dasharray: 5 2; }
.group rect { stroke: var(--text); stroke-width: 1.5; rx: 3px; }
.group text { fill: var(--text); text-anchor: middle; font-weight: 600; font-size: 10.5px; }
.cut { fill: var(--text); }
.beyond { fill: #ffffff; font-weight: 700; }
.leaving .beyond, .unproven .beyond { fill: var(--text); }
.filters g:has(> title):not(.group) { cursor: pointer; }
form { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 8px 0; }
form[hidden], tr[hidden], tbody[hidden] { display: none !important; }
label { font-size: 13px; color: var(--quiet); display: grid; gap: 2px; max-width: 100%; }
input, select, button { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--quiet); border-radius: 6px; padding: 4px 8px; min-height: 34px; max-width: 100%; }
input { width: 28ch; }
select { max-width: 24ch; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; border: 1px solid var(--line); }
caption { text-align: left; padding: 8px 0; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px; border-top: 1px solid var(--line); }
thead th { font-size: 12.5px; color: var(--quiet); white-space: nowrap; }
td { font-variant-numeric: tabular-nums; min-width: 7ch; }
.events td:nth-child(2) { font-weight: 600; }
td:last-child { min-width: 24ch; }
.events td:nth-child(5) { min-width: 9ch; }
.events td:not(:nth-child(3), :nth-child(5), :nth-child(7)) { white-space: nowrap; }
tbody th { background: var(--stripe); font-weight: 600; }
b { font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
footer { margin-top: 40px; padding-bottom: 32px; font-size: 13px; }
@media (min-width: 701px) { .lanes svg { height: 100%; } }
@media (max-width: 700px) {
  header, main, footer { padding-left: 12px; padding-right: 12px; }
  .lanes li { grid-template-columns: minmax(0, 1fr); padding: 0 8px; }
  .lanes div { padding: 4px 0 0; }
  .lanes .axis span, .minor { display: none; }
}
@media print {
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  form, a.skip { display: none; }
  .lanes .axis { position: static; }
  .lanes li { grid-template-columns: 170px minmax(0, 1fr); }
  table, thead th { font-size: 7.5pt; }
  th, td { padding: 2px 4px; }
  tr, .concerns li, .lanes li, .legend { break-inside: avoid; }
  thead { display: table-header-group; }
  h2 { break-after: avoid; }
}
`;
