import { VISIBLE_ASCII } from "../domain/store-address";
import { TokensError } from "../errors";

export interface Credential {
  readonly accessToken: string;
  /** The variable or configuration key that it was read from, for messages. */
  readonly source: string;
}

/** Places that a value may come from, in the order in which they are read. */
type Sources = readonly (readonly [source: string, read: () => string | undefined])[];

/** The first source that has a value. Later sources are not read, so an invalid one cannot fail the call. */
export function firstValue(
  sources: Sources,
): { readonly source: string; readonly value: string } | undefined {
  for (const [source, read] of sources) {
    const value = read();
    if (value !== undefined) return { source, value };
  }
  return undefined;
}

export function firstCredential(sources: Sources): Credential | undefined {
  const found = firstValue(sources);
  if (!found) return undefined;
  const { source, value: accessToken } = found;
  if (VISIBLE_ASCII.test(accessToken)) return { accessToken, source };
  const remedy =
    accessToken === ""
      ? "is empty; set it to the access token of the API account"
      : /\s$/.test(accessToken)
        ? "ends with white space or a newline; store it without them, for example with `printf %s`"
        : "has characters that an access token cannot have; copy the access token again";
  throw new TokensError("credential_malformed", `${source} ${remedy}`);
}

/** The environment variable with the credential of a store's previous API account. */
export function previousVariableOf(storeHash: string): string {
  return `${variableOf(storeHash)}_PREVIOUS`;
}

/** The environment variable with the credential of a store. */
export function variableOf(storeHash: string): string {
  return `BIGCOMMERCE_ACCESS_TOKEN_${storeHash.toUpperCase()}`;
}

/** How to give a store a credential. `isDefault`: the configuration names it as the default store. */
export function credentialRemedy(storeHash: string, isDefault: boolean): string {
  const key = isDefault ? "bigcommerce:accessToken" : `--path bigcommerce:stores.${storeHash}.accessToken`;
  return (
    `set environment variable ${variableOf(storeHash)}, or run \`pulumi config set --secret ${key}\` ` +
    "(destroy and refresh use the configuration of the last `pulumi up`)"
  );
}

/** Names a key of the stack's configuration in a message. */
export function configSource(key: string): string {
  return `configuration bigcommerce:${key} (destroy and refresh use its value of the last \`pulumi up\`)`;
}
