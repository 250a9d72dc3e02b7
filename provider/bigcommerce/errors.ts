import type { ApiCode } from "../request-errors";
import { TokensError } from "../errors";

/**
 * What a failed request did.
 * NOT_SENT: nothing, it was provably not sent. REJECTED: nothing, BigCommerce refused it. UNKNOWN: it may have been done.
 */
export type Outcome = "NOT_SENT" | "REJECTED" | "UNKNOWN";

/** The allow-listed facts of a failed request. They hold no header, body or token. */
export interface ApiFailure {
  readonly outcome: Outcome;
  readonly method: string;
  /** The path with the placeholders `{store_hash}` and `{jti}`. */
  readonly pathTemplate: string;
  /** What to do next. */
  readonly remedy: string;
  /** Set if a mint may have left a token that no state records: its expiration, RFC 3339 or `never`. */
  readonly strayUntil?: string;
  /** The name of that token in the store's list, if the store has one. */
  readonly strayName?: string;
  readonly status?: number;
  /** BigCommerce's `title` and field messages, redacted and cut to one line. */
  readonly title?: string;
  readonly requestId?: string;
  /** The server's `Date`, Unix milliseconds. */
  readonly serverTimeMs?: number;
}

/** A failed request to BigCommerce. */
export class ApiError extends TokensError {
  override readonly name = "ApiError";
  declare readonly code: ApiCode;

  constructor(
    code: ApiCode,
    message: string,
    readonly failure: ApiFailure,
  ) {
    super(code, message);
  }
}
