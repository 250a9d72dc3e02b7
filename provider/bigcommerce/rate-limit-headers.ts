import { defined } from "../defined";

/** Reply headers by lower-case name, as Node.js delivers them. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** What a reply tells of its store's rate limit; absent if it is unreadable. */
export interface QuotaNews {
  readonly left?: number;
  readonly resetMs?: number;
  readonly quota?: number;
  readonly windowMs?: number;
}

/** Replaces a number with too many digits: it is then refused as too long a wait, and does not overflow. */
const MAX_COUNT = 999_999_999;

/**
 * The longest wait that the headers ask for, milliseconds. Undefined if none is readable.
 * "If both are present, honor the longer": https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits
 */
export function askedWaitMs(headers: ReplyHeaders, nowMs: number): number | undefined {
  const date = httpDateMs(headers["retry-after"]);
  const untilMs = date === undefined ? undefined : Math.max(0, date - (httpDateMs(headers.date) ?? nowMs));
  const asked = [
    count(headers["x-rate-limit-time-reset-ms"]),
    count(headers["x-retry-after"], 1_000),
    count(headers["retry-after"], 1_000) ?? untilMs,
  ].filter((ms) => ms !== undefined);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

/** The rate limit of the store's window. Every reply of the REST API carries it. A quota of 0 means no limit. */
export function quotaNews(headers: ReplyHeaders): QuotaNews {
  const left = count(headers["x-rate-limit-requests-left"]);
  const resetMs = count(headers["x-rate-limit-time-reset-ms"]);
  const quota = count(headers["x-rate-limit-requests-quota"]);
  const windowMs = count(headers["x-rate-limit-time-window-ms"]);
  return quota === 0 ? {} : defined({ left, resetMs, quota, windowMs });
}

/** True if the rate limit is certainly not the reason of a failure. Every reply carries the reset time. */
export function hasQuotaLeft(headers: ReplyHeaders): boolean {
  return (quotaNews(headers).left ?? 0) > 0;
}

/** An HTTP date in Unix milliseconds. Undefined for any other form, and for a wrong weekday or day of the month. */
export function httpDateMs(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isFinite(ms) && new Date(ms).toUTCString() === text ? ms : undefined;
}

/** Node.js joins repeated headers to one list. The first entry counts. */
function count(text: string | undefined, unit = 1): number | undefined {
  const first = text?.split(",", 1)[0]?.trim() ?? "";
  if (!/^\d+$/.test(first)) return undefined;
  return (first.length > 9 ? MAX_COUNT : Number(first)) * unit;
}
