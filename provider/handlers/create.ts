import type { Target } from "../bigcommerce/client";
import { defined } from "../defined";
import { TokensError } from "../errors";
import type { Replacement } from "./records";
import { notice } from "../notice-formats";
import {
  anomalies,
  clockNotice,
  type MintedToken,
  mismatch,
  outputs,
  recorded,
  tokenFacts,
} from "../domain/outputs";
import { successionOf } from "../domain/plan-replacement";
import { effectiveExpiry, formatTime } from "../domain/expiry";
import type { CheckedInputs, TokenState } from "../domain/state";
import { adopt, type Created } from "./adopt";
import { isAdopting } from "../domain/adoption";
import { type Context, nowSeconds } from "./context";
import { PartialFailureError } from "./partial-failure";
import { mintOnce, requireLife } from "./mint";
import { prove, sayVerified } from "./proof";
import { isSecretIn, revokeRequest, targetOf } from "./requests";
import { requireRevocable, sayReplaced, successionFor } from "./replacement";

/** Mints a token, or adopts one that was made by hand. */
export async function create(context: Context, inputs: CheckedInputs): Promise<Created> {
  const { record } = context;
  const { label } = inputs;
  const failure = record.failureOf(label);
  if (failure) throw failure;
  const replacement = record.replacementOf(label);
  try {
    const created = await (isAdopting(replacement, inputs.adopt)
      ? adopt(context, inputs, inputs.adopt)
      : mintNew(context, inputs));
    sayCreated(context, created.outs, record.replacementOf(label));
    record.created(label);
    return created;
  } catch (error) {
    if (error instanceof PartialFailureError) record.failed(label, error);
    throw error;
  }
}

function sayCreated(context: Context, state: TokenState, replacement: Replacement | undefined): void {
  if (replacement) sayReplaced(context, state, replacement, nowSeconds(context));
  else sayVerified(context, state);
}

/** If something fails after the POST, the error carries the token, or the token is revoked. */
async function mintNew(context: Context, inputs: CheckedInputs): Promise<Created> {
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

/** A new token, and what was requested. */
interface Fresh extends MintedToken {
  readonly inputs: CheckedInputs;
  readonly replacement: Replacement | undefined;
  /** Whether a text contains a credential. Prepared before the mint, because nothing may fail after it. */
  readonly isSecret: (text: string) => boolean;
}

/** Makes the state of a new token. Revokes the token if it is not what was requested. */
async function accept(context: Context, target: Target, fresh: Fresh): Promise<Created> {
  const { record, notices } = context;
  const { inputs, mintedAt, replacement, isSecret } = fresh;
  const { label } = inputs;
  const { id, facts } = tokenFacts(inputs, fresh, isSecret);
  const { fingerprint } = facts;
  const owner = record.minted(inputs, facts);
  if (owner !== undefined) throw repeated(inputs, fingerprint, owner);
  const expiry = effectiveExpiry({ ...inputs, ...facts });
  notices.say(notice("minted", { label, fingerprint, expiry }));
  const skewed = clockNotice(fresh);
  if (skewed) notices.sayOnce(skewed);

  const outs = outputs(inputs, facts, successionFor(context, { ...inputs, ...facts }, replacement, mintedAt));
  const unfit = mismatch(inputs, facts, fresh);
  if (unfit) {
    const story = `${label}: BigCommerce minted token ${fingerprint}, but ${unfit}`;
    await compensate(context, target, id, outs, story);
    throw new TokensError("token_mismatch", `${story}; it was revoked again (which takes up to about 60 s)`);
  }
  for (const anomaly of anomalies(inputs, facts, fresh)) notices.say(anomaly);
  return { id, outs: await prove(context, id, outs) };
}

/** If two records held the token, it would be revoked while the other resource holds it. */
function repeated({ label, expiresAt }: CheckedInputs, fingerprint: string, owner: string): TokensError {
  const validity = expiresAt === "never" ? "that never expires" : `valid until ${formatTime(expiresAt)}`;
  return new TokensError(
    "token_repeated",
    `${label}: BigCommerce answered the mint with token ${fingerprint}, which ${owner} holds already: nothing was recorded ` +
      `and nothing revoked, and a token ${validity} may exist that nothing records; run \`pulumi up\` again`,
  );
}

/** For a failure of this package itself after the mint. A later run can settle or revoke the token by this state. */
function unsettled(context: Context, fresh: Fresh): PartialFailureError {
  const { inputs, listName, mintedAt, replacement, isSecret } = fresh;
  const { value: token, fingerprint, claims } = fresh.token;
  const { jti = fingerprint } = claims;
  const succession = replacement?.fate
    ? successionOf(replacement.id, replacement.old, context.record.fatesOf(replacement), mintedAt)
    : {};
  const facts = { token, fingerprint, issuedAt: mintedAt, listName, verified: false };
  return new PartialFailureError(
    isSecret(jti) ? fingerprint : jti,
    defined({ ...recorded(inputs), ...succession, ...facts }),
    `${inputs.label}: token ${fingerprint} was minted, but recording it failed; it is kept in the state, and the next ` +
      "`pulumi up` settles it",
  );
}

/** Revokes a token that dependents must not receive. If that fails, the state keeps the token. */
async function compensate(context: Context, target: Target, id: string, state: TokenState, story: string) {
  const { label, fingerprint } = state;
  const expiry = effectiveExpiry(state);
  try {
    await context.client.revoke([target], revokeRequest(context, { ...state, expiry }, true));
    context.notices.say(notice("revoke_accepted", { label, fingerprint, expiry }));
  } catch (error) {
    const why = error instanceof TokensError ? ` ${error.message}` : "";
    throw new PartialFailureError(
      id,
      { ...state, verified: false },
      `${story}, and revoking it failed: it is kept in the state; replace or remove it.${why}`,
    );
  }
}
