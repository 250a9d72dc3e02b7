import type { ApiCode } from "../request-errors";
import type { Failure } from "./classify";

export interface FailedAttempt extends Pick<Failure, "code" | "outcome" | "status" | "askedMs"> {
  /** Its number, from 1. */
  readonly attempt: number;
  /** The most attempts. */
  readonly attempts: number;
  /** True if sending it twice does no harm: true for a revocation, false for a mint. */
  readonly idempotent: boolean;
  /** What is left of the operation's deadline, milliseconds. */
  readonly leftMs: number;
  /** A number in [0, 1). */
  readonly random: number;
}

/** `final`: another attempt would not help, or is not safe. `time`: the wait is longer than the time left. */
type Decision =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "stop"; readonly reason: "final" | "attempts" | "time" };

export const MAX_ATTEMPTS = 6;
export const MIN_DELAY_MS = 200;

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 16_000;

const TRANSIENT: readonly ApiCode[] = ["connection_failed", "timeout", "rate_limited", "server_error"];

/** "Do not retry", https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits */
const PERSISTENT_STATUSES: readonly number[] = [501, 505];

/** Decides whether to try again after a failed attempt, and when. */
export function nextAttempt(failed: FailedAttempt): Decision {
  if (!isRepeatable(failed)) return { kind: "stop", reason: "final" };
  if (failed.attempt >= failed.attempts) return { kind: "stop", reason: "attempts" };
  const delayMs = failed.askedMs === undefined ? backoffMs(failed) : askedDelayMs(failed, failed.askedMs);
  return delayMs < failed.leftMs ? { kind: "retry", delayMs } : { kind: "stop", reason: "time" };
}

function isRepeatable({ code, outcome, status, idempotent }: FailedAttempt): boolean {
  if (!TRANSIENT.includes(code) || PERSISTENT_STATUSES.includes(status ?? 0)) return false;
  return outcome === "UNKNOWN" ? idempotent : outcome === "NOT_SENT" || code === "rate_limited";
}

function backoffMs({ attempt, random }: FailedAttempt): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
  return Math.max(MIN_DELAY_MS, Math.round(random * ceiling));
}

/** Never shorter than asked. Only the jitter is cut to fit into the deadline. */
function askedDelayMs({ random, leftMs }: FailedAttempt, askedMs: number): number {
  const least = Math.max(MIN_DELAY_MS, askedMs);
  const jitterMs = Math.min(random * BACKOFF_BASE_MS, Math.max(0, (leftMs - least) / 2));
  return Math.round(least + jitterMs);
}
