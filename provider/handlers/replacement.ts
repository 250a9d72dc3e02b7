import { isAdopting } from "../domain/adoption";
import { fingerprint } from "../domain/fingerprint";
import { type DeleteStep, stepsOf } from "../domain/plan-delete";
import { type FreshToken, planReplacement, successionOf } from "../domain/plan-replacement";
import { wasHandedOn } from "../domain/previous-token";
import type { Replacement } from "./records";
import { effectiveExpiry, type Expiry, isPast } from "../domain/expiry";
import type { CheckedInputs, PreviewedInputs, TokenState } from "../domain/state";
import { isShortOverlap } from "../domain/warnings";
import { type Notice, notice } from "../notice-formats";
import type { Context } from "./context";
import { revokingTargets } from "./requests";

/** Decides in preview and update what becomes of a token that a change replaces: create and delete go by it. */
export function decideReplacement(
  context: Context,
  inputs: PreviewedInputs,
  replacement: Replacement,
  now: number,
): void {
  const { record, notices, settings } = context;
  const { old } = replacement;
  const { label } = inputs;
  if (replacement.isDeletedFirst) {
    sayDeletedFirst(context, replacement, now);
    return;
  }
  const seen = { previousHeldBy: holderOfPrevious(context, inputs, replacement) };
  const plan = planReplacement(old, inputs, seen, settings.onDeleteOverride(), now);
  if (!plan) {
    notices.say(notice("replaced_undecided", { label, fingerprint: old.fingerprint }));
    return;
  }
  record.decided(label, replacement, plan.fates);
  // A reader looks for the replaced token first.
  for (const step of [...plan.steps].reverse()) sayStep(context, label, step, now);
}

/** The resource that holds the previous token after this update too: this one, if it adopts it. */
function holderOfPrevious(
  { record }: Context,
  { label, adopt }: PreviewedInputs,
  { old }: Replacement,
): string | undefined {
  const name = old.previous?.fingerprint;
  if (name === undefined) return undefined;
  const isBack = isAdopting({ old }, adopt) && fingerprint(adopt) === name;
  return isBack ? label : record.keeperOf(name);
}

function sayStep(context: Context, label: string, step: DeleteStep, now: number): void {
  const { token, action, reason } = step;
  const { fingerprint: name, expiry } = token;
  if (token.which === "previous" && reason === "held elsewhere") return;
  context.notices.say(noticeOf(label, step));
  if (token.which === "own" && action === "leave") warnOfShortOverlap(context, label, name, expiry, now);
}

/** What is said of a token that a change replaces. */
function noticeOf(label: string, { token, action, reason }: DeleteStep): Notice {
  const { expiry, isExpired, which } = token;
  const facts = { label, fingerprint: token.fingerprint };
  if (which === "previous") {
    return action === "revoke"
      ? notice("previous_revoked", facts)
      : notice("previous_left", { ...facts, expiry });
  }
  if (reason === "gone") return notice("replaced_gone", facts);
  if (isExpired) return notice("replaced_expired", { ...facts, expiry });
  return action === "revoke"
    ? notice("replaced_revoked", facts)
    : notice("replaced_left", { ...facts, expiry });
}

/** In a preview, whose delete does not reach us, and in an update, before its delete. */
export function sayDeletedFirst(context: Context, { old, fate }: Replacement, now: number): void {
  const { label, fingerprint: name } = old;
  const expiry = effectiveExpiry(old);
  if (old.gone || isPast(expiry, now)) return;
  context.notices.sayOnce(
    fate === "revoke"
      ? notice("deleted_first_revoked", { label, fingerprint: name })
      : notice("deleted_first_left", { label, fingerprint: name, expiry }),
  );
}

/** Tells once a process how little time a token that is left to expire leaves to those who use it. */
export function warnOfShortOverlap(
  context: Context,
  label: string,
  name: string,
  expiry: Expiry,
  now: number,
): void {
  if (expiry === "never" || isPast(expiry, now) || !isShortOverlap(expiry, now)) return;
  context.notices.sayOnce(notice("short_overlap", { label, fingerprint: name, expiry }));
}

/** Before a replacement mints: what it will revoke must be revocable, as far as that can be known. */
export function requireRevocable(context: Context, replacement: Replacement | undefined, now: number): void {
  // The delete came first.
  if (!replacement || replacement.isDeletedFirst) return;
  const { record, settings } = context;
  const { id, old } = replacement;
  const { steps } = stepsOf(old, record.sightingsOf(id, old), settings.onDeleteOverride(), now);
  for (const { token, action } of steps) {
    const { storeHash } = token.which === "previous" && old.previous ? old.previous : old;
    if (action === "revoke") revokingTargets(context, storeHash);
  }
}

/** What the new token's state records. Its own claims decide the fate again: it may expire earlier than requested. */
export function successionFor(
  context: Context,
  fresh: FreshToken & Pick<CheckedInputs, "label">,
  replacement: Replacement | undefined,
  now: number,
): Pick<TokenState, "previous" | "previousToken"> {
  if (!replacement) return {};
  const { record, notices, settings } = context;
  const { id, old, fate: decided, isDeletedFirst } = replacement;
  const fates = record.fatesOf(replacement);
  const isDecided = isDeletedFirst || !wasHandedOn(old);
  const plan = isDecided ? undefined : planReplacement(old, fresh, {}, settings.onDeleteOverride(), now);
  if (!plan) return successionOf(id, old, fates, now);
  const { own } = plan.fates;
  const step = plan.steps.find(({ token }) => token.which === "own");
  if (step && own !== decided) notices.say(noticeOf(fresh.label, step));
  record.decided(fresh.label, replacement, { ...fates, own });
  return successionOf(id, old, { ...fates, own }, now);
}
