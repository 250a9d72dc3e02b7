import { TokensError } from "../errors";
import type { TokenState } from "../state";

/**
 * A failure after the mint. Pulumi saves the token with it, as a resource that is not initialised.
 * Source: pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `grpcResponseFromError`.
 */
export class KeptError extends TokensError {
  override readonly name = "KeptError";
  readonly reasons: readonly string[];

  constructor(
    readonly id: string,
    readonly properties: TokenState,
    message: string,
  ) {
    super("token_kept", message);
    this.reasons = [message];
  }
}
