import { minuteText } from "../../render/time";
import type { AuditEvent } from "./model";
import type { Alive } from "./span";
import { authorText, endText, rightsText, storyOf, whoseText } from "./text";

const NONE = "-";

/** The columns of every view for people. */
const EVENT_TITLES = ["update", "time (UTC)", "what", "resource", "token", "evidence", "by", "message", "detail"] as const; // prettier-ignore
export const ALIVE_TITLES = ["resource", "kind", "token", "store", "from (UTC)", "until (UTC)", "rights", "end"] as const; // prettier-ignore

export type EventRow = Readonly<Record<(typeof EVENT_TITLES)[number], string>>;
export type AliveRow = Readonly<Record<(typeof ALIVE_TITLES)[number], string>>;

/** The column of messages is omitted if there are no messages. */
export function eventTitles(rows: readonly EventRow[]): readonly (keyof EventRow)[] {
  return EVENT_TITLES.filter((title) => title !== "message" || rows.some(({ message }) => message !== ""));
}

export function eventRow(event: AuditEvent): EventRow {
  const { update, time, what, evidence, token } = event;
  return {
    update: update ? `#${update.number}` : NONE,
    "time (UTC)": time === undefined ? NONE : minuteText(time),
    what,
    resource: whoseText(event),
    token: token?.fingerprint ?? token?.id ?? NONE,
    evidence,
    by: authorText(event),
    message: update?.message?.split("\n")[0] ?? "",
    detail: storyOf(event),
  };
}

export function aliveRow({ history, from, until }: Alive, now: number): AliveRow {
  const { token } = history;
  return {
    resource: token.resource,
    kind: token.kind,
    token: token.fingerprint ?? token.id ?? NONE,
    store: token.storeHash ?? NONE,
    "from (UTC)": from === undefined ? NONE : minuteText(from),
    "until (UTC)": until === undefined ? "(secret)" : until === "never" ? "never" : minuteText(until),
    rights: rightsText(token),
    end: endText(history, now),
  };
}

/** The summary of the events. */
export function eventsSum(events: number, updates: number | undefined): string {
  return `${count(events, "event")} ${updates === undefined ? "between the two exports" : `in ${count(updates, "update")}`}.`;
}

export function aliveSum(alive: readonly Alive[]): string {
  if (alive.length === 0) return "No token was valid then.";
  const inDoubt = alive.filter(({ isSure }) => !isSure).length;
  const were = alive.length === 1 ? "was" : "were";
  if (inDoubt === 0) return `${count(alive.length, "token")} ${were} valid then.`;
  return `${count(alive.length, "token")} ${were} valid then; ${inDoubt} of them only if a revocation that was due or reported did not happen.`; // prettier-ignore
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
