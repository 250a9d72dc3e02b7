import { TokensError } from "../errors";
import { withSecretMarks } from "../pulumi-values";
import type { TokenState } from "../domain/state";

/**
 * A failure after the mint. Pulumi saves the token with it, as a resource that is not initialised.
 * Source: pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `grpcResponseFromError`.
 */
export class PartialFailureError extends TokensError {
  override readonly name = "PartialFailureError";
  readonly reasons: readonly string[];
  /** In no property that `util.inspect` or `JSON.stringify` would show. */
  readonly #state: TokenState;

  constructor(
    readonly id: string,
    state: TokenState,
    message: string,
  ) {
    super("token_kept", message);
    this.reasons = [message];
    this.#state = state;
  }

  /** The outputs to be saved. */
  get properties(): Readonly<Record<string, unknown>> {
    return withSecretMarks(this.#state);
  }
}
