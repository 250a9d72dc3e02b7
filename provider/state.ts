import type { Right } from "./kinds";

/** What becomes of a token that was replaced. */
export type Fate = "revoke" | "letExpire";

export type Overlap = "auto" | "always" | "never";

export type OnDelete = "revoke" | "letExpire";

/** The inputs after `check`, as Pulumi stores them. In a preview any of them can be an unknown. */
export interface CheckedInputs {
  readonly label: string;
  readonly storeHash: string;
  /** Only where it is not BigCommerce's own. */
  readonly apiUrl?: string;
  readonly channelIds: readonly number[];
  readonly scopes?: readonly string[];
  readonly allowedCorsOrigins?: readonly string[];
  /** `YYYY-MM-DDTHH:MM:SSZ` or "never". */
  readonly expiresAt: string;
  /** As written; absent with a fixed expiry and while `ignoreChanges` pins the expiry. */
  readonly lifetime?: string;
  readonly rotateBefore?: string;
  readonly overlap: Overlap;
  readonly onDelete: OnDelete;
  readonly __provider?: unknown;
}

/** Why a token that lives is named by its successor, and what was decided for it. */
export interface Predecessor {
  readonly id: string;
  readonly fingerprint: string;
  /** RFC 3339, UTC, seconds. */
  readonly issuedAt: string;
  /** The effective expiry: RFC 3339, UTC, seconds, or "never". */
  readonly expiresAt: string;
  /** `revoke` means asked for, not confirmed. */
  readonly fate: Fate;
  readonly storeHash: string;
  readonly channelIds: readonly number[];
  readonly scopes?: readonly string[];
  readonly allowedCorsOrigins?: readonly string[];
  readonly apiAccount?: string;
  readonly apiUrl?: string;
}

/** The outputs, as Pulumi stores them: the checked inputs and what became of them. */
export interface TokenState extends CheckedInputs {
  readonly token: string;
  readonly fingerprint: string;
  readonly issuedAt: string;
  /** Only where the token's own claim is earlier than `expiresAt`. */
  readonly effectiveExpiresAt?: string;
  readonly rotateAt?: string;
  readonly apiAccount?: string;
  readonly previous?: Predecessor;
  readonly previousToken?: string;
  /** False while an update still has to settle what a failure after the mint left behind. */
  readonly verified?: false;
}

/** BigCommerce signs these into the token: a change replaces it. */
export const REPLACING = ["expiresAt", "channelIds", "scopes", "allowedCorsOrigins", "storeHash"] as const;

/** Everything by which one token's rights are compared with another's. */
export type Rights = Pick<CheckedInputs, "storeHash" | "apiUrl" | "channelIds" | Right>;
