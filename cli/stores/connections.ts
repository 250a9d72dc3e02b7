import type { Connection } from "../../provider/bigcommerce/connection";
import { apiOrigin, DEFAULT_API_URL, type Target } from "../../provider/bigcommerce/endpoint";
import { readTokenList, type TokenList } from "../../provider/bigcommerce/token-list";
import type { StoreAddress } from "../../provider/domain/store-address";
import { missingCredential } from "../../provider/settings/credentials";
import { TokensError } from "../../provider/errors";
import type { StoreSettings } from "./settings";

/** 100,000 tokens: a person who asks waits longer than an update does, and asks again where a store is down. */
const REACH = { maxPages: 400, attempts: 3 };

/** A store with its credential. Throws, before anything is sent, if there is none or the host is another one. */
export function targetOf(
  settings: StoreSettings,
  { storeHash, apiUrl = DEFAULT_API_URL }: StoreAddress,
): Target {
  const host = settings.apiUrl(storeHash);
  // The credential goes where the environment or the configuration says, never where a file says.
  if (apiOrigin(apiUrl) !== host) {
    throw new TokensError(
      "host_changed",
      `store ${storeHash}: its tokens were minted at ${apiOrigin(apiUrl) ?? "an unreadable API host"}, and this run is set to ${host} ` +
        "(BIGCOMMERCE_API_URL, bigcommerce:apiUrl)",
    );
  }
  const credential = settings.credential(storeHash);
  if (!credential) {
    const unread = settings.unread === undefined ? "" : `; ${settings.unread}`;
    throw new TokensError("credential_missing", missingCredential(storeHash) + unread);
  }
  return {
    apiUrl: host,
    storeHash,
    accessToken: credential.accessToken,
    credentialSource: credential.source,
  };
}

/** A connection, and another with the credential of the previous API account, if one is set. */
export function accountsOf(
  present: Connection,
  settings: Pick<StoreSettings, "previousCredential">,
): readonly [Connection, ...Connection[]] {
  const { target } = present;
  const previous = settings.previousCredential(target.storeHash);
  if (!previous || previous.accessToken === target.accessToken) return [present];
  const { accessToken, source: credentialSource } = previous;
  return [present, { ...present, target: { ...target, accessToken, credentialSource } }];
}

/** Every token that the credential's API account issued in a family, dead ones included. */
export function readWholeList(connection: Connection, family: string, timeoutMs: number): Promise<TokenList> {
  return readTokenList(connection, family, timeoutMs, REACH);
}
