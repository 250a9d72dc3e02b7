import type { Target } from "../bigcommerce/client";
import { effectiveExpiry, extentOf, fateOf, isLongPast, livePredecessor, predecessorOf } from "../ending";
import { TokensError } from "../errors";
import { fingerprint } from "../fingerprint";
import type { Replacement } from "../memory";
import { effectLine } from "../notices";
import { lifeProblem, outputs, tokenFacts, unfitness } from "../outputs";
import { formatExpiry, formatTime } from "../schedule";
import type { CheckedInputs, TokenState } from "../state";
import { fateLine } from "./announce";
import { type Context, nowSeconds } from "./context";
import { KeptError } from "./kept";
import { mintRequest, revokeRequest, targetOf } from "./requests";

/** Mints one token. Whatever fails after the POST is reported with the token, or the token is revoked. */
export async function create(
  context: Context,
  inputs: CheckedInputs,
): Promise<{ id: string; outs: TokenState }> {
  const { label } = inputs;
  const mintedAt = nowSeconds(context);
  const problem = lifeProblem(inputs, mintedAt);
  if (problem) throw new TokensError("life_too_short", `${label}: no token was minted, because ${problem}`);
  const target = targetOf(context, inputs.storeHash);
  const replacement = context.memory.replacements.get(label);
  if (replacement) requireEndings(context, replacement, mintedAt);

  const { token } = await context.client().mint(target, mintRequest(context, inputs));
  try {
    return await accept(context, inputs, target, token, mintedAt);
  } catch (error) {
    if (error instanceof TokensError) throw error;
    const name = fingerprint(token);
    const issuedAt = formatTime(mintedAt);
    throw new KeptError(
      name,
      { ...inputs, token, fingerprint: name, issuedAt, verified: false },
      `${label}: token ${name} was minted, but recording it failed; it is kept in the state, and the next \`pulumi up\` settles it`,
    );
  }
}

/** From a token to its state, or to its end where it is not what was asked for. */
async function accept(
  context: Context,
  inputs: CheckedInputs,
  target: Target,
  token: string,
  mintedAt: number,
): Promise<{ id: string; outs: TokenState }> {
  const { memory, notices } = context;
  const { label } = inputs;
  const { id, facts } = tokenFacts(inputs, token, mintedAt);
  const expiresAt = formatExpiry(effectiveExpiry({ ...inputs, ...facts }));
  notices.say(effectLine("minted", label, facts.fingerprint, expiresAt));

  const replacement = memory.replacements.get(label);
  const predecessor = replacement
    ? predecessorFor(context, { ...inputs, ...facts }, replacement, mintedAt)
    : {};
  const outs = outputs(inputs, facts, predecessor);
  const unfit = unfitness(inputs, facts, mintedAt);
  if (unfit) {
    const story = `${label}: BigCommerce minted token ${facts.fingerprint}, but ${unfit}`;
    await compensate(context, target, id, outs, story);
    throw new TokensError("token_unfit", `${story}; it was revoked again (which takes up to about 60 s)`);
  }
  if (facts.effectiveExpiresAt !== undefined) {
    notices.say(
      `${label}: BigCommerce ends token ${facts.fingerprint} earlier than was asked for, at ${expiresAt}`,
    );
  }
  memory.replacements.delete(label);
  return { id, outs };
}

/** Before a replacement mints: what it will revoke must be revocable, as far as that can be known. */
function requireEndings(context: Context, { old, fate }: Replacement, now: number): void {
  const override = context.settings.onDeleteOverride();
  if (override === "letExpire") return;
  const older = livePredecessor(old, now);
  if (older) targetOf(context, older.facts.storeHash);
  if ((override ?? fate) === "revoke" && !isLongPast(effectiveExpiry(old), now))
    targetOf(context, old.storeHash);
}

/** The fate once more, from the new token's own claim: one that ends earlier than asked may not cover the old one. */
function predecessorFor(
  context: Context,
  successor: CheckedInputs & Pick<TokenState, "effectiveExpiresAt">,
  { id, old, fate: announced }: Replacement,
  now: number,
): Pick<TokenState, "previous" | "previousToken"> {
  const expiry = effectiveExpiry(successor);
  const fate = fateOf(extentOf(old), { ...successor, expiry }, successor.overlap);
  if (fate !== announced) context.notices.say(fateLine(context, successor.label, old, fate));
  context.memory.fates.set(id, fate);
  return predecessorOf(id, old, fate, now);
}

/** Revokes a token that must not be handed on; where that fails, the token is kept in the state. */
async function compensate(
  context: Context,
  target: Target,
  id: string,
  state: TokenState,
  story: string,
): Promise<void> {
  const expiresAt = formatExpiry(effectiveExpiry(state));
  try {
    await context.client().revoke(target, revokeRequest(context, { ...state, expiresAt }));
    context.notices.say(effectLine("revoke accepted", state.label, state.fingerprint, expiresAt));
  } catch {
    throw new KeptError(
      id,
      { ...state, verified: false },
      `${story}, and revoking it failed: it is kept in the state; replace or remove it`,
    );
  }
}
