const PLAIN_WORD = /^[\w@%+=:,./][\w@%+=:,./-]*$/;

/** Quotes a value as one argument of a suggested command, for a POSIX shell. */
export function quoted(value: string): string {
  return PLAIN_WORD.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

const OPTION = /^--[a-z]+$/;

/** A command of this program, as a person runs it in the folder of a Pulumi program. */
export function ownCommand(...args: readonly string[]): string {
  const words = args.map((arg) => (OPTION.test(arg) ? arg : quoted(arg)));
  return ["npm exec --no -- pulumi-bigcommerce-tokens", ...words].join(" ");
}
