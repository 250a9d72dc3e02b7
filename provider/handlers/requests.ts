import type { Bearer, MintRequest, RevokeRequest, Site, Target, Targets } from "../bigcommerce/client";
import { readClaims } from "../domain/claims";
import { DEFAULT_API_URL } from "../bigcommerce/endpoint";
import { bearerOf } from "../bigcommerce/graphql";
import { createRedactor } from "../bigcommerce/redact";
import { type Credential, missingCredential } from "../settings/credentials";
import { TokensError } from "../errors";
import { type Expiry, readExpiry } from "../domain/expiry";
import type { CheckedInputs, TokenState } from "../domain/state";
import { type Context, hostOf } from "./context";

/** The store of a mint, with its credential. */
export function targetOf(context: Context, storeHash: string): Target {
  return targetWith(context, storeHash, context.settings.credential(storeHash));
}

/** The credentials that may revoke a token: that of the store's present API account, then that of the previous one. */
export function revokingTargets(context: Context, storeHash: string): Targets {
  const { settings } = context;
  const present = settings.credential(storeHash);
  const previous = settings.previousCredential(storeHash);
  const first = targetWith(context, storeHash, present ?? previous);
  return present && previous ? [first, targetWith(context, storeHash, previous)] : [first];
}

function targetWith(context: Context, storeHash: string, credential: Credential | undefined): Target {
  if (!credential)
    throw new TokensError("credential_missing", `${missingCredential(storeHash)}; nothing was sent`);
  return {
    apiUrl: hostOf(context, storeHash),
    storeHash,
    accessToken: credential.accessToken,
    credentialSource: credential.source,
  };
}

/** The store of a token, for requests without a credential. */
export function siteOf(context: Context, { storeHash }: Pick<TokenState, "storeHash">): Site {
  return { apiUrl: hostOf(context, storeHash), storeHash };
}

/** A token is never sent to another host than the one that minted it. */
export function requireHost(
  { settings }: Context,
  token: { readonly storeHash: string; readonly apiUrl?: string },
  otherwise?: string,
): void {
  const own = token.apiUrl ?? DEFAULT_API_URL;
  const current = settings.apiUrl(token.storeHash);
  if (current === own) return;
  throw new TokensError(
    "host_changed",
    `the API host of store ${token.storeHash} is now ${current}, but this token was minted at ${own}; set ` +
      "BIGCOMMERCE_API_URL (or the store's apiUrl in bigcommerce:stores, or bigcommerce:apiUrl) back to it" +
      (otherwise === undefined ? "" : `. ${otherwise}`),
  );
}

/** Always sends `channel_ids`: BigCommerce does not define the two fields together. 0 means that the token never expires. */
export function mintRequest({ kind }: Context, inputs: CheckedInputs): MintRequest {
  const expiry = readExpiry(inputs.expiresAt);
  const { scopes, allowedCorsOrigins } = inputs;
  return {
    family: kind.family,
    oauthScope: kind.oauthScope,
    expiry,
    body: {
      channel_ids: inputs.channelIds,
      expires_at: expiry === "never" ? 0 : expiry,
      ...(scopes && { scopes }),
      ...(allowedCorsOrigins && { allowed_cors_origins: allowedCorsOrigins }),
    },
  };
}

/** Tells whether a text holds the credential of a known store. No id, output or path may hold one. */
export function isSecretIn({ settings }: Context, storeHash: string): (text: string) => boolean {
  const hashes = new Set([storeHash, ...settings.stores().hashes]);
  const credentials = [...hashes].flatMap((hash) => [
    readable(() => settings.credential(hash)),
    readable(() => settings.previousCredential(hash)),
  ]);
  const redact = createRedactor(credentials.map((each) => each?.accessToken ?? ""));
  // The first call prepares the redactor. It must not fail after a mint.
  redact("");
  return (text) => redact(text) !== text;
}

/** A malformed credential is reported when it is needed. */
function readable(read: () => Credential | undefined): Credential | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** By its `jti` only if that is known to be the token's own. */
export function revokeRequest(
  context: Context,
  token: Pick<TokenState, "fingerprint" | "storeHash"> &
    Omit<Bearer, "isForBrowsers"> & { readonly expiry: Expiry },
  hasOwnJti: boolean,
): RevokeRequest {
  const { kind } = context;
  const jti = hasOwnJti ? readClaims(token.token).jti : undefined;
  return {
    ...{ family: kind.family, oauthScope: kind.oauthScope },
    ...bearerOf(kind, token),
    ...{ fingerprint: token.fingerprint, expiry: token.expiry },
    ...(jti !== undefined && !isSecretIn(context, token.storeHash)(jti) && { jti }),
  };
}
