import { formatExpiry, formatTime } from "../../provider/schedule";
import type { Selection } from "../audit/selection";
import type { AuditEvent, What } from "../audit/model";
import type { Alive } from "../audit/span";
import { authorText, endText, rightsText, storyOf, whoseText } from "../audit/words";
import type { Output } from "../world";
import { type Cell, type Column, table, type Tone } from "./table";
import { minuteText } from "./time";

const EVENT_COLUMNS: readonly Column[] = [
  { title: "update" },
  { title: "time (UTC)" },
  { title: "what" },
  { title: "resource", least: 12 },
  { title: "token" },
  { title: "evidence" },
  { title: "by", least: 10 },
  { title: "detail", least: 30 },
];

const ALIVE_COLUMNS: readonly Column[] = [
  { title: "resource", least: 12 },
  { title: "kind" },
  { title: "token" },
  { title: "store" },
  { title: "from (UTC)" },
  { title: "until (UTC)" },
  { title: "rights", least: 14 },
  { title: "end", least: 16 },
];

export const TONES: Readonly<Record<What, Tone>> = {
  minted: "good",
  rotated: "good",
  replaced: "warn",
  revoked: "quiet",
  ended: "quiet",
  "left to expire": "quiet",
  expired: "warn",
  failed: "bad",
  drifted: "bad",
};

type Look = Pick<Output, "columns" | "colour">;

export function auditText(selection: Selection, look: Look): string {
  const { events, alive, now, updates } = selection;
  if (alive) {
    return alive.length === 0
      ? "No token was alive then.\n"
      : `${table(ALIVE_COLUMNS, alive.map((each) => aliveCells(each, now)), look)}\n${summary(alive)}\n`; // prettier-ignore
  }
  const sum = `${count(events.length, "event")} in ${count(updates, "update")}.\n`;
  return events.length === 0 ? sum : `${table(EVENT_COLUMNS, events.map(eventCells), look)}\n${sum}`;
}

function eventCells(event: AuditEvent): readonly Cell[] {
  const { update, time, what, evidence, token } = event;
  return [
    { text: update ? `#${update.number}` : "-" },
    { text: time === undefined ? "-" : minuteText(time) },
    { text: what, tone: TONES[what] },
    { text: whoseText(event) },
    { text: token?.fingerprint ?? token?.id ?? "-" },
    { text: evidence, ...(evidence === "inferred" && { tone: "quiet" as const }) },
    { text: authorText(event) },
    { text: storyOf(event) },
  ];
}

function aliveCells({ life, from, until, isSure }: Alive, now: number): readonly Cell[] {
  const { token } = life;
  return [
    { text: token.resource },
    { text: token.kind },
    { text: token.fingerprint ?? token.id ?? "-" },
    { text: token.storeHash ?? "-" },
    { text: from === undefined ? "-" : minuteText(from) },
    { text: until === undefined ? "(secret)" : until === "never" ? "never" : minuteText(until) },
    { text: rightsText(token) },
    { text: endText(life, now), ...(!isSure && { tone: "warn" as const }) },
  ];
}

function summary(alive: readonly Alive[]): string {
  const unsure = alive.filter(({ isSure }) => !isSure).length;
  const rest = unsure === 0 ? "" : `, of ${unsure} only unless the revocation that was due succeeded`;
  return `${count(alive.length, "token")} alive${rest}.`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** For other programs; times are RFC 3339, and what is not known is absent. */
export function auditJson({ events, alive, lives, now, stack, updates, from, to }: Selection): unknown {
  const at = (time: number | undefined) => (time === undefined ? undefined : formatTime(time));
  const tokenJson = ({ token, mintedIn, end }: (typeof lives)[number]) => {
    const { project, urn, resource, kind, fingerprint, id, storeHash, apiUrl, apiAccount, expiry } = token;
    const { channelIds, scopes, allowedCorsOrigins, issuedAt } = token;
    return {
      ...{ fingerprint, id, resource, kind, urn, project, storeHash, apiUrl, apiAccount, channelIds, scopes },
      ...{ allowedCorsOrigins, issuedAt: at(issuedAt), expiresAt: expiry && formatExpiry(expiry), mintedIn },
      end: end && { ...end, time: at(end.time) },
    };
  };
  return {
    version: 1,
    ...{ stack, updates, from: at(from), to: at(to), at: at(now) },
    events: events.map(({ time, update, until, ...event }) => ({
      time: at(time),
      ...event,
      until: until && formatExpiry(until),
      update: update && { ...update, startedAt: at(update.startedAt), endedAt: at(update.endedAt) },
    })),
    ...(alive
      ? {
          alive: alive.map(({ life, from: first, until: last, isSure }) => ({
            ...tokenJson(life),
            ...{ from: at(first), until: last && formatExpiry(last), isSure },
          })),
        }
      : { tokens: lives.map(tokenJson) }),
  };
}
