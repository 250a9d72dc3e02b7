const STEP_MS = 10;
const LONGEST_STEP_MS = 50;

/**
 * Time in steps that this process lives through, so that a pause of the machine is one of them, however long it was.
 * Passes while a deadline is awaited.
 */
export function ownTime() {
  let lived = 0;
  let last = 0;
  const awaited = new Map<AbortController, number>();
  const step = () => {
    const now = performance.now();
    lived += Math.min(now - last, LONGEST_STEP_MS);
    last = now;
    for (const [deadline, at] of awaited) {
      if (at > lived) continue;
      awaited.delete(deadline);
      deadline.abort(new DOMException("The deadline is over.", "TimeoutError"));
    }
    if (awaited.size > 0) wait();
  };
  const wait = () => setTimeout(step, STEP_MS).unref();
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
