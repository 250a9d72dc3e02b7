import type { TokenList } from "../../../provider/bigcommerce/token-list";
import { previousVariableOf } from "../../../provider/settings/credentials";
import type { Kind } from "../../../provider/domain/kinds";
import { type HeldToken, isLive } from "../../tokens/held-token";
import type { Check } from "./check";

type Listings = readonly { readonly kind: Kind; readonly listing: TokenList }[];

export interface AccountContext {
  /** Unix seconds. */
  readonly now: number;
  readonly storeHash: string;
  /** Where the credential of the previous API account comes from; undefined if none is set. */
  readonly previous: string | undefined;
}

/** Checks that the credential belongs to the API account that minted the live tokens of the state. */
export function checkAccount(
  listings: Listings,
  held: readonly HeldToken[],
  { now, storeHash, previous }: AccountContext,
): Check {
  const name = "account";
  const live = held.filter(
    (token) => isLive(token, now) && (typeof token.expiry !== "number" || now < token.expiry),
  );
  const accounts = listings.map(({ listing }) => (listing.kind === "listed" ? listing.account : undefined));
  const account = accounts.find((each) => each !== undefined);
  const remedy = `set its credential as ${previousVariableOf(storeHash)}`;
  if (account === undefined) {
    const unknown = "API account: unknown, because no list shows a token of it";
    const minters = mintersOf(unlisted(listings, live));
    if (minters === "") return { name, verdict: "unknown", text: unknown };
    if (previous !== undefined) {
      const text = `${unknown}; the state holds tokens of ${minters}, which are revoked with the credential from ${previous}`;
      return { name, verdict: "unknown", text };
    }
    const text =
      `API account: not ${minters}, which minted live tokens of the state, or those tokens are gone: no list shows ` +
      `them. To list and revoke them, ${remedy}`;
    return { name, verdict: "bad", text };
  }
  const others = mintersOf(live.filter(({ apiAccount }) => apiAccount !== account));
  if (others === "") return { name, verdict: "ok", text: `API account ${account}` };
  const also = `API account ${account}; the state also holds tokens of ${others}`;
  return previous === undefined
    ? { name, verdict: "bad", text: `${also}, which only that account can list and revoke: ${remedy}` }
    : { name, verdict: "ok", text: `${also}, which are revoked with the credential from ${previous}` };
}

/** The tokens that are missing from a list that was read whole; none if any list shows one of the tokens. */
function unlisted(listings: Listings, live: readonly HeldToken[]): readonly HeldToken[] {
  const missing: HeldToken[] = [];
  for (const token of live) {
    const { kind, jti } = token;
    const listing = listings.find((each) => each.kind.name === kind)?.listing;
    if (listing?.kind !== "listed" || jti === undefined) continue;
    if (listing.byJti.has(jti) || listing.unread.has(jti)) return [];
    if (listing.isWhole) missing.push(token);
  }
  return missing;
}

function mintersOf(tokens: readonly HeldToken[]): string {
  const minters = tokens.map(({ apiAccount }) => apiAccount).filter((each) => each !== undefined);
  return [...new Set(minters)].sort().join(", ");
}
