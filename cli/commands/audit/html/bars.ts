import { DAY } from "../../../../provider/domain/expiry";
import { deadFrom, type End, isExpired, isGone, isReported, type TokenHistory } from "../model";
import type { Selection } from "../selection";
import { endText, rightsText } from "../rows";
import { minuteText } from "../../../render/time";
import type { Bar, BarState, PageData } from "./data";

/** A browser draws this many bars without delay. */
export const MAX_BARS = 2_000;

/** Room before the first and after the last bar, as a fraction of the time range. */
const MARGIN = 0.02;

/** The tokens as bars, with one lane for each resource. Only the latest `MAX_BARS` tokens are drawn. */
export function pageData({ histories, now, question }: Selection): PageData {
  const shown = [...histories].sort((a, b) => issued(b) - issued(a)).slice(0, MAX_BARS).reverse(); // prettier-ignore
  const { liveBetween } = question;
  const times = shown.flatMap((history) => [history.token.issuedAt, history.token.expiry, history.end?.time]);
  const known = [...times, now].filter((time) => typeof time === "number");
  const first = known.reduce((a, b) => Math.min(a, b), now);
  const final = known.reduce((a, b) => Math.max(a, b), now);
  const room = Math.max(DAY, (final - first) * MARGIN);
  const range = { from: first - room, to: final + room };
  const urns = [...new Set(shown.map(({ token }) => token.urn))].sort((a, b) =>
    nameOf(a) < nameOf(b) ? -1 : 1,
  );
  const places = new Map(urns.map((urn, place) => [urn, place]));
  return {
    ...{ now, ...range, lanes: laneNames(shown, urns) },
    ...(liveBetween && { span: [liveBetween.from, liveBetween.to] as const }),
    bars: shown.map((history) => barOf(history, places.get(history.token.urn) ?? 0, now, range)),
  };
}

function barOf(history: TokenHistory, lane: number, now: number, range: { from: number; to: number }): Bar {
  const { token, end } = history;
  const dead = deadFrom(history);
  const isInDoubt = end !== undefined && isUnproven(end);
  const isOpen = typeof dead !== "number";
  const works = isOpen ? range.to : dead;
  const { issuedAt = range.from, rotateAt } = token;
  const to = Math.max(issuedAt, isInDoubt ? Math.min(end.time, works) : works);
  return {
    ...{ token: token.fingerprint ?? token.id ?? "", lane, state: stateOf(history, now), from: issuedAt, to },
    ...(isOpen && !isInDoubt && { isOpen }),
    ...(isInDoubt && works > to && { maybeTo: works }),
    ...(rotateAt !== undefined && rotateAt < to && { rotateAt: Math.max(rotateAt, issuedAt) }),
    title: titleOf(history, now),
  };
}

function stateOf({ token, end }: TokenHistory, now: number): BarState {
  if (end && !isReported(end) && (end.how === "revoked" || isGone(end))) return "revoked";
  if (end && isUnproven(end)) return "unproven";
  if (isExpired(token, now)) return "expired";
  return end ? "leaving" : "live";
}

/** True if the token may have been valid until it expired, because its revocation is not proven. */
function isUnproven(end: End): boolean {
  return end.how === "ended" || end.how === "drifted" || (isReported(end) && end.how === "revoked");
}

function titleOf(history: TokenHistory, now: number): string {
  const { resource, kind, fingerprint, id, issuedAt, expiry, rotateAt } = history.token;
  const { adoptedIn } = history;
  return [
    `${resource}, ${kind} token ${fingerprint ?? id ?? ""}`,
    ...(issuedAt === undefined ? [] : [`issued ${minuteText(issuedAt)}`]),
    ...(adoptedIn === undefined ? [] : [`adopted in update ${adoptedIn}`]),
    expiry === undefined ? "its expiration is secret" : expiry === "never" ? "never expires" : `expires ${minuteText(expiry)}`, // prettier-ignore
    ...(rotateAt === undefined || history.end ? [] : [`due from ${minuteText(rotateAt)}`]),
    endText(history, now),
    rightsText(history.token),
  ].join("; ");
}

/** The names of the resources. If several have the same name, the kind is added. */
function laneNames(histories: readonly TokenHistory[], urns: readonly string[]): readonly string[] {
  const byUrn = new Map(histories.map(({ token }) => [token.urn, token]));
  const names = urns.map((urn) => byUrn.get(urn)?.resource ?? urn);
  return names.map((name, at) =>
    names.filter((each) => each === name).length > 1
      ? `${name} (${byUrn.get(urns[at] ?? "")?.kind ?? ""})`
      : name,
  );
}

function issued({ token }: TokenHistory): number {
  return token.issuedAt ?? 0;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::") + urn;
}
