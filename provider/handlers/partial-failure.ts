import type { TokenState } from "../domain/state";
import { TokensError } from "../errors";

/** A failure after the mint, with the state to be saved: the host keeps both, and the next update settles them. */
export class PartialFailureError extends TokensError {
  override readonly name = "PartialFailureError";
  /** In no property that `util.inspect` or `JSON.stringify` would show. */
  readonly #state: TokenState;

  constructor(
    readonly id: string,
    state: TokenState,
    message: string,
  ) {
    super("partial_failure", message);
    this.#state = state;
  }

  get state(): TokenState {
    return this.#state;
  }
}
