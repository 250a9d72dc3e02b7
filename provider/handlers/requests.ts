import type { Bearer, MintRequest, RevokeRequest, Site, Target, Targets } from "../bigcommerce/client";
import { defined } from "../defined";
import { readClaims } from "../domain/claims";
import { DEFAULT_API_URL } from "../bigcommerce/endpoint";
import { bearerOf } from "../bigcommerce/graphql";
import { createRedactor } from "../bigcommerce/redact";
import { type Credential, variableOf } from "../settings/credentials";
import { TokensError } from "../errors";
import { notice } from "../notice-formats";
import type { Expiry } from "../domain/expiry";
import type { CheckedInputs, TokenState } from "../domain/state";
import { shownHost, shownStore, STORE_HASH, type StoreAddress } from "../domain/store-address";
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
  if (credential) {
    const { accessToken, source: credentialSource } = credential;
    return { apiUrl: hostOf(context, storeHash), storeHash, accessToken, credentialSource };
  }
  sayRemedy(context, storeHash);
  throw new TokensError(
    "credential_missing",
    STORE_HASH.test(storeHash)
      ? `no credential for store ${storeHash}: set environment variable ${variableOf(storeHash)}, or the configuration that ` +
          "the provider's message names; nothing was sent"
      : `no credential for ${shownStore(storeHash)} so that nothing was sent: restore the state`,
  );
}

/** Says once a process, though each token of the store fails, how to give the store a credential. */
export function sayRemedy({ settings, notices }: Context, storeHash: string): void {
  notices.sayOnce(notice("no_credential", { storeHash, remedy: settings.credentialRemedy(storeHash) }));
}

/** The store of a token, for requests without a credential. */
export function siteOf(context: Context, { storeHash }: StoreAddress): Site {
  return { apiUrl: hostOf(context, storeHash), storeHash };
}

/** A token is never sent to another host than the one that minted it. */
export function requireHost(
  { settings }: Context,
  { storeHash, apiUrl = DEFAULT_API_URL }: StoreAddress,
  otherwise?: string,
): void {
  const current = settings.apiUrl(storeHash);
  if (current === apiUrl) return;
  throw new TokensError(
    "host_changed",
    `the API host of ${shownStore(storeHash)} is now ${current}, but this token was minted at ${shownHost(apiUrl)}; set ` +
      "BIGCOMMERCE_API_URL (or the store's apiUrl in bigcommerce:stores, or bigcommerce:apiUrl) back to it" +
      (otherwise === undefined ? "" : `. ${otherwise}`),
  );
}

/** Always sends `channel_ids`: BigCommerce does not define the two fields together. 0 means that the token never expires. */
export function mintRequest({ kind }: Context, inputs: CheckedInputs): MintRequest {
  const { family, oauthScope } = kind;
  const {
    expiresAt: expiry,
    channelIds: channel_ids,
    scopes,
    allowedCorsOrigins: allowed_cors_origins,
  } = inputs;
  const expires_at = expiry === "never" ? 0 : expiry;
  const body = { channel_ids, expires_at, ...defined({ scopes, allowed_cors_origins }) };
  return { family, oauthScope, expiry, body };
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
  token: Pick<TokenState, "fingerprint" | "storeHash" | Exclude<keyof Bearer, "isForBrowsers">> & {
    readonly expiry: Expiry;
  },
  hasOwnJti: boolean,
): RevokeRequest {
  const { family, oauthScope } = context.kind;
  const { fingerprint, expiry, storeHash } = token;
  const { jti } = hasOwnJti ? readClaims(token.token) : {};
  const isPublic = jti !== undefined && !isSecretIn(context, storeHash)(jti);
  const named = { family, oauthScope, fingerprint, expiry, ...(isPublic && { jti }) };
  return { ...bearerOf(context.kind, token), ...named };
}
