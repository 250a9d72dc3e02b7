// Programs see these types: this file imports nothing, so that their compiler needs neither zod nor axios.

/**
 * What becomes of a token that was replaced.
 *
 * @inline
 */
export type Fate = "revoke" | "letExpire";

/** @inline */
export type Overlap = "auto" | "always" | "never";

/** @inline */
export type OnDelete = "revoke" | "letExpire";

/** A replaced token, as the state of the new token describes it. */
export interface Predecessor {
  /** The `id` of its resource. */
  readonly id: string;
  /** The first 16 hex digits of SHA-256(token). */
  readonly fingerprint: string;
  /** RFC 3339, UTC, seconds. */
  readonly issuedAt: string;
  /** The effective expiry: RFC 3339, UTC, seconds, or "never". */
  readonly expiresAt: string;
  /** `letExpire`: it stays valid until `expiresAt`. `revoke`: its revocation was requested, but may not be confirmed. */
  readonly fate: Fate;
  /** The hash of its store. */
  readonly storeHash: string;
  /** Ascending. */
  readonly channelIds: readonly number[];
  /** Set for a private token. */
  readonly scopes?: readonly string[];
  /** Set for a storefront token that is bound to origins. */
  readonly allowedCorsOrigins?: readonly string[];
  /** Client id of the API account that minted it, if the token has it. */
  readonly apiAccount?: string;
  /** The API host. Only set if it is not `https://api.bigcommerce.com`. */
  readonly apiUrl?: string;
}
