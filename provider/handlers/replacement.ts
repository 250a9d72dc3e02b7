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
import { type Expiry, formatExpiry, readExpiry, worksUntil } from "../domain/expiry";
import type { Fate, PreviewedInputs } from "../domain/state";
import { isKnown } from "../domain/unknown";
import { overlapWarning } from "../domain/warnings";
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
    notices.say(`${label}: token ${old.fingerprint} may be replaced; the update will say what becomes of it`);
    return;
  }
  const { overlap } = inputs;
  const successor = { ...inputs, expiry: readExpiry(inputs.expiresAt) };
  const older = livePredecessor(old, nowSeconds(context));
  const sayOfOlder = (): void => {
    if (!older) return;
    const { expiresAt } = older.facts;
    const isBack =
      isAdopting(memory, label, inputs.adopt) && fingerprint(inputs.adopt) === older.facts.fingerprint;
    if (isBack || memory.holders.get(older.facts.fingerprint)?.keeps) return;
    // Of a token that nobody holds it becomes the successor's, unless that one can do less.
    const fate = wasHandedOn(old) ? "revoke" : fateOf(rightsOfPrevious(older.facts), successor, overlap);
    memory.fates.set(older.facts.fingerprint, fate);
    const expiry = readExpiry(expiresAt);
    const end = fate === "revoke" ? ending(context, fate, expiry) : worksUntil(expiry);
    notices.say(`${label}: token ${older.facts.fingerprint}, its predecessor, ${end}`);
  };
  if (old.gone) {
    memory.replacements.set(label, { ...replacement, fate: "letExpire" });
    memory.fates.set(old.fingerprint, "letExpire");
    notices.say(`${label}: token ${old.fingerprint}, which is gone, is replaced`);
    sayOfOlder();
    return;
  }
  const fate = fateOf(rightsOf(old), successor, overlap);
  memory.replacements.set(label, { ...replacement, fate });
  memory.fates.set(old.fingerprint, fate);
  notices.say(fateLine(context, label, old, fate));
  const isLeft = (context.settings.onDeleteOverride() ?? fate) === "letExpire";
  if (isLeft) warnOfShortOverlap(context, label, old.fingerprint, effectiveExpiry(old));
  sayOfOlder();
}

/** In a preview, whose delete does not reach us, and in an update, before its delete. */
export function sayDeletedFirst(context: Context, { old, fate }: Replacement): void {
  const { label, fingerprint: name } = old;
  const expiry = effectiveExpiry(old);
  const why = "because what it depends on is deleted before it is replaced";
  if (old.gone || isPast(expiry, nowSeconds(context))) return;
  context.notices.sayOnce(
    fate === "revoke"
      ? `${label}: token ${name} will be revoked before its successor exists, ${why}`
      : `${label}: token ${name} ${worksUntil(expiry)}, ${why}; \`pulumi-bigcommerce-tokens retire\` revokes ` +
          "it once its successor is in use, BIGCOMMERCE_ON_DELETE=revoke at once",
  );
}

/** Tells once a process how little time a token that is left to expire leaves to those who use it. */
export function warnOfShortOverlap(context: Context, label: string, name: string, expiry: Expiry): void {
  const now = nowSeconds(context);
  const warning = isPast(expiry, now) ? undefined : overlapWarning(expiry, now);
  if (warning !== undefined) context.notices.sayOnce(`warning: ${label}: token ${name} ${warning}`);
}

/** The line on a token that a change replaces. */
export function fateLine(context: Context, label: string, old: Replacement["old"], fate: Fate): string {
  return `${label}: token ${old.fingerprint} ${ending(context, fate, effectiveExpiry(old))}`;
}

function ending(context: Context, fate: Fate, expiry: Expiry): string {
  if (isPast(expiry, nowSeconds(context))) return `expired at ${formatExpiry(expiry)}`;
  return (context.settings.onDeleteOverride() ?? fate) === "revoke"
    ? "will be revoked at the end of this update (BigCommerce takes up to about 60 s to apply it)"
    : worksUntil(expiry);
}
