import { hasOwnJti } from "../domain/adoption";
import type { GraphqlAnswer, TokenList } from "../bigcommerce/client";
import { type DoubtfulList, judgeInLists, type ListVerdict, WHY_NOT_WHOLE } from "../bigcommerce/token-list";
import { readClaims } from "../domain/claims";
import { previousVariableOf } from "../settings/credentials";
import { TokensError } from "../errors";
import type { TokenState } from "../domain/state";
import { ask, askInTurn, type Question } from "./ask";
import type { Context } from "./context";
import { requireHost, revokingTargets, siteOf } from "./requests";

/** What the store's lists tell of a token; neither where they show it alive. */
export interface Found {
  /** How it ended, for a sentence that begins with it. */
  readonly end?: string;
  /** Why they do not tell. One text for all tokens of which the same is true. */
  readonly doubt?: string;
  /** Whether GraphQL accepted it just now. */
  readonly isProven?: true;
}

/** How a token ended outside of the stack, as far as BigCommerce tells; else what keeps it from telling. */
export function lookUp(context: Context, state: TokenState): Promise<Found> {
  return hasOwnJti(state) ? lookUpInLists(context, state) : lookUpByText(context, state);
}

export async function lookUpInLists(
  context: Context,
  state: TokenState,
  question: Question = askInTurn,
): Promise<Found> {
  const { client, kind } = context;
  const { storeHash, apiAccount = "" } = state;
  const { jti } = readClaims(state.token);
  if (jti === undefined) {
    return {
      doubt: `store ${storeHash} holds tokens without an id (jti): no list shows them, so a refresh cannot see what became of them`,
    };
  }
  const token = { jti, apiAccount: state.apiAccount, issuedAt: Date.parse(state.issuedAt) / 1_000 };
  const lists: TokenList[] = [];
  let verdict: ListVerdict = { is: "unknown", lists: [] };
  try {
    requireHost(context, state);
    for (const target of revokingTargets(context, storeHash)) {
      if (!target) continue;
      lists.push(await client.tokenList(target, kind.family));
      verdict = judgeInLists(lists, token);
      // A token that one list shows stands in no other.
      if (verdict.is !== "unknown" && verdict.is !== "missing") break;
    }
  } catch (error) {
    if (!(error instanceof TokensError)) throw error;
    return { doubt: `what became of the tokens in store ${storeHash} was not looked up: ${error.message}` };
  }
  if (verdict.is === "revoked") return { end: "was revoked outside of this stack" };
  if (verdict.is === "missing") {
    return { end: `is no longer in the list of API account ${apiAccount}, which minted it` };
  }
  if (verdict.is !== "unknown") return {};
  const site = siteOf(context, state);
  const doubts = verdict.lists.map((list) => doubtOf(context, state, jti, list));
  for (const { goneIf } of doubts) {
    if (goneIf?.includes(await question(context, site, state, goneIf))) {
      return { end: "is no longer in the store's list" };
    }
  }
  const { text, isWarning = false } = doubts.find((doubt) => doubt.isWarning) ??
    doubts[0] ?? {
      text:
        `what became of the tokens in store ${storeHash} that API account ${apiAccount} minted cannot be seen: their list ` +
        `is shown to that account alone; give its credential as ${previousVariableOf(storeHash)}`,
    };
  return { doubt: isWarning ? `warning: ${text}` : text };
}

/** GraphQL sees the token's text, which no other token shares. */
async function lookUpByText(context: Context, state: TokenState): Promise<Found> {
  const { storeHash } = state;
  let word: GraphqlAnswer | undefined;
  try {
    requireHost(context, state);
    word = await ask(context, siteOf(context, state), state);
  } catch (error) {
    if (!(error instanceof TokensError)) throw error;
    return { doubt: `what became of the tokens in store ${storeHash} was not looked up: ${error.message}` };
  }
  if (word === "works") return { isProven: true };
  if (word === "revoked") return { end: "was revoked outside of this stack" };
  return {
    doubt:
      `what became of tokens in store ${storeHash} that were adopted cannot be seen until the store's GraphQL API has ` +
      "accepted them: their ids may be other tokens'",
  };
}

/** What is said of a list that does not tell, and which answers of GraphQL mean that the token is gone all the same. */
interface ToldDoubt {
  /** One text for all tokens of a list. */
  readonly text: string;
  /** Whether somebody should look after the list; that is said first. */
  readonly isWarning?: true;
  readonly goneIf?: readonly (GraphqlAnswer | undefined)[];
}

function doubtOf(
  { kind }: Context,
  { storeHash, verified }: TokenState,
  jti: string,
  { list, doubts }: DoubtfulList,
): ToldDoubt {
  const kept = "what it does not show is taken to be as it was";
  const name = `the list of ${kind.name} tokens in store ${storeHash}`;
  if (list.kind === "no list") {
    return { text: `store ${storeHash} has no list of its tokens: a refresh cannot see what became of them` };
  }
  if (list.kind === "unreadable") {
    const { what, status } = list.failed.failure;
    const needed = status === 403 ? `; the API account needs the OAuth scope "${kind.oauthScope}"` : "";
    return { isWarning: true, text: `${name} could not be read (${what}${needed}): ${kept}` };
  }
  // GraphQL does not know a token yet that is not proven, and the next update asks about it.
  const isAskable = verified !== false;
  if (doubts[0] === "unknown account") {
    const text = `${name} does not tell whether it is that of the API account that minted them: ${kept}`;
    return { text, ...(isAskable && list.mayBeWhole && { goneIf: ["revoked"] }) };
  }
  if (doubts[0] === "not whole") {
    const text = `${name} could not be read whole, because ${WHY_NOT_WHOLE}: ${kept}`;
    const isAsked = isAskable && list.mayBeWhole && !list.unread.has(jti);
    return { isWarning: true, text, ...(isAsked && { goneIf: ["revoked"] }) };
  }
  const text = `${name} may not show yet what was minted in the last minutes: ${kept}`;
  return { text, ...(isAskable && { goneIf: ["revoked", "expired", undefined] }) };
}
