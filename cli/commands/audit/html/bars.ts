import { defined } from "../../../../provider/defined";
import { DAY } from "../../../../provider/domain/expiry";
import { minuteText } from "../../../render/time";
import { deadFrom, type End, isExpired, isGone, isReported, type TokenHistory } from "../model";
import { endText, rightsText } from "../rows";
import type { Selection } from "../selection";
import type { Bar, BarState, PageData } from "./data";

/** A browser draws this many bars without delay. */
export const MAX_BARS = 2_000;

/** Room before the first and after the last bar, as a fraction of the time range. */
const MARGIN = 0.02;

/** The tokens as bars, with one lane for each resource. Only the latest `MAX_BARS` tokens are drawn. */
export function pageData({ histories, now, question: { liveBetween } }: Selection): PageData {
  const shown = [...histories].sort((a, b) => issued(b) - issued(a)).slice(0, MAX_BARS).reverse(); // prettier-ignore
  const times = shown.flatMap(({ token, end }) => [token.issuedAt, token.expiry, end?.time]);
  const known = [...times, now].filter((time) => typeof time === "number");
  const first = known.reduce((a, b) => Math.min(a, b));
  const last = known.reduce((a, b) => Math.max(a, b));
  const room = Math.max(DAY, (last - first) * MARGIN);
  const range = { from: first - room, to: last + room };
  const tokens = new Map(shown.map(({ token }) => [token.urn, token]));
  const urns = [...tokens.keys()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const lanes = urns.flatMap((urn) => tokens.get(urn) ?? []);
  const places = new Map(urns.map((urn, place) => [urn, place]));
  return {
    ...{ now, ...range },
    // If several resources have the same name, the kind is added.
    lanes: lanes.map(({ resource, kind }) =>
      lanes.filter((each) => each.resource === resource).length > 1 ? `${resource} (${kind})` : resource,
    ),
    ...defined({ span: liveBetween && ([liveBetween.from, liveBetween.to] as const) }),
    bars: shown.map((history) => barOf(history, places.get(history.token.urn) ?? 0, now, range)),
  };
}

function barOf(history: TokenHistory, lane: number, now: number, range: { from: number; to: number }): Bar {
  const { token, end } = history;
  const dead = deadFrom(history);
  const doubt = end && isUnproven(end) ? end : undefined;
  const isOpen = typeof dead !== "number";
  const works = isOpen ? range.to : dead;
  const { issuedAt: from = range.from, rotateAt = Infinity } = token;
  const to = Math.max(from, doubt ? Math.min(doubt.time, works) : works);
  return {
    ...{ token: token.fingerprint ?? token.id ?? "", lane, state: stateOf(history, now), from, to },
    ...(isOpen && !doubt && { isOpen }),
    ...(doubt && works > to && { maybeTo: works }),
    ...(rotateAt < to && { rotateAt: Math.max(rotateAt, from) }),
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
  const { adoptedIn, end } = history;
  return [
    `${resource}, ${kind} token ${fingerprint ?? id ?? ""}`,
    ...(issuedAt === undefined ? [] : [`issued ${minuteText(issuedAt)}`]),
    ...(adoptedIn === undefined ? [] : [`adopted in update ${adoptedIn}`]),
    expiry === undefined ? "its expiration is secret" : expiry === "never" ? "never expires" : `expires ${minuteText(expiry)}`, // prettier-ignore
    ...(rotateAt === undefined || end ? [] : [`due from ${minuteText(rotateAt)}`]),
    endText(history, now),
    rightsText(history.token),
  ].join("; ");
}

function issued({ token }: TokenHistory): number {
  return token.issuedAt ?? 0;
}

/** Lanes are in the order of the resources' names. */
function orderOf(urn: string): string {
  return urn.split("::").slice(3).join("::") + urn;
}
