import { type Expiry, worksUntil } from "../../../provider/domain/expiry";
import { type DeleteReason, stepsOf } from "../../../provider/domain/plan-delete";
import { isEnding, type Notice } from "../../pulumi/event-log";
import type { HeldToken } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";
import { ELSEWHERE, type End, isPast, precedes } from "./model";
import { createsAnew, droppedIn, skippedBy } from "./records";
import { keyOf, type Snapshot } from "./snapshot";

/** What is known when a token is no longer what it was in the state before. */
export interface Departure {
  readonly token: HeldToken;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly update: Update;
  /** The latest time that is certain to have come, Unix seconds. */
  readonly asOf: number;
  /** What the provider said of a token. */
  readonly said: Hearing;
}

export type Hearing = (token: HeldToken) => readonly Notice[];

export interface Ending extends End {
  readonly detail: string;
  readonly until?: Expiry;
}

const DROPPED =
  "its record left the state without a deletion in this history, as after `pulumi state delete`, `state move`, " +
  "`stack import` or a run that was killed";
const MAY_BE_DROPPED = "its record left the state, and this update deleted fewer than left it";
const OR_DROPPED = ", or its record left the state without a deletion";
const GONE = "was revoked outside of this stack, or is missing from the store's list";
const UNPROVEN = "its revocation was due, but nothing here proves it";
/** Why the provider revokes a token, or leaves it. */
const WHY: Readonly<Partial<Record<DeleteReason, string>>> = {
  removed: "its resource was removed",
  replaced: "it was replaced",
  forced: "its replacement was forced",
  "second replacement": "a second replacement followed",
};

/** What became of a token that left the state; undefined where nothing more than its expiry did. */
export function endingOf(leaving: Departure): Ending | undefined {
  const { token, after, asOf, said } = leaving;
  const { expiry, role } = token;
  const named = after.tokens.get(keyOf(token));
  const told = saidOf(named?.role === "predecessor" ? saidOfNamed(named, after, said) : said(token), asOf);
  if (told) return told;
  if (isPast(token, asOf)) {
    return role === "predecessor" || role === "pending replacement"
      ? undefined
      : { how: "expired", time: expiry as number, evidence: "inferred", detail: "it had expired" };
  }
  if (named?.role === "pending replacement") return deletedFirstEnding(named, asOf);
  if (isRefreshed(leaving)) return goneEnding(asOf);
  if (isReplacedElsewhere(leaving)) {
    return inferred("ended", `it was replaced ${ELSEWHERE}: ${UNPROVEN}`, token, asOf);
  }
  const why = whyDropped(leaving) ?? whySkipped(leaving);
  if (!why) return byPlan(leaving);
  // A predecessor goes on as it was left.
  return role === "predecessor" ? undefined : inferred(why.how, why.detail, token, asOf);
}

/** A refresh takes a token out of the state, or marks it, only where the store's answer proves that it is gone. */
export function goneEnding(time: number, by: string = GONE): Ending {
  return { how: "drifted", evidence: "confirmed", time, detail: `a refresh saw that it ${by}` };
}

/** A token that the state marks as gone: the state proves it, and the provider's own line says how and when. */
export function markedEnding(asOf: number, seen: Notice | undefined): Ending {
  return seen?.isFromProcess ? goneEnding(seen.time ?? asOf, seen.by) : goneEnding(asOf);
}

/** Of a record that was deleted because a dependency is replaced delete-first, before its successor was made. */
export function deletedFirstEnding(token: HeldToken, asOf: number): Ending {
  const why = "a dependency was deleted first, and the update ended before its successor was minted";
  return token.fate === "letExpire"
    ? inferred("left to expire", `${why}: ${worksUntilOf(token.expiry)}`, token, asOf)
    : inferred("ended", `${why}: ${UNPROVEN}`, token, asOf);
}

/** Of a predecessor that the history never had in its own right. */
export function fateEnding(token: HeldToken, asOf: number, { number }: Update): Ending {
  const why = number > 0 ? `it was replaced before update ${number} ended` : "it was replaced before";
  return token.fate === "letExpire"
    ? inferred("left to expire", `${why}: ${worksUntilOf(token.expiry)}`, token, asOf)
    : inferred("ended", `${why}: ${UNPROVEN}`, token, asOf);
}

/** The provider's own word goes before every rule: its last one, and of lines without times the most final. */
export function saidOf(notices: readonly Notice[], asOf: number): Ending | undefined {
  const endings = notices.filter(isEnding);
  const newest = Math.max(...endings.map(({ time = -Infinity }) => time));
  const notice =
    // A revocation is for ever, whatever came after it.
    endings.findLast((each) => isRevocation(each) && each.isFromProcess) ??
    endings.findLast((each) => isRevocation(each) || (each.time ?? newest) === newest);
  if (!notice) return undefined;
  const ending = endingBy(notice, asOf);
  return notice.isFromProcess ? ending : { ...ending, evidence: "reported" };
}

function endingBy(notice: Notice, asOf: number): Ending {
  const { effect, expiry, by, time = asOf } = notice;
  const works = expiry === undefined ? {} : { until: expiry };
  switch (effect) {
    case "revoke_accepted":
      return { how: "revoked", evidence: "accepted", time, detail: "accepted; in force within about 60 s" };
    case "revoked_before":
      return {
        how: "revoked",
        evidence: "confirmed",
        time,
        detail: `before this update, says ${by ?? "its store"}`,
      };
    case "left_to_expire": {
      const detail = `the provider sent nothing: ${worksUntilOf(expiry)}`;
      return { how: "left to expire", evidence: "inferred", time, detail, ...works };
    }
    case "revocation_refused": {
      const detail = `BigCommerce refused its revocation: ${worksUntilOf(expiry)}`;
      return { how: "refused", evidence: "confirmed", time, detail, ...works };
    }
    case "gone":
      return goneEnding(time, by);
    default: {
      const at = typeof expiry === "number" ? Math.min(time, expiry) : time;
      return { how: "expired", evidence: "inferred", time: at, detail: "it had expired" };
    }
  }
}

/**
 * What was said of a token by the time at which only its successor named it. It can be revoked later, so that of lines
 * without times the least final is meant; and where it was left to expire, a revocation is only then its replacement's
 * if the log has that update, and no line that left it.
 */
export function saidOfNamed(named: HeldToken, after: Snapshot, said: Hearing): readonly Notice[] {
  const notices = said(named);
  const successor = after.tokens.get(after.current.get(named.urn) ?? "");
  const isLeft = ({ effect }: Notice) => effect === "left_to_expire";
  const untimed = notices.filter(({ time }) => time === undefined);
  const isInLog = successor && said(successor).some((each) => each.time === undefined && !isEnding(each));
  const isOverridden = isInLog && !untimed.some(isLeft);
  const own = untimed.find((each) =>
    named.fate === "letExpire" && !isOverridden ? isLeft(each) : isEnding(each),
  );
  return notices.filter((notice) => notice.time !== undefined || notice === own);
}

function isRevocation({ effect }: Notice): boolean {
  return effect === "revoke_accepted" || effect === "revoked_before";
}

/** What the provider's plans say, as far as two states tell which deletes there were. Two deleted states can hold a token. */
function byPlan({ token, before, after, update, asOf }: Departure): Ending | undefined {
  const { urn, role } = token;
  const key = keyOf(token);
  // Its record is not deleted again: only the new token's state tells whether it is revoked.
  if (role === "pending replacement" && after.fates.get(key) !== "revoke") return undefined;
  const isFirst = after.interrupted.has(urn);
  const isDeclared = isFirst || after.current.has(urn);
  const steps = (before.states.get(key) ?? []).flatMap(({ holder, which, state }) => {
    // A previous token that no state holds any more was in a deleted one.
    if (role !== "predecessor" && after.current.get(urn) === holder) return [];
    // The provider compares a resource that the program declares, and so learns what its state names.
    const stored = isDeclared ? before.fates.get(state.fingerprint) : undefined;
    const own = { named: after.fates.get(state.fingerprint) ?? stored };
    // A previous token that the new token's state had carried over would still be in it.
    const seen = { isDeclared, own, previous: { replaced: "revoke" } } as const;
    return stepsOf(state, seen, undefined, asOf).steps.filter((step) => step.token.which === which);
  });
  const step = steps.find(({ action }) => action === "revoke") ?? steps[0];
  const why = step && WHY[step.reason];
  if (why === undefined) return undefined;
  if (step?.action === "leave") {
    // A previous token works as long as before.
    return role === "predecessor" ? undefined : inferred("left to expire", `${why}: ${worksUntilOf(token.expiry)}`, token, asOf); // prettier-ignore
  }
  if (isFirst) return inferred("ended", `the token after it was deleted first: ${UNPROVEN}`, token, asOf);
  // Two exports count nothing, and neither does a history that is damaged.
  const mayBeDropped = !update.changes && role === "current" && step?.reason !== "replaced";
  const told = mayBeDropped
    ? `${why}${OR_DROPPED}: ${UNPROVEN}; it ${mayWork(token)}`
    : `${why}: ${UNPROVEN}`;
  return inferred("ended", told, token, asOf);
}

/** Whether its resource goes on with a token that came before this update, though not from the state before. */
function isReplacedElsewhere({ token, before, after, update }: Departure): boolean {
  if (token.role !== "current" || !after.current.has(token.urn) || after.fates.has(keyOf(token)))
    return false;
  return [...after.tokens].some(
    ([key, each]) =>
      each.urn === token.urn &&
      !before.tokens.has(key) &&
      (each.role === "predecessor" || (!each.isAdopted && precedes(each, update))),
  );
}

type Why = Pick<Ending, "how" | "detail">;

/** Deletions of what an earlier update left over are counted nowhere; all others are, and so is a mint in its place. */
function whyDropped(leaving: Departure): Why | undefined {
  const { token, after } = leaving;
  const told = (what: string): Why => ({ how: "drifted", detail: `${what}: it ${mayWork(token)}` });
  if (token.role === "pending delete" || token.role === "pending replacement") return undefined;
  if (after.current.has(token.urn)) {
    return token.role === "current" && !after.fates.has(keyOf(token)) && createsAnew(leaving)
      ? told(DROPPED)
      : undefined;
  }
  const dropped = droppedIn(leaving);
  return dropped === "none" ? undefined : told(dropped === "all" ? DROPPED : MAY_BE_DROPPED);
}

/** Where an option of the resource kept Pulumi from calling the provider at all. */
function whySkipped(leaving: Departure): Why | undefined {
  const { token } = leaving;
  const option = skippedBy(token, leaving);
  if (option === undefined) return undefined;
  const why = option === "deletedWith" ? ", which names a resource that this update deleted as well" : "";
  const detail = `Pulumi asked for no revocation because of the option ${option}${why}: ${worksUntilOf(token.expiry)}`;
  return { how: "left to expire", detail };
}

/** A refresh deletes nothing: what it counts as deleted is what it no longer found. */
function isRefreshed(leaving: Departure): boolean {
  const { token, update } = leaving;
  const { kind, changes } = update;
  const isCounted = (changes?.["delete"] ?? 0) > 0 && droppedIn(leaving) === "none";
  return kind === "refresh" && token.role === "current" && isCounted;
}

function mayWork({ expiry }: HeldToken): string {
  return expiry === undefined
    ? `may still work; ${worksUntilOf(expiry)}`
    : `may still ${worksUntil(expiry).replace("works", "work")}`;
}

function inferred(how: End["how"], detail: string, { expiry }: HeldToken, time: number): Ending {
  return { how, detail, time, evidence: "inferred", ...(expiry !== undefined && { until: expiry }) };
}

export function worksUntilOf(expiry: Expiry | undefined): string {
  return expiry === undefined ? "the state keeps its end secret" : worksUntil(expiry);
}
