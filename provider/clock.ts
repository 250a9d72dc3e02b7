/** Time and chance, which enter at `runtime.ts` only, so that every decision can be replayed in a test. */
export interface Clock {
  /** Wall clock, Unix milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when the signal aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` milliseconds of real (monotonic) time. */
  deadline(ms: number): AbortSignal;
  /** Milliseconds since an arbitrary start that no change of the wall clock moves. */
  monotonic(): number;
  /** A number in [0, 1). */
  random(): number;
}
