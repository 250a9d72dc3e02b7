import type { Clock } from "../../../provider/clock";
import { ownTime } from "../../support/own-time";

/** When every story begins. */
export const NOW = Date.parse("2026-08-01T00:00:00Z") / 1000;

/** A clock that shows these Unix seconds; waits pass at once, deadlines `hurry` times as fast as real ones. */
export function clockOf(now: () => number, hurry = 1): Clock {
  let skipped = 0;
  const hurried = ownTime();
  return {
    now: () => now() * 1000,
    monotonic: () => (hurry === 1 ? performance.now() : hurried.now() * hurry) + skipped,
    random: () => 0.5,
    deadline: (ms) =>
      hurry === 1 ? AbortSignal.timeout(Math.max(0, Math.ceil(ms))) : hurried.deadline(ms / hurry),
    sleep: (ms, signal) => {
      signal.throwIfAborted();
      skipped += ms;
      return Promise.resolve();
    },
  };
}
