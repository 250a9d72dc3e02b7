import type { ErrorCode } from "./error-codes";

/**
 * The base of every error that this package throws. `code` is stable; `message` is one line for people.
 * The stack is the message alone, because the Pulumi CLI prints `${error}: ${error.stack}`.
 */
export class TokensError extends Error {
  override readonly name: string = "TokensError";

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
    this.stack = message;
  }
}
