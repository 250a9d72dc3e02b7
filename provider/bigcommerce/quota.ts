import type { QuotaNews } from "./rate-limit-headers";

/** What is known of a store's quota: how many more requests its present window takes. All times are monotonic. */
export interface Quota {
  readonly left: number;
  readonly endsAt: number;
  /** What a fresh window takes, where the store says so. */
  readonly full?: number;
  readonly windowMs: number;
  /** The window was opened by our own reckoning, and no reply has told its end yet. */
  readonly reckoned?: true;
}

/** A store's window where it does not say how long: https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits */
const DEFAULT_WINDOW_MS = 30_000;

/** The shortest wait for a window whose end is not known. */
const MIN_WINDOW_MS = 1_000;

/** What a reply adds. A reply counts from its arrival, so that a window never ends early by this reckoning. */
export function afterReply(known: Quota | undefined, news: QuotaNews, now: number): Quota | undefined {
  const { left, quota: full = known?.full } = news;
  if (left === undefined) {
    return afterSilence(known);
  }
  const windowMs = Math.max(MIN_WINDOW_MS, news.windowMs ?? known?.windowMs ?? DEFAULT_WINDOW_MS);
  const resetMs = news.resetMs ?? MIN_WINDOW_MS;
  const endsAt = now + (news.windowMs === undefined ? resetMs : Math.min(resetMs, windowMs));
  const fresh: Quota = { left, endsAt, windowMs, ...(full !== undefined && { full }) };
  if (!known || known.reckoned || known.endsAt <= now) {
    return fresh;
  }
  const drift = endsAt - known.endsAt;
  if (Math.abs(drift) <= windowMs / 2) {
    return { ...fresh, left: Math.min(known.left, left), endsAt: Math.min(known.endsAt, endsAt) };
  }
  // A reply of the window before may arrive late; its count is no longer of use.
  return drift > 0 ? fresh : known;
}

/** A request was answered without a word on the quota, or not at all: it may have been counted. */
export function afterSilence(known: Quota | undefined): Quota | undefined {
  return known && { ...known, left: Math.max(0, known.left - 1) };
}

/** Once a window is over, the next one is taken to be whole; nothing is known where its size is not. */
export function atTime(known: Quota | undefined, now: number): Quota | undefined {
  if (!known || now < known.endsAt) {
    return known;
  }
  const { full, windowMs } = known;
  return full === undefined || full === 0
    ? undefined
    : { left: full, endsAt: now + windowMs, full, windowMs, reckoned: true };
}
