/** A token of a program. */
export interface Declared {
  readonly kind: "StorefrontToken" | "PrivateToken" | "ImpersonationToken";
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Resource options, as JavaScript. */
  readonly opts?: string;
}

/** The program that declares these tokens, each bound to a variable of its name. */
export function declare(...tokens: readonly Declared[]): string {
  return tokens
    .map(({ kind, name, args, opts }) => {
      const rest = opts === undefined ? "" : `, ${opts}`;
      return `const ${name} = new ${kind}("${name}", ${JSON.stringify(args)}${rest});`;
    })
    .join("\n");
}

export const DAY = 86_400;

/** RFC 3339, `days` from now. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * DAY * 1000).toISOString().replace(/\.\d+Z/, "Z");
}
