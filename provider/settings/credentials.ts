import { VISIBLE_ASCII } from "../bigcommerce/endpoint";
import { TokensError } from "../errors";

export interface Credential {
  readonly accessToken: string;
  /** Where it came from, for messages. */
  readonly source: string;
}

/** The first place that holds a value; those after it are not read, so that they cannot fail. */
export function firstValue(
  sources: readonly (readonly [source: string, read: () => string | undefined])[],
): { readonly source: string; readonly value: string } | undefined {
  for (const [source, read] of sources) {
    const value = read();
    if (value !== undefined) return { source, value };
  }
  return undefined;
}

export function firstCredential(sources: Parameters<typeof firstValue>[0]): Credential | undefined {
  const found = firstValue(sources);
  if (!found) return undefined;
  requireCredential(found.value, found.source);
  return { accessToken: found.value, source: found.source };
}

function requireCredential(value: string, source: string): void {
  if (VISIBLE_ASCII.test(value)) return;
  const remedy =
    value === ""
      ? "is empty: set the API account's access token"
      : /\s$/.test(value)
        ? "ends with white space or a newline: store it without, for example with `printf %s`"
        : "has characters that an access token cannot have";
  throw new TokensError("credential_malformed", `${source} ${remedy}`);
}

/** The environment variable for the credential of a store's API account before the present one. */
export function previousVariableOf(storeHash: string): string {
  return `${variableOf(storeHash)}_PREVIOUS`;
}

/** The environment variable for the credential of a store. */
export function variableOf(storeHash: string): string {
  return `BIGCOMMERCE_ACCESS_TOKEN_${storeHash.toUpperCase()}`;
}

/** What to set where a store has no credential. */
export function missingCredential(storeHash: string): string {
  const own = variableOf(storeHash);
  return (
    `no credential for store ${storeHash}: set environment variable ${own}, or run ` +
    `\`pulumi config set --secret --path bigcommerce:stores.${storeHash}.accessToken\` ` +
    "(destroy and refresh use the configuration of the last `pulumi up`)"
  );
}

/** A key of the stack's configuration, for messages. */
export function configSource(key: string): string {
  return `configuration ${key} (destroy and refresh use its value of the last \`pulumi up\`)`;
}
