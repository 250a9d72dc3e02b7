import { defined } from "../defined";
import { classify, type Failure } from "./classify";
import type { Connection } from "./connection";
import type { Endpoint, Target } from "./endpoint";
import { MAX_RATE_LIMIT_WAIT_MS } from "./rate-limiter";
import { MAX_ATTEMPTS, nextAttempt } from "./retry";
import type { Exchange, Reply } from "./transport";

/** One mint, revocation or read of a list. Its deadline covers all attempts, waits, headers and bodies. */
export interface Operation extends Connection {
  /** Starts the deadline at the first call, when the rate limiter admits the first request. */
  begin(): AbortSignal;
  hasBegun(): boolean;
  leftMs(): number;
  /** The longest wait for the rate limiter before the deadline starts, milliseconds. */
  readonly queueMs: number;
}

/** A request, and what counts as its success. */
export interface Call<T> {
  readonly endpoint: Endpoint;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Set if the store's rate limit does not count the request. It is then sent at once. */
  readonly isUnlimited?: true;
  readonly idempotent: boolean;
  /** The most attempts. Default: 6. */
  readonly attempts?: number;
  /** The share of the remaining time that one attempt may take. Default: 1/2; 1 for the last attempt and the only one. */
  readonly share?: number;
  /** Called just before the request is sent. If it throws, nothing is sent. */
  readonly onSend?: () => void;
  readonly maxBodyBytes?: number;
  /** Masked in every text of the server. */
  readonly secrets: readonly string[];
  /** The value of a successful reply; undefined for any other. */
  readonly accept: (reply: Reply) => T | undefined;
}

export type Result<T> = { readonly ok: true; readonly value: T } | Failed;

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
  /** The complete reply, if one came. */
  readonly reply?: Reply;
  readonly attempts: number;
  /** Why no further attempt was made, if the failure does not say it. */
  readonly stopped?: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 64 * 1024;
const BUDGET_SPENT = "No further attempt: too many requests to this store failed in this run.";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the compiler would copy an imported file into dist
const { version } = require("pulumi-bigcommerce-tokens/package.json") as { readonly version: string };
const USER_AGENT = `pulumi-bigcommerce-tokens/${version}`;

export function beginOperation(
  connection: Connection,
  timeoutMs: number,
  queueMs = MAX_RATE_LIMIT_WAIT_MS,
): Operation {
  const { clock } = connection;
  let running: { readonly since: number; readonly deadline: AbortSignal } | undefined;
  return {
    ...connection,
    queueMs,
    begin() {
      running ??= { since: clock.monotonic(), deadline: clock.deadline(timeoutMs) };
      return running.deadline;
    },
    hasBegun: () => running !== undefined,
    leftMs() {
      if (running === undefined) return timeoutMs;
      // Timers of signals take whole milliseconds.
      return Math.max(0, Math.floor(timeoutMs - (clock.monotonic() - running.since)));
    },
  };
}

/** Repeats a call until it succeeds or the retry policy stops it. The attempts of `before` and their outcome count. */
export async function perform<T>(operation: Operation, call: Call<T>, before?: Failed): Promise<Result<T>> {
  const { clock, retryBudget } = operation;
  const first = (before?.attempts ?? 0) + 1;
  // A later refusal does not undo what an earlier attempt may have done.
  let isUnknown = before?.failure.outcome === "UNKNOWN";
  let earlier: Failed | undefined;
  for (let attempt = first; ; attempt += 1) {
    const sent = await sendOnce(operation, call, attempt);
    if (sent.ok) {
      retryBudget.refund(attempt > first);
      return sent;
    }
    isUnknown ||= sent.failure.outcome === "UNKNOWN";
    const result: Failed = isUnknown ? { ...sent, failure: { ...sent.failure, outcome: "UNKNOWN" } } : sent;
    if (sent.stopped !== undefined) {
      // The failure that made this attempt necessary says more than the rate limit that stopped it.
      return earlier ? { ...earlier, stopped: sent.stopped } : result;
    }
    earlier = result;
    const leftMs = operation.leftMs();
    const { code, askedMs } = sent.failure;
    const { attempts = MAX_ATTEMPTS, idempotent } = call;
    const random = clock.random();
    const decision = nextAttempt({ ...sent.failure, attempt, attempts, idempotent, leftMs, random });
    if (decision.kind === "stop") {
      return decision.reason === "time" ? { ...result, stopped: outOfTime(askedMs, leftMs) } : result;
    }
    if (!retryBudget.spend(code === "timeout")) return { ...result, stopped: BUDGET_SPENT };
    try {
      await clock.sleep(decision.delayMs, operation.begin());
    } catch {
      return { ...result, stopped: outOfTime(undefined, 0) };
    }
    // A machine that slept wakes after the deadline, before the deadline's timer has run.
    if (operation.leftMs() === 0) return { ...result, stopped: outOfTime(undefined, 0) };
  }
}

/** Sends a call once, as soon as the store's rate limiter admits it. */
export async function sendOnce<T>(operation: Operation, call: Call<T>, attempt = 1): Promise<Result<T>> {
  const { clock, target } = operation;
  const { endpoint, body, idempotent, attempts = MAX_ATTEMPTS } = call;
  // An attempt leaves time for the next one: one lost reply must not use up the whole operation.
  const { share = idempotent && attempt < attempts ? 1 / 2 : 1 } = call;
  // Before the deadline starts, a request may wait for `queueMs`; after that, for what is left of the deadline.
  const urgent = operation.hasBegun();
  const maxWaitMs = urgent ? operation.leftMs() : operation.queueMs;
  const admission = call.isUnlimited ? undefined : await operation.rateLimiter.enter({ maxWaitMs, urgent });
  if (admission?.admitted === false) return refused(operation, admission.waitMs, attempt - 1);
  let outcome: Exchange | undefined;
  try {
    const deadline = operation.begin();
    const leftMs = operation.leftMs();
    call.onSend?.();
    outcome = await operation.exchange({
      method: endpoint.method,
      url: endpoint.url,
      headers: defined({
        Accept: "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": USER_AGENT,
        Host: endpoint.host,
        "Content-Type": body === undefined ? undefined : "application/json",
        ...call.headers,
      }),
      ...defined({ body }),
      maxBodyBytes: call.maxBodyBytes ?? MAX_BODY_BYTES,
      deadlines: [deadline, clock.deadline(Math.ceil(leftMs * share))],
      connectBy: clock.deadline(Math.min(CONNECT_TIMEOUT_MS, leftMs)),
    });
  } finally {
    admission?.release(outcome ?? { headers: {} });
  }
  const reply = outcome.kind === "reply" ? outcome : undefined;
  const value = reply && call.accept(reply);
  if (value !== undefined) return { ok: true, value };
  const failure = classify(outcome, endpoint, [target.accessToken, ...call.secrets], clock.now());
  return defined({ ok: false as const, failure, attempts: attempt, reply });
}

/** The header of requests to the REST API. */
export function authorised({ accessToken }: Target): Readonly<Record<string, string>> {
  return { "X-Auth-Token": accessToken };
}

/** The result for a request that the rate limiter refused. */
function refused(operation: Operation, waitMs: number | undefined, attempts: number): Failed {
  const what = "held back by the store's rate limit";
  const failure: Failure = { code: "rate_limited", outcome: "NOT_SENT", what };
  if (operation.hasBegun()) {
    return { ok: false, failure, attempts, stopped: outOfTime(waitMs, operation.leftMs()) };
  }
  const asked = waitMs === undefined ? undefined : `The store asks to wait ${seconds(waitMs)} s`;
  const queued = asked ?? "Too many requests to this store are waiting";
  const stopped = `${queued}; the longest wait is ${seconds(MAX_RATE_LIMIT_WAIT_MS)} s.`;
  return { ok: false, failure, attempts, stopped };
}

function outOfTime(askedMs: number | undefined, leftMs: number): string {
  const left = `${Math.max(0, Math.floor(leftMs / 1_000))} s are left of this operation's time`;
  return askedMs === undefined
    ? `No further attempt: ${left}.`
    : `The server asks to wait ${seconds(askedMs)} s, but ${left}.`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
