import { isAdopting } from "../domain/adoption";
import { fingerprint } from "../domain/fingerprint";
import { type DeleteStep, type PlannedToken, stepsOf } from "../domain/plan-delete";
import {
  type FreshToken,
  planReplacement,
  possibleReplacements,
  successionOf,
} from "../domain/plan-replacement";
import { wasHandedOn } from "../domain/previous-token";
import type { Replacement } from "./records";
import { effectiveExpiry, isPast } from "../domain/expiry";
import type { CheckedInputs, PreviewedInputs, Succession, TokenState } from "../domain/state";
import { isShortOverlap } from "../domain/input-warnings";
import { type Notice, notice } from "../notice-formats";
import type { Context } from "./context";
import { isVerified } from "./proof";
import { revokingTargets } from "./requests";

/**
 * Decides, in a preview and in an update, what becomes of a replaced token. Create and delete follow this decision. Only a
 * preview says it here: in an update, `create` says what became of the old token together with the new one.
 */
export function decideReplacement(
  context: Context,
  inputs: PreviewedInputs,
  replacement: Replacement,
  { isPreview, now }: { readonly isPreview: boolean; readonly now: number },
): void {
  const { record, settings } = context;
  const { old } = replacement;
  const { label } = inputs;
  if (replacement.isDeletedFirst) {
    if (isPreview) sayDeletedFirst(context, replacement, now);
    return;
  }
  const seen = { previousHeldBy: holderOfPrevious(context, inputs, replacement) };
  const [plan, ...others] = possibleReplacements(old, inputs, seen, settings.onDeleteOverride(), now);
  if (others.length === 0) record.decided(label, replacement, plan.fates);
  // The replaced token comes first in the notices.
  for (const [at, step] of [...plan.steps.entries()].reverse()) {
    const isCertain = others.every(({ steps }) => steps[at]?.action === step.action);
    if (isPreview) sayStep(context, label, step, isCertain);
    const isLeft = isCertain && step.action === "leave" && step.token.which === "own";
    if (isLeft) warnOfShortOverlap(context, old, step.token, now);
  }
}

/** The resource that still holds the previous token after this update: this resource, if it adopts that token. */
function holderOfPrevious({ record }: Context, { label, adopt }: PreviewedInputs, { old }: Replacement) {
  const name = old.previous?.fingerprint;
  if (name === undefined) return undefined;
  const isBack = isAdopting({ old }, adopt) && fingerprint(adopt) === name;
  return isBack ? label : record.keeperOf(name);
}

function sayStep({ notices }: Context, label: string, step: DeleteStep, isCertain: boolean): void {
  const { token, reason } = step;
  const { fingerprint } = token;
  if (token.which === "own" && !isCertain) notices.say(notice("replaced_undecided", { label, fingerprint }));
  else if (isCertain && reason !== "held elsewhere") notices.say(noticeOf(label, step));
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

/**
 * Warns, once in a process, if a token that is left to expire leaves less time to deploy the new token than its owner could
 * expect. `owner`: the resource's state before the replacement.
 */
export function warnOfShortOverlap(
  { notices }: Context,
  owner: Pick<TokenState, "label" | "lifetime" | "rotateBefore">,
  { fingerprint, expiry }: Pick<PlannedToken, "fingerprint" | "expiry">,
  now: number,
): void {
  const { label } = owner;
  if (expiry === "never" || isPast(expiry, now) || !isShortOverlap(expiry, owner, now)) return;
  notices.sayOnce(notice("short_overlap", { label, fingerprint, expiry }));
}

/** Says, once the new token is there, what becomes of the one that it replaces. */
export function sayReplaced(
  { record, notices, settings }: Context,
  fresh: TokenState,
  { id, old, fate, isDeletedFirst, isRotation }: Replacement,
  now: number,
): void {
  const change = isRotation && !isDeletedFirst ? ("rotated" as const) : ("replaced" as const);
  const { label, fingerprint } = fresh;
  const facts = {
    ...{ label, change, fingerprint: old.fingerprint, fresh: fingerprint },
    ...{ expiry: effectiveExpiry(fresh), verified: isVerified(fresh) },
  };
  const { steps } = stepsOf(old, record.sightingsOf(id, old), settings.onDeleteOverride(), now);
  const own = steps.find(({ token }) => token.which === "own");
  const until = effectiveExpiry(old);
  if (own?.reason === "gone") notices.say(notice("renewed_gone", facts));
  else if (until !== "never" && isPast(until, now))
    notices.say(notice("renewed_expired", { ...facts, until }));
  else if (isDeletedFirst && fate === "revoke") notices.say(notice("renewed_first", facts));
  else if (own?.action === "revoke" && !isDeletedFirst) notices.say(notice("renewed_revoked", facts));
  else notices.say(notice("renewed_left", { ...facts, until }));
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
  const { record, settings } = context;
  const { id, old, isDeletedFirst } = replacement;
  const fates = record.fatesOf(replacement);
  const isDecided = isDeletedFirst || !wasHandedOn(old);
  const plan = isDecided ? undefined : planReplacement(old, fresh, {}, settings.onDeleteOverride(), now);
  if (!plan) return successionOf(id, old, fates, now);
  const { own } = plan.fates;
  record.decided(fresh.label, replacement, { ...fates, own });
  return successionOf(id, old, { ...fates, own }, now);
}
