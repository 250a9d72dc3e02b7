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
  /** Whether the history begins with this update. */
  readonly isFirst: boolean;
  /** What the provider said of a token in this update. */
  readonly said: (token: HeldToken) => readonly Notice[];
}

const MINTED: Replacement = { what: "minted" };
const FORCED = "forced, as by `--replace` or `state taint`, or deleted first for a dependency";
const INTERRUPTED = "an update before had ended between its deletion, for a dependency, and its replacement";
const DELETED_FIRST = "a dependency was deleted first";
const DROPPED =
  "the record of the one before had left the state without a deletion, so that it may still work";

interface Replacement {
  readonly what: What;
  readonly why?: string;
}

/** How a token came that the state names for the first time. That it was minted, the store's own answer in it proves. */
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
  // An adoption that this history does not have was at some time after the issue.
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

/** Of a token that the history had before: dropped, left to expire, or another resource's. */
export function adoptionOf(
  token: HeldToken,
  from: string | undefined,
  { update, asOf, said }: Pick<Entering, "update" | "asOf" | "said">,
): AuditEvent {
  const time = said(token).find((notice) => isAdoption(notice, token))?.time ?? asOf;
  const why = from === undefined ? adopted(token, false).why : `it was that of ${from}`;
  return {
    ...{ what: "adopted", evidence: "inferred", token: subjectOf(token), time, update, changes: [] },
    ...(token.expiry !== undefined && { until: token.expiry }),
    detail: [why, worksUntilOf(token.expiry)].filter((part) => part !== undefined).join("; "),
  };
}

/** That a token was adopted, a line that anything can print says only where the state says so too. */
function isAdoption({ effect, isFromProcess }: Notice, { isAdopted }: HeldToken): boolean {
  return effect === "adopted" && (isFromProcess || isAdopted);
}

/** Whether an update may have made a resource, as an adoption does. */
export function adopts({ changes }: Update): boolean {
  return !changes || (changes["create"] ?? 0) + (changes["replace"] ?? 0) > 0;
}

/** Whether a resource adopted what another one held; a resource that is only renamed creates nothing. */
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

/** Why nothing had to be replaced, of a token that was seen to be gone; marked in the state, or in this very update. */
function whyGone(old: HeldToken, { said }: Entering): string | undefined {
  const seen = said(old).filter(({ effect }) => effect === "gone");
  if (old.isGone || seen.some(({ isFromProcess }) => isFromProcess)) return "the one before was gone";
  return seen.length > 0 ? "the one before was gone, as a line of a log says" : undefined;
}

/** A rotation changes nothing but the end, and only while a lifetime asks for it. */
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
    return { what: "replaced", why: "its end changed" };
  }
  if (old.lifetime !== token.lifetime) return { what: "rotated", why: "due by its new lifetime" };
  return {
    what: "rotated",
    why: old.rotateAt === undefined ? "due" : `due since ${formatTime(old.rotateAt)}`,
  };
}

/** Whether neither a change nor the calendar asked for the successor: only a dependency that was deleted first did. */
function isUnasked(old: HeldToken, token: HeldToken): boolean {
  if (old.isAdopted !== token.isAdopted || old.lifetime !== token.lifetime) return false;
  if (token.lifetime === undefined) return old.expiry === token.expiry;
  const { expiry, rotateAt } = old;
  if (typeof expiry !== "number" || typeof token.expiry !== "number") return false;
  if (rotateAt === undefined || token.rotateAt === undefined || token.issuedAt === undefined) return false;
  // The window of the new inputs counts, and a token may have been due by either.
  return token.issuedAt < Math.min(rotateAt, expiry - (token.expiry - token.rotateAt)) - SLACK_S;
}
