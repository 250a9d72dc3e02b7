import { hasOwnJti } from "../domain/adoption";
import type { GraphqlAnswer, TokenList } from "../bigcommerce/client";
import { type DoubtfulList, judgeInLists, type ListVerdict, WHY_NOT_WHOLE } from "../bigcommerce/token-list";
import { readClaims } from "../domain/claims";
import { previousVariableOf } from "../settings/credentials";
import { TokensError } from "../errors";
import { type Notice, notice } from "../notice-formats";
import type { TokenState } from "../domain/state";
import { ask, askInTurn, type Question } from "./ask";
import type { Context } from "./context";
import { requireHost, revokingTargets, siteOf } from "./requests";

/** What the store's lists tell of a token; neither where they show it alive. */
export interface Found {
  /** How it ended, for a sentence that begins with it. */
  readonly end?: string;
  /** Why they do not tell. One notice for all tokens of which the same is true. */
  readonly doubt?: Notice;
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
    return { doubt: notice("refresh_no_ids", { storeHash }) };
  }
  const token = { jti, apiAccount: state.apiAccount, issuedAt: Date.parse(state.issuedAt) / 1_000 };
  const lists: TokenList[] = [];
  let verdict: ListVerdict = { is: "unknown", lists: [] };
  try {
    requireHost(context, state);
    for (const target of revokingTargets(context, storeHash)) {
      lists.push(await client.tokenList(target, kind.family));
      verdict = judgeInLists(lists, token);
      // A token that one list shows stands in no other.
      if (verdict.is !== "unknown" && verdict.is !== "missing") break;
    }
  } catch (error) {
    if (!(error instanceof TokensError)) throw error;
    return { doubt: notice("refresh_failed", { storeHash, reason: error.message }) };
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
  const first = doubts.find(({ told }) => told.severity === "warning") ?? doubts[0];
  const elsewhere = { storeHash, account: apiAccount, variable: previousVariableOf(storeHash) };
  return { doubt: first?.told ?? notice("refresh_other_account", elsewhere) };
}

/** GraphQL sees the token's text, which no other token shares. */
async function lookUpByText(context: Context, state: TokenState): Promise<Found> {
  const { storeHash } = state;
  let answer: GraphqlAnswer | undefined;
  try {
    requireHost(context, state);
    answer = await ask(context, siteOf(context, state), state);
  } catch (error) {
    if (!(error instanceof TokensError)) throw error;
    return { doubt: notice("refresh_failed", { storeHash, reason: error.message }) };
  }
  if (answer === "works") return { isProven: true };
  if (answer === "revoked") return { end: "was revoked outside of this stack" };
  return { doubt: notice("refresh_unproven", { storeHash }) };
}

/** What is said of a list that does not tell, and which answers of GraphQL mean that the token is gone all the same. */
interface ToldDoubt {
  /** One notice for all tokens of a list; a warning if somebody should look after the list. */
  readonly told: Notice;
  readonly goneIf?: readonly (GraphqlAnswer | undefined)[];
}

function doubtOf(
  { kind }: Context,
  { storeHash, verified }: TokenState,
  jti: string,
  { list, doubts }: DoubtfulList,
): ToldDoubt {
  const facts = { kind: kind.name, storeHash };
  if (list.kind === "no list") return { told: notice("refresh_no_list", { storeHash }) };
  if (list.kind === "unreadable") {
    const { what, status } = list.failed.failure;
    const needed = status === 403 ? `; the API account needs the OAuth scope "${kind.oauthScope}"` : "";
    return { told: notice("refresh_list_unreadable", { ...facts, reason: `${what}${needed}` }) };
  }
  // GraphQL does not know a token yet that is not proven, and the next update asks about it.
  const isAskable = verified !== false;
  if (doubts[0] === "unknown account") {
    const told = notice("refresh_list_unowned", facts);
    return { told, ...(isAskable && list.mayBeWhole && { goneIf: ["revoked"] }) };
  }
  if (doubts[0] === "not whole") {
    const told = notice("refresh_list_partial", { ...facts, reason: WHY_NOT_WHOLE });
    const isAsked = isAskable && list.mayBeWhole && !list.unread.has(jti);
    return { told, ...(isAsked && { goneIf: ["revoked"] }) };
  }
  const told = notice("refresh_list_late", facts);
  return { told, ...(isAskable && { goneIf: ["revoked", "expired", undefined] }) };
}
