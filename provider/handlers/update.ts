import { defined } from "../defined";
import { keptPrevious } from "../domain/previous-token";
import { outputs, tokenFacts, mismatch } from "../domain/outputs";
import type { CheckedInputs, TokenState } from "../domain/state";
import { tokenOf } from "../domain/token";
import { type Context, nowSeconds } from "./context";
import { PartialFailureError } from "./partial-failure";
import { prove, sayVerified } from "./proof";
import { isSecretIn } from "./requests";

/** Changes only the record, and verifies the token if that is still open. Returns all outputs, because Pulumi keeps no others. */
export async function update(
  context: Context,
  id: string,
  olds: TokenState,
  news: CheckedInputs,
): Promise<{ outs: TokenState }> {
  const kept = keptPrevious(olds, nowSeconds(context));
  const { gone, goneAt } = olds;
  if (olds.verified !== false)
    return { outs: { ...outputs(news, olds, kept), ...defined({ gone, goneAt }) } };

  // A create failed after its mint: the outputs are derived again from the token.
  const { token, listName, issuedAt } = olds;
  const fresh = { token: tokenOf(token), listName, mintedAt: issuedAt };
  const { facts } = tokenFacts(news, fresh, isSecretIn(context, news.storeHash));
  const state = outputs(news, defined({ ...facts, adopted: olds.adopted }), kept);
  const unfit = mismatch(news, facts, fresh);
  if (!unfit) {
    const outs = await prove(context, id, state);
    sayVerified(context, outs);
    return { outs };
  }
  throw new PartialFailureError(
    id,
    { ...state, verified: false },
    `${news.label}: token ${facts.fingerprint} is not fit for use: ${unfit}; run \`pulumi up --replace <urn>\`, or remove it`,
  );
}
