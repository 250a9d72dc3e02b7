import type { Clock } from "../clock";
import type { Endpoint, Target } from "./endpoint";
import { failureOf, type Failure } from "./judgement";
import { MAX_ATTEMPTS, nextAttempt } from "./retry";
import { exchange, type Reply } from "./transport";

/** One mint or revoke: a deadline over all its attempts, waits, headers and bodies. */
export interface Operation {
  readonly clock: Clock;
  readonly deadline: AbortSignal;
  leftMs(): number;
}

/** What is sent, and what counts as a success. */
export interface Call<T> {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly idempotent: boolean;
  /** Masked in every text that the server sends. */
  readonly secrets: readonly string[];
  /** The value of a reply that is a success, nothing for any other. */
  readonly accept: (reply: Reply) => T | undefined;
}

export interface Succeeded<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
  /** The whole reply, where one came. */
  readonly reply?: Reply;
  readonly attempts: number;
  /** Why no further attempt was made, where the failure itself does not say. */
  readonly stopped?: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
const USER_AGENT = "pulumi-bigcommerce-tokens";

export function beginOperation(clock: Clock, timeoutMs: number): Operation {
  const started = clock.monotonic();
  const deadline = clock.deadline(timeoutMs);
  // Whole milliseconds, because the timers of signals take no fractions.
  const leftMs = (): number =>
    deadline.aborted ? 0 : Math.max(0, Math.floor(timeoutMs - (clock.monotonic() - started)));
  return { clock, deadline, leftMs };
}

/** Sends a call until it succeeds or the policy says stop; `before` attempts were spent already, one is always left. */
export async function perform<T>(
  operation: Operation,
  call: Call<T>,
  before = 0,
): Promise<Succeeded<T> | Failed> {
  const { clock } = operation;
  // What one attempt may have done, a later refusal does not undo.
  let isUnknown = false;
  for (let attempt = before + 1; ; attempt += 1) {
    const sent = await sendOnce(operation, call, attempt);
    if (sent.ok) {
      return sent;
    }
    isUnknown ||= sent.failure.outcome === "UNKNOWN";
    const failure: Failure = isUnknown ? { ...sent.failure, outcome: "UNKNOWN" } : sent.failure;
    const result: Failed = { ...sent, failure };
    const leftMs = operation.leftMs();
    const { code, outcome, status, askedMs } = sent.failure;
    const decision = nextAttempt({
      attempt,
      idempotent: call.idempotent,
      code,
      outcome,
      leftMs,
      random: clock.random(),
      ...(status === undefined ? {} : { status }),
      ...(askedMs === undefined ? {} : { askedMs }),
    });
    if (decision.kind === "stop") {
      return decision.reason === "time" ? { ...result, stopped: outOfTime(askedMs, leftMs) } : result;
    }
    try {
      await clock.sleep(decision.delayMs, operation.deadline);
    } catch {
      return { ...result, stopped: outOfTime(undefined, 0) };
    }
  }
}

/** Sends a call once. */
export async function sendOnce<T>(
  operation: Operation,
  call: Call<T>,
  attempt = 1,
): Promise<Succeeded<T> | Failed> {
  const { clock, deadline } = operation;
  const leftMs = operation.leftMs();
  const outcome = await exchange({
    method: call.endpoint.method,
    url: call.endpoint.url,
    headers: {
      "X-Auth-Token": call.target.accessToken,
      Accept: "application/json",
      "Accept-Encoding": "identity",
      "User-Agent": USER_AGENT,
      ...(call.body === undefined ? {} : { "Content-Type": "application/json" }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: call.body }),
    deadlines: [deadline, clock.deadline(attemptMs(call, attempt, leftMs))],
    connectBy: clock.deadline(Math.min(CONNECT_TIMEOUT_MS, leftMs)),
  });
  const value = outcome.kind === "reply" ? call.accept(outcome) : undefined;
  if (value !== undefined) {
    return { ok: true, value };
  }
  const secrets = [call.target.accessToken, ...call.secrets];
  const failure = failureOf(outcome, call.endpoint, secrets, clock.now());
  return { ok: false, failure, attempts: attempt, ...(outcome.kind === "reply" ? { reply: outcome } : {}) };
}

/** What may be repeated gets half of what is left, so that one lost reply does not cost the operation. */
function attemptMs(
  { idempotent }: { readonly idempotent: boolean },
  attempt: number,
  leftMs: number,
): number {
  return idempotent && attempt < MAX_ATTEMPTS ? Math.ceil(leftMs / 2) : leftMs;
}

function outOfTime(askedMs: number | undefined, leftMs: number): string {
  const left = `${Math.max(0, Math.floor(leftMs / 1_000))} s are left of this operation's time`;
  return askedMs === undefined
    ? `No further attempt: ${left}.`
    : `The server asks to wait ${Math.ceil(askedMs / 1_000)} s, but ${left}.`;
}
