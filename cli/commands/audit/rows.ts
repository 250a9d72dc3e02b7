import { formatTime } from "../../../provider/domain/expiry";
import { minuteText } from "../../render/time";
import { type AuditEvent, type Evidence, isExpired, isGone, isReported, type TokenHistory } from "./model";
import type { Alive } from "./selection";

const NONE = "-";

/** The columns of every view for people. */
const EVENT_TITLES = ["update", "time (UTC)", "what", "resource", "token", "evidence", "by", "message", "detail"] as const; // prettier-ignore
export const ALIVE_TITLES = ["resource", "kind", "token", "store", "from (UTC)", "until (UTC)", "rights", "end"] as const; // prettier-ignore

type EventRow = Readonly<Record<(typeof EVENT_TITLES)[number], string>>;
type AliveRow = Readonly<Record<(typeof ALIVE_TITLES)[number], string>>;

/** The meaning of each evidence. */
export const EVIDENCE: Readonly<Record<Evidence, string>> = {
  confirmed: "the store's own answer proves it",
  accepted: "the store accepted it",
  reported: "a line of a log says so, which any program in the update can print",
  inferred: "concluded from the state, without an answer of the store",
};

/** The column of messages is omitted if there are no messages. */
export function eventTitles(rows: readonly EventRow[]): readonly (keyof EventRow)[] {
  return EVENT_TITLES.filter((title) => title !== "message" || rows.some(({ message }) => message !== ""));
}

export function eventRow(event: AuditEvent): EventRow {
  const { update, time, what, evidence, token, changes, detail } = event;
  return {
    update: update ? `#${update.number}` : NONE,
    "time (UTC)": time === undefined ? NONE : minuteText(time),
    what,
    resource: token?.resource ?? "(the update)",
    token: token?.fingerprint ?? token?.id ?? NONE,
    evidence,
    by: authorText(event),
    message: update?.message?.split("\n")[0] ?? "",
    // Changes come first, because they are the most important.
    detail: [...changes.map(({ input, from, to }) => `${input} ${from} -> ${to}`), detail].join("; "),
  };
}

/** Such as `Ann`, `Ann fd41011`, or `fd41011+` if files were changed since that commit. */
function authorText({ update }: AuditEvent): string {
  const { user, commit, isDirty } = update ?? {};
  const at = commit === undefined ? undefined : `${commit.slice(0, 7)}${isDirty ? "+" : ""}`;
  return [user, at].filter((part) => part !== undefined).join(" ");
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

/** How and when a token was revoked, expired or lost. */
export function endText({ token, end }: TokenHistory, now: number): string {
  const isOver = isExpired(token, now);
  if (!end) return isOver ? "expired" : "in the state";
  const evidence = `(${end.evidence})`;
  const at = `at ${formatTime(end.time)} ${evidence}`;
  switch (end.how) {
    case "ended":
      return `its revocation was due ${at}`;
    case "revoked":
      return `revoked ${at}`;
    case "drifted":
      return `${isGone(end) ? "seen to be gone" : isReported(end) ? "said to be gone" : "left the state"} ${at}`;
    case "refused":
      return `${isOver ? "expired; " : ""}its revocation was refused ${evidence}`;
    case "left to expire":
      return isOver ? "expired" : `left to expire ${evidence}`;
    default:
      return "expired";
  }
}

/** The rights of a token, in short. */
export function rightsText({ channelIds, scopes, allowedCorsOrigins }: TokenHistory["token"]): string {
  const channels = channelIds && `channels ${channelIds.join(", ")}`;
  return [channels, scopes?.join(", "), allowedCorsOrigins?.join(", ")]
    .filter((part) => part !== undefined)
    .join("; ");
}

/** The summary of the events. */
export function eventsSum(events: number, updates: number | undefined): string {
  return `${count(events, "event")} ${updates === undefined ? "between the two exports" : `in ${count(updates, "update")}`}.`;
}

export function aliveSum(alive: readonly Alive[]): string {
  if (alive.length === 0) return "No token was valid then.";
  const inDoubt = alive.filter(({ isSure }) => !isSure).length;
  const sum = `${count(alive.length, "token")} ${alive.length === 1 ? "was" : "were"} valid then`;
  const doubt = `; ${inDoubt} of them only if a revocation that was due or reported did not happen`;
  return `${sum}${inDoubt === 0 ? "" : doubt}.`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
