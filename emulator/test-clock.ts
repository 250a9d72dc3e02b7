import { performance } from "node:perf_hooks";

/** A moment to count from, on both clocks. */
export interface Instant {
  readonly realMs: number;
  readonly seconds: number;
}

/** The emulator's time: a clock that tests move, and delays that end with the emulator. */
export interface TestClock {
  /** Unix seconds, fraction included. */
  seconds(): number;
  /** Whole Unix seconds. */
  now(): number;
  advance(seconds: number): void;
  instant(): Instant;
  /** The longer of what really passed and what the clock was moved: a frozen clock must not freeze quotas. */
  elapsedMs(since: Instant): number;
  /** Never resolves once `endDelays` was called. */
  delay(ms: number): Promise<void>;
  endDelays(): void;
  /** Takes back what was advanced. */
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
