import { performance } from "node:perf_hooks";

/** A point in time, on the real clock and on the emulator's clock. */
export interface Instant {
  readonly realMs: number;
  readonly seconds: number;
}

/** The emulator's clock, which tests can move, and its timers. */
export interface TestClock {
  /** Unix seconds with fraction. */
  seconds(): number;
  /** Whole Unix seconds. */
  now(): number;
  advance(seconds: number): void;
  instant(): Instant;
  /** The real time or the emulator's time since then, whichever is longer: a clock that stands still must not stop quotas. */
  elapsedMs(since: Instant): number;
  /** Never resolves if `endDelays` is called first. */
  delay(ms: number): Promise<void>;
  endDelays(): void;
  /** Undoes all calls of `advance`. */
  reset(): void;
}

export function createTestClock(now: number | (() => number) | undefined): TestClock {
  const base =
    typeof now === "function" ? now : typeof now === "number" ? () => now : () => Date.now() / 1000;
  const timers = new Set<NodeJS.Timeout>();
  let advanced = 0;
  const seconds = (): number => base() + advanced;

  return {
    seconds,
    now: () => Math.floor(seconds()),
    advance(by) {
      if (!Number.isFinite(by)) throw new TypeError("clock.advance takes a finite number of seconds.");
      advanced += by;
    },
    instant: () => ({ realMs: performance.now(), seconds: seconds() }),
    elapsedMs: (since) => Math.max(performance.now() - since.realMs, (seconds() - since.seconds) * 1000),
    delay: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          timers.delete(timer);
          resolve();
        }, ms);
        timers.add(timer);
      }),
    endDelays() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
    reset() {
      advanced = 0;
    },
  };
}
