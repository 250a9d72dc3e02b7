import type { ListedToken, Minted, Target } from "../bigcommerce/client";
import { ApiError } from "../bigcommerce/errors";
import { TokensError } from "../errors";
import type { Replacement } from "../memory";
import { formatTime } from "../schedule";
import type { CheckedInputs } from "../state";
import type { Context } from "./context";
import { mintRequest } from "./requests";

/** The name in the store's list is the label, this, and 32 hex digits. */
const SEPARATOR = "#";

/** More leftovers than this are counted, not named. */
const MAX_NAMED = 5;

/** Mints, unless this process may have minted for the same inputs already: an engine that asks again has lost nothing. */
export async function mintOnce(
  context: Context,
  target: Target,
  inputs: CheckedInputs,
  replacement: Replacement | undefined,
): Promise<Minted> {
  const { client, memory, kind, nonce } = context;
  const { label } = inputs;
  const asked = JSON.stringify(inputs);
  if (memory.unsure.get(label) === asked && !context.settings.mintsAgain()) {
    throw new TokensError(
      "mint_unsure",
      `${label}: nothing was sent, because an earlier attempt of this run may have minted the token already; run ` +
        "`pulumi up` again, or set BIGCOMMERCE_ON_UNKNOWN=mint to let one run mint again",
    );
  }
  const { tokens, spentMs } = await client.detect(target, kind.family);
  if (tokens) sayLeftovers(context, label, tokens, replacement);
  const newName = () => `${label}${SEPARATOR}${nonce()}`;
  try {
    return await client.mint(target, mintRequest(context, inputs), { spentMs, ...(tokens && { newName }) });
  } catch (error) {
    if (error instanceof ApiError && error.failure.strayUntil !== undefined) memory.unsure.set(label, asked);
    throw error;
  }
}

/** Names live tokens of this label that are not the known ones. The provider cannot see the state, so it ends none. */
function sayLeftovers(
  { notices }: Context,
  label: string,
  tokens: readonly ListedToken[],
  replacement: Replacement | undefined,
): void {
  const known = [replacement?.id, replacement?.old.previous?.id];
  const left = tokens.filter(
    ({ jti, name, isRevoked, isExpired }) =>
      (name?.startsWith(`${label}${SEPARATOR}`) ?? false) && !isRevoked && !isExpired && !known.includes(jti),
  );
  for (const { jti, issuedAt, expiresAt } of left.slice(0, MAX_NAMED)) {
    const since = issuedAt === undefined ? "" : ` since ${formatTime(issuedAt)}`;
    const until = expiresAt === undefined ? "for ever" : `until ${formatTime(expiresAt)}`;
    notices.say(
      `warning: ${label}: the store also holds token ${jti} under this label${since}, which works ${until}. Unless this ` +
        "update replaces it, an interrupted run left it: revoke it by its id. Nothing else does",
    );
  }
  if (left.length > MAX_NAMED) {
    notices.say(`warning: ${label}: the store holds ${left.length - MAX_NAMED} more such tokens`);
  }
}
