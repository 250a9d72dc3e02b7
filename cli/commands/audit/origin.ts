import { formatTime } from "../../../provider/domain/expiry";
import type { HeldToken } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";
import { changesBetween, rightsBetween } from "./changes";
import { worksUntilOf } from "./outcome";
import type { Notice } from "../../pulumi/event-log";
import { type AuditEvent, ELSEWHERE, isPast, precedes, SLACK_S, subjectOf, type What } from "./model";
import { createsAnew } from "./records";
import { keyOf, type Snapshot } from "./snapshot";

interface Entering {
  readonly token: HeldToken;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly update: Update;
  readonly asOf: number;
  /** True for the first update of the history. */
  readonly isFirst: boolean;
  /** The provider's notices about a token in this update. */
  readonly said: (token: HeldToken) => readonly Notice[];
}

const MINTED: Replacement = { what: "minted" };
const FORCED = "forced, for example by `--replace` or `state taint`, or deleted first for a dependency";
const INTERRUPTED = "an earlier update deleted it first for a dependency, and stopped before its replacement";
const DELETED_FIRST = "a dependency was deleted first";
const DROPPED = "the old token had left the state without a delete, so it may still be valid";

interface Replacement {
  readonly what: What;
  readonly why?: string;
}

/** How a token came into the state. A mint is "confirmed": the token itself is the store's answer. */
export function mintingOf(entering: Entering): AuditEvent {
  const { token, before, after, update, asOf, isFirst, said } = entering;
  const adoption = said(token).find((notice) => isAdoption(notice, token));
  const isAdopted = token.isAdopted || adoption !== undefined;
  const isEarlier = token.role === "predecessor" || (isAdopted ? isFirst && !adopts(update) : precedes(token, update)); // prettier-ignore
  const run = isFirst ? "before this history begins" : ELSEWHERE;
  const key = before.current.get(token.urn) ?? before.interrupted.get(token.urn);
  const old = token.role === "current" && before.tokens.get(key ?? "");
  const changes = old ? changesBetween(old, token) : [];
  const tellsEnd = changes.some(({ input }) => input === "expiresAt");
  const works = tellsEnd ? undefined : worksUntilOf(token.expiry);
  const isByChange = old && (after.successors.has(keyOf(token)) || isPast(old, asOf));
  const { what, why } = isAdopted
    ? adopted(token, old !== false && old !== undefined)
    : old
      ? replacementOf(old, token, isByChange === true, entering)
      : MINTED;
  // If the adoption is not in this history, its time is unknown: only that it was after the issue.
  const time = !isAdopted ? (token.issuedAt ?? asOf) : (adoption?.time ?? (isEarlier ? undefined : asOf));
  return {
    ...{ what, evidence: isAdopted ? "inferred" : "confirmed", token: subjectOf(token), changes },
    ...(time !== undefined && { time }),
    ...(token.expiry !== undefined && { until: token.expiry }),
    ...(!isEarlier && { update }),
    ...(old && { predecessor: keyOf(old) }),
    detail: [isEarlier ? run : undefined, why, works].filter((part) => part !== undefined).join("; "),
  };
}

/** The adoption of a token that is already in the history: dropped, left to expire, or of another resource. */
export function adoptionOf(
  token: HeldToken,
  from: string | undefined,
  { update, asOf, said }: Pick<Entering, "update" | "asOf" | "said">,
): AuditEvent {
  const time = said(token).find((notice) => isAdoption(notice, token))?.time ?? asOf;
  const why = from === undefined ? adopted(token, false).why : `it belonged to ${from}`;
  return {
    ...{ what: "adopted", evidence: "inferred", token: subjectOf(token), time, update, changes: [] },
    ...(token.expiry !== undefined && { until: token.expiry }),
    detail: [why, worksUntilOf(token.expiry)].filter((part) => part !== undefined).join("; "),
  };
}

/** A line that any program can print counts as an adoption only if the state has the adoption too. */
function isAdoption({ effect, isFromProcess }: Notice, { isAdopted }: HeldToken): boolean {
  return effect === "adopted" && (isFromProcess || isAdopted);
}

/** True if an update may have created a resource: an adoption creates one. */
export function adopts({ changes }: Update): boolean {
  return !changes || (changes["create"] ?? 0) + (changes["replace"] ?? 0) > 0;
}

/** True if a resource adopted the token of another resource. A renamed resource creates nothing. */
export function isTakenOver(old: HeldToken, token: HeldToken, update: Update): boolean {
  return token.isAdopted && old.urn !== token.urn && adopts(update);
}

function adopted({ issuedAt }: HeldToken, isReplacing: boolean): Replacement {
  const parts = [
    ...(isReplacing ? ["another token was adopted"] : []),
    ...(issuedAt === undefined ? [] : [`issued at ${formatTime(issuedAt)}`]),
  ];
  return { what: "adopted", ...(parts.length > 0 && { why: parts.join(", ") }) };
}

/** Set if the old token was replaced because it was gone: by the mark in its state, or by a notice in this update. */
function whyGone(old: HeldToken, { said }: Entering): string | undefined {
  const seen = said(old).filter(({ effect }) => effect === "gone");
  if (old.isGone || seen.some(({ isFromProcess }) => isFromProcess)) return "the old token was gone";
  return seen.length > 0 ? "the old token was gone, as a line of a log says" : undefined;
}

/** Why a token was replaced. In a rotation only the expiration changes, and both tokens have a lifetime. */
function replacementOf(
  old: HeldToken,
  token: HeldToken,
  isByChange: boolean,
  entering: Entering,
): Replacement {
  const gone = isPast(old, token.issuedAt ?? 0) ? undefined : whyGone(old, entering);
  if (gone !== undefined) return { what: "replaced", why: gone };
  if (old.role === "pending replacement") return { what: "replaced", why: INTERRUPTED };
  if (!isByChange) {
    if (createsAnew(entering)) return { what: "minted", why: DROPPED };
    return { what: "replaced", why: entering.update.changes ? FORCED : `${FORCED}; or ${DROPPED}` };
  }
  const rights = rightsBetween(old, token).length > 0;
  if (rights) {
    const isLenient = entering.after.lenient.has(keyOf(token));
    const why = isLenient ? `; ${DELETED_FIRST}, or BIGCOMMERCE_ON_DELETE=letExpire was set` : "";
    return { what: "replaced", why: `its rights changed${why}` };
  }
  if (!isPast(old, token.issuedAt ?? 0) && isUnasked(old, token)) return { what: "replaced", why: DELETED_FIRST }; // prettier-ignore
  if (token.lifetime === undefined || old.lifetime === undefined) {
    return { what: "replaced", why: "its expiration changed" };
  }
  if (old.lifetime !== token.lifetime) return { what: "rotated", why: "due by its new lifetime" };
  return {
    what: "rotated",
    why: old.rotateAt === undefined ? "due" : `due since ${formatTime(old.rotateAt)}`,
  };
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
