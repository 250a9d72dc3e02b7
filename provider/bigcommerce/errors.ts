import type { ApiCode } from "../error-codes";
import { TokensError } from "../errors";

/**
 * What is known of a request that failed.
 * NOT_SENT: it provably never left. REJECTED: answered, nothing was done. UNKNOWN: it may have been done.
 */
export type Outcome = "NOT_SENT" | "REJECTED" | "UNKNOWN";

/** The allow-listed facts of a failed request; no header, body or token is among them. */
export interface ApiFailure {
  readonly outcome: Outcome;
  readonly method: string;
  /** Path with `{store_hash}` and `{jti}` as placeholders. */
  readonly pathTemplate: string;
  /** What to do next. */
  readonly remedy: string;
  /** Of a mint: a token may exist that nothing records, until then. RFC 3339, or `never`. */
  readonly strayUntil?: string;
  /** The name that this token has in the store's list, where the store has one. */
  readonly strayName?: string;
  readonly status?: number;
  /** BigCommerce's `title` and field messages, redacted and cut to a line. */
  readonly title?: string;
  readonly requestId?: string;
  /** The server's `Date`, Unix milliseconds. */
  readonly serverTimeMs?: number;
}

/** A request to BigCommerce that did not succeed. */
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
