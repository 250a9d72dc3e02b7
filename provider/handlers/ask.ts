import type { Bearer, Site, GraphqlAnswer } from "../bigcommerce/client";
import { bearerOf } from "../bigcommerce/graphql";
import type { TokenState } from "../domain/state";
import type { Context } from "./context";

/** Asks GraphQL about a token that a list does not show. `goneIf`: the answers that mean that the token is gone. */
export type Question = (
  context: Context,
  site: Site,
  state: TokenState,
  goneIf: readonly (GraphqlAnswer | undefined)[],
) => ReturnType<typeof ask>;

/** Why a token that was made by hand is not taken over, by GraphQL's answer. */
export const REFUSALS: Readonly<Partial<Record<GraphqlAnswer, string>>> = {
  invalid: "the store's GraphQL API calls it invalid: it is no token of BigCommerce",
  "other store": "the store's GraphQL API says that it is another store's token",
  revoked: "the token was revoked outside of this stack",
  expired: "the token has expired, says the store's GraphQL API",
};

/**
 * Asks about one token of an API account and kind at a time. If a token works that the list does not show, the list does
 * not tell about the others either. If GraphQL does not answer for one token, the others do not wait for it again.
 */
export const askInTurn: Question = async (context, site, state, goneIf) => {
  let own: ReturnType<typeof ask> | undefined;
  const question = () => (own ??= ask(context, site, state));
  const group = `${context.kind.family} ${state.apiAccount ?? ""}`;
  const answer = await context.record.answerOf(state.storeHash, group, async (last) => {
    if (last === undefined) return question();
    const before = await last;
    return before === "works" || before === undefined ? before : question();
  });
  // No answer may mean that this token is gone. No answer for another token does not.
  return answer === undefined && goneIf.includes(undefined) ? question() : answer;
};

export async function ask(
  { client, kind }: Context,
  site: Site,
  token: Omit<Bearer, "isForBrowsers">,
): Promise<GraphqlAnswer | undefined> {
  return client.ask(site, bearerOf(kind, token));
}
