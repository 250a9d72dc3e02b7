import type { Bearer, Site, GraphqlAnswer } from "../bigcommerce/client";
import { bearerOf } from "../bigcommerce/graphql";
import type { TokenState } from "../domain/state";
import type { Context } from "./context";

/** What GraphQL says of a token that a list misses; `goneIf` is what would mean its end. */
export type Question = (
  context: Context,
  site: Site,
  state: TokenState,
  goneIf: readonly (GraphqlAnswer | undefined)[],
) => Promise<GraphqlAnswer | undefined>;

/**
 * One token of an API account and kind at a time: where one works that the list does not show, the list says nothing of
 * the others either, and where GraphQL does not tell of one, they need not wait for its silence.
 */
export async function askInTurn(
  context: Context,
  site: Site,
  state: TokenState,
  goneIf: readonly (GraphqlAnswer | undefined)[],
): Promise<GraphqlAnswer | undefined> {
  let own: Promise<GraphqlAnswer | undefined> | undefined;
  const question = () => (own ??= ask(context, site, state));
  const group = `${context.kind.family} ${state.apiAccount ?? ""}`;
  const answer = await context.record.answerOf(
    state.storeHash,
    group,
    (last) =>
      last?.then((before) => (before === "works" || before === undefined ? before : question())) ??
      question(),
  );
  // Its own silence may stand for its end; that of another does not.
  return answer === undefined && goneIf.includes(undefined) ? question() : answer;
}

export async function ask(
  { client, kind }: Context,
  site: Site,
  token: Omit<Bearer, "isForBrowsers">,
): Promise<GraphqlAnswer | undefined> {
  return client.ask(site, bearerOf(kind, token));
}
