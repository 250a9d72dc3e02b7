import { isAdopting } from "../domain/adoption";
import {
  effectiveExpiry,
  rightsOf,
  rightsOfPrevious,
  fateOf,
  isPast,
  livePredecessor,
  wasHandedOn,
} from "../domain/disposition";
import { fingerprint } from "../domain/fingerprint";
import type { Replacement } from "./run-record";
import { type Expiry, readExpiry } from "../domain/expiry";
import type { Fate, PreviewedInputs } from "../domain/state";
import { isKnown } from "../domain/unknown";
import { isShortOverlap } from "../domain/warnings";
import { type Notice, notice } from "../notice-formats";
import { type Context, nowSeconds } from "./context";

/** Says in preview and update what becomes of a token that a change replaces, and remembers it for create and delete. */
export function announce(
  context: Context,
  label: string,
  inputs: PreviewedInputs,
  replacement: Replacement,
): void {
  const { memory, notices } = context;
  const { old } = replacement;
  if (replacement.isDeletedFirst) {
    sayDeletedFirst(context, replacement);
    return;
  }
  if (!isKnown(inputs)) {
    notices.say(notice("replaced_undecided", { label, fingerprint: old.fingerprint }));
    return;
  }
  const { overlap } = inputs;
  const successor = { ...inputs, expiry: readExpiry(inputs.expiresAt) };
  const older = livePredecessor(old, nowSeconds(context));
  const sayOfOlder = (): void => {
    if (!older) return;
    const isBack =
      isAdopting(memory, label, inputs.adopt) && fingerprint(inputs.adopt) === older.facts.fingerprint;
    if (isBack || memory.holders.get(older.facts.fingerprint)?.keeps) return;
    // Of a token that nobody holds it becomes the successor's, unless that one can do less.
    const fate = wasHandedOn(old) ? "revoke" : fateOf(rightsOfPrevious(older.facts), successor, overlap);
    memory.fates.set(older.facts.fingerprint, fate);
    const isRevoked = fate === "revoke" && (context.settings.onDeleteOverride() ?? fate) === "revoke";
    const facts = { label, fingerprint: older.facts.fingerprint };
    notices.say(
      isRevoked
        ? notice("previous_revoked", facts)
        : notice("previous_left", { ...facts, expiry: readExpiry(older.facts.expiresAt) }),
    );
  };
  if (old.gone) {
    memory.replacements.set(label, { ...replacement, fate: "letExpire" });
    memory.fates.set(old.fingerprint, "letExpire");
    notices.say(notice("replaced_gone", { label, fingerprint: old.fingerprint }));
    sayOfOlder();
    return;
  }
  const fate = fateOf(rightsOf(old), successor, overlap);
  memory.replacements.set(label, { ...replacement, fate });
  memory.fates.set(old.fingerprint, fate);
  notices.say(fateNotice(context, label, old, fate));
  const isLeft = (context.settings.onDeleteOverride() ?? fate) === "letExpire";
  if (isLeft) warnOfShortOverlap(context, label, old.fingerprint, effectiveExpiry(old));
  sayOfOlder();
}

/** In a preview, whose delete does not reach us, and in an update, before its delete. */
export function sayDeletedFirst(context: Context, { old, fate }: Replacement): void {
  const { label, fingerprint: name } = old;
  const expiry = effectiveExpiry(old);
  if (old.gone || isPast(expiry, nowSeconds(context))) return;
  context.notices.sayOnce(
    fate === "revoke"
      ? notice("deleted_first_revoked", { label, fingerprint: name })
      : notice("deleted_first_left", { label, fingerprint: name, expiry }),
  );
}

/** Tells once a process how little time a token that is left to expire leaves to those who use it. */
export function warnOfShortOverlap(context: Context, label: string, name: string, expiry: Expiry): void {
  const now = nowSeconds(context);
  if (expiry === "never" || isPast(expiry, now) || !isShortOverlap(expiry, now)) return;
  context.notices.sayOnce(notice("short_overlap", { label, fingerprint: name, expiry }));
}

/** What is said of a token that a change replaces. */
export function fateNotice(context: Context, label: string, old: Replacement["old"], fate: Fate): Notice {
  const facts = { label, fingerprint: old.fingerprint };
  const expiry = effectiveExpiry(old);
  if (isPast(expiry, nowSeconds(context))) return notice("replaced_expired", { ...facts, expiry });
  return (context.settings.onDeleteOverride() ?? fate) === "revoke"
    ? notice("replaced_revoked", facts)
    : notice("replaced_left", { ...facts, expiry });
}
