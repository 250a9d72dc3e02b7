import { defined } from "../defined";
import type { QuotaNews } from "./rate-limit-headers";

/** What is known of a store's rate limit in its current window. All times are monotonic. */
export interface Quota {
  readonly left: number;
  readonly endsAt: number;
  /** The requests of a whole window, if the store tells it. */
  readonly full?: number;
  readonly windowMs: number;
  /** Set if the window was assumed after the last one ended, and no reply has confirmed it yet. */
  readonly reckoned?: true;
}

/** The window of a store that does not tell it: https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits */
const DEFAULT_WINDOW_MS = 30_000;

/** The shortest wait for a window with an unknown end. */
const MIN_WINDOW_MS = 1_000;

/** What is known after a reply. Its reset time counts from its arrival, so a window is never taken to end too early. */
export function afterReply(known: Quota | undefined, news: QuotaNews, now: number): Quota | undefined {
  const { left, quota: full = known?.full } = news;
  if (left === undefined) return afterSilence(known);
  const windowMs = Math.max(MIN_WINDOW_MS, news.windowMs ?? known?.windowMs ?? DEFAULT_WINDOW_MS);
  const resetMs = news.resetMs ?? MIN_WINDOW_MS;
  const endsAt = now + (news.windowMs === undefined ? resetMs : Math.min(resetMs, windowMs));
  const fresh: Quota = defined({ left, endsAt, windowMs, full });
  if (!known || known.reckoned || known.endsAt <= now) return fresh;
  const drift = endsAt - known.endsAt;
  if (Math.abs(drift) <= windowMs / 2) {
    return { ...fresh, left: Math.min(known.left, left), endsAt: Math.min(known.endsAt, endsAt) };
  }
  // A reply of the previous window may arrive late. Its count is outdated.
  return drift > 0 ? fresh : known;
}

/** What is known after a reply without rate-limit headers, or no reply: the store may have counted the request. */
export function afterSilence(known: Quota | undefined): Quota | undefined {
  return known && { ...known, left: Math.max(0, known.left - 1) };
}

/** After the end of a window, a whole new one is assumed. Undefined if its size is unknown. */
export function atTime(known: Quota | undefined, now: number): Quota | undefined {
  if (!known || now < known.endsAt) return known;
  const { full, windowMs } = known;
  return full ? { left: full, endsAt: now + windowMs, full, windowMs, reckoned: true } : undefined;
}
