import { isPathJti } from "../../provider/bigcommerce/endpoint";
import { ApiError } from "../../provider/bigcommerce/errors";
import { askGraphql, isGenuine } from "../../provider/bigcommerce/graphql";
import { apiError } from "../../provider/bigcommerce/error-messages";
import { type Connection, createConnections } from "../../provider/bigcommerce/connection";
import { beginOperation, perform } from "../../provider/bigcommerce/operation";
import { jtiRevoke, revoke, type Revoked } from "../../provider/bigcommerce/revoke";
import { TokensError } from "../../provider/errors";
import { type KindName, KINDS } from "../../provider/domain/kinds";
import { type Expiry, formatExpiry } from "../../provider/domain/expiry";
import type { StoreAddress } from "../../provider/domain/store-address";
import { accountsOf, readWholeList, targetOf } from "./connections";
import type { StoreSettings } from "./settings";
import type { System } from "../system";

/** A token that is to be revoked. */
export interface RevocationTarget extends StoreAddress {
  /** Undefined where nothing tells; then only its value can revoke it. */
  readonly kind?: KindName;
  readonly jti?: string;
  /** Whether the `jti` is known to be its own; else GraphQL must accept its text first. */
  readonly hasOwnJti: boolean;
  /** How it is named to people: its fingerprint, else its `jti`. */
  readonly name: string;
  readonly expiry: Expiry;
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
  /** Its value, which is read only where the `jti` does not do; absent where nobody has it. */
  readonly value?: () => Promise<string>;
}

/** By what a token was named to BigCommerce. */
export interface RevocationResult {
  readonly revoked: Revoked;
  readonly by: "jti" | "value";
}

/** Revokes tokens with the credentials of an update, and its rules of what counts as done. */
export interface Revoker {
  end(token: RevocationTarget): Promise<RevocationResult>;
  /** With the credential of the present API account, else of the one before; throws where there is none. */
  connect(address: StoreAddress): Connection;
  /** With each of both that is set. */
  accounts(address: StoreAddress): readonly [Connection, ...Connection[]];
  readonly timeoutMs: () => number;
}

/** How a token of another API account is refused: one that the list does not show has no jti there. */
const FOREIGN: ReadonlySet<string> = new Set(["other_account", "jti_not_found"]);

export function createRevoker(system: Pick<System, "clock">, settings: StoreSettings): Revoker {
  const toStore = createConnections(system);
  const either: StoreSettings = {
    ...settings,
    credential: (storeHash) => settings.credential(storeHash) ?? settings.previousCredential(storeHash),
  };
  const connect = (address: StoreAddress) => toStore(targetOf(either, address));
  const timeoutMs = () => settings.timeoutMs();
  const accounts: Revoker["accounts"] = (address) => accountsOf(connect(address), settings);
  return {
    timeoutMs,
    accounts,
    connect,
    async end(token) {
      const [present, before] = accounts(token);
      const proven = await withProof(present, token, timeoutMs());
      try {
        return await endWith(present, proven, timeoutMs());
      } catch (error) {
        if (!before || !(error instanceof ApiError) || !FOREIGN.has(error.code)) throw error;
        return endWith(before, proven, timeoutMs());
      }
    },
  };
}

/** The `jti` that a text claims may be another token's, unless GraphQL says that BigCommerce signed it. */
async function withProof(
  connection: Connection,
  token: RevocationTarget,
  timeoutMs: number,
): Promise<RevocationTarget> {
  const { hasOwnJti, jti, name, storeHash, value, channelIds, allowedCorsOrigins } = token;
  if (hasOwnJti || jti === undefined || !value) return token;
  const bearer = { token: await value(), channelIds, ...(allowedCorsOrigins && { allowedCorsOrigins }) };
  const word = await askGraphql(beginOperation(connection, timeoutMs), bearer);
  if (word === "invalid" || word === "other store") {
    const why =
      word === "invalid"
        ? "its signature is invalid: it is no token of BigCommerce"
        : "it is another store's token";
    throw new TokensError(
      "not_a_token",
      `${name}: nothing was revoked: the GraphQL API of store ${storeHash} says that ${why}`,
    );
  }
  return { ...token, hasOwnJti: isGenuine(word) };
}

/** By `jti` alone first, so that a value which is not needed is never read. */
async function endWith(
  connection: Connection,
  token: RevocationTarget,
  timeoutMs: number,
): Promise<RevocationResult> {
  const { kind, jti, hasOwnJti, name, expiry, channelIds, allowedCorsOrigins, value } = token;
  const { family, oauthScope } = KINDS[kind ?? "storefront"];
  const operation = beginOperation(connection, timeoutMs);
  const expiresAt = formatExpiry(expiry);
  if (kind !== undefined && isPathJti(jti) && hasOwnJti) {
    const call = jtiRevoke(connection.target, family, jti);
    const result = await perform(operation, call);
    if (result.ok) return { revoked: { kind: "accepted" }, by: "jti" };
    const { failure, attempts, stopped } = result;
    const isRefused = failure.status === 404 || failure.status === 405 || failure.status === 422;
    const proof = isRefused ? await listedEnd(connection, family, jti, timeoutMs) : undefined;
    if (proof) return { revoked: proof, by: "jti" };
    // A store without this route, or without proof: the value may do what the jti did not.
    if (!value || !isRefused || failure.code === "revocation_limit") {
      const attempted = {
        ...{ target: connection.target, endpoint: call.endpoint, oauthScope, expiresAt },
        attempts,
      };
      throw apiError({ ...attempted, fingerprint: name, ...(stopped !== undefined && { stopped }) }, failure);
    }
  }
  const request = {
    ...{ family, oauthScope, fingerprint: name, expiresAt, channelIds },
    token: (await value?.()) ?? "",
    ...(allowedCorsOrigins && { allowedCorsOrigins }),
  };
  return { revoked: await revoke(operation, request), by: "value" };
}

async function listedEnd(
  connection: Connection,
  family: string,
  jti: string,
  timeoutMs: number,
): Promise<Revoked | undefined> {
  const listing = await readWholeList(connection, family, timeoutMs);
  const row = listing.kind === "listed" ? listing.byJti.get(jti) : undefined;
  const by = "the store's list";
  if (row?.isRevoked) return { kind: "revoked", by };
  return row?.isExpired ? { kind: "expired", by } : undefined;
}
