import type { IncomingHttpHeaders } from "node:http";

/** An OAuth scope of an API account, in BigCommerce's spelling. */
export type OAuthScope = "store_storefront_api" | "store_storefront_api_customer_impersonation";

/** A kind of token, in the spelling of BigCommerce's token lists. */
export type TokenType = "simple" | "private" | "customer_impersonation";

/** An API account of one store. Only the account that minted a token can list or revoke it. */
export interface Account {
  /** The claim `sub` of the tokens that it mints. */
  readonly clientId: string;
  /** The value of the request header `X-Auth-Token`. Unique within a store. */
  readonly accessToken: string;
  /** A request whose route needs another scope is answered with 403. */
  readonly scopes: readonly OAuthScope[];
}

/** A minted token, also if the answer to the mint never arrived. Times are Unix seconds. */
export interface IssuedToken {
  /** The JWT in clear. It gives access to this emulator only. */
  readonly token: string;
  /** The first 16 hex digits of SHA-256(token). */
  readonly fingerprint: string;
  /** The kind of the token. */
  readonly type: TokenType;
  /** The hash of the store that minted it. */
  readonly storeHash: string;
  /** The client id of the API account that minted it. */
  readonly clientId: string;
  /** The token's id. Generation 2 only. */
  readonly jti?: string;
  /** When it was minted. Unix seconds. */
  readonly issuedAt: number;
  /** When it expires. Unix seconds. Absent if the token never expires. */
  readonly expiresAt?: number;
  /** The ids of its channels. */
  readonly channelIds: readonly number[];
  /** The scopes of a private token, else empty. */
  readonly scopes: readonly string[];
  /** The origins of a storefront token, else empty. */
  readonly allowedCorsOrigins: readonly string[];
  /** Generation 2 only: the token's name in the list. */
  readonly name?: string;
  /** Unix seconds: when a revocation was accepted. GraphQL refuses the token `revocationDelayMs` later. */
  readonly revokedAt?: number;
}

/** A received request. It is recorded as soon as its headers have arrived. */
export interface RecordedRequest {
  /** The HTTP method in capitals. */
  readonly method: string;
  /** The path as sent, without the query string. */
  readonly path: string;
  /** The query string without `?`. Empty if there was none. */
  readonly query: string;
  /** Absent if neither the path nor the Host header names a known store. */
  readonly storeHash?: string;
  /** Names in lower case. Credentials are included: do not print the headers. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The parsed JSON, or the text if it is no JSON. Undefined if empty, not yet received, or larger than 1 MiB. */
  readonly body: unknown;
  /** Milliseconds of `performance.now()` at arrival: a test can assert how long a client waited. */
  readonly arrivedAtMs: number;
  /** The status sent. Undefined before the answer, and also if the answer was never or only partly sent. */
  readonly status: number | undefined;
  /** The kinds of the scripted faults that were applied to this request, joined by `+`. */
  readonly fault?: string;
  /** Why a correct client never sends this request. `close()` rejects if any request has a problem. */
  readonly problem?: string;
}

/** The answer of a route. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. Undefined: no body. */
  readonly body?: unknown;
  readonly problem?: string | undefined;
}

export type Writable<T> = { -readonly [K in keyof T]: T[K] };
