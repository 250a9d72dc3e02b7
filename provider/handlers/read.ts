import type { Inventory, ListedToken } from "../bigcommerce/client";
import { readClaims } from "../claims";
import { effectiveExpiry, isPast, livePredecessor } from "../ending";
import { TokensError } from "../errors";
import type { TokenState } from "../state";
import { type Context, nowSeconds } from "./context";
import { requireHost, revokingTargets } from "./requests";

/** What a refresh says of a resource: the state as it is, marked, or nothing where the token is gone. */
export interface Reading {
  readonly id?: string;
  readonly props?: TokenState;
}

/** Asks the store's list whether the token was revoked. What the list does not say leaves the state as it is. */
export async function read(context: Context, id: string, state: TokenState): Promise<Reading> {
  const { notices } = context;
  const unchanged = { id, props: state };
  const { jti } = readClaims(state.token);
  if (jti === undefined || state.gone || isPast(effectiveExpiry(state), nowSeconds(context)))
    return unchanged;
  const row = await find(context, state, jti);
  if (!row?.isRevoked) return unchanged;
  notices.say(
    `warning: ${state.label}: token ${state.fingerprint} was revoked outside of this stack; the next \`pulumi up\` ` +
      "mints a new one",
  );
  // A resource that is gone would take its live predecessor along, which nothing could revoke any more.
  return livePredecessor(state, nowSeconds(context)) ? { id, props: { ...state, gone: true } } : {};
}

/** The row of a token; nothing where no list shows it, for whatever reason, of which a line tells. */
async function find(context: Context, state: TokenState, jti: string): Promise<ListedToken | undefined> {
  const { client, kind, notices } = context;
  const { storeHash, label, fingerprint, apiAccount } = state;
  let inventory: Inventory | undefined;
  try {
    requireHost(context, state);
    for (const target of revokingTargets(context, storeHash)) {
      if (!target) continue;
      inventory = await client.inventory(target, kind.family);
      const row = inventory.kind === "listed" ? inventory.byJti.get(jti) : undefined;
      if (row) return row;
    }
  } catch (error) {
    if (!(error instanceof TokensError)) throw error;
    notices.sayOnce(`what became of the tokens in store ${storeHash} was not looked up: ${error.message}`);
    return undefined;
  }
  if (inventory?.kind === "unreadable") {
    notices.sayOnce(
      `warning: the list of tokens of store ${storeHash} could not be read (${inventory.what}): they are taken to be ` +
        "as they were",
    );
  } else if (inventory?.kind === "no list") {
    notices.sayOnce(`store ${storeHash} has no list of its tokens: a refresh cannot see what became of them`);
  } else {
    const minter = apiAccount === undefined ? "the API account that minted it" : `API account ${apiAccount}`;
    notices.sayOnce(
      `${label}: token ${fingerprint} is not in the store's list, which shows it to ${minter} alone`,
    );
  }
  return undefined;
}
