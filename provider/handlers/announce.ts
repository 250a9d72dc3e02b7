import { isAdopting } from "../domain/adoption";
import { fingerprint } from "../domain/fingerprint";
import type { PreviewedInputs } from "../domain/state";
import { notice } from "../notice-formats";
import { type Context, nowSeconds } from "./context";
import { decideReplacement } from "./replacement";

/** Says in a preview what a create will do: which token it adopts, and what becomes of the token that it replaces. */
export function announce(context: Context, inputs: PreviewedInputs): void {
  const { record, notices } = context;
  const { label, adopt } = inputs;
  const replacement = record.replacementOf(label);
  // A preview hides the value of `adopt`.
  if (isAdopting(replacement, adopt)) {
    notices.sayOnce(notice("will_adopt", { label, fingerprint: fingerprint(adopt) }));
  }
  if (replacement) {
    decideReplacement(context, inputs, replacement, { isPreview: true, now: nowSeconds(context) });
  }
}
