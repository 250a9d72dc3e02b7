const PLAIN_WORD = /^[\w@%+=:,./][\w@%+=:,./-]*$/;

/** A value as one word of a command that is suggested, for a POSIX shell. */
export function quoted(value: string): string {
  return PLAIN_WORD.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
