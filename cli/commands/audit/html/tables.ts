import { minuteText } from "../../../render/time";
import type { AuditEvent } from "../model";
import { ALIVE_TITLES, aliveRow, aliveSum, eventRow, EVIDENCE } from "../rows";
import type { Selection } from "../selection";
import { TONES } from "../table";
import { type Html, join, markup, readable } from "./escape";

export interface Table {
  readonly id: string;
  readonly titles: readonly string[];
}

/** A browser filters this many rows without delay. */
const MAX_ROWS = 2_000;
const NONE = "-";

const EVIDENCES = Object.entries(EVIDENCE).map(([name, text]) => `${name}: ${text}`).join("; "); // prettier-ignore

/** Update, author and message are told once for each update. */
const EVENT_TITLES = ["time (UTC)", "what", "resource", "token", "store", "evidence", "detail"] as const;

export const ALIVE: Table = { id: "alive", titles: ALIVE_TITLES };

export function aliveSection({ alive = [], question, now }: Selection): Html {
  const { from = now, to = now } = question.liveBetween ?? {};
  const rows = alive.map((each) => {
    const row = aliveRow(each, now);
    return markup`<tr>${join(ALIVE_TITLES.map((title) => markup`<td>${row[title]}`))}\n`;
  });
  return markup`<section>
<h2>Valid between ${minuteText(from)} and ${minuteText(to)}</h2>
<p>${aliveSum(alive)}</p>
${table(ALIVE, "Every token that was valid in this time, with its rights and how it ended", rows)}
</section>`;
}

export const EVENTS: Table = { id: "events", titles: EVENT_TITLES };

/** The table is complete without JavaScript. The script adds the filter. */
export function eventSection({ events }: Selection): Html {
  if (events.length === 0) {
    return markup`<section><h2 id="events">Events</h2><p>Nothing happened.</p></section>`;
  }
  const shown = events.slice(-MAX_ROWS);
  const many = shown.length < events.length ? `, only the latest ${shown.length} of ${events.length} (choose others with --since and --until)` : ""; // prettier-ignore
  const resources = shown.flatMap(({ token }) => token?.resource ?? []);
  return markup`<section>
<h2 id="events">Events</h2>
<form hidden aria-label="Filter of the events">
<label>Words <input name="text" type="search" autocomplete="off" placeholder="fingerprint, person, date"></label>
${choice("resource", unique(resources))}
${choice("what", unique(shown.map(({ what }) => what)))}
${choice("evidence", unique(shown.map(({ evidence }) => evidence)))}
<button type="reset">Show all</button>
<output role="status"></output>
</form>
${table(EVENTS, `Events, oldest first${many}. Evidence: ${EVIDENCES}.`, byUpdate(shown).map(updateRows))}
</section>`;
}

/** Events that follow each other in one update, or in none. */
function byUpdate(events: readonly AuditEvent[]): readonly (readonly AuditEvent[])[] {
  const groups: AuditEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last?.[0] && last[0].update?.number === event.update?.number) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

function updateRows(events: readonly AuditEvent[], _: number, { length }: readonly unknown[]): Html {
  const rows = events.map((event) => {
    const { detail, ...rest } = eventRow(event);
    const { storeHash: store = NONE } = event.token ?? {};
    const row: Readonly<Record<string, string>> = { ...rest, store, detail: readable(detail) };
    const cells = EVENT_TITLES.map((title) => {
      const tone = title === "what" && isAlarming(event) ? markup` class=${TONES[event.what]}` : "";
      return markup`<td${tone}>${row[title] ?? NONE}`;
    });
    return markup`<tr>${join(cells)}\n`;
  });
  const [first] = events;
  const isNameless = length === 1 && !first?.update;
  return isNameless
    ? join(rows)
    : markup`<tbody>
<tr><th colspan="${EVENT_TITLES.length}" scope="rowgroup">${first ? updateText(first) : ""}
${join(rows)}`;
}

/** The others need no colour. */
function isAlarming({ what }: AuditEvent): boolean {
  return TONES[what] === "warn" || TONES[what] === "bad";
}

/** Such as `Update #7, 2026-12-11 12:00, by Ann fd41011: Rotate the tokens`. */
function updateText(event: AuditEvent): string {
  const { update } = event;
  if (!update) return "Outside of the updates of this history";
  const { by, message } = eventRow(event);
  const { number, kind, result, endedAt } = update;
  const parts = [
    `${kind === "update" ? "Update" : `Update (${kind})`} #${number}`,
    ...(result === "succeeded" ? [] : [result]),
    ...(endedAt === undefined ? [] : [minuteText(endedAt)]),
    ...(by === "" ? [] : [`by ${by}`]),
  ];
  return `${parts.join(", ")}${message === "" ? "" : `: ${message}`}`;
}

/** HTML needs no end tags of rows and cells, which would be a fifth of the page. */
function table({ id, titles }: Table, caption: string, rows: readonly Html[]): Html {
  return markup`<table class="${id}">
<caption>${caption}</caption>
<thead><tr>${join(titles.map((title) => markup`<th scope="col">${title}</th>`))}</tr></thead>
<tbody>
${join(rows)}</table>`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function choice(name: string, values: readonly string[]): Html {
  const options = values.map((value) => markup`<option>${value}</option>`);
  const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return markup`<label>${title} <select name="${name}"><option value="">all</option>${join(options)}</select></label>`;
}
