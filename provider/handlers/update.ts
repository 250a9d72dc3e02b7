import { defined } from "../defined";
import { keptPredecessor } from "../domain/previous-token";
import { outputs, tokenFacts, mismatch } from "../domain/outputs";
import type { CheckedInputs, TokenState } from "../domain/state";
import { tokenOf } from "../domain/token";
import { type Context, nowSeconds } from "./context";
import { PartialFailureError } from "./partial-failure";
import { prove } from "./proof";
import { isSecretIn } from "./requests";

/** A change of the record alone: no request, but for a proof that is due. Returns full outputs: Pulumi keeps no others. */
export async function update(
  context: Context,
  id: string,
  olds: TokenState,
  news: CheckedInputs,
): Promise<{ outs: TokenState }> {
  const predecessor = keptPredecessor(olds, nowSeconds(context));
  if (olds.verified !== false) return { outs: outputs(news, olds, predecessor) };

  // What a failure after the mint left behind is derived again from the token.
  const { token, listName, issuedAt } = olds;
  const fresh = { token: tokenOf(token), listName, mintedAt: Date.parse(issuedAt) / 1000 };
  const { facts } = tokenFacts(news, fresh, isSecretIn(context, news.storeHash));
  const state = outputs(news, defined({ ...facts, adopted: olds.adopted }), predecessor);
  const unfit = mismatch(news, facts, fresh);
  if (!unfit) return { outs: await prove(context, id, state) };
  throw new PartialFailureError(
    id,
    { ...state, verified: false },
    `${news.label}: token ${facts.fingerprint} is not fit for use: ${unfit}; run \`pulumi up --replace <urn>\`, or remove it`,
  );
}
