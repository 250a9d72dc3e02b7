const STEP_MS = 10;

/**
 * Time in steps that this process lives through, so that a pause of the machine is one step and no more. Passes while
 * a deadline is awaited.
 */
export function ownTime() {
  let lived = 0;
  const awaited = new Map<AbortController, number>();
  const step = () => {
    lived += STEP_MS;
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
      if (awaited.size === 0) wait();
      const deadline = new AbortController();
      awaited.set(deadline, lived + ms);
      return deadline.signal;
    },
  };
}
