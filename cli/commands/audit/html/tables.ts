import { ALIVE_TITLES, aliveRow, aliveSum, eventRow, eventTitles, EVIDENCE } from "../rows";
import type { Selection } from "../selection";
import { TONES } from "../table";
import { minuteText } from "../../../render/time";
import { type Html, join, markup } from "./escape";

/** A browser filters this many rows without delay. */
const MAX_ROWS = 2_000;

const EVIDENCES = Object.entries(EVIDENCE).map(([name, text]) => `${name}: ${text}`).join("; "); // prettier-ignore

export function aliveTable({ alive = [], question, now }: Selection): Html {
  const { from = now, to = now } = question.liveBetween ?? {};
  const rows = alive.map((each) => {
    const row = aliveRow(each, now);
    return markup`<tr>${join(ALIVE_TITLES.map((title) => cell(title, row[title])))}</tr>\n`;
  });
  return markup`<section>
    <h2>Valid between ${minuteText(from)} and ${minuteText(to)}</h2>
    <p>${aliveSum(alive)}</p>
    ${table("alive", "Every token that was valid in this time, with its rights and how it ended", ALIVE_TITLES, rows)}
  </section>`;
}

/** The table is complete without JavaScript. The script adds the filter. */
export function eventTable({ events }: Selection): Html {
  if (events.length === 0) {
    return markup`<section><h2 id="events">Events</h2><p>Nothing happened.</p></section>`;
  }
  const shown = events.slice(-MAX_ROWS);
  const eventRows = shown.map((event) => ({ event, row: eventRow(event) }));
  const titles = eventTitles(eventRows.map(({ row }) => row));
  const rows = eventRows.map(({ event, row }) => {
    const what = markup`<td><b class="${TONES[event.what]}">${row.what}</b></td>`;
    const cells = titles.map((title) => (title === "what" ? what : cell(title, row[title])));
    return markup`<tr data-what="${event.what}" data-evidence="${event.evidence}">${join(cells)}</tr>\n`;
  });
  const many = shown.length < events.length ? `, only the latest ${shown.length} of ${events.length} (choose others with --since and --until)` : ""; // prettier-ignore
  return markup`<section>
    <h2>Events</h2>
    <form id="filter" hidden aria-label="Filter of the events">
      <label>Words <input name="text" type="search" autocomplete="off" placeholder="resource, fingerprint, person"></label>
      ${choice("what", "What", [...new Set(shown.map(({ what }) => what))].sort())}
      ${choice("evidence", "Evidence", Object.keys(EVIDENCE))}
      <button type="reset">Show all</button>
      <output role="status"></output>
    </form>
    ${table("events", `Events, oldest first${many}. Evidence: ${EVIDENCES}.`, titles, rows)}
  </section>`;
}

function table(id: string, caption: string, titles: readonly string[], rows: readonly Html[]): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${id}"><table id="${id}">
    <caption>${caption}</caption>
    <thead><tr>${join(titles.map((title) => markup`<th scope="col">${title}</th>`))}</tr></thead>
    <tbody>
${join(rows)}</tbody>
  </table></div>`;
}

function cell(title: string, text: string): Html {
  return markup`<td class="${title.split(" ")[0] ?? ""}">${text}</td>`;
}

function choice(name: string, title: string, values: readonly string[]): Html {
  const options = values.map((value) => markup`<option>${value}</option>`);
  return markup`<label>${title} <select name="${name}"><option value="">all</option>${join(options)}</select></label>`;
}
