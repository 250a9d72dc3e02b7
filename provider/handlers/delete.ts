import { hasOwnJti, hasPreviousOwnJti } from "../domain/adoption";
import { isToken } from "../domain/claims";
import { type Cause, type DeleteSightings, type DeleteStep, planDelete } from "../domain/plan-delete";
import { TokensError } from "../errors";
import { type Effect, notice } from "../notice-formats";
import type { TokenState } from "../domain/state";
import { sayDeletedFirst } from "./replacement";
import { type Context, nowSeconds, overrideOf } from "./context";
import { requireHost, revokingTargets } from "./requests";
import { type TokenToRevoke, revoke, WAY_OUT } from "./revoke";

/** Revokes or leaves the token by its rule, its live previous token first. Throws where the token must stay in the state. */
export async function remove(context: Context, id: string, state: TokenState): Promise<void> {
  const { record } = context;
  const now = nowSeconds(context);
  record.holds(id, state);
  const replacement = record.deletedFirst(id, state);
  if (replacement) sayDeletedFirst(context, replacement, now);
  const sightings = record.sightingsOf(id, state);
  const plan = planDelete(state, sightings, overrideOf(context), now);
  if ("refusal" in plan) {
    throw plan.refusal === "adopted again" ? adoptedAgain(state, sightings.adopted) : deletedBefore(state);
  }
  const steps = plan.steps.map((step) => {
    return prepared(context, step, tokenOf(id, state, plan.cause, step), sightings);
  });
  for (const step of steps) await step();
}

/** The token of a step, with everything that its revocation needs. */
function tokenOf(id: string, state: TokenState, cause: Cause, { token }: DeleteStep): TokenToRevoke {
  const { label, previous, previousToken } = state;
  const { which, expiry } = token;
  if (which === "own" || !previous || previousToken === undefined) {
    return { ...state, id, expiry, cause, hasOwnJti: hasOwnJti(state) };
  }
  const facts = { cause: "previous", hasOwnJti: hasPreviousOwnJti(state) } as const;
  return { ...previous, label, token: previousToken, expiry, ...facts };
}

/** Pulumi deletes a token before it creates the new one only with `deleteBeforeReplace`. */
function deletedBefore({ label, fingerprint }: TokenState): TokensError {
  return new TokensError(
    "deleted_before_replaced",
    `token ${fingerprint} of ${label} was not revoked, because the new token does not exist yet: deleteBeforeReplace would ` +
      "leave no token in between; leave it out, also where a transform sets it",
  );
}

function adoptedAgain({ label, fingerprint }: TokenState, again = ""): TokensError {
  return new TokensError(
    "adoption_repeated",
    `token ${fingerprint} of ${label} was not revoked and stays in the state, because a forced replacement adopted ` +
      `token ${again} once more; remove adopt, then replace`,
  );
}

/** Looks up credentials first: if one is missing, no request is sent for the other token either. */
function prepared(
  context: Context,
  { token: { which }, action, reason }: DeleteStep,
  token: TokenToRevoke,
  { own }: DeleteSightings,
): () => Promise<void> {
  const { notices, record } = context;
  const { label, fingerprint, expiry } = token;
  const say = (effect: Effect) => {
    notices.say(notice(effect, { label, fingerprint, expiry }));
  };
  if (action !== "revoke") {
    return () => {
      if (action === "leave") say(reason === "expired" ? "expired" : "left_to_expire");
      if (reason === "minted again") notices.say(notice("minted_again", { label, fingerprint }));
      if (which === "own" && reason === "held elsewhere") {
        notices.say(notice("kept_by_holder", { label, fingerprint, holder: own?.heldBy ?? "" }));
      }
      return Promise.resolve();
    };
  }
  if (!isToken(token.token)) {
    throw new TokensError(
      "token_unreadable",
      `${label}: the state holds no readable token ${fingerprint}, so it cannot be revoked; ` +
        `restore the state. ${WAY_OUT}`,
    );
  }
  const targets = revokingTargets(context, token.storeHash);
  requireHost(context, token, WAY_OUT);
  return () => record.revokeOnce(fingerprint, () => revoke(context, targets, token, say));
}
