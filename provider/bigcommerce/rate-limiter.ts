import type { Clock } from "../clock";
import { askedWaitMs, quotaNews, type ReplyHeaders } from "./rate-limit-headers";
import { afterReply, afterSilence, atTime, type Quota } from "./quota";

/** What came of a request; nothing where no status line arrived. */
export interface Heard {
  readonly status?: number;
  readonly headers: ReplyHeaders;
}

/** Leave to send one request, which must be given back. */
export interface Pass {
  readonly admitted: true;
  release(heard: Heard): void;
}

export interface Refusal {
  readonly admitted: false;
  /** How long the store asks to wait, milliseconds; nothing where it is the queue that is too long. */
  readonly waitMs?: number;
}

export interface WaitingRequest {
  /** Refused as soon as the wait is known to be longer than this, at the latest after that time, milliseconds. */
  readonly maxWaitMs: number;
  /** Goes before all that are not: its operation has begun, and its time runs. */
  readonly urgent: boolean;
}

/** Lets the requests to one store pass, first come first served, as its quota allows. */
export interface RateLimiter {
  enter(visitor: WaitingRequest): Promise<Pass | Refusal>;
}

interface Waiter {
  readonly maxWaitMs: number;
  readonly until: number;
  readonly answer: (answer: Pass | Refusal) => void;
}

/** The longest wait in the gate before an operation begins. */
export const MAX_RATE_LIMIT_WAIT_MS = 15 * 60_000;

/** How long a store that asks for a pause is left alone at least. */
const MIN_PAUSE_MS = 1_000;

/** How long a request that goes ahead alone, to learn the quota, holds up those behind it. */
const PROBE_MS = 1_000;

/** So many replies may keep silent about the quota until there is taken to be none. */
const MAX_SILENT_PROBES = 3;

export function createRateLimiter(clock: Clock): RateLimiter {
  const urgent: Waiter[] = [];
  const others: Waiter[] = [];
  let inFlight = 0;
  let quota: Quota | undefined;
  let pausedUntil = 0;
  // Before the quota is known and after a 429 one request goes ahead alone.
  let probing = true;
  let silent = 0;
  let probeUntil = 0;
  let alarm = new AbortController();

  /** The moment from which the next request may pass, and whether a reply may bring it forward. */
  const opening = (now: number): { readonly at: number; readonly firm: boolean } => {
    if (now < pausedUntil) return { at: pausedUntil, firm: true };
    if (probing && now < probeUntil) return { at: probeUntil, firm: false };
    quota = atTime(quota, now);
    if (quota && inFlight >= quota.left) return { at: quota.endsAt, firm: inFlight === 0 };
    return { at: now, firm: true };
  };

  const admit = ({ answer }: Waiter, now: number): void => {
    const probe = probing;
    if (probe) probeUntil = now + PROBE_MS;
    inFlight += 1;
    let given = false;
    const release = (heard: Heard): void => {
      if (given) return;
      given = true;
      inFlight -= 1;
      learn(heard, probe);
      advance();
    };
    answer({ admitted: true, release });
  };

  const learn = ({ status, headers }: Heard, probe: boolean): void => {
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
      for (const queue of [urgent, others]) refuseImpatient(queue, firm ? at : now, now, at - now);
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
    enter: ({ maxWaitMs, urgent: isUrgent }) =>
      new Promise((answer) => {
        (isUrgent ? urgent : others).push({ maxWaitMs, until: clock.monotonic() + maxWaitMs, answer });
        advance();
      }),
  };
}

/** Those whose time is up, and all for whom the gate is known to open too late. */
function refuseImpatient(queue: Waiter[], opensAt: number, now: number, waitMs: number): void {
  for (const waiter of queue.filter(({ until }) => until <= now || until < opensAt)) {
    queue.splice(queue.indexOf(waiter), 1);
    waiter.answer({ admitted: false, ...(waitMs > waiter.maxWaitMs && { waitMs }) });
  }
}
