import { performance } from "node:perf_hooks";

/** A point in time, on the real clock and on the emulator's clock. */
export interface Instant {
  readonly realMs: number;
  readonly seconds: number;
}

/** The emulator's clock, which tests can move, and its timers. */
export type TestClock = ReturnType<typeof createTestClock>;

export function createTestClock(now: number | (() => number) | undefined) {
  const base =
    typeof now === "function" ? now : typeof now === "number" ? () => now : () => Date.now() / 1000;
  const timers = new Set<NodeJS.Timeout>();
  let advanced = 0;
  const seconds = (): number => base() + advanced;

  return {
    /** Unix seconds with fraction. */
    seconds,
    /** Whole Unix seconds. */
    now: () => Math.floor(seconds()),
    advance: (by: number) => {
      if (!Number.isFinite(by)) throw new TypeError("clock.advance takes a finite number of seconds.");
      advanced += by;
    },
    instant: (): Instant => ({ realMs: performance.now(), seconds: seconds() }),
    /** The real time or the emulator's time since then, whichever is longer: a clock that stands still must not stop quotas. */
    elapsedMs: (since: Instant) =>
      Math.max(performance.now() - since.realMs, (seconds() - since.seconds) * 1000),
    /** Never resolves if `endDelays` is called first. */
    delay: (ms: number) =>
      new Promise<void>((resolve) => {
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
    /** Undoes all calls of `advance`. */
    reset() {
      advanced = 0;
    },
  };
}
