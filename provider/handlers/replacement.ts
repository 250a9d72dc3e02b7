import { isAdopting } from "../domain/adoption";
import { fingerprint } from "../domain/fingerprint";
import { type DeleteStep, stepsOf } from "../domain/plan-delete";
import { type FreshToken, planReplacement, successionOf } from "../domain/plan-replacement";
import { wasHandedOn } from "../domain/previous-token";
import type { Replacement } from "./records";
import { effectiveExpiry, type Expiry, isPast } from "../domain/expiry";
import type { CheckedInputs, PreviewedInputs, Succession } from "../domain/state";
import { isShortOverlap } from "../domain/input-warnings";
import { type Notice, notice } from "../notice-formats";
import type { Context } from "./context";
import { revokingTargets } from "./requests";

/** Decides, in a preview and in an update, what becomes of a replaced token. Create and delete follow this decision. */
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
  // The replaced token comes first in the notices.
  for (const step of [...plan.steps].reverse()) sayStep(context, label, step, now);
}

/** The resource that still holds the previous token after this update: this resource, if it adopts that token. */
function holderOfPrevious({ record }: Context, { label, adopt }: PreviewedInputs, { old }: Replacement) {
  const name = old.previous?.fingerprint;
  if (name === undefined) return undefined;
  const isBack = isAdopting({ old }, adopt) && fingerprint(adopt) === name;
  return isBack ? label : record.keeperOf(name);
}

function sayStep(context: Context, label: string, step: DeleteStep, now: number): void {
  const { token, action, reason } = step;
  if (token.which === "previous" && reason === "held elsewhere") return;
  context.notices.say(noticeOf(label, step));
  if (token.which === "previous" || action !== "leave") return;
  warnOfShortOverlap(context, label, token.fingerprint, token.expiry, now);
}

/** The notice about a replaced token, or about its previous token. */
function noticeOf(label: string, { token, action, reason }: DeleteStep): Notice {
  const { fingerprint, expiry, isExpired, which } = token;
  const facts = { label, fingerprint };
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

/** Called in a preview, in which Pulumi calls no delete, and before the delete of an update. */
export function sayDeletedFirst({ notices }: Context, { old, fate }: Replacement, now: number): void {
  const { label, fingerprint } = old;
  const expiry = effectiveExpiry(old);
  if (old.gone || isPast(expiry, now)) return;
  notices.sayOnce(
    fate === "revoke"
      ? notice("deleted_first_revoked", { label, fingerprint })
      : notice("deleted_first_left", { label, fingerprint, expiry }),
  );
}

/** Warns, once in a process, if a token that is left to expire leaves little time to deploy the new token. */
export function warnOfShortOverlap(
  { notices }: Context,
  label: string,
  fingerprint: string,
  expiry: Expiry,
  now: number,
): void {
  if (expiry === "never" || isPast(expiry, now) || !isShortOverlap(expiry, now)) return;
  notices.sayOnce(notice("short_overlap", { label, fingerprint, expiry }));
}

/** Fails before the mint if the credential is missing that the revocation of the old tokens will need. */
export function requireRevocable(context: Context, replacement: Replacement | undefined, now: number): void {
  // The delete has come already.
  if (!replacement || replacement.isDeletedFirst) return;
  const { record, settings } = context;
  const { id, old } = replacement;
  const { steps } = stepsOf(old, record.sightingsOf(id, old), settings.onDeleteOverride(), now);
  for (const { token, action } of steps) {
    const { storeHash } = token.which === "previous" && old.previous ? old.previous : old;
    if (action === "revoke") revokingTargets(context, storeHash);
  }
}

/** What the new token's state records. The fate is decided again, because the new token may expire earlier than requested. */
export function successionFor(
  context: Context,
  fresh: FreshToken & Pick<CheckedInputs, "label">,
  replacement: Replacement | undefined,
  now: number,
): Succession {
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
