import { defined } from "../../../provider/defined";
import { formatTime } from "../../../provider/domain/expiry";
import type { Notice } from "../../pulumi/event-log";
import type { Update } from "../../pulumi/updates";
import type { HeldToken } from "../../tokens/held-token";
import { changesBetween, replacesUnused, rightsBetween } from "./changes";
import { type AuditEvent, ELSEWHERE, isExpired, precedes, SLACK_S, subjectOf, type What } from "./model";
import { type NoticesFor, worksUntilOf } from "./outcome";
import { createsAnew } from "./records";
import { keyOf, type Snapshot } from "./snapshot";

interface Arrival {
  readonly token: HeldToken;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly update: Update;
  readonly asOf: number;
  /** True for the first update of the history. */
  readonly isFirst: boolean;
  readonly noticesFor: NoticesFor;
}

interface Origin {
  readonly what: What;
  readonly why?: string | undefined;
}

const FORCED = "forced (for example by --replace or taint), or deleted first for a dependency";
const INTERRUPTED = "an earlier update deleted it first for a dependency, and stopped before its replacement";
const DELETED_FIRST = "a dependency was deleted first";
const DROPPED = "the old token had left the state without a delete, so it may still be valid";

/** How a token came into the state. A mint is "confirmed": the token itself is the store's answer. */
export function mintingOf(arrival: Arrival): AuditEvent {
  const { token, before, update, asOf, isFirst, noticesFor } = arrival;
  const { role, urn, issuedAt, expiry } = token;
  const adoption = adoptionIn(noticesFor, token);
  const isAdopted = token.isAdopted || adoption !== undefined;
  const isUnseen = isAdopted ? isFirst && !adopts(update) : precedes(token, update);
  const isEarlier = role === "predecessor" || isUnseen;
  const replaced = before.current.get(urn) ?? before.interrupted.get(urn) ?? "";
  const old = role === "current" ? before.tokens.get(replaced) : undefined;
  const changes = old ? changesBetween(old, token) : [];
  const { what, why } = isAdopted
    ? { what: "adopted" as const, why: whyAdopted(token, old !== undefined) }
    : old
      ? replacementOf(old, arrival)
      : { what: "minted" as const, why: undefined };
  // If the adoption is not in this history, its time is unknown: only that it was after the issue.
  const time = isAdopted ? (adoption?.time ?? (isEarlier ? undefined : asOf)) : (issuedAt ?? asOf);
  const run = isFirst ? "before this history begins" : ELSEWHERE;
  const works = changes.some(({ input }) => input === "expiresAt") ? undefined : worksUntilOf(expiry);
  return {
    ...{ what, evidence: isAdopted ? "inferred" : "confirmed", token: subjectOf(token), changes },
    ...defined({
      time,
      until: expiry,
      update: isEarlier ? undefined : update,
      predecessor: old && keyOf(old),
    }),
    detail: textOf(isEarlier ? run : undefined, why, works),
  };
}

/** The adoption of a token that is already in the history: dropped, left to expire, or of another resource. */
export function adoptionOf(
  token: HeldToken,
  from: string | undefined,
  { update, asOf, noticesFor }: Pick<Arrival, "update" | "asOf" | "noticesFor">,
): AuditEvent {
  const { expiry } = token;
  const time = adoptionIn(noticesFor, token)?.time ?? asOf;
  const why = from === undefined ? whyAdopted(token, false) : `it belonged to ${from}`;
  return {
    ...{ what: "adopted", evidence: "inferred", token: subjectOf(token), time, update, changes: [] },
    ...defined({ until: expiry }),
    detail: textOf(why, worksUntilOf(expiry)),
  };
}

function textOf(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("; ");
}

/** A line that any program can print counts as an adoption only if the state has the adoption too. */
function adoptionIn(noticesFor: NoticesFor, token: HeldToken): Notice | undefined {
  return noticesFor(token).find(
    ({ effect, isFromProcess }) => effect === "adopted" && (isFromProcess || token.isAdopted),
  );
}

/** True if an update may have created a resource: an adoption creates one. */
export function adopts({ changes }: Update): boolean {
  return !changes || (changes["create"] ?? 0) + (changes["replace"] ?? 0) > 0;
}

/** True if a resource adopted the token of another resource. A renamed resource creates nothing. */
export function isTakenOver(old: HeldToken, token: HeldToken, update: Update): boolean {
  return token.isAdopted && old.urn !== token.urn && adopts(update);
}

function whyAdopted({ issuedAt }: HeldToken, isReplacing: boolean): string | undefined {
  const parts = [
    ...(isReplacing ? ["another token was adopted"] : []),
    ...(issuedAt === undefined ? [] : [`issued at ${formatTime(issuedAt)}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** Set if the old token was replaced because it was gone: by the mark in its state, or by a notice in this update. */
function whyGone(old: HeldToken, noticesFor: NoticesFor): string | undefined {
  const seen = noticesFor(old).filter(({ effect }) => effect === "gone");
  if (old.isGone || seen.some(({ isFromProcess }) => isFromProcess)) return "the old token was gone";
  return seen.length > 0 ? "the old token was gone, as a line of a log says" : undefined;
}

/** Why a token was replaced. In a rotation only the expiration changes, and both tokens have a lifetime. */
function replacementOf(old: HeldToken, arrival: Arrival): Origin {
  const { token, after, update, asOf, noticesFor } = arrival;
  const hadExpired = isExpired(old, token.issuedAt ?? 0);
  const gone = hadExpired ? undefined : whyGone(old, noticesFor);
  if (gone !== undefined) return { what: "replaced", why: gone };
  if (old.role === "pending replacement") return { what: "replaced", why: INTERRUPTED };
  const isUnused = replacesUnused(old, token);
  const isByChange = after.replacing.has(keyOf(token)) || isExpired(old, asOf) || isUnused;
  if (!isByChange && createsAnew(arrival)) return { what: "minted", why: DROPPED };
  if (!isByChange) return { what: "replaced", why: update.changes ? FORCED : `${FORCED}; or ${DROPPED}` };
  if (rightsBetween(old, token).length > 0) {
    const isLenient = !isUnused && after.lenient.has(keyOf(token));
    const other = isLenient ? `; ${DELETED_FIRST}, or BIGCOMMERCE_ON_DELETE=letExpire was set` : "";
    return { what: "replaced", why: `its rights changed${other}` };
  }
  if (!hadExpired && isUnasked(old, token)) return { what: "replaced", why: DELETED_FIRST };
  if (token.lifetime === undefined || old.lifetime === undefined) {
    return { what: "replaced", why: "its expiration changed" };
  }
  const since = old.rotateAt === undefined ? "due" : `due since ${formatTime(old.rotateAt)}`;
  return { what: "rotated", why: old.lifetime === token.lifetime ? since : "due by its new lifetime" };
}

/** True if neither a change nor the calendar required the replacement: then a dependency was deleted first. */
function isUnasked(old: HeldToken, token: HeldToken): boolean {
  if (old.isAdopted !== token.isAdopted || old.lifetime !== token.lifetime) return false;
  if (token.lifetime === undefined) return old.expiry === token.expiry;
  const { expiry, rotateAt } = old;
  if (typeof expiry !== "number" || typeof token.expiry !== "number") return false;
  if (rotateAt === undefined || token.rotateAt === undefined || token.issuedAt === undefined) return false;
  // The old token may have been due by its own `rotateBefore` or by the new one.
  return token.issuedAt < Math.min(rotateAt, expiry - (token.expiry - token.rotateAt)) - SLACK_S;
}
