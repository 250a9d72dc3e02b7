import { type Connection, createConnections } from "../../provider/bigcommerce/connection";
import { askGraphql, bearerOf, type GraphqlAnswer, isGenuine } from "../../provider/bigcommerce/graphql";
import { beginOperation } from "../../provider/bigcommerce/operation";
import { revoke, type Revoked } from "../../provider/bigcommerce/revocation";
import { defined } from "../../provider/defined";
import type { Expiry } from "../../provider/domain/expiry";
import { type KindName, KINDS } from "../../provider/domain/kinds";
import type { StoreAddress } from "../../provider/domain/store-address";
import { TokensError } from "../../provider/errors";
import type { HeldToken } from "../tokens/held-token";
import type { TokenValues } from "../tokens/token-values";
import { accountsOf, targetOf } from "./connections";
import type { StoreSettings } from "./settings";
import type { System } from "../system";

/** A token to revoke. */
export interface RevocationTarget extends StoreAddress {
  /** Undefined if unknown: then only its value can revoke it. */
  readonly kind?: KindName;
  readonly jti?: string;
  /** False if the `jti` may be another token's: then GraphQL must accept the token's text first. */
  readonly hasOwnJti: boolean;
  /** How messages name it: its fingerprint, else its `jti`. */
  readonly name: string;
  readonly expiry: Expiry;
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
  /** Reads its value. Called only if the `jti` cannot revoke it; absent if the value is unknown. */
  readonly value?: () => Promise<string>;
}

/** Revokes tokens with the credentials of an update. */
export interface Revoker {
  revoke(token: RevocationTarget): Promise<Revoked>;
  /** With the credential of the present API account, else of the previous one; throws if there is none. */
  connect(address: StoreAddress): Connection;
  /** With the credential of each account that is set, the present one first. */
  accounts(address: StoreAddress): readonly [Connection, ...Connection[]];
}

/** What the store's GraphQL API can say of a text that is not the token which it claims to be. */
const FORGED: Readonly<Partial<Record<GraphqlAnswer, string>>> = {
  invalid: "its signature is invalid: it is no token of BigCommerce",
  "other store": "it is another store's token",
};

export function createRevoker(system: Pick<System, "clock">, settings: StoreSettings): Revoker {
  const toStore = createConnections(system);
  const either: StoreSettings = {
    ...settings,
    credential: (storeHash) => settings.credential(storeHash) ?? settings.previousCredential(storeHash),
  };
  const connect = (address: StoreAddress) => toStore(targetOf(either, address));
  const accounts: Revoker["accounts"] = (address) => accountsOf(connect(address), settings);
  return {
    accounts,
    connect,
    async revoke(token) {
      const { kind, jti, name: fingerprint, expiry, value } = token;
      const { family, oauthScope } = KINDS[kind ?? "storefront"];
      const connections = accounts(token);
      const timeoutMs = settings.timeoutMs();
      const bearer = bearerOf(kind && KINDS[kind], { ...token, token: value });
      const isOwn = await isOwnJti(connections[0], token, timeoutMs);
      const request = { ...bearer, family, oauthScope, fingerprint, expiry };
      // The path of a jti holds the token's kind.
      const usable = kind && isOwn ? defined({ jti }) : {};
      return revoke(connections, { ...request, ...usable }, { timeoutMs, effort: "person" });
    },
  };
}

/** The token to revoke as the state describes it. */
export function revocationTargetOf(held: HeldToken, values: TokenValues): RevocationTarget {
  const { storeHash, fingerprint, expiry = "never", channelIds = [1] } = held;
  if (storeHash === undefined || fingerprint === undefined) {
    throw new TokensError(
      "state_secret",
      `${held.resource}: the state keeps the store or the fingerprint of its token secret, so that it cannot be revoked from here`,
    );
  }
  const { apiUrl, kind, jti, hasOwnJti, allowedCorsOrigins } = held;
  const value = () => values.of(fingerprint);
  const known = { storeHash, name: fingerprint, kind, hasOwnJti, expiry, channelIds, value };
  return { ...known, ...defined({ apiUrl, jti, allowedCorsOrigins }) };
}

/** The `jti` that a text claims may be another token's, unless GraphQL says that BigCommerce signed it. */
async function isOwnJti(store: Connection, token: RevocationTarget, timeoutMs: number): Promise<boolean> {
  const { hasOwnJti, kind, jti, name, storeHash, value } = token;
  if (hasOwnJti || jti === undefined || !value) return hasOwnJti;
  const bearer = bearerOf(kind && KINDS[kind], { ...token, token: await value() });
  const answer = await askGraphql(beginOperation(store, timeoutMs), bearer);
  const why = answer && FORGED[answer];
  if (why === undefined) return isGenuine(answer);
  throw new TokensError(
    "not_a_token",
    `${name}: nothing was revoked: the GraphQL API of store ${storeHash} says that ${why}`,
  );
}
