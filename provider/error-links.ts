import type { ErrorCode } from "./error-codes";
import { TokensError } from "./errors";
import { HOMEPAGE } from "./homepage";

/** A message as it reaches a user: with the address of its code's entry. Nothing cuts or quotes the message after that. */
export function withLink(message: string, code: ErrorCode): string {
  return `${message} (${HOMEPAGE}/blob/main/docs/reference/errors.md#${code})`;
}

/** A copy with its facts, because the error itself may become part of another message, or reach a user again. */
export function linkedError(error: TokensError): TokensError {
  return Object.assign(new TokensError(error.code, withLink(error.message, error.code)), error);
}
