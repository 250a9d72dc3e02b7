/** What a command says by its exit code; the highest that applies to any token, an error before all. */
export const EXIT = {
  /** Nothing to do. */
  ok: 0,
  /** The command itself failed. */
  error: 1,
  /** An `up` now would rotate. */
  rotate: 2,
  /** A person is needed. */
  person: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
