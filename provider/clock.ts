/** Time and randomness. They enter at `runtime.ts` only, so that a test can replay every decision. */
export interface Clock {
  /** The wall clock in Unix milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason if the signal aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms` milliseconds of monotonic time. */
  deadline(ms: number): AbortSignal;
  /** Milliseconds since an arbitrary start. Changes of the wall clock do not affect it. */
  monotonic(): number;
  /** A random number from 0 up to, but not including, 1. */
  random(): number;
}
