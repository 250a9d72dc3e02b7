import { defined } from "../../provider/defined";
import { isPast, worksUntil } from "../../provider/domain/expiry";
import type { Deployment } from "../pulumi/export";
import { kindOf, partsOf } from "../pulumi/urn";
import { type HeldToken, isLive } from "./held-token";

/** The condition of a live token. `unreadable`: the state encrypts when it expires. */
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

export interface Assessment {
  readonly token: HeldToken;
  readonly condition: Condition;
  /** True if `pulumi up` now would rotate it. */
  readonly rotates: boolean;
  /** True if half of its rotation window has passed without a rotation. */
  readonly isOverdue: boolean;
  readonly needsPerson: boolean;
  /** What a person should know beyond the condition. */
  readonly note?: string;
}

/** The condition of a token at `now`, Unix seconds. Undefined if it is neither live nor gone. */
export function assess(token: HeldToken, now: number): Assessment | undefined {
  const { role, expiry, rotateAt, lifetime, isProtected, isTainted, isUnproven, isGone } = token;
  if (!isLive(token, now) && !isGone) return undefined;
  const assessment = (condition: Condition, rest: Partial<Assessment> = {}): Assessment => ({
    ...{ token, condition, rotates: false, isOverdue: false, needsPerson: false },
    ...rest,
  });
  const alarm = (condition: Condition, note: string, rotates = false) =>
    assessment(condition, { rotates, needsPerson: true, note });
  const isDue = rotateAt !== undefined && now >= rotateAt;
  const isReplaced = isDue || isTainted || isGone;
  const rotates = isReplaced && !isProtected;
  if (role === "predecessor") return assessment("left to expire");
  if (role === "pending replacement") {
    return isGone ? undefined : alarm("interrupted replacement", interruptedNote(expiry));
  }
  if (role === "pending delete") {
    const note = isGone
      ? "it is already gone; the next `pulumi up` removes it from the state"
      : "an earlier update could not revoke it; the next `pulumi up` tries again";
    return alarm("pending delete", note);
  }
  if (isUnproven && !isGone) {
    const note = `an update failed after the token was ${token.isAdopted ? "adopted" : "minted"}; the next \`pulumi up\` settles it`;
    return alarm("unproven", note, rotates);
  }
  if (expiry !== undefined && isPast(expiry, now)) {
    // Gone as well, it is not replaced: its replacement would have the same expiration, in the past.
    return alarm("expired", noteOnExpired(token), rotates && (isDue || isTainted));
  }
  if (isReplaced) {
    const isOverdue = isDue && isHalfPast(rotateAt, expiry, now);
    const note = noteOnDue(token, isOverdue);
    return assessment("due", {
      rotates,
      isOverdue,
      needsPerson: isProtected || isOverdue,
      ...defined({ note }),
    });
  }
  if (expiry === undefined && rotateAt === undefined) {
    return alarm(
      "unreadable",
      "the state encrypts when it expires: give expiresAt in the program as a plain value",
    );
  }
  return assessment(expiry === "never" && lifetime === undefined ? "never expires" : "ok");
}

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

function noteOnDue({ isProtected, isGone }: HeldToken, isOverdue: boolean): string | undefined {
  if (isProtected) {
    return `${isGone ? "a refresh saw that it is gone, but " : ""}it is protected: a \`pulumi up\` that would rotate it fails`;
  }
  if (isGone) return "a refresh saw that it is gone; the next `pulumi up` mints a new one";
  return isOverdue
    ? "overdue: half of its rotation window has passed, and no `pulumi up` has rotated it"
    : undefined;
}

function noteOnExpired({ lifetime, isProtected }: HeldToken): string {
  if (isProtected) return "it is protected: no `pulumi up` can replace it";
  return lifetime === undefined
    ? "nothing rotates it: give it a later expiresAt, or a lifetime"
    : "the next `pulumi up` mints a new one";
}

function isHalfPast(rotateAt: number, expiry: HeldToken["expiry"], now: number): boolean {
  return typeof expiry === "number" && now >= (rotateAt + expiry) / 2;
}
