const PLAIN_WORD = /^[\w@%+=:,./][\w@%+=:,./-]*$/;

/** Quotes a value as one argument of a suggested command, for a POSIX shell. */
export function quoted(value: string): string {
  return PLAIN_WORD.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** The value that `quoted` made. */
export function unquoted(argument: string): string {
  return argument.startsWith("'") ? argument.slice(1, -1).replaceAll("'\\''", "'") : argument;
}
