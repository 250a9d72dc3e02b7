import { apiOrigin, DEFAULT_API_URL } from "../../../provider/bigcommerce/endpoint";
import { type DoubtfulList, judgeInLists, type TokenList } from "../../../provider/bigcommerce/token-list";
import type { ListedToken } from "../../../provider/bigcommerce/token-list-page";
import { isPast } from "../../../provider/domain/expiry";
import { type KindName, KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import type { StackState } from "../../pulumi/states";
import { partsOf } from "../../../provider/domain/urn";
import {
  accountsOf,
  createStackConnections,
  readWholeList,
  type StackConnections,
  whyUnread,
} from "../../stores/connections";
import type { KnownAddress } from "../../stores/known-stores";
import { ownLabelIn } from "../../stores/own-label";
import type { System } from "../../system";
import { type HeldToken, tokensOf } from "../../tokens/held-token";

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
interface TokenListKey extends KnownAddress {
  readonly kind: KindName;
}

/** A live token of a store that no state holds. */
export interface UntrackedToken extends TokenListKey {
  readonly row: ListedToken;
}

export interface Comparison {
  findingOn(token: HeldToken): Finding;
  readonly strays: readonly UntrackedToken[];
  /** Why tokens could not be compared with a store. */
  readonly problems: readonly string[];
  /** Tokens in the stores' lists that the report does not cover. */
  readonly remarks: readonly string[];
}

/** Of a verdict on a current token. */
const FINDINGS = { alive: "live", expired: "expired", revoked: "revoked outside", missing: "gone" } as const;

const ALARMING: ReadonlySet<Finding> = new Set([
  "revoked outside",
  "gone",
  "another account's",
  "gone or another account's",
]);

/** True if the list contradicts the state, or does not show a token on which the state relies. */
export function isContradiction({ role, isGone, expiry }: HeldToken, finding: Finding, now: number): boolean {
  if (isGone) return finding === "live";
  if (role !== "current") return false;
  return ALARMING.has(finding) || (finding === "expired" && expiry !== undefined && !isPast(expiry, now));
}

/** Reads the lists of every store and kind that the states hold tokens of. */
export async function compareWithStores(
  system: System,
  stacks: readonly StackState[],
  /** `isPartial`: the states of some stacks could not be read. */
  { isAll, isPartial }: { readonly isAll: boolean; readonly isPartial: boolean },
): Promise<Comparison> {
  const held = stacks.flatMap(({ deployment }) => tokensOf(deployment));
  const connections = createStackConnections(system, stacks);
  const problems: string[] = [];
  const listKeys = new Map(held.flatMap(listKeyOf).map((listKey) => [keyOf(listKey), listKey]));
  const lists = await Promise.all(
    [...listKeys.values()].map(async (listKey) => ({
      listKey,
      listings: await readLists(connections, listKey, problems),
    })),
  );
  // The rows of a list tell its API account. An empty list gets it from a list of another family.
  const accountOf = ({ apiUrl, storeHash }: TokenListKey, at: number) =>
    lists
      .filter(({ listKey }) => listKey.apiUrl === apiUrl && listKey.storeHash === storeHash)
      .map(({ listings }) => listings[at])
      .flatMap((listing) => (listing?.kind === "listed" ? (listing.account ?? []) : []))[0];
  const named = new Map(
    lists.map(({ listKey, listings }) => [
      keyOf(listKey),
      listings.map((listing, at): TokenList => {
        const account = accountOf(listKey, at);
        const isEmpty = listing.kind === "listed" && listing.byJti.size === 0;
        return isEmpty && account !== undefined ? { ...listing, account } : listing;
      }),
    ]),
  );
  const listingsOf = (token: HeldToken) => listKeyOf(token).flatMap((key) => named.get(keyOf(key)) ?? []);
  const known = new Set(held.map(({ jti }) => jti));
  // A stack that could not be read may hold what the others do not.
  const isComparable = !(isAll && isPartial);
  const strays = (isComparable ? lists : []).flatMap(({ listKey, listings }) =>
    listings
      .flatMap((listing) => (listing.kind === "listed" ? [...listing.byJti.values()] : []))
      .filter(({ jti, isRevoked, isExpired }) => !isRevoked && !isExpired && !known.has(jti))
      .map((row) => ({ ...listKey, row })),
  );
  // The tokens of other stacks are counted, not shown.
  const isConcern = isAll ? () => true : belongsTo(stacks);
  return {
    findingOn: (token) => findingIn(token, listingsOf(token)),
    problems: [...new Set(problems)].sort(),
    strays: strays.filter(isConcern),
    remarks: [
      ...(isComparable ? [] : [NOT_COMPARABLE]),
      ...hiddenStores(held),
      ...countsOf(strays.filter((stray) => !isConcern(stray))),
    ],
  };
}

/** None if the state keeps the store secret. */
function listKeyOf({ storeHash, apiUrl = DEFAULT_API_URL, kind }: HeldToken): readonly TokenListKey[] {
  return storeHash === undefined ? [] : [{ storeHash, apiUrl: apiOrigin(apiUrl) ?? "", kind }];
}

function keyOf({ storeHash, apiUrl, kind }: TokenListKey): string {
  return `${apiUrl} ${storeHash} ${kind}`;
}

/** As each of the store's API accounts gets it. */
async function readLists(
  connections: StackConnections,
  listKey: TokenListKey,
  problems: string[],
): Promise<readonly TokenList[]> {
  const { storeHash, kind } = listKey;
  try {
    const { connection, settings } = await connections.to(listKey);
    const accounts = accountsOf(connection, settings);
    const timeoutMs = settings.timeoutMs();
    const listings = await Promise.all(
      accounts.map((account) => readWholeList(account, KINDS[kind].family, timeoutMs)),
    );
    const unread = listings.filter((listing) => listing.kind === "unreadable");
    problems.push(...unread.map((listing) => whyUnread(storeHash, kind, listing)));
    return listings;
  } catch (thrown) {
    problems.push(asError(thrown).message);
    return [];
  }
}

/** What the lists of a store's API accounts tell of a token. */
function findingIn(token: HeldToken, listings: readonly TokenList[]): Finding {
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

/** True if one of the stacks gave the name. No URN tells the organization, so the label's own is taken. */
function belongsTo(stacks: readonly StackState[]): (stray: UntrackedToken) => boolean {
  const urns = stacks.flatMap(({ deployment }) => deployment.resources.slice(0, 1).map(({ urn }) => urn));
  return ({ row: { name = "" }, kind }) => {
    const [organization = ""] = name.split("/", 1);
    const labels = urns.map((urn) => ownLabelIn(name, { ...partsOf(urn), organization, kind }));
    return labels.some((label) => label?.isCut === false);
  };
}

const NOT_COMPARABLE =
  "live tokens that no state holds are not shown, because a stack that could not be read may hold them";

function countsOf(strays: readonly UntrackedToken[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { storeHash } of strays) counts.set(storeHash, (counts.get(storeHash) ?? 0) + 1);
  return [...counts].map(
    ([storeHash, count]) =>
      `store ${storeHash} holds ${count} live token${count === 1 ? "" : "s"} of this API account under other labels or ` +
      "none; --all compares with every stack",
  );
}

function hiddenStores(held: readonly HeldToken[]): readonly string[] {
  return held
    .filter(({ hidden, role }) => role === "current" && hidden.includes("storeHash"))
    .map(({ resource }) => `${resource}: its store is a secret in the state, so no list was asked for it`);
}
