import type { Inventory, Target, Word } from "../bigcommerce/client";
import { WHY_NOT_WHOLE } from "../bigcommerce/inventory";
import { readClaims } from "../claims";
import { effectiveExpiry, isPast, livePredecessor } from "../ending";
import { previousVariableOf } from "../credentials";
import { TokensError } from "../errors";
import type { TokenState } from "../state";
import { type Context, nowSeconds } from "./context";
import { requireHost, revokingTargets } from "./requests";

/** What a refresh says of a resource: the state as it is, marked, or nothing where the token is gone. */
export interface Reading {
  readonly id?: string;
  readonly props?: TokenState;
}

/** No page promises that a list shows a token at once, and one that was begun before the mint never will. */
const SETTLING_S = 300;

/** Why a token may be alive that a list does not show, and what GraphQL may answer so that it is gone all the same. */
interface Doubt {
  readonly text: string;
  readonly goneIf?: readonly (Word | undefined)[];
}

/** Asks the store's list whether the token still is one. What the list does not prove leaves the state as it is. */
export async function read(context: Context, id: string, state: TokenState): Promise<Reading> {
  const { notices } = context;
  const { label, fingerprint, storeHash } = state;
  const unchanged = { id, props: state };
  if (state.gone || isPast(effectiveExpiry(state), nowSeconds(context))) return unchanged;
  const { jti } = readClaims(state.token);
  if (jti === undefined) {
    notices.sayOnce(
      `store ${storeHash} holds tokens without an id (jti): no list shows them, so a refresh cannot see what became of them`,
    );
    return unchanged;
  }
  const end = await endOutside(context, state, jti);
  if (end === undefined) return unchanged;
  notices.say(`warning: ${label}: token ${fingerprint} ${end}; the next \`pulumi up\` mints a new one`);
  // A resource that is gone would take its live predecessor along, which nothing could revoke any more.
  // One that was adopted would be adopted again, dead, if the state forgot it.
  const isMarked = state.adopted !== undefined || livePredecessor(state, nowSeconds(context));
  return isMarked ? { id, props: { ...state, gone: true } } : {};
}

/** How the token ended outside of the stack; nothing where no list proves that it did, of which a line tells. */
async function endOutside(context: Context, state: TokenState, jti: string): Promise<string | undefined> {
  const { client, kind, notices } = context;
  const { storeHash, apiAccount = "" } = state;
  const own: { readonly target: Target; readonly doubt: Doubt | undefined }[] = [];
  try {
    requireHost(context, state);
    for (const target of revokingTargets(context, storeHash)) {
      if (!target) continue;
      const inventory = await client.inventory(target, kind.family);
      const row = inventory.kind === "listed" ? inventory.byJti.get(jti) : undefined;
      if (row) return row.isRevoked ? "was revoked outside of this stack" : undefined;
      if (!isForeign(inventory, state)) own.push({ target, doubt: doubtOf(context, state, jti, inventory) });
    }
  } catch (error) {
    if (!(error instanceof TokensError)) throw error;
    notices.sayOnce(`what became of the tokens in store ${storeHash} was not looked up: ${error.message}`);
    return undefined;
  }
  for (const { target, doubt } of own) {
    if (!doubt) return `is no longer in the list of API account ${apiAccount}, which minted it`;
    if (doubt.goneIf?.includes(await ask(context, target, state))) return "is no longer in the store's list";
  }
  notices.sayOnce(
    own[0]?.doubt?.text ??
      `what became of the tokens in store ${storeHash} that API account ${apiAccount} minted cannot be seen: their list ` +
        `is shown to that account alone; give its credential as ${previousVariableOf(storeHash)}`,
  );
  return undefined;
}

/** Whether it is known to be the list of another API account than the one that minted the token. */
function isForeign(inventory: Inventory, { apiAccount }: TokenState): boolean {
  const account = inventory.kind === "listed" ? inventory.account : undefined;
  return account !== undefined && apiAccount !== undefined && account !== apiAccount;
}

/** Where it gives no answer for one token, the others need not wait for theirs. */
async function ask(
  { client, memory }: Context,
  target: Target,
  state: TokenState,
): Promise<Word | undefined> {
  const { storeHash, token, channelIds, allowedCorsOrigins } = state;
  if (memory.mute.has(storeHash)) return undefined;
  const word = await client.ask(target, {
    ...{ token, channelIds },
    ...(allowedCorsOrigins && { allowedCorsOrigins }),
  });
  if (word === undefined) memory.mute.add(storeHash);
  return word;
}

/** Nothing where the token cannot be alive. One text for all tokens of a list. */
function doubtOf(
  { kind }: Context,
  { storeHash, apiAccount, issuedAt }: TokenState,
  jti: string,
  inventory: Inventory,
): Doubt | undefined {
  const kept = "what it does not show is taken to be as it was";
  const list = `the list of ${kind.name} tokens in store ${storeHash}`;
  if (inventory.kind === "no list") {
    return { text: `store ${storeHash} has no list of its tokens: a refresh cannot see what became of them` };
  }
  if (inventory.kind === "unreadable") {
    const { what, status } = inventory.failed.failure;
    const needed = status === 403 ? `; the API account needs the OAuth scope "${kind.oauthScope}"` : "";
    return { text: `warning: ${list} could not be read (${what}${needed}): ${kept}` };
  }
  if (inventory.account === undefined || apiAccount === undefined) {
    const text = `${list} does not tell whether it is that of the API account that minted them: ${kept}`;
    return inventory.isWhole ? { text, goneIf: ["revoked"] } : { text };
  }
  if (!inventory.isWhole || inventory.unread.has(jti)) {
    return { text: `warning: ${list} could not be read whole, because ${WHY_NOT_WHOLE}: ${kept}` };
  }
  const isSettled = Date.parse(issuedAt) / 1_000 <= inventory.asOf - SETTLING_S;
  if (isSettled) return undefined;
  const text = `${list} may not show yet what was minted in the last minutes: ${kept}`;
  return { text, goneIf: ["revoked", "expired", undefined] };
}
