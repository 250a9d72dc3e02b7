import { defined } from "../../../provider/defined";
import type { Line } from "../../render/line";
import { escaped, markdownTable } from "../../render/markdown";
import { table, type Tone } from "../../render/table";
import type { Output } from "../../system";
import { isOfStore, type What } from "./model";
import { ALIVE_TITLES, aliveRow, aliveSum, eventRow, eventsSum, eventTitles } from "./rows";
import type { Selection } from "./selection";

/** The columns that may be cut in a narrow terminal, with their smallest width. */
const LEAST: Readonly<Partial<Record<string, number>>> = {
  resource: 12,
  by: 10,
  message: 12,
  detail: 30,
  rights: 14,
  end: 16,
};

export const TONES: Readonly<Record<What, Tone>> = {
  minted: "good",
  adopted: "good",
  rotated: "good",
  replaced: "warn",
  revoked: "quiet",
  ended: "quiet",
  "left to expire": "quiet",
  expired: "warn",
  failed: "bad",
  drifted: "bad",
};

export function auditText(selection: Selection, look: Pick<Output, "columns">): readonly Line[] {
  const { titles, rows, tones, sum } = sheetOf(selection);
  if (rows.length === 0) return [sum];
  const columns = titles.map((title) => defined({ title, least: LEAST[title] }));
  const cells = rows.map((row, at) =>
    row.map((text, column) => defined({ text, tone: tones[at]?.[titles[column] ?? ""] })),
  );
  return [...table(columns, cells, look), "", sum];
}

/** The audit in Markdown, for a ticket or a comment. */
export function auditMarkdown(selection: Selection): readonly string[] {
  const { titles, rows, sum } = sheetOf(selection);
  const head = [`### Tokens of ${escaped(selection.stack ?? "a stack")}`, "", escaped(sum)];
  return rows.length === 0 ? head : [...head, "", ...markdownTable(titles, rows)];
}

interface Sheet {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** By row and title. */
  readonly tones: readonly Readonly<Partial<Record<string, Tone>>>[];
  readonly sum: string;
}

function sheetOf({ events, alive, updates, now }: Selection): Sheet {
  if (alive) {
    const rows = alive.map((each) => aliveRow(each, now));
    return {
      titles: ALIVE_TITLES,
      rows: rows.map((row) => ALIVE_TITLES.map((title) => row[title])),
      tones: alive.map(({ isSure }) => (isSure ? {} : { end: "warn" })),
      sum: aliveSum(alive),
    };
  }
  const rows = events.map(eventRow);
  const titles = eventTitles(rows);
  return {
    titles,
    rows: rows.map((row) => titles.map((title) => row[title])),
    tones: events.map((event) => ({
      what: TONES[event.what],
      ...(!isOfStore(event) && { evidence: "quiet" as const }),
    })),
    sum: eventsSum(events.length, updates),
  };
}
