import { apiOrigin, DEFAULT_API_URL } from "../../provider/bigcommerce/endpoint";
import { type DoubtfulList, judgeInLists, type TokenList } from "../../provider/bigcommerce/token-list";
import type { ListedToken } from "../../provider/bigcommerce/token-list-page";
import type { KindName } from "../../provider/domain/kinds";
import type { KnownAddress } from "./known-stores";
import { ownLabelIn } from "./own-label";
import type { HeldToken } from "../tokens/held-token";

/** What the store's lists tell of a token that a state holds. */
export type Finding =
  | "live"
  | "expired"
  | "revoked"
  /** Outside of the stack: its state still relies on it. */
  | "revoked outside"
  | "gone"
  | "another account's"
  | "gone or another account's"
  /** The list was not read whole, a row is not understood, or the token was minted in the last minutes. */
  | "not seen"
  | "no list"
  /** The token carries no `jti`, or one that may be another token's. */
  | "no jti"
  | "unknown";

/** The list of one kind in one store. */
export interface TokenListKey extends KnownAddress {
  readonly kind: KindName;
}

/** A live token of a store that no state holds. */
export interface UntrackedToken extends TokenListKey {
  readonly row: ListedToken;
}

const ALARMING: ReadonlySet<Finding> = new Set([
  "revoked outside",
  "gone",
  "another account's",
  "gone or another account's",
]);

/** Of a verdict on a current token. */
const FINDINGS = { alive: "live", expired: "expired", revoked: "revoked outside", missing: "gone" } as const;

/** True if a person should look into it: the state relies on a token that the store contradicts. */
export function isAlarming({ role, isGone }: HeldToken, finding: Finding): boolean {
  return role === "current" && !isGone && ALARMING.has(finding);
}

/** Undefined if the state keeps the store secret. */
export function tokenListKeyOf({ storeHash, apiUrl, kind }: HeldToken): TokenListKey | undefined {
  if (storeHash === undefined) return undefined;
  return { storeHash, apiUrl: apiOrigin(apiUrl ?? DEFAULT_API_URL) ?? "", kind };
}

export function keyOf({ storeHash, apiUrl, kind }: TokenListKey): string {
  return `${apiUrl} ${storeHash} ${kind}`;
}

/** The rows of a list tell its API account. An empty list gets it from a list of another family. */
export function namedBy(listing: TokenList, account: string | undefined): TokenList {
  const isEmpty = listing.kind === "listed" && listing.byJti.size === 0;
  return isEmpty && account !== undefined ? { ...listing, account } : listing;
}

/** What the lists of a store's API accounts tell of a token. */
export function findingIn(token: HeldToken, listings: readonly TokenList[] = []): Finding {
  const { jti, hasOwnJti, apiAccount, issuedAt, role } = token;
  const verdict = judgeInLists(listings, { jti: hasOwnJti ? jti : undefined, apiAccount, issuedAt });
  if (verdict.is === "revoked" && role !== "current") return "revoked";
  if (verdict.is !== "unknown") return FINDINGS[verdict.is];
  if (listings.length === 0) return "unknown";
  const findings = verdict.lists.map(({ doubts }) => findingOf(doubts));
  return findings.find((each) => each === "no list" || each === "no jti") ?? findings[0] ?? "another account's"; // prettier-ignore
}

function findingOf(doubts: DoubtfulList["doubts"]): Finding {
  const [first] = doubts;
  if (first === "no list" || first === "no jti") return first;
  if (first === "unreadable") return "unknown";
  // A token that the list may not show yet is no reason for an alarm.
  return doubts.every((doubt) => doubt === "unknown account") ? "gone or another account's" : "not seen";
}

/** The live tokens of a list that no state holds. */
export function untrackedTokensIn(
  listKey: TokenListKey,
  listing: TokenList,
  held: readonly HeldToken[],
): readonly UntrackedToken[] {
  if (listing.kind !== "listed") return [];
  const known = new Set(held.map(({ jti }) => jti));
  const rows = [...listing.byJti.values()].filter((row) => !row.isRevoked && !row.isExpired);
  return rows.filter(({ jti }) => !known.has(jti)).map((row) => ({ ...listKey, row }));
}

/** True if a stack gave the name. No URN tells the organization, so the label's own is taken. */
export function isNamedBy(
  { name }: ListedToken,
  kind: KindName,
  { project, stack }: { readonly project: string; readonly stack: string },
): boolean {
  const [organization = ""] = name?.split("/", 1) ?? [];
  const own = ownLabelIn(name, { organization, project, stack, kind });
  return own !== undefined && !own.isCut;
}
