import type { Deployment } from "../pulumi/export";
import { worksUntil } from "../../provider/domain/expiry";
import { type HeldToken, isLive } from "./held-token";
import { kindOf, partsOf } from "../pulumi/urn";

/** What a live token is in; `unreadable` where the state keeps its end secret. */
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
  /** Whether an `up` now would rotate it. */
  readonly rotates: boolean;
  /** Whether half of its rotation window has gone by without a rotation. */
  readonly isOverdue: boolean;
  readonly needsPerson: boolean;
  /** What a person should know, where the condition does not say it. */
  readonly note?: string;
}

/** What is known of a live token at `now`, Unix seconds; undefined for one that nobody need know of. */
export function assess(token: HeldToken, now: number): Assessment | undefined {
  const { role, expiry, rotateAt, lifetime, isProtected, isTainted, isUnproven, isGone } = token;
  if (!isLive(token, now) && !isGone) return undefined;
  const judged = (condition: Condition, rest: Partial<Assessment> = {}): Assessment => ({
    ...{ token, condition, rotates: false, isOverdue: false, needsPerson: false },
    ...rest,
  });
  const isDue = rotateAt !== undefined && now >= rotateAt;
  const isReplaced = isDue || isTainted || isGone;
  const rotates = isReplaced && !isProtected;
  if (role === "predecessor") return judged("left to expire");
  if (role === "pending replacement") {
    return isGone
      ? undefined
      : judged("interrupted replacement", { needsPerson: true, note: interruptedNote(expiry) });
  }
  if (role === "pending delete") {
    const note = isGone
      ? "it is gone already, and the next `up` takes it out of the state"
      : "an earlier update could not end it, and the next `up` tries again";
    return judged("pending delete", { needsPerson: true, note });
  }
  if (isUnproven && !isGone) {
    const note = `an update failed after it was ${token.isAdopted ? "adopted" : "minted"}; the next \`up\` settles it`;
    return judged("unproven", { rotates, needsPerson: true, note });
  }
  if (expiry !== undefined && expiry !== "never" && now >= expiry) {
    // That it is gone as well mints nothing: its successor would have expired too.
    const isRotated = rotates && (isDue || isTainted);
    return judged("expired", { rotates: isRotated, needsPerson: true, note: noteOnExpired(token) });
  }
  if (isReplaced) {
    const isOverdue = isDue && isHalfGone(rotateAt, expiry, now);
    const note = noteOnDue(token, isOverdue);
    return judged("due", {
      rotates,
      isOverdue,
      needsPerson: isProtected || isOverdue,
      ...(note && { note }),
    });
  }
  if (expiry === undefined && rotateAt === undefined) {
    const note = "its end is a secret in the state: give expiresAt to the program as it is, it is none";
    return judged("unreadable", { needsPerson: true, note });
  }
  return judged(expiry === "never" && lifetime === undefined ? "never expires" : "ok");
}

/** Tokens of ours that an interrupted update may have minted without recording them. */
export function interruptedMints({ pendingOperations }: Deployment): readonly string[] {
  return pendingOperations
    .filter(({ type, operation }) => operation === "creating" && kindOf(type) !== undefined)
    .map(({ urn }) => partsOf(urn).resource);
}

function interruptedNote(expiry: HeldToken["expiry"]): string {
  const works = expiry === undefined ? "still works" : worksUntil(expiry);
  return (
    `an update ended after a dependency was deleted first and before its replacement was minted: it ${works}; the next ` +
    "`up` mints another and keeps it as the previous token, a removal or destroy revokes nothing"
  );
}

function noteOnDue({ isProtected, isGone }: HeldToken, isOverdue: boolean): string | undefined {
  if (isProtected) {
    return `${isGone ? "a refresh saw that it is gone, but " : ""}it is protected: an \`up\` that would rotate it fails`;
  }
  if (isGone) return "a refresh saw that it is gone; the next `up` mints its successor";
  return isOverdue ? "overdue: half of its rotation window is gone, and no `up` has rotated it" : undefined;
}

function noteOnExpired({ lifetime, isProtected }: HeldToken): string {
  if (isProtected) return "it is protected, so that no `up` can replace it";
  return lifetime === undefined
    ? "nothing rotates it: give it a later expiresAt, or a lifetime"
    : "the next `up` mints its successor";
}

function isHalfGone(rotateAt: number, expiry: HeldToken["expiry"], now: number): boolean {
  return typeof expiry === "number" && now >= (rotateAt + expiry) / 2;
}
