import { apiOrigin, DEFAULT_API_URL } from "../../provider/bigcommerce/endpoint";
import { type DoubtfulList, judgeInLists, type TokenList } from "../../provider/bigcommerce/token-list";
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
  /** Further back in the list than was read, in a row that is not understood, or minted in the last minutes. */
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

/** An account that issued nothing in a family says in its list of another who it is. */
export function namedBy(listing: TokenList, account: string | undefined): TokenList {
  const isEmpty = listing.kind === "listed" && listing.byJti.size === 0;
  return isEmpty && account !== undefined ? { ...listing, account } : listing;
}

/** What the lists of a store's API accounts tell of a token. */
export function findingIn(token: HeldToken, listings: readonly TokenList[] = []): Finding {
  const { jti, hasOwnJti, apiAccount, issuedAt, role } = token;
  const verdict = judgeInLists(listings, { jti: hasOwnJti ? jti : undefined, apiAccount, issuedAt });
  switch (verdict.is) {
    case "alive":
      return "live";
    case "expired":
      return "expired";
    case "revoked":
      return role === "current" ? "revoked outside" : "revoked";
    case "missing":
      return "gone";
    case "unknown": {
      if (listings.length === 0) return "unknown";
      const findings = verdict.lists.map(({ doubts }) => findingOf(doubts));
      return findings.find((each) => each === "no list" || each === "no jti") ?? findings[0] ?? "another account's"; // prettier-ignore
    }
  }
}

function findingOf(doubts: DoubtfulList["doubts"]): Finding {
  const [first] = doubts;
  if (first === "no list" || first === "no jti") return first;
  if (first === "unreadable") return "unknown";
  // A token that the list may not show at all alarms nobody.
  return doubts.every((doubt) => doubt === "unknown account") ? "gone or another account's" : "not seen";
}

/** The live tokens of a list that are in none of the states. */
export function untrackedTokensIn(
  listKey: TokenListKey,
  listing: TokenList,
  held: readonly HeldToken[],
): readonly UntrackedToken[] {
  if (listing.kind !== "listed") return [];
  const known = new Set(held.map(({ jti }) => jti));
  return [...listing.byJti.values()]
    .filter(({ jti, isRevoked, isExpired }) => !isRevoked && !isExpired && !known.has(jti))
    .map((row) => ({ ...listKey, row }));
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
