import { defined } from "../../../provider/defined";
import { type Expiry, worksUntil } from "../../../provider/domain/expiry";
import { type DeleteReason, stepsOf } from "../../../provider/domain/plan-delete";
import { isEnding, type Notice } from "../../pulumi/event-log";
import type { Update } from "../../pulumi/updates";
import type { HeldToken } from "../../tokens/held-token";
import { replacesUnused } from "./changes";
import { ELSEWHERE, type End, type Evidence, isExpired, precedes } from "./model";
import { createsAnew, droppedIn, skippedBy } from "./records";
import { keyOf, type Snapshot } from "./snapshot";

/** The provider's notices on a token. */
export type NoticesFor = (token: HeldToken) => readonly Notice[];

/** What is known when a token is no longer what it was in the state before. */
interface Departure {
  readonly token: HeldToken;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly update: Update;
  /** Unix seconds: the latest time that has certainly passed. */
  readonly asOf: number;
  readonly noticesFor: NoticesFor;
}

export interface Ending extends End {
  readonly detail: string;
  readonly until?: Expiry;
  /** The evidence that the token is dead, if it is better than that of the event. */
  readonly proof?: Evidence;
}

const DROPPED =
  "its record left the state without a deletion in this history, as after `pulumi state delete`, `state move`, " +
  "`stack import` or a run that was killed";
const MAY_BE_DROPPED = "its record left the state, and this update deleted fewer than left it";
const OR_DROPPED = ", or its record left the state without a deletion";
const GONE = "was revoked outside of this stack, or is missing from the store's list";
const UNPROVEN = "its revocation was due, but nothing here proves it";
const EXPIRED = "it had expired";
/** Why the provider revokes a token, or leaves it. */
const WHY: Readonly<Partial<Record<DeleteReason, string>>> = {
  removed: "its resource was removed",
  replaced: "it was replaced",
  forced: "its replacement was forced",
  "second replacement": "a second replacement followed",
};

/** What became of a token that left the state. Undefined if nothing did that is not told already. */
export function endingOf(departure: Departure): Ending | undefined {
  const { token, after, asOf, noticesFor } = departure;
  const { expiry, role } = token;
  const now = after.tokens.get(keyOf(token));
  const notices =
    now?.role === "predecessor" ? noticesForPrevious(now, after, noticesFor) : noticesFor(token);
  const logged = endingIn(notices, asOf);
  if (logged) return logged;
  if (isExpired(token, asOf)) {
    return role === "predecessor" || role === "pending replacement"
      ? undefined
      : { how: "expired", time: expiry as number, evidence: "inferred", detail: EXPIRED };
  }
  if (now?.role === "pending replacement") return deletedFirstEnding(now, asOf);
  if (isRefreshed(departure)) return goneEnding(asOf);
  if (isReplacedElsewhere(departure)) return due(`it was replaced ${ELSEWHERE}`, token, asOf);
  const why = whyDropped(departure) ?? whySkipped(departure);
  if (!why) return byPlan(departure);
  // A previous token works as long as before.
  return role === "predecessor" ? undefined : inferred(why.how, why.detail, token, asOf);
}

/** A refresh removes a token from the state, or marks it, only if the store's answer proves that it is gone. */
export function goneEnding(time: number, by: string = GONE): Ending {
  return { how: "drifted", evidence: "confirmed", time, detail: `a refresh saw that it ${by}` };
}

/** Of a token that a refresh marked. If a log has the line of `revoke`, it tells who did it: only then is it no drift. */
export function markedEnding(notices: readonly Notice[], asOf: number): Ending {
  const seen = notices.findLast(({ effect }) => effect === "gone");
  const { time = asOf, by } = seen?.isFromProcess ? seen : {};
  const gone = goneEnding(time, by);
  const said = notices.findLast(({ effect }) => effect === "revoke_accepted");
  if (!said) return gone;
  const { how, evidence } = endingBy(said, asOf);
  return {
    ...{ ...gone, how, evidence: said.isFromProcess ? evidence : "reported", time: said.time ?? time },
    ...{ proof: gone.evidence, detail: `BigCommerce accepted it; ${gone.detail}` },
  };
}

/** Of a record that was deleted because a dependency is replaced delete-first, before the new token was minted. */
export function deletedFirstEnding(token: HeldToken, asOf: number): Ending {
  const why = "a dependency was deleted first, and the update ended before the new token was minted";
  return byFate(why, token, asOf);
}

/** Of a previous token that the history never had as the token of a resource. */
export function previousEnding(token: HeldToken, asOf: number, { number }: Update): Ending {
  const why = number > 0 ? `it was replaced before update ${number} ended` : "it was replaced before";
  return byFate(why, token, asOf);
}

/** By the last notice; of notices without times, by the most final one. */
export function endingIn(notices: readonly Notice[], asOf: number): Ending | undefined {
  const endings = notices.filter(isEnding);
  const newest = Math.max(...endings.map(({ time = -Infinity }) => time));
  const notice =
    // Nothing undoes a revocation.
    endings.findLast((each) => isRevocation(each) && each.isFromProcess) ??
    endings.findLast((each) => isRevocation(each) || (each.time ?? newest) === newest);
  if (!notice) return undefined;
  const ending = endingBy(notice, asOf);
  return notice.isFromProcess ? ending : { ...ending, evidence: "reported" };
}

function endingBy(notice: Notice, asOf: number): Ending {
  const { effect, expiry, by, time = asOf } = notice;
  const ending = (how: End["how"], evidence: End["evidence"], detail: string): Ending => {
    return { how, evidence, time, detail };
  };
  const living = (how: End["how"], evidence: End["evidence"], why: string): Ending => {
    return { ...ending(how, evidence, `${why}: ${worksUntilOf(expiry)}`), ...defined({ until: expiry }) };
  };
  switch (effect) {
    case "revoke_accepted":
      return ending("revoked", "accepted", "accepted; in force within about 60 s");
    case "revoked_before":
      return ending("revoked", "confirmed", `before this update, says ${by ?? "its store"}`);
    case "left_to_expire":
      return living("left to expire", "inferred", "the provider sent nothing");
    case "revocation_refused":
      return living("refused", "confirmed", "BigCommerce refused its revocation");
    case "gone":
      return goneEnding(time, by);
    default:
      return {
        ...ending("expired", "inferred", EXPIRED),
        ...(typeof expiry === "number" && { time: Math.min(time, expiry) }),
      };
  }
}

/**
 * The notices on a previous token by the time at which its resource had no older state of it. It can be revoked later, so
 * that of notices without times the least final one counts. If the token was left to expire, a revocation counts only if
 * the log has the update that replaced the token, and no notice that left it.
 */
export function noticesForPrevious(
  token: HeldToken,
  after: Snapshot,
  noticesFor: NoticesFor,
): readonly Notice[] {
  const notices = noticesFor(token);
  const next = after.tokens.get(after.current.get(token.urn) ?? "");
  const isLeft = ({ effect }: Notice) => effect === "left_to_expire";
  const untimed = notices.filter(({ time }) => time === undefined);
  const isInLog = next && noticesFor(next).some((each) => each.time === undefined && !isEnding(each));
  const isOverridden = isInLog && !untimed.some(isLeft);
  const own = untimed.find(token.fate === "letExpire" && !isOverridden ? isLeft : isEnding);
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
  const next = after.tokens.get(after.current.get(urn) ?? "");
  const unusedFate = role === "current" && next && replacesUnused(token, next) ? "revoke" : undefined;
  const steps = (before.states.get(key) ?? []).flatMap(({ holder, which, state }) => {
    // A previous token that no state holds any more was in a deleted one.
    if (role !== "predecessor" && after.current.get(urn) === holder) return [];
    // The provider compares a resource that the program declares, and so learns what its state names.
    const stored = isDeclared ? before.fates.get(state.fingerprint) : undefined;
    const own = { named: after.fates.get(state.fingerprint) ?? stored ?? unusedFate };
    // A previous token that the new token's state had carried over would still be in it.
    const seen = { isDeclared, own, previous: { replaced: "revoke" } } as const;
    return stepsOf(state, seen, undefined, asOf).steps.filter((step) => step.token.which === which);
  });
  const step = steps.find(({ action }) => action === "revoke") ?? steps[0];
  const why = step && WHY[step.reason];
  if (why === undefined) return undefined;
  // A previous token works as long as before.
  if (step?.action === "leave") return role === "predecessor" ? undefined : left(why, token, asOf);
  if (isFirst) return due("the token after it was deleted first", token, asOf);
  // Two exports count nothing, and neither does a history that is damaged.
  const mayBeDropped = !update.changes && role === "current" && step?.reason !== "replaced";
  return mayBeDropped
    ? inferred("ended", `${why}${OR_DROPPED}: ${UNPROVEN}; it ${mayWork(token)}`, token, asOf)
    : due(why, token, asOf);
}

/** True if the resource has a token that was issued between the two states, and nothing tells what replaced this one. */
function isReplacedElsewhere({ token, before, after, update }: Departure): boolean {
  const { urn, role } = token;
  if (role !== "current" || !after.current.has(urn) || after.fates.has(keyOf(token))) return false;
  return [...after.tokens].some(
    ([key, each]) =>
      each.urn === urn &&
      !before.tokens.has(key) &&
      (each.role === "predecessor" || (!each.isAdopted && precedes(each, update))),
  );
}

type Why = Pick<Ending, "how" | "detail">;

/** Pulumi counts neither deletions of what an earlier update left, nor a mint in its place. It counts all others. */
function whyDropped(departure: Departure): Why | undefined {
  const { token, after } = departure;
  const { role, urn } = token;
  if (role === "pending delete" || role === "pending replacement") return undefined;
  const isAnew = () => role === "current" && !after.fates.has(keyOf(token)) && createsAnew(departure);
  const dropped = !after.current.has(urn) ? droppedIn(departure) : isAnew() ? "all" : "none";
  if (dropped === "none") return undefined;
  const what = dropped === "all" ? DROPPED : MAY_BE_DROPPED;
  return { how: "drifted", detail: `${what}: it ${mayWork(token)}` };
}

/** If an option of the resource kept Pulumi from calling the provider. */
function whySkipped(departure: Departure): Why | undefined {
  const { token } = departure;
  const option = skippedBy(token, departure);
  if (option === undefined) return undefined;
  const why = option === "deletedWith" ? ", which names a resource that this update deleted as well" : "";
  const detail = `Pulumi asked for no revocation because of the option ${option}${why}: ${worksUntilOf(token.expiry)}`;
  return { how: "left to expire", detail };
}

/** A refresh deletes nothing: what it counts as deleted is what it did not find. */
function isRefreshed(departure: Departure): boolean {
  const { kind, changes } = departure.update;
  const isCounted = (changes?.["delete"] ?? 0) > 0 && droppedIn(departure) === "none";
  return kind === "refresh" && departure.token.role === "current" && isCounted;
}

function mayWork({ expiry }: HeldToken): string {
  return expiry === undefined
    ? `may still work; ${worksUntilOf(expiry)}`
    : `may still ${worksUntil(expiry).replace("works", "work")}`;
}

function byFate(why: string, token: HeldToken, asOf: number): Ending {
  return token.fate === "letExpire" ? left(why, token, asOf) : due(why, token, asOf);
}

function left(why: string, token: HeldToken, asOf: number): Ending {
  return inferred("left to expire", `${why}: ${worksUntilOf(token.expiry)}`, token, asOf);
}

function due(why: string, token: HeldToken, asOf: number): Ending {
  return inferred("ended", `${why}: ${UNPROVEN}`, token, asOf);
}

function inferred(how: End["how"], detail: string, { expiry }: HeldToken, time: number): Ending {
  return { how, detail, time, evidence: "inferred", ...defined({ until: expiry }) };
}

export function worksUntilOf(expiry: Expiry | undefined): string {
  return expiry === undefined ? "the state keeps its expiration secret" : worksUntil(expiry);
}
