import type { TokenState } from "../state";
import type { Context } from "./context";
import { KeptError } from "./kept";
import { targetOf } from "./requests";

/** With `verify`: what depends on a token gets it once GraphQL has accepted it, and its predecessor ends after that. */
export async function prove(context: Context, id: string, state: TokenState): Promise<TokenState> {
  const { verify, label, fingerprint, storeHash, token, channelIds, allowedCorsOrigins } = state;
  if (verify === undefined) return state;
  const why = await context.client.verify(targetOf(context, storeHash), {
    ...{ token, channelIds },
    ...(allowedCorsOrigins && { allowedCorsOrigins }),
    ...(verify !== true && verify),
  });
  if (why === undefined) return { ...state, verified: true };
  throw new KeptError(
    id,
    { ...state, verified: false },
    `${label}: token ${fingerprint} is not proven to work: ${why}. It is kept in the state, and what depends on it ` +
      "does not get it; the next `pulumi up` tries it again, `pulumi up --replace <urn>` mints another",
  );
}
