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

/** What BigCommerce tells of a token. Empty if it has expired. */
interface Found {
  /** What became of the token: the end of a sentence that begins with it. */
  readonly end?: string;
  /** Why BigCommerce does not tell. The same notice for all tokens with the same reason. */
  readonly doubt?: Notice;
  /** Set if its row in a list, or GraphQL, says so of this very token. */
  readonly isAlive?: true;
  /** Set if GraphQL accepted the token just now. */
  readonly isProven?: true;
}

const REVOKED: Found = { end: "was revoked outside of this stack" };

/** Whether a token was revoked outside of the stack, or why BigCommerce does not tell. */
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
  if (jti === undefined) return { doubt: notice("refresh_no_ids", { storeHash }) };
  const token = { jti, apiAccount: state.apiAccount, issuedAt: state.issuedAt };
  const lists: TokenList[] = [];
  let verdict: ListVerdict = { is: "unknown", lists: [] };
  try {
    requireHost(context, state);
    for (const target of revokingTargets(context, storeHash)) {
      lists.push(await client.tokenList(target, kind.family));
      verdict = judgeInLists(lists, token);
      // A token is in one list only.
      if (verdict.is !== "unknown" && verdict.is !== "missing") break;
    }
  } catch (error) {
    return failed(storeHash, error);
  }
  if (verdict.is === "revoked") return REVOKED;
  if (verdict.is === "missing") {
    return { end: `is no longer in the list of API account ${apiAccount}, which minted it` };
  }
  if (verdict.is === "alive") return { isAlive: true };
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

/** Asks GraphQL, which judges the token's text and not its `jti`. */
async function lookUpByText(context: Context, state: TokenState): Promise<Found> {
  const { storeHash } = state;
  try {
    requireHost(context, state);
    const answer = await ask(context, siteOf(context, state), state);
    if (answer === "works") return { isAlive: true, isProven: true };
    return answer === "revoked" ? REVOKED : { doubt: notice("refresh_unproven", { storeHash }) };
  } catch (error) {
    return failed(storeHash, error);
  }
}

function failed(storeHash: string, error: unknown): Found {
  if (!(error instanceof TokensError)) throw error;
  return { doubt: notice("refresh_failed", { storeHash, reason: error.message }) };
}

/** The notice about a list that does not tell, and the answers of GraphQL that mean that the token is gone. */
interface ToldDoubt {
  /** The same notice for all tokens of a list. A warning if a person should look into it. */
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
    const needed = status === 403 ? `; the API account needs the OAuth scope ${kind.oauthScope}` : "";
    return { told: notice("refresh_list_unreadable", { ...facts, reason: `${what}${needed}` }) };
  }
  // GraphQL may not know an unproven token yet, and the next update asks about it.
  const isAskable = verified !== false;
  const isAsked = isAskable && list.mayBeWhole;
  if (doubts[0] === "unknown account") {
    const told = notice("refresh_list_unowned", facts);
    return { told, ...(isAsked && { goneIf: ["revoked"] }) };
  }
  if (doubts[0] === "not whole") {
    const told = notice("refresh_list_partial", { ...facts, reason: WHY_NOT_WHOLE });
    return { told, ...(isAsked && !list.unread.has(jti) && { goneIf: ["revoked"] }) };
  }
  const told = notice("refresh_list_late", facts);
  return { told, ...(isAskable && { goneIf: ["revoked", "expired", undefined] }) };
}
