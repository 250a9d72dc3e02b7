import type { Clock } from "../../provider/clock";

export interface VirtualClock extends Clock {
  /** Lets time pass until nothing is waited for any more. */
  run(): Promise<void>;
  /** Calls back at a moment, milliseconds from now. */
  after(ms: number, act: () => void): void;
}

/** Time that passes only in `run`, from one timer to the next: no real waits, and the same order each time. */
export function virtualClock(): VirtualClock {
  let now = 0;
  let timers: { readonly at: number; readonly act: () => void }[] = [];
  const after = (ms: number, act: () => void): void => {
    timers.push({ at: now + Math.max(0, ms), act });
  };
  return {
    after,
    now: () => now,
    monotonic: () => now,
    random: () => 0.5,
    deadline(ms) {
      const controller = new AbortController();
      after(ms, () => {
        controller.abort();
      });
      return controller.signal;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
        after(ms, resolve);
      }),
    async run() {
      for (;;) {
        // Whatever follows from the last timer comes first.
        await new Promise((resolve) => setImmediate(resolve));
        const next = Math.min(...timers.map(({ at }) => at));
        if (timers.length === 0) return;
        now = Math.max(now, next);
        const due = timers.filter(({ at }) => at <= now);
        timers = timers.filter(({ at }) => at > now);
        for (const { act } of due) act();
      }
    },
  };
}
