import { isAdopted } from "../domain/adoption";
import { DEFAULT_API_URL } from "../bigcommerce/endpoint";
import { bearerOf } from "../bigcommerce/graphql";
import { notice } from "../notice-formats";
import { asError } from "../notices";
import type { TokenState } from "../domain/state";
import type { Verify } from "../domain/verify-input";
import type { Context } from "./context";
import { PartialFailureError } from "./partial-failure";

/** With `verify`, dependents get a token only after GraphQL accepted it. The previous token is revoked after that. */
export async function prove(context: Context, id: string, state: TokenState): Promise<TokenState> {
  if (state.verify === undefined) return state;
  const why = await whyRefused(context, state, state.verify);
  if (why === undefined) return { ...state, verified: true };
  throw new PartialFailureError(
    id,
    { ...state, verified: false },
    `${state.label}: token ${state.fingerprint} is not proven to work: ${why}. It is kept in the state, and its ` +
      "dependents do not get it; the next `pulumi up` tries it again" +
      (isAdopted(state)
        ? "; to have another one minted, remove `adopt` and run `pulumi up --replace <urn>`"
        : ", `pulumi up --replace <urn>` mints another"),
  );
}

/** True if `verify` is given and GraphQL has accepted the token. */
export function isVerified({ verify, verified }: TokenState): boolean {
  return verify !== undefined && verified === true;
}

export function sayVerified({ notices }: Context, state: TokenState): void {
  const { label, fingerprint } = state;
  if (isVerified(state)) notices.say(notice("verified", { label, fingerprint }));
}

/** Every failure becomes a reason: an error of another kind would lose the token. */
async function whyRefused({ client, kind }: Context, state: TokenState, verify: Verify) {
  const { apiUrl = DEFAULT_API_URL, storeHash } = state;
  try {
    const token = { ...bearerOf(kind, state), ...(verify !== true && verify) };
    return await client.verify({ apiUrl, storeHash }, token);
  } catch (thrown) {
    return asError(thrown).message.replace(/\.$/, "");
  }
}
