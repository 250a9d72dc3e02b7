import { hasOwnJti } from "../domain/adoption";
import type { TokenList, Target, GraphqlAnswer } from "../bigcommerce/client";
import { WHY_NOT_WHOLE } from "../bigcommerce/token-list";
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

/** Why a token may be alive that a list does not show, and what GraphQL may answer so that it is gone all the same. */
interface Doubt {
  readonly text: string;
  /** Whether somebody should look after the list; that is said first. */
  readonly isWarning?: true;
  readonly goneIf?: readonly (GraphqlAnswer | undefined)[];
}

/** No page promises that a list shows a token at once, and one that was begun before the mint never will. */
const SETTLING_S = 300;

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
  const own: { readonly target: Target; readonly doubt: Doubt | undefined }[] = [];
  try {
    requireHost(context, state);
    for (const target of revokingTargets(context, storeHash)) {
      if (!target) continue;
      const inventory = await client.tokenList(target, kind.family);
      const row = inventory.kind === "listed" ? inventory.byJti.get(jti) : undefined;
      if (row) return row.isRevoked ? { end: "was revoked outside of this stack" } : {};
      if (strangerIn(inventory, state) === undefined)
        own.push({ target, doubt: doubtOf(context, state, jti, inventory) });
    }
  } catch (error) {
    if (!(error instanceof TokensError)) throw error;
    return { doubt: `what became of the tokens in store ${storeHash} was not looked up: ${error.message}` };
  }
  if (own.some(({ doubt }) => !doubt)) {
    return { end: `is no longer in the list of API account ${apiAccount}, which minted it` };
  }
  for (const { target, doubt } of own) {
    const goneIf = doubt?.goneIf;
    if (goneIf?.includes(await question(context, target, state, goneIf))) {
      return { end: "is no longer in the store's list" };
    }
  }
  const { text, isWarning = false } = (own.find(({ doubt }) => doubt?.isWarning) ?? own[0])?.doubt ?? {
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

/** The account whose list it is, where that is known to be another one than the one that minted the token. */
export function strangerIn(inventory: TokenList, { apiAccount }: TokenState): string | undefined {
  const account = inventory.kind === "listed" ? inventory.account : undefined;
  return apiAccount === undefined || account === apiAccount ? undefined : account;
}

/** Nothing where the token cannot be alive. One text for all tokens of a list. */
function doubtOf(
  { kind }: Context,
  { storeHash, apiAccount, issuedAt, verified }: TokenState,
  jti: string,
  inventory: TokenList,
): Doubt | undefined {
  const kept = "what it does not show is taken to be as it was";
  // What is not proven yet GraphQL did not know before either, and the next update asks it again.
  const isProven = verified !== false;
  const list = `the list of ${kind.name} tokens in store ${storeHash}`;
  if (inventory.kind === "no list") {
    return { text: `store ${storeHash} has no list of its tokens: a refresh cannot see what became of them` };
  }
  if (inventory.kind === "unreadable") {
    const { what, status } = inventory.failed.failure;
    const needed = status === 403 ? `; the API account needs the OAuth scope "${kind.oauthScope}"` : "";
    return { isWarning: true, text: `${list} could not be read (${what}${needed}): ${kept}` };
  }
  if (inventory.account === undefined || apiAccount === undefined) {
    const text = `${list} does not tell whether it is that of the API account that minted them: ${kept}`;
    return inventory.mayBeWhole && isProven ? { text, goneIf: ["revoked"] } : { text };
  }
  if (!inventory.isWhole || inventory.unread.has(jti)) {
    const text = `${list} could not be read whole, because ${WHY_NOT_WHOLE}: ${kept}`;
    const isAsked = inventory.mayBeWhole && !inventory.unread.has(jti) && isProven;
    return { isWarning: true, text, ...(isAsked && { goneIf: ["revoked"] }) };
  }
  const isSettled = Date.parse(issuedAt) / 1_000 <= inventory.asOf - SETTLING_S;
  if (isSettled) return undefined;
  const text = `${list} may not show yet what was minted in the last minutes: ${kept}`;
  return isProven ? { text, goneIf: ["revoked", "expired", undefined] } : { text };
}
