import type { Target } from "../bigcommerce/client";
import { defined } from "../defined";
import { TokensError } from "../errors";
import type { Replacement } from "./records";
import { notice } from "../notice-formats";
import { anomalies, type MintedToken, mismatch, outputs, recorded, tokenFacts } from "../domain/outputs";
import { successionOf } from "../domain/plan-replacement";
import { effectiveExpiry, formatTime } from "../domain/expiry";
import type { CheckedInputs, TokenState } from "../domain/state";
import { adopt } from "./adopt";
import { isAdopting } from "../domain/adoption";
import { type Context, nowSeconds } from "./context";
import { PartialFailureError } from "./partial-failure";
import { mintOnce, requireLife } from "./mint";
import { prove } from "./proof";
import { isSecretIn, revokeRequest, targetOf } from "./requests";
import { requireRevocable, successionFor } from "./replacement";

/** Mints a token, or adopts one that was made by hand. What may be kept of a failure is reported with the token. */
export async function create(
  context: Context,
  inputs: CheckedInputs,
): Promise<{ id: string; outs: TokenState }> {
  const { record } = context;
  const { label } = inputs;
  const failure = record.failureOf(label);
  if (failure) throw failure;
  try {
    const created = await (isAdopting(record.replacementOf(label), inputs.adopt)
      ? adopt(context, inputs, inputs.adopt)
      : mintNew(context, inputs));
    record.created(label);
    return created;
  } catch (error) {
    if (error instanceof PartialFailureError) record.failed(label, error);
    throw error;
  }
}

/** Whatever fails after the POST is reported with the token, or the token is revoked. */
async function mintNew(context: Context, inputs: CheckedInputs): Promise<{ id: string; outs: TokenState }> {
  const now = nowSeconds(context);
  requireLife(inputs, now);
  const target = targetOf(context, inputs.storeHash);
  const replacement = context.record.replacementOf(inputs.label);
  requireRevocable(context, replacement, now);

  const isSecret = isSecretIn(context, inputs.storeHash);
  const fresh: Fresh = { ...(await mintOnce(context, target, inputs)), inputs, replacement, isSecret };
  try {
    return await accept(context, target, fresh);
  } catch (thrown) {
    throw thrown instanceof TokensError ? thrown : unsettled(context, fresh);
  }
}

/** A minted token, and what it was asked for. */
interface Fresh extends MintedToken {
  readonly inputs: CheckedInputs;
  readonly replacement: Replacement | undefined;
  /** Whether a text holds a credential; known before the mint, because nothing may fail after it. */
  readonly isSecret: (text: string) => boolean;
}

/** From a token to its state, or to its end where it is not what was asked for. */
async function accept(
  context: Context,
  target: Target,
  fresh: Fresh,
): Promise<{ id: string; outs: TokenState }> {
  const { record, notices } = context;
  const { inputs, mintedAt, replacement } = fresh;
  const { label } = inputs;
  const { id, facts } = tokenFacts(inputs, fresh, fresh.isSecret);
  const owner = record.minted(inputs, facts);
  if (owner !== undefined) throw repeated(inputs, facts.fingerprint, owner);
  const expiry = effectiveExpiry({ ...inputs, ...facts });
  notices.say(notice("minted", { label, fingerprint: facts.fingerprint, expiry }));

  const outs = outputs(inputs, facts, successionFor(context, { ...inputs, ...facts }, replacement, mintedAt));
  const unfit = mismatch(inputs, facts, fresh);
  if (unfit) {
    const story = `${label}: BigCommerce minted token ${facts.fingerprint}, but ${unfit}`;
    await compensate(context, target, id, outs, story);
    throw new TokensError("token_mismatch", `${story}; it was revoked again (which takes up to about 60 s)`);
  }
  for (const anomaly of anomalies(inputs, facts, fresh)) notices.say(anomaly);
  return { id, outs: await prove(context, id, outs) };
}

/** Recorded, it would be revoked with the resource that holds it; a new token, if there is one, is not known. */
function repeated({ label, expiresAt }: CheckedInputs, name: string, owner: string): TokensError {
  return new TokensError(
    "token_repeated",
    `${label}: BigCommerce answered the mint with token ${name}, which ${owner} holds already: nothing was recorded and ` +
      `nothing revoked, and a token ${expiresAt === "never" ? "that never expires" : `valid until ${expiresAt}`} may exist ` +
      "that nothing records; run `pulumi up` again",
  );
}

/** What is recorded of a token where this package itself failed after the mint: enough to settle it, or to revoke it. */
function unsettled(context: Context, fresh: Fresh): PartialFailureError {
  const { inputs, token, listName, mintedAt, replacement, isSecret } = fresh;
  const { fingerprint: name, claims } = token;
  const predecessor = replacement?.fate
    ? successionOf(replacement.id, replacement.old, context.record.fatesOf(replacement), mintedAt)
    : {};
  const { jti } = claims;
  return new PartialFailureError(
    jti === undefined || isSecret(jti) ? name : jti,
    {
      ...{ ...recorded(inputs), ...predecessor, ...defined({ listName }) },
      ...{ token: token.value, fingerprint: name, issuedAt: formatTime(mintedAt), verified: false },
    },
    `${inputs.label}: token ${name} was minted, but recording it failed; it is kept in the state, and the next ` +
      "`pulumi up` settles it",
  );
}

/** Revokes a token that must not be handed on; where that fails, the token is kept in the state. */
async function compensate(
  context: Context,
  target: Target,
  id: string,
  state: TokenState,
  story: string,
): Promise<void> {
  const { label, fingerprint: name } = state;
  const expiry = effectiveExpiry(state);
  try {
    await context.client.revoke([target], revokeRequest(context, { ...state, expiry }, true));
    context.notices.say(notice("revoke_accepted", { label, fingerprint: name, expiry }));
  } catch (error) {
    const why = error instanceof TokensError ? ` ${error.message}` : "";
    throw new PartialFailureError(
      id,
      { ...state, verified: false },
      `${story}, and revoking it failed: it is kept in the state; replace or remove it.${why}`,
    );
  }
}
