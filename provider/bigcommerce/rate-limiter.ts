import type { Clock } from "../clock";
import { afterReply, afterSilence, atTime, type Quota } from "./quota";
import { askedWaitMs, quotaNews } from "./rate-limit-headers";
import type { Broken } from "./transport";

/** The reply to a request; without a status if no status line arrived. */
type Answer = Pick<Broken, "status" | "headers">;

/** Permission to send one request, which must be released, or its refusal. */
type Admission =
  | { readonly admitted: true; readonly release: (answer: Answer) => void }
  /** `waitMs`: how long the store asks to wait; absent if the queue is too long. */
  | { readonly admitted: false; readonly waitMs?: number };

interface WaitingRequest {
  /** The longest wait, milliseconds. The request is refused as soon as it is certain to wait longer. */
  readonly maxWaitMs: number;
  /** Set if the deadline of its operation is running. Urgent requests go first. */
  readonly urgent: boolean;
}

interface Waiter extends Pick<WaitingRequest, "maxWaitMs"> {
  readonly until: number;
  readonly resolve: (admission: Admission) => void;
}

/** The longest wait before the deadline of an operation starts. */
export const MAX_RATE_LIMIT_WAIT_MS = 15 * 60_000;

/** The shortest pause after a store asked for one. */
const MIN_PAUSE_MS = 1_000;

/** How long a probe, which is sent alone to learn the rate limit, holds back the others. */
const PROBE_MS = 1_000;

/** After so many probes without rate-limit headers, the store is taken to have no limit. */
const MAX_SILENT_PROBES = 3;

export type RateLimiter = ReturnType<typeof createRateLimiter>;

/** Admits the requests to one store in their order, as its rate limit allows. */
export function createRateLimiter(clock: Clock) {
  const urgent: Waiter[] = [];
  const others: Waiter[] = [];
  let inFlight = 0;
  let quota: Quota | undefined;
  let pausedUntil = 0;
  // One request is sent alone while the rate limit is unknown, and after a 429.
  let probing = true;
  let silent = 0;
  let probeUntil = 0;
  let alarm = new AbortController();

  /** When the next request may be sent. Not `firm`: a reply may allow it earlier. */
  const opening = (now: number): { readonly at: number; readonly firm: boolean } => {
    if (now < pausedUntil) return { at: pausedUntil, firm: true };
    if (probing && now < probeUntil) return { at: probeUntil, firm: false };
    quota = atTime(quota, now);
    if (quota && inFlight >= quota.left) return { at: quota.endsAt, firm: inFlight === 0 };
    return { at: now, firm: true };
  };

  const admit = ({ resolve }: Waiter, now: number): void => {
    const probe = probing;
    if (probe) probeUntil = now + PROBE_MS;
    inFlight += 1;
    let isReleased = false;
    const release = (answer: Answer): void => {
      if (isReleased) return;
      isReleased = true;
      inFlight -= 1;
      learn(answer, probe);
      advance();
    };
    resolve({ admitted: true, release });
  };

  const learn = ({ status, headers }: Answer, probe: boolean): void => {
    const now = clock.monotonic();
    quota = status === undefined ? afterSilence(quota) : afterReply(quota, quotaNews(headers), now);
    if (status === 429) {
      const asked = Math.max(MIN_PAUSE_MS, askedWaitMs(headers, clock.now()) ?? 0);
      pausedUntil = Math.max(pausedUntil, now + asked);
      probing = true;
      silent = 0;
      probeUntil = 0;
    } else if (probe) {
      silent = quota ? 0 : silent + 1;
      probing = !quota && silent < MAX_SILENT_PROBES;
      probeUntil = 0;
    }
  };

  const advance = (): void => {
    alarm.abort();
    for (;;) {
      const now = clock.monotonic();
      const { at, firm } = opening(now);
      if (at <= now) {
        const next = urgent.shift() ?? others.shift();
        if (!next) return;
        admit(next, now);
        continue;
      }
      for (const queue of [urgent, others]) refuseLate(queue, firm ? at : now, now, at - now);
      const ends = [...urgent, ...others].map(({ until }) => until);
      if (ends.length > 0) wake(ends.reduce((least, end) => Math.min(least, end), at) - now);
      return;
    }
  };

  const wake = (ms: number): void => {
    alarm = new AbortController();
    void clock.sleep(Math.max(1, Math.ceil(ms)), alarm.signal).then(advance, () => undefined);
  };

  return {
    enter: ({ maxWaitMs, urgent: isUrgent }: WaitingRequest) =>
      new Promise<Admission>((resolve) => {
        (isUrgent ? urgent : others).push({ maxWaitMs, until: clock.monotonic() + maxWaitMs, resolve });
        advance();
      }),
  };
}

/** Refuses the requests that have waited too long, or are certain to. */
function refuseLate(queue: Waiter[], opensAt: number, now: number, waitMs: number): void {
  for (const waiter of queue.filter(({ until }) => until <= now || until < opensAt)) {
    queue.splice(queue.indexOf(waiter), 1);
    waiter.resolve({ admitted: false, ...(waitMs > waiter.maxWaitMs && { waitMs }) });
  }
}
