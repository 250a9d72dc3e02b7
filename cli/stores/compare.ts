import { apiOrigin, DEFAULT_API_URL } from "../../provider/bigcommerce/endpoint";
import type { TokenList } from "../../provider/bigcommerce/token-list";
import type { ListedToken } from "../../provider/bigcommerce/token-list-page";
import type { KindName } from "../../provider/domain/kinds";
import { ownLabelIn } from "./own-label";
import type { HeldToken } from "../tokens/held-token";

/** What the store's list says of a token that a state holds. */
export type Finding =
  | "live"
  | "expired"
  | "revoked"
  /** By somebody else: its state still counts on it. */
  | "revoked outside"
  | "gone"
  | "another account's"
  | "gone or another account's"
  /** Further back in the list than was read, or in a row that is not understood. */
  | "not seen"
  | "no list"
  /** Without a `jti` by which a list can be searched: the token carries none, or one that may be another token's. */
  | "no jti"
  | "unknown";

/** One family of one store. */
export interface TokenListKey {
  readonly storeHash: string;
  readonly apiUrl: string;
  readonly kind: KindName;
}

/** A token that is live in a store, and in none of the states. */
export interface UntrackedToken extends TokenListKey {
  readonly row: ListedToken;
}

const ALARMING: ReadonlySet<Finding> = new Set([
  "revoked outside",
  "gone",
  "another account's",
  "gone or another account's",
]);

/** Whether somebody should look into it: the state counts on a token that is not what it says. */
export function isAlarming({ role, isGone }: HeldToken, finding: Finding): boolean {
  return role === "current" && !isGone && ALARMING.has(finding);
}

/** Undefined where the state keeps the store secret. */
export function tokenListKeyOf({ storeHash, apiUrl, kind }: HeldToken): TokenListKey | undefined {
  if (storeHash === undefined) return undefined;
  return { storeHash, apiUrl: apiOrigin(apiUrl ?? DEFAULT_API_URL) ?? "", kind };
}

export function keyOf({ storeHash, apiUrl, kind }: TokenListKey): string {
  return `${apiUrl} ${storeHash} ${kind}`;
}

/** What a list says that is another account's, or was not read whole: nothing that a further list could not. */
const OPEN: ReadonlySet<Finding> = new Set([
  "another account's",
  "gone or another account's",
  "not seen",
  "unknown",
]);

/** An account that issued nothing in a family says in its list of another who it is. */
export function namedBy(listing: TokenList, account: string | undefined): TokenList {
  const isEmpty = listing.kind === "listed" && listing.byJti.size === 0;
  return isEmpty && account !== undefined ? { ...listing, account } : listing;
}

/** Of the lists of several accounts, the first that shows the token, or would have to. */
export function findingIn(token: HeldToken, listings: readonly TokenList[] = []): Finding {
  const findings = listings.map((listing) => findingOn(token, listing));
  return findings.find((finding) => !OPEN.has(finding)) ?? findings[0] ?? "unknown";
}

function findingOn(token: HeldToken, listing: TokenList): Finding {
  if (listing.kind === "unreadable") return "unknown";
  if (listing.kind === "no list") return "no list";
  const { jti, hasOwnJti, apiAccount, role } = token;
  if (jti === undefined || !hasOwnJti) return "no jti";
  const row = listing.byJti.get(jti);
  if (row?.isExpired) return "expired";
  if (row?.isRevoked) return role === "current" ? "revoked outside" : "revoked";
  if (row) return "live";
  const { account } = listing;
  if (apiAccount !== undefined && account !== undefined && apiAccount !== account) return "another account's";
  if (!listing.isWhole || listing.unread.has(jti)) return "not seen";
  return apiAccount === undefined || account === undefined ? "gone or another account's" : "gone";
}

/** What lives on a shelf and stands in none of the states. */
export function untrackedTokensIn(
  shelf: TokenListKey,
  listing: TokenList,
  held: readonly HeldToken[],
): readonly UntrackedToken[] {
  if (listing.kind !== "listed") return [];
  const known = new Set(held.map(({ jti }) => jti));
  return [...listing.byJti.values()]
    .filter(({ jti, isRevoked, isExpired }) => !isRevoked && !isExpired && !known.has(jti))
    .map((row) => ({ ...shelf, row }));
}

/** Whether a name in the list is one that a stack gave. Its organization, which no URN tells, is read from the label. */
export function isNamedBy(
  { name }: ListedToken,
  kind: KindName,
  { project, stack }: { readonly project: string; readonly stack: string },
): boolean {
  const [organization = ""] = name?.split("/", 1) ?? [];
  const own = ownLabelIn(name, { organization, project, stack, kind });
  return own !== undefined && !own.isCut;
}
