import type { ListedToken, Target } from "../bigcommerce/client";
import { ApiError } from "../bigcommerce/errors";
import { TokensError } from "../errors";
import { UNKNOWN_ORGANIZATION } from "../domain/label";
import { labelIn, listNameOf, youngUntil } from "../domain/list-name";
import { type MintedToken, lifeProblem } from "../domain/outputs";
import { type Notice, notice } from "../notice-formats";
import type { CheckedInputs } from "../domain/state";
import { tokenOf } from "../domain/token";
import { type Context, nowSeconds } from "./context";
import { mintRequest } from "./requests";

/** At most so many leftovers are named. The others are counted. */
const MAX_NAMED = 5;

/** Mints a token, unless this process may have minted one for the same inputs already. */
export async function mintOnce(
  context: Context,
  target: Target,
  inputs: CheckedInputs,
): Promise<MintedToken> {
  const { client, record, kind, nonce, notices, settings } = context;
  const { label, lifetime, expiresAt } = inputs;
  // With a lifetime, each check may compute another expiresAt for the same request.
  const asked = JSON.stringify({ ...inputs, expiresAt: lifetime === undefined ? expiresAt : undefined });
  if (record.isInDoubt(label, asked) && !settings.mintsAgain()) {
    throw new TokensError(
      "mint_in_doubt",
      `${label}: nothing was sent, because an earlier attempt of this run may have minted the token already; run ` +
        "`pulumi up` again, or set BIGCOMMERCE_ON_UNKNOWN=mint to let one run mint again",
    );
  }
  const { tokens, ...time } = await client.detect(target, kind.family);
  if (tokens) sayLeftovers(context, label, tokens);
  const newName = () => listNameOf(label, nonce());
  let mintedAt = nowSeconds(context);
  const onSend = () => {
    mintedAt = nowSeconds(context);
    requireLife(inputs, mintedAt);
  };
  const onLost = (reason: string) => {
    notices.say(notice("mint_retried", { label, reason }));
  };
  try {
    const options = { ...time, onSend, onLost, ...(tokens && { newName }) };
    const { token, listName } = await client.mint(target, mintRequest(context, inputs), options);
    return { token: tokenOf(token), listName, mintedAt };
  } catch (error) {
    if (error instanceof ApiError && error.failure.strayUntil !== undefined) record.inDoubt(label, asked);
    throw error;
  }
}

/** Fails if the token would be due, or expired, from its first second. */
export function requireLife(inputs: CheckedInputs, now: number): void {
  const problem = lifeProblem(inputs, now);
  if (problem === undefined) return;
  throw new TokensError("expires_too_soon", `${inputs.label}: no token was minted, because ${problem}`);
}

/** Names live tokens of this label that no known state holds. The provider cannot read the state, so it revokes none. */
function sayLeftovers(context: Context, label: string, tokens: readonly ListedToken[]): void {
  const { notices, record } = context;
  const left = tokens.filter(
    ({ jti, name, isRevoked, isExpired }) =>
      labelIn(name) === label && !isRevoked && !isExpired && !record.isHeld(jti),
  );
  for (const { jti, issuedAt: issued, expiresAt: expiry } of left.slice(0, MAX_NAMED)) {
    notices.say(leftoverNotice({ label, jti, issued, expiry }, nowSeconds(context)));
  }
  const count = left.length - MAX_NAMED;
  if (count > 0) notices.say(notice("more_leftovers", { label, count }));
}

/** `orphans` revokes no token that an update may still record. */
function leftoverNotice(facts: Parameters<typeof notice<"leftover">>[1], now: number): Notice {
  const until = youngUntil(facts.issued);
  // A token under a label without an organization may be another organization's.
  const isUncertain = until === undefined || facts.label.startsWith(`${UNKNOWN_ORGANIZATION}/`);
  if (isUncertain) return notice("leftover_undated", facts);
  return now < until ? notice("leftover_young", { ...facts, youngUntil: until }) : notice("leftover", facts);
}
