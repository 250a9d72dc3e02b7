import type { ErrorCode } from "./error-codes";
import { TokensError } from "./errors";
import { HOMEPAGE } from "./homepage";
import { printable } from "./printable";

/**
 * A message as it reaches a user: printable, whatever a state or a server put into it, and with the address of its code's
 * entry. Nothing cuts or quotes the message after that.
 */
export function withLink(message: string, code: ErrorCode): string {
  return `${printable(message)} (${HOMEPAGE}/blob/main/docs/reference/errors.md#${code})`;
}

/** A copy with its facts, because the error itself may become part of another message, or reach a user again. */
export function linkedError(error: TokensError): TokensError {
  return Object.assign(new TokensError(error.code, withLink(error.message, error.code)), error);
}
