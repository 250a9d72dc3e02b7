/** The exit codes. If several apply, `error` is used, else the highest one. */
export const EXIT = {
  /** There is nothing to do. */
  ok: 0,
  /** The command itself failed. */
  error: 1,
  /** The next `pulumi up` would rotate a token. */
  rotate: 2,
  /** A token needs action by a person. */
  person: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
