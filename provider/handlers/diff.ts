import { defined } from "../defined";
import { planDeletedFirst } from "../domain/plan-replacement";
import { livePrevious } from "../domain/previous-token";
import { TokensError } from "../errors";
import { rotateBeforeSeconds } from "../domain/inputs";
import { durationSeconds, effectiveExpiry, isDue, movesWithTheClock, readExpiry } from "../domain/expiry";
import { type PreviewedInputs, REPLACING, type TokenState } from "../domain/state";
import { hasUnknown, isKnown } from "../domain/unknown";
import { notice } from "../notice-formats";
import { dueSince } from "../domain/warnings";
import { holdsOrHeld } from "../domain/adoption";
import { warnOfShortOverlap } from "./replacement";
import { type Context, nowSeconds, overrideOf } from "./context";

export interface DiffResult {
  readonly changes: boolean;
  /** The inputs by which the token is replaced. */
  readonly replaces: readonly string[];
}

/** Whether the token is replaced, or only the record changes. Sends nothing. */
export function diff(context: Context, id: string, olds: TokenState, news: PreviewedInputs): DiffResult {
  const { record } = context;
  const { label } = news;
  const now = nowSeconds(context);
  record.shows(id, olds);
  record.names(id, olds, label);
  const checked = !record.isRefresh(label);

  const replaces: string[] = REPLACING.filter((input) => differs(olds[input], news[input]));
  const { adopt } = news;
  if (typeof adopt === "string" && !holdsOrHeld(olds, adopt)) replaces.push("adopt");
  // So Pulumi asks, before any check, if it will delete a dependency before it replaces it.
  if (!checked && replaces.length > 0 && hasUnknown(news)) {
    const { fates } = planDeletedFirst(olds, overrideOf(context), now);
    record.deletesFirst(label, { id, old: olds, fate: fates.own });
  }
  if (checked) {
    const isFresh = replaces.includes("expiresAt");
    // An adopted token has its own expiration.
    if (isFresh && !replaces.includes("adopt")) refuseMovingExpiry(olds, news, now);
    if (!isFresh && isDueByClaim(olds, news, now)) replaces.push("expiresAt");
    if (olds.gone) replaces.push("token");
    const other = record.compared(label, { id, old: olds }, replaces.length > 0);
    if (other !== undefined) {
      context.notices.say(notice("shared", { label, holder: other, fingerprint: olds.fingerprint }));
    }
    if (replaces.includes("expiresAt") && !replaces.includes("adopt")) warnOfDue(context, olds, news, now);
    if (replaces.length === 0) warnOfPrevious(context, olds, label, now);
  }
  const settles = checked && olds.verified === false;
  return { changes: replaces.length > 0 || settles || recordDiffers(olds, news), replaces };
}

function differs(old: unknown, fresh: unknown): boolean {
  return hasUnknown(fresh) || JSON.stringify(old) !== JSON.stringify(fresh);
}

function recordDiffers(olds: TokenState, news: PreviewedInputs): boolean {
  const policy = defined({ lifetime: news.lifetime, rotateBefore: news.rotateBefore });
  return (
    (["overlap", "onDelete", "verify", "label", "apiUrl"] as const).some((input) =>
      differs(olds[input], news[input]),
    ) ||
    // The state must record that its token was adopted, so that it is not adopted again.
    (news.adopt !== undefined && olds.adopted === undefined) ||
    !isKnown(policy) ||
    durationSeconds(olds.lifetime ?? "") !== durationSeconds(policy.lifetime ?? "") ||
    rotateBeforeSeconds(olds) !== rotateBeforeSeconds(policy)
  );
}

/** Only the outputs tell that BigCommerce granted a token for less time than requested. */
function isDueByClaim(olds: TokenState, news: PreviewedInputs, now: number): boolean {
  const policy = defined({ lifetime: news.lifetime, rotateBefore: news.rotateBefore });
  if (olds.effectiveExpiresAt === undefined || !isKnown(policy)) return false;
  const lifetime = durationSeconds(policy.lifetime ?? "");
  if (lifetime === undefined) return false;
  // A token that was kept because it expires too early would be replaced in every run. `update` reports it instead.
  if (olds.verified === false) return false;
  return isDue({
    now,
    expiry: effectiveExpiry(olds),
    lifetime,
    rotateBefore: rotateBeforeSeconds(policy),
    oldLifetime: durationSeconds(olds.lifetime ?? ""),
  });
}

/** Warns that the token is due. Pulumi may still refuse the replacement, as it does with `protect`. */
function warnOfDue(context: Context, olds: TokenState, news: PreviewedInputs, now: number): void {
  const { label, expiresAt, lifetime, rotateBefore } = news;
  if (lifetime === undefined || hasUnknown([expiresAt, lifetime, rotateBefore])) return;
  const since = dueSince(olds, now);
  if (since !== undefined) context.notices.sayOnce(notice("due", { label, since }));
}

/** Warns that the previous token, which had much time left when it was replaced, expires soon. */
function warnOfPrevious(context: Context, olds: TokenState, label: string, now: number): void {
  const facts = livePrevious(olds, now);
  if (!facts || context.record.keeperOf(facts.fingerprint) !== undefined) return;
  warnOfShortOverlap(context, label, facts.fingerprint, readExpiry(facts.expiresAt), now);
}

function refuseMovingExpiry(olds: TokenState, news: PreviewedInputs, now: number): void {
  const { expiresAt } = news;
  const fixed = olds.lifetime === undefined && news.lifetime === undefined;
  if (!fixed || !isKnown(expiresAt)) return;
  const old = { expiry: readExpiry(olds.expiresAt), issuedAt: Date.parse(olds.issuedAt) / 1000 };
  if (!movesWithTheClock(now, readExpiry(expiresAt), old)) return;
  throw new TokensError(
    "expiry_moves",
    `${news.label}: expiresAt moves with the clock, which would replace the token on every update; say lifetime instead`,
  );
}
