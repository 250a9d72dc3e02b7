import type { TokenList } from "../../../provider/bigcommerce/token-list";
import { previousVariableOf } from "../../../provider/settings/credentials";
import type { Kind } from "../../../provider/domain/kinds";
import type { HeldToken } from "../../tokens/held-token";
import { check, type Check } from "./report";

type Listings = readonly { readonly kind: Kind; readonly listing: TokenList }[];

/**
 * Checks that the credential belongs to the API account that minted the live tokens of the state.
 * `previous`: where the credential of the previous API account comes from; undefined if none is set.
 */
export function checkAccount(
  listings: Listings,
  live: readonly HeldToken[],
  storeHash: string,
  previous: string | undefined,
): Check {
  const name = "account";
  const accounts = listings.map(({ listing }) => (listing.kind === "listed" ? listing.account : undefined));
  const account = accounts.find((each) => each !== undefined);
  const remedy = `set its credential as ${previousVariableOf(storeHash)}`;
  const byPrevious = `which are revoked with the credential from ${previous ?? ""}`;
  if (account === undefined) {
    const unknown = "API account: unknown, because no list shows a token of it";
    const minters = mintersOf(unlisted(listings, live));
    if (minters === "") return check(name, "unknown", unknown);
    if (previous !== undefined) {
      return check(name, "unknown", `${unknown}; the state holds tokens of ${minters}, ${byPrevious}`);
    }
    const text =
      `API account: not ${minters}, which minted live tokens of the state, or those tokens are gone: no list shows ` +
      `them. To list and revoke them, ${remedy}`;
    return check(name, "bad", text);
  }
  const others = mintersOf(live.filter(({ apiAccount }) => apiAccount !== account));
  if (others === "") return check(name, "ok", `API account ${account}`);
  const also = `API account ${account}; the state also holds tokens of ${others}`;
  return previous === undefined
    ? check(name, "bad", `${also}, which only that account can list and revoke: ${remedy}`)
    : check(name, "ok", `${also}, ${byPrevious}`);
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
  return [...new Set(tokens.flatMap(({ apiAccount }) => apiAccount ?? []))].sort().join(", ");
}
