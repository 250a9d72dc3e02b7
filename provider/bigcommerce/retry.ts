import type { ApiCode } from "../error-codes";
import type { Outcome } from "./errors";

/** An attempt that has just failed. */
export interface FailedAttempt {
  /** Its number, from 1. */
  readonly attempt: number;
  /** How many attempts there are in all. */
  readonly attempts: number;
  /** Whether doing it twice does no harm: true of a revoke, never of a mint. */
  readonly idempotent: boolean;
  readonly code: ApiCode;
  readonly outcome: Outcome;
  readonly status?: number;
  /** Milliseconds that the server asked to wait, where it did. */
  readonly askedMs?: number;
  /** Milliseconds left of the operation's deadline. */
  readonly leftMs: number;
  /** A number in [0, 1). */
  readonly random: number;
}

/** `final`: sending it again is of no use, or not safe. `time`: the wait does not fit into what is left. */
export type Decision =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "stop"; readonly reason: "final" | "attempts" | "time" };

export const MAX_ATTEMPTS = 6;
export const MIN_DELAY_MS = 200;

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 16_000;

const TRANSIENT: ReadonlySet<ApiCode> = new Set([
  "connection_failed",
  "timeout",
  "rate_limited",
  "server_error",
]);

/** "Do not retry", https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits */
const PERSISTENT_STATUSES: ReadonlySet<number> = new Set([501, 505]);

/** Decides whether a failed attempt is followed by another one, and after how long. */
export function nextAttempt(failed: FailedAttempt): Decision {
  if (!isRepeatable(failed)) {
    return { kind: "stop", reason: "final" };
  }
  if (failed.attempt >= failed.attempts) {
    return { kind: "stop", reason: "attempts" };
  }
  const delayMs = failed.askedMs === undefined ? backoffMs(failed) : askedDelayMs(failed, failed.askedMs);
  return delayMs < failed.leftMs ? { kind: "retry", delayMs } : { kind: "stop", reason: "time" };
}

function isRepeatable({ code, outcome, status, idempotent }: FailedAttempt): boolean {
  if (!TRANSIENT.has(code) || (status !== undefined && PERSISTENT_STATUSES.has(status))) {
    return false;
  }
  return outcome === "UNKNOWN" ? idempotent : outcome === "NOT_SENT" || code === "rate_limited";
}

function backoffMs({ attempt, random }: FailedAttempt): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
  return Math.max(MIN_DELAY_MS, Math.round(random * ceiling));
}

/** Never shorter than asked; the jitter on top yields to the deadline, the asked time does not. */
function askedDelayMs({ random, leftMs }: FailedAttempt, askedMs: number): number {
  const least = Math.max(MIN_DELAY_MS, askedMs);
  const jitterMs = Math.min(random * BACKOFF_BASE_MS, Math.max(0, (leftMs - least) / 2));
  return Math.round(least + jitterMs);
}
