const PLAIN_WORD = /^[\w@%+=:,./][\w@%+=:,./-]*$/;

/** Quotes a value as one argument of a suggested command, for a POSIX shell. */
export function quoted(value: string): string {
  return PLAIN_WORD.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
