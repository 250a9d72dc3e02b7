interface Steps {
  readonly stepMs: number;
  /** As much as a step counts at most. */
  readonly longestMs: number;
}

/** Between two steps, connections come about and data arrives: a deadline of 20 ms leaves time for ten rounds of that. */
const SHORT: Steps = { stepMs: 2, longestMs: 2 };

/** For a process that floods of data keep busy, and for deadlines of seconds. */
export const LONG: Steps = { stepMs: 10, longestMs: 50 };

/**
 * Time in steps that this process lives through, so that a pause of the machine is one of them, however long it was.
 * Passes while a deadline is awaited.
 */
export function ownTime({ stepMs, longestMs }: Steps = SHORT) {
  let lived = 0;
  let last = 0;
  const awaited = new Map<AbortController, number>();
  const step = () => {
    const now = performance.now();
    lived += Math.min(now - last, longestMs);
    last = now;
    for (const [deadline, at] of awaited) {
      if (at > lived) continue;
      awaited.delete(deadline);
      deadline.abort(new DOMException("The deadline is over.", "TimeoutError"));
    }
    if (awaited.size > 0) wait();
  };
  const wait = () => setTimeout(step, stepMs).unref();
  return {
    /** Milliseconds. */
    now: () => lived,
    deadline: (ms: number): AbortSignal => {
      if (awaited.size === 0) {
        last = performance.now();
        wait();
      }
      const deadline = new AbortController();
      awaited.set(deadline, lived + ms);
      return deadline.signal;
    },
  };
}
