/** Bars have a contrast of at least 3 to the page, light and dark. Colour is never the only sign of a state. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1c2128; --quiet: #57606a; --line: #e3e7ec; --stripe: #f6f8fa; --accent: #0b5cad;
  --live: #1f6feb; --leaving: #3f93a6; --revoked: #6e7781; --unproven: #b45309; --expired: #8c959f;
  --today: #c4233a; --overlap: #ffc98066; --span: #8250df1f; --good: #116329; --bad: #b3122a; --warn: #8a4600;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --quiet: #9aa4af; --line: #262c34; --stripe: #131922; --accent: #6cb0ff;
    --live: #4c8dff; --leaving: #4fb3c4; --revoked: #8b949e; --unproven: #e09b3d; --expired: #6e7681;
    --today: #ff7b86; --overlap: #ffb45433; --span: #b392f033; --good: #56d364; --bad: #ff7b86; --warn: #e3a73f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 1400px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 4px 0; max-width: 110ch; }
.quiet, footer, caption, output { color: var(--quiet); }
a { color: var(--accent); }
a.skip { position: absolute; left: -999px; }
a.skip:focus { left: 24px; top: 4px; background: var(--page); padding: 4px 8px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
dl.sums { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 16px 0 0; }
dl.sums div { min-width: 88px; }
dl.sums dt { color: var(--quiet); font-size: 13px; }
dl.sums dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
#timeline { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; padding: 4px 0; min-height: 64px; }
#timeline svg { display: block; max-width: none; height: auto; font: 12px system-ui, sans-serif; }
#timeline svg text { white-space: pre; }
.tokens rect { cursor: pointer; }
.tokens rect:hover { opacity: 0.8; }
.tokens rect:focus-visible { outline: none; stroke: var(--text); stroke-width: 3; paint-order: stroke; }
ul.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 8px 0; padding: 0; list-style: none; font-size: 13px; }
ul.legend li { display: flex; align-items: center; gap: 6px; }
ul.legend i { flex: none; width: 22px; height: 12px; border-radius: 2px; font-style: normal; line-height: 11px; text-align: center; }
.live { background: var(--live); } .leaving { background: var(--leaving); } .revoked { background: var(--revoked); }
i.revoked { color: var(--page); }
.expired { background: var(--expired); }
.unproven { background: linear-gradient(90deg, var(--unproven) 50%, transparent 50%); border: 1px dashed var(--unproven); }
.rotation { background: repeating-linear-gradient(135deg, var(--live) 0 3px, transparent 3px 5px); }
.overlap { background: var(--overlap); border: 1px solid var(--line); }
form { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 8px 0; }
form[hidden] { display: none; }
label { font-size: 13px; color: var(--quiet); display: grid; gap: 2px; }
input, select, button { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--quiet); border-radius: 6px; padding: 4px 8px; min-height: 34px; }
input { width: min(32ch, 80vw); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
caption { text-align: left; padding: 8px 12px; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px; border-top: 1px solid var(--line); }
thead th { font-size: 12.5px; color: var(--quiet); white-space: nowrap; }
td { overflow-wrap: anywhere; }
td.time, td.token, td.update, td.evidence, td.by, td.kind, td.from, td.until { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.token { font-family: ui-monospace, monospace; font-size: 12.5px; }
td.detail, td.rights, td.end { min-width: 26ch; }
td.message { min-width: 16ch; }
tbody tr:nth-child(even) { background: var(--stripe); }
b { font-weight: 600; white-space: nowrap; }
b.good { color: var(--good); } b.bad { color: var(--bad); } b.warn { color: var(--warn); }
footer { margin-top: 40px; padding-bottom: 32px; font-size: 13px; }
@media (max-width: 600px) { header, main, footer { padding-left: 12px; padding-right: 12px; } }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  form, a.skip { display: none; }
  .scroll, #timeline { overflow: visible; border: none; }
  #timeline svg { width: 100%; }
  table { font-size: 8pt; }
  th, td { padding: 2px 5px; }
  tr, ul.legend { break-inside: avoid; }
  thead { display: table-header-group; }
  h2 { break-after: avoid; }
  rect, i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
