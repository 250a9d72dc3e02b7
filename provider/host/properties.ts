import { type CheckedInputs, readInputs, readState, type TokenState } from "../domain/state";
import { TokensError } from "../errors";
import { type Bag, hasPlaceholder, withoutSecretMarks } from "../pulumi-values";

export function stateOf(outputs: Bag): TokenState {
  return readState(withoutSecretMarks(outputs));
}

/** In a create or an update, Pulumi knows all inputs. */
export function knownInputs(inputs: Bag): CheckedInputs {
  if (!hasPlaceholder(inputs)) return readInputs(inputs);
  throw new TokensError("internal", "internal error: an input is not known yet; nothing was sent");
}
