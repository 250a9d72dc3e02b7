import {
  effectiveExpiry,
  rightsOf,
  fateOf,
  isLongPast,
  keptPredecessor,
  livePredecessor,
  predecessorOf,
  wasHandedOn,
} from "../domain/disposition";
import type { Replacement } from "./run-record";
import type { CheckedInputs, Fate, TokenState } from "../domain/state";
import { fateNotice } from "./replacement";
import type { Context } from "./context";
import { revokingTargets } from "./requests";

/** What a successor says of its predecessor; one that nobody holds gives way to its own, unless that ends with this update. */
export function inherited(
  { memory }: Context,
  { id, old }: Replacement,
  fate: Fate,
  now: number,
): Pick<TokenState, "previous" | "previousToken"> {
  if (wasHandedOn(old)) return predecessorOf(id, old, fate, now);
  const ends = memory.fates.get(old.previous?.fingerprint ?? "") === "revoke";
  const own = ends ? {} : keptPredecessor(old, now);
  return old.gone || own.previousToken !== undefined ? own : predecessorOf(id, old, fate, now);
}

/** Before a replacement mints: what it will revoke must be revocable, as far as that can be known. */
export function requireEndings(context: Context, replacement: Replacement, now: number): void {
  // Its end is behind it.
  if (replacement.isDeletedFirst) return;
  const { old, fate } = replacement;
  const override = context.settings.onDeleteOverride();
  if (override === "letExpire") return;
  const older = livePredecessor(old, now);
  const ends = older && context.memory.fates.get(older.facts.fingerprint) === "revoke";
  if (ends) revokingTargets(context, older.facts.storeHash);
  if (old.gone) return;
  const revokes = (override ?? fate) === "revoke" && !isLongPast(effectiveExpiry(old), now);
  if (revokes) revokingTargets(context, old.storeHash);
}

/** The fate once more, from the new token's own claim: one that ends earlier than asked may not cover the old one. */
export function predecessorFor(
  context: Context,
  successor: CheckedInputs & Pick<TokenState, "effectiveExpiresAt">,
  { id, old, fate: announced, isDeletedFirst }: Replacement,
  now: number,
): Pick<TokenState, "previous" | "previousToken"> {
  if (isDeletedFirst || !wasHandedOn(old)) return inherited(context, { id, old }, announced ?? "revoke", now);
  const expiry = effectiveExpiry(successor);
  const fate = fateOf(rightsOf(old), { ...successor, expiry }, successor.overlap);
  if (fate !== announced) context.notices.say(fateNotice(context, successor.label, old, fate));
  context.memory.fates.set(old.fingerprint, fate);
  return predecessorOf(id, old, fate, now);
}
