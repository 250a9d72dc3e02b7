import type { Instant, TestClock } from "./test-clock";

export type Quotas = ReturnType<typeof createQuotas>;

/**
 * Each store has one window, shared by its API accounts.
 * Guess: the first request after the end of a window starts the next window.
 */
export function createQuotas(limit: { requests: number; windowMs: number }, clock: TestClock) {
  const windows = new Map<string, { opened: Instant; used: number }>();
  return {
    /** Counts one request of a store, and tells whether it exceeds the quota. */
    take(storeHash: string) {
      let window = windows.get(storeHash);
      if (!window || clock.elapsedMs(window.opened) >= limit.windowMs) {
        window = { opened: clock.instant(), used: 0 };
        windows.set(storeHash, window);
      }
      window.used += 1;
      return {
        exceeded: window.used > limit.requests,
        headers: {
          "x-rate-limit-time-window-ms": String(limit.windowMs),
          "x-rate-limit-time-reset-ms": String(Math.ceil(limit.windowMs - clock.elapsedMs(window.opened))),
          "x-rate-limit-requests-quota": String(limit.requests),
          "x-rate-limit-requests-left": String(Math.max(0, limit.requests - window.used)),
        },
      };
    },
    reset: () => {
      windows.clear();
    },
  };
}
