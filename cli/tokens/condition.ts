import { defined } from "../../provider/defined";
import { formatTime, isPast, worksUntil } from "../../provider/domain/expiry";
import type { Deployment } from "../pulumi/export";
import { kindOf } from "../../provider/domain/kinds";
import { partsOf } from "../../provider/domain/urn";
import { quoted } from "../../provider/domain/shell";
import { type HeldToken, isLive } from "./held-token";

/** The condition of a live token. `unreadable`: the state does not show when it expires. */
type Condition =
  | "ok"
  | "due"
  | "expired"
  | "never expires"
  | "left to expire"
  | "pending delete"
  | "interrupted replacement"
  | "unproven"
  | "unreadable";

/** Who settles what is open about a token: the next `pulumi up` tries it, or only a person can. */
export type SettledBy = "up" | "person";

/** Why a token that is to be replaced cannot be. */
type UpFailure = "protected" | "fixed expiration";

export interface Assessment {
  readonly token: HeldToken;
  readonly condition: Condition;
  /** True if `pulumi up` now would rotate it. */
  readonly rotates: boolean;
  /** True if half of its rotation window has passed without a rotation. */
  readonly isOverdue: boolean;
  /** Why a `pulumi up` that includes it fails, and rotates no other token either. */
  readonly failsUp?: UpFailure;
  /** Absent if nothing is open. */
  readonly settledBy?: SettledBy;
  /** What a person should know beyond the condition. */
  readonly note?: string;
}

/** The condition of a token at `now`, Unix seconds. Undefined if it is neither live nor gone. */
export function assess(token: HeldToken, now: number): Assessment | undefined {
  const { role, expiry, rotateAt, lifetime, isProtected, isTainted, isUnproven, isGone, isDamaged } = token;
  if (!isLive(token, now) && !isGone) return undefined;
  const isDue = !isDamaged && rotateAt !== undefined && now >= rotateAt;
  const isReplaced = isDue || isTainted || isGone;
  const isExpired = expiry !== undefined && isPast(expiry, now);
  // A replacement would get the same expiration, which `check` refuses.
  const isFixedPast = isExpired && !isDue;
  const failsUp = isReplaced ? failureOf(isProtected, isFixedPast) : undefined;
  const rotates = isReplaced && failsUp === undefined;
  const assessment = (condition: Condition, settledBy?: SettledBy, note?: string): Assessment => ({
    ...{ token, condition, rotates: false, isOverdue: false },
    ...defined({ settledBy, note }),
  });
  if (role === "predecessor") {
    if (!isDamaged) return assessment("left to expire");
    return assessment("unreadable", "person", `${DAMAGED}, so it may work for ever; \`retire\` revokes it`);
  }
  if (role === "pending replacement") {
    return isGone ? undefined : assessment("interrupted replacement", "person", interruptedNote(expiry));
  }
  if (role === "pending delete") {
    const note = isGone
      ? "it is already gone; the next `pulumi up` removes it from the state"
      : "an earlier update could not revoke it; the next `pulumi up` tries again";
    return assessment("pending delete", "up", note);
  }
  const replacing = { rotates, ...defined({ failsUp }) };
  const settledBy = failsUp !== undefined || isFixedPast ? "person" : "up";
  if (isUnproven && !isGone) {
    const note = `an update failed after the token was ${token.isAdopted ? "adopted" : "minted"}; the next \`pulumi up\` settles it`;
    const failure = failsUp === undefined ? "" : `; ${FAILURES[failsUp]}`;
    return { ...assessment("unproven", settledBy, note + failure), ...replacing };
  }
  if (isExpired) return { ...assessment("expired", settledBy, noteOnExpired(token, failsUp)), ...replacing };
  if (isReplaced) {
    const isOverdue = isDue && isHalfPast(rotateAt, expiry, now);
    return { ...assessment("due", settledBy, noteOnDue(token, isOverdue)), ...replacing, isOverdue };
  }
  if (isDamaged) {
    const note = `${DAMAGED}; to mint a new one: pulumi up --replace ${quoted(token.urn)}`;
    return assessment("unreadable", "person", note);
  }
  if (expiry === undefined && rotateAt === undefined) {
    const note = "the state encrypts when it expires: give expiresAt in the program as a plain value";
    return assessment("unreadable", "person", note);
  }
  return assessment(expiry === "never" && lifetime === undefined ? "never expires" : "ok");
}

const DAMAGED = "the state is damaged and does not tell when this token expires";

/** The resources whose token an interrupted update may have minted without recording it. */
export function interruptedMints({ pendingOperations }: Deployment): readonly string[] {
  return pendingOperations
    .filter(({ type, operation }) => operation === "creating" && kindOf(type) !== undefined)
    .map(({ urn }) => partsOf(urn).resource);
}

function interruptedNote(expiry: HeldToken["expiry"]): string {
  const works = expiry === undefined ? "still works" : worksUntil(expiry);
  return (
    `an update was interrupted after it deleted a dependency and before it minted the new token: this token ${works}. ` +
    "The next `pulumi up` mints the new one and keeps this one as the previous token; removing the resource or " +
    "`pulumi destroy` revokes nothing"
  );
}

function failureOf(isProtected: boolean, isFixedPast: boolean): UpFailure | undefined {
  if (isProtected) return "protected";
  return isFixedPast ? "fixed expiration" : undefined;
}

/** Why a `pulumi up` fails on it. */
export const FAILURES: Readonly<Record<UpFailure, string>> = {
  protected: "it is protected: a `pulumi up` that would rotate it fails",
  "fixed expiration":
    "a `pulumi up` that would replace it fails, because its expiresAt has passed: give it a later one, or a lifetime",
};

function noteOnDue(token: HeldToken, isOverdue: boolean): string | undefined {
  const { isProtected, isGone } = token;
  if (isProtected) return `${isGone ? `${missingText(token)}, and ` : ""}${FAILURES.protected}`;
  if (isGone) return `${missingText(token)}; the next \`pulumi up\` mints a new one`;
  return isOverdue
    ? "overdue: half of its rotation window has passed, and no `pulumi up` has rotated it"
    : undefined;
}

function noteOnExpired(token: HeldToken, failsUp: UpFailure | undefined): string {
  const { lifetime, isProtected, isGone } = token;
  const seen = isGone ? `${missingText(token)}; ` : "";
  if (isProtected) return `${seen}it is protected: no \`pulumi up\` can replace it`;
  if (failsUp !== undefined) return seen + FAILURES[failsUp];
  return lifetime === undefined
    ? "nothing rotates it: give it a later expiresAt, or a lifetime"
    : `${seen}the next \`pulumi up\` mints a new one`;
}

/** What a refresh saw. States of earlier versions do not tell when. */
function missingText({ goneAt }: HeldToken): string {
  return goneAt === undefined ? "missing, as a refresh saw" : `missing since ${formatTime(goneAt)}`;
}

function isHalfPast(rotateAt: number, expiry: HeldToken["expiry"], now: number): boolean {
  return typeof expiry === "number" && now >= (rotateAt + expiry) / 2;
}
