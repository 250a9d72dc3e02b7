import { defined } from "../defined";
import { planDeletedFirst } from "../domain/plan-replacement";
import { livePrevious } from "../domain/previous-token";
import { TokensError } from "../errors";
import { durationSeconds, effectiveExpiry } from "../domain/expiry";
import { REPLACING } from "../domain/properties";
import type { PreviewedInputs, TokenState } from "../domain/state";
import { hasUnknown, isKnown } from "../domain/unknown";
import { notice } from "../notice-formats";
import { holdsOrHeld } from "../domain/adoption";
import { warnOfShortOverlap } from "./replacement";
import { type Context, nowSeconds, overrideOf } from "./context";
import { isTooSoon } from "./timing";
import { dueSince, isDue, movesWithTheClock, rotateBeforeSeconds } from "../domain/rotation";

/** What `replaces` names beside inputs: the token is gone. */
const GONE = "token";

/**
 * Whether the token is replaced, or only the record changes. `replaces`: the properties that replace it. `updates`: the
 * inputs that only the record has. Sends nothing.
 */
export function diff(
  context: Context,
  id: string,
  olds: TokenState,
  news: PreviewedInputs,
): { readonly changes: boolean; readonly replaces: readonly string[]; readonly updates: readonly string[] } {
  const { record, notices } = context;
  const { label, adopt } = news;
  const now = nowSeconds(context);
  record.shows(id, olds);
  record.names(id, olds, label);
  const checked = !record.isRefresh(label);

  const replaces: string[] = REPLACING.filter((input) => differs(olds[input], news[input]));
  const isFresh = replaces.includes("expiresAt");
  const isAdopting = typeof adopt === "string" && !holdsOrHeld(olds, adopt);
  if (isAdopting) replaces.push("adopt");
  // Before any check, Pulumi asks like this if it will delete a dependency before it replaces it.
  if (!checked && replaces.length > 0 && hasUnknown(news)) {
    const { fates } = planDeletedFirst(olds, overrideOf(context), now);
    record.deletesFirst(label, { id, old: olds, fate: fates.own });
  }
  if (checked) {
    // An adopted token has its own expiration.
    if (isFresh && !isAdopting) refuseMovingExpiry(olds, news, now);
    if (!isFresh && isDueByClaim(olds, news, now)) replaces.push("expiresAt");
    if (olds.gone && mayMint(news, now)) replaces.push(GONE);
    const isRotation = replaces.join() === "expiresAt" && news.lifetime !== undefined;
    const replacement = { id, old: olds, ...(isRotation && { isRotation }) };
    const holder = record.compared(label, replacement, replaces.length > 0);
    if (holder !== undefined) notices.say(notice("shared", { label, holder, fingerprint: olds.fingerprint }));
    if (replaces.length > 0 && !isAdopting) warnOfProtected(context, olds, news, now);
    if (replaces.length === 0) warnOfPrevious(context, olds, label, now);
  }
  const settles = checked && olds.verified === false;
  const updates = changedRecord(olds, news);
  return { changes: replaces.length > 0 || settles || updates.length > 0, replaces, updates };
}

function differs(old: unknown, fresh: unknown): boolean {
  return hasUnknown(fresh) || JSON.stringify(old) !== JSON.stringify(fresh);
}

function changedRecord(olds: TokenState, news: PreviewedInputs): readonly string[] {
  const policy = policyOf(news);
  const changed = {
    overlap: differs(olds.overlap, news.overlap),
    onDelete: differs(olds.onDelete, news.onDelete),
    verify: differs(olds.verify, news.verify),
    label: differs(olds.label, news.label),
    apiUrl: differs(olds.apiUrl, news.apiUrl),
    // The state must record that its token was adopted, so that it is not adopted again.
    adopt: news.adopt !== undefined && olds.adopted === undefined,
    lifetime: !isKnown(policy) || durationSeconds(olds.lifetime) !== durationSeconds(policy.lifetime),
    rotateBefore: !isKnown(policy) || rotateBeforeSeconds(olds) !== rotateBeforeSeconds(policy),
  };
  return Object.entries(changed).flatMap(([input, isChanged]) => (isChanged ? [input] : []));
}

/** False if a fixed expiration has passed: the check of the new token would refuse it, and with it the whole update. */
function mayMint({ lifetime, expiresAt }: PreviewedInputs, now: number): boolean {
  return lifetime !== undefined || !isKnown(expiresAt) || !isTooSoon(expiresAt, now);
}

/** Check uses only the requested expiration. A token whose claim is earlier is due earlier. */
function isDueByClaim(olds: TokenState, news: PreviewedInputs, now: number): boolean {
  const policy = policyOf(news);
  if (olds.effectiveExpiresAt === undefined || !isKnown(policy)) return false;
  const lifetime = durationSeconds(policy.lifetime);
  // A token that was kept because it expires too early would be replaced in every run. `update` reports it instead.
  if (lifetime === undefined || olds.verified === false) return false;
  const facts = { expiry: effectiveExpiry(olds), oldLifetime: durationSeconds(olds.lifetime) };
  return isDue({ now, lifetime, rotateBefore: rotateBeforeSeconds(policy), ...facts });
}

function policyOf({ lifetime, rotateBefore }: PreviewedInputs) {
  return defined({ lifetime, rotateBefore });
}

/** Warns where Pulumi will refuse to replace a token that is gone, or due. Its refusal does not say why the token is replaced. */
function warnOfProtected(
  { notices, record }: Context,
  olds: TokenState,
  news: PreviewedInputs,
  now: number,
): void {
  const { label, expiresAt, lifetime, rotateBefore } = news;
  const { fingerprint } = olds;
  if (!record.isProtected(label)) return;
  if (olds.gone) notices.sayOnce(notice("gone_protected", { label, fingerprint, since: olds.goneAt }));
  if (olds.gone || lifetime === undefined || hasUnknown([expiresAt, lifetime, rotateBefore])) return;
  const since = dueSince(olds, now);
  if (since !== undefined) notices.sayOnce(notice("due_protected", { label, fingerprint, since }));
}

/** Warns that the previous token, which had much time left when it was replaced, expires soon. */
function warnOfPrevious(context: Context, olds: TokenState, label: string, now: number): void {
  const previous = livePrevious(olds, now);
  if (!previous || context.record.keeperOf(previous.fingerprint) !== undefined) return;
  const { fingerprint, expiresAt: expiry } = previous;
  warnOfShortOverlap(context, { ...olds, label }, { fingerprint, expiry }, now);
}

function refuseMovingExpiry(olds: TokenState, { label, expiresAt, lifetime }: PreviewedInputs, now: number) {
  if (olds.lifetime !== undefined || lifetime !== undefined || !isKnown(expiresAt)) return;
  if (!movesWithTheClock(now, expiresAt, { expiry: olds.expiresAt, issuedAt: olds.issuedAt })) return;
  throw new TokensError(
    "expiry_moves",
    `${label}: expiresAt moves with the clock, which would replace the token on every update; say lifetime instead`,
  );
}
