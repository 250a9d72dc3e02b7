import type { IncomingHttpHeaders } from "node:http";

/** An OAuth scope of an API account, as BigCommerce spells it. */
export type OAuthScope = "store_storefront_api" | "store_storefront_api_customer_impersonation";

/** A kind of token, as BigCommerce's lists spell it. */
export type TokenType = "simple" | "private" | "customer_impersonation";

/** An API account of one store. A token belongs to the account that minted it. */
export interface Account {
  readonly clientId: string;
  /** What requests send as `X-Auth-Token`. */
  readonly accessToken: string;
  /** What the account may do. An account without the scope of a route is answered 403. */
  readonly scopes: readonly OAuthScope[];
}

/** Everything that was ever minted, whether or not its answer reached anybody. Times are Unix seconds. */
export interface IssuedToken {
  /** The JWT itself, in clear: this is a test double, its tokens open nothing. */
  readonly token: string;
  /** The first 16 hex digits of SHA-256(token). */
  readonly fingerprint: string;
  readonly type: TokenType;
  readonly storeHash: string;
  readonly clientId: string;
  /** Generation 2 only. */
  readonly jti?: string;
  readonly issuedAt: number;
  /** Absent for a token that never expires. */
  readonly expiresAt?: number;
  readonly channelIds: readonly number[];
  /** Empty unless the type is `private`. */
  readonly scopes: readonly string[];
  /** Empty unless the type is `simple`. */
  readonly allowedCorsOrigins: readonly string[];
  /** Generation 2 only. */
  readonly name?: string;
  /** When a revocation was accepted; GraphQL refuses the token once `revocationDelayMs` is over. */
  readonly revokedAt?: number;
}

/** One request, from the moment its headers arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** Path without the query string, as sent. */
  readonly path: string;
  /** Query string without `?`; empty if there was none. */
  readonly query: string;
  /** Absent where the path and the Host name no known store. */
  readonly storeHash?: string;
  /** Lower-case names, credentials included: do not print them. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Parsed where it is JSON, else the text; undefined if empty, not yet received, or larger than 1 MiB. */
  readonly body: unknown;
  /** Arrival in milliseconds of `performance.now()`: for asserting how long a client waited. */
  readonly arrivedAtMs: number;
  /** Undefined while unanswered, and for good if the answer was cut or never sent. */
  readonly status: number | undefined;
  /** The kinds of scripted faults that met this request, joined by `+`. */
  readonly fault?: string;
  /** Why no correct client would send this. `close()` rejects while there is one. */
  readonly problem?: string;
}

/** What a route answers, before it is put on the wire. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined sends no body. */
  readonly body?: unknown;
  readonly problem?: string;
}

export type Writable<T> = { -readonly [K in keyof T]: T[K] };
