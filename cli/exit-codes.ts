/** The exit codes. If several apply, `error` is used, else the highest one. */
export const EXIT = {
  /** There is nothing to do. */
  ok: 0,
  /** The command itself failed. */
  error: 1,
  /** The next `pulumi up` tries to settle everything that is open. */
  up: 2,
  /** Something is open that only a person can settle. */
  person: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
