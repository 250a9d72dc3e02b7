import type { Clock } from "../clock";
import { askedWaitMs, quotaNews, type ReplyHeaders } from "./pacing-headers";
import { afterReply, afterSilence, atTime, type Quota } from "./quota";

/** What came of a request; nothing where no status line arrived. */
export interface Heard {
  readonly status?: number;
  readonly headers: ReplyHeaders;
}

/** Leave to send one request, which must be given back. */
export interface Pass {
  readonly admitted: true;
  giveBack(heard: Heard): void;
}

export interface Refusal {
  readonly admitted: false;
  /** How long the store asks to wait, milliseconds. */
  readonly waitMs: number;
}

/** Lets the requests to one store pass, first come first served, as its quota allows. */
export interface Gate {
  /** Refuses as soon as the wait is known to be longer than `patienceMs`, at the latest after that time. */
  enter(patienceMs: number): Promise<Pass | Refusal>;
}

interface Waiter {
  readonly until: number;
  readonly answer: (answer: Pass | Refusal) => void;
}

/** The longest wait in the gate before an operation begins. */
export const MAX_GATE_WAIT_MS = 15 * 60_000;

/** How long a store that asks for a pause without saying how long is left alone. */
const PAUSE_MS = 1_000;

/** How long the first reply, which tells the quota, holds up the requests behind it. */
const PROBE_MS = 1_000;

export function createGate(clock: Clock): Gate {
  const waiting: Waiter[] = [];
  let inFlight = 0;
  let quota: Quota | undefined;
  let pausedUntil = 0;
  // Before the first reply and after a 429 one request goes ahead alone.
  let probing = true;
  let probeUntil = 0;
  let alarm = new AbortController();

  /** The moment from which the next request may pass, as far as it is known. */
  const opensAt = (now: number): number => {
    if (now < pausedUntil) return pausedUntil;
    if (probing && now < probeUntil) return probeUntil;
    quota = atTime(quota, now);
    return quota && inFlight >= quota.left ? quota.endsAt : now;
  };

  const admit = ({ answer }: Waiter, now: number): void => {
    if (probing) probeUntil = now + PROBE_MS;
    inFlight += 1;
    let given = false;
    const giveBack = (heard: Heard): void => {
      if (given) return;
      given = true;
      inFlight -= 1;
      learn(heard);
      advance();
    };
    answer({ admitted: true, giveBack });
  };

  const learn = ({ status, headers }: Heard): void => {
    const now = clock.monotonic();
    quota = status === undefined ? afterSilence(quota) : afterReply(quota, quotaNews(headers), now);
    probing = status === 429;
    if (probing) {
      const asked = askedWaitMs(headers, clock.now()) ?? PAUSE_MS;
      pausedUntil = Math.max(pausedUntil, now + asked);
      probeUntil = 0;
    }
  };

  const advance = (): void => {
    alarm.abort();
    for (;;) {
      const now = clock.monotonic();
      const opens = opensAt(now);
      refuseImpatient(waiting, opens, now);
      const first = waiting[0];
      if (!first) return;
      if (opens > now) {
        wake(Math.min(opens, ...waiting.map(({ until }) => until)) - now);
        return;
      }
      waiting.shift();
      admit(first, now);
    }
  };

  const wake = (ms: number): void => {
    alarm = new AbortController();
    void clock.sleep(Math.ceil(ms), alarm.signal).then(advance, () => undefined);
  };

  return {
    enter: (patienceMs) =>
      new Promise((answer) => {
        waiting.push({ until: clock.monotonic() + patienceMs, answer });
        advance();
      }),
  };
}

/** Those whose time is up, and all for whom the gate is known to open too late. */
function refuseImpatient(waiting: Waiter[], opens: number, now: number): void {
  for (const waiter of [...waiting]) {
    if (opens <= now || waiter.until >= opens) continue;
    waiting.splice(waiting.indexOf(waiter), 1);
    waiter.answer({ admitted: false, waitMs: opens - now });
  }
}
