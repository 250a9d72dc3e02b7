import { type TokenList, WHY_NOT_WHOLE } from "../../../provider/bigcommerce/token-list";
import type { ListedToken } from "../../../provider/bigcommerce/token-list-page";
import { type KindName, KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import type { Deployment } from "../../pulumi/export";
import { recordedTokensOf, storesIn } from "../../tokens/state-records";
import { tokensOf } from "../../tokens/held-token";
import type { StoreAddress } from "../../../provider/domain/store-address";
import { readWholeList } from "../../stores/connections";
import { type KnownAddress, knownStores } from "../../stores/known-stores";
import type { StoreSettings } from "../../stores/settings";
import type { Revoker } from "../../stores/revoker";
import { type OwnLabel, ownLabelIn } from "../../stores/own-label";
import type { StackName } from "../../pulumi/stacks";

/** A valid token with a label of the stack that its state does not hold. */
export interface Orphan extends StoreAddress, OwnLabel {
  readonly kind: KindName;
  readonly row: ListedToken;
  /** True if it was minted so lately that an update may still record it. */
  readonly isYoung: boolean;
}

/** What the token lists of the stores show, before the states of other stacks are searched. */
export interface ListSearch {
  readonly tokens: readonly Orphan[];
  /** The stores whose lists were read. */
  readonly stores: readonly KnownAddress[];
  /** What could not be searched, and why. */
  readonly problems: readonly string[];
  /** What was not searched, because nothing names the store, or a list was not read whole. */
  readonly gaps: readonly string[];
  readonly remarks: readonly string[];
}

const MIN_AGE_S = 3_600;

const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

const NOWHERE =
  "no store was searched, because neither the state, the configuration nor the environment names one: name one by --store HASH";
const WITHOUT_LISTS = "no store was searched, because none has a list of its tokens";

interface SearchScope {
  readonly name: StackName;
  readonly deployment: Deployment;
  readonly now: number;
  readonly stores: readonly string[];
}

/** Searches the token lists of every store that the state, the configuration, the environment or a person names. */
export async function searchLists(
  revoker: Revoker,
  settings: StoreSettings,
  { name, deployment, now, stores }: SearchScope,
): Promise<ListSearch> {
  const records = recordedTokensOf(deployment);
  const tokens = new Map<string, Orphan>();
  const searched: KnownAddress[] = [];
  const { addresses, problems: unreadable } = knownStores(storesIn(deployment), settings, stores);
  const problems = [...unreadable];
  const [partly, remarks]: [string[], string[]] = [[], []];
  for (const address of addresses) {
    const lists = await listsOf(revoker, address, usedIn(deployment, address));
    if (lists.isRead) searched.push(address);
    problems.push(...lists.problems);
    partly.push(...lists.partly);
    remarks.push(...lists.remarks);
    for (const { kind, row } of lists.rows) {
      const own = ownLabelIn(row.name, { ...name, kind });
      if (!own || row.isRevoked || row.isExpired || records.has(row)) continue;
      const isYoung = row.issuedAt === undefined || row.issuedAt > now - MIN_AGE_S;
      tokens.set(`${row.jti} ${address.storeHash}`, { ...address, ...own, kind, row, isYoung });
    }
  }
  const nothing = addresses.length === 0 ? [NOWHERE] : searched.length === 0 && problems.length === 0 ? [WITHOUT_LISTS] : []; // prettier-ignore
  return {
    tokens: [...tokens.values()].sort((one, other) => (one.row.issuedAt ?? 0) - (other.row.issuedAt ?? 0)),
    stores: searched,
    problems: [...new Set(problems)],
    gaps: [
      ...(settings.unknownStores === undefined ? [] : [settings.unknownStores]),
      ...nothing,
      ...new Set(partly),
    ],
    remarks: [...new Set([...remarks, ...hiddenStores(deployment)])],
  };
}

interface StoreLists {
  readonly rows: readonly { readonly kind: KindName; readonly row: ListedToken }[];
  /** True if at least one of them was read. */
  readonly isRead: boolean;
  readonly problems: readonly string[];
  /** Lists that may hold more than was read. */
  readonly partly: readonly string[];
  readonly remarks: readonly string[];
}

/** The lists of all kinds of tokens in one store, as each of its API accounts gets them. */
async function listsOf(
  revoker: Revoker,
  address: KnownAddress,
  used: ReadonlySet<KindName>,
): Promise<StoreLists> {
  const rows: { kind: KindName; row: ListedToken }[] = [];
  let isRead = false;
  const [problems, needless, partly, remarks]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const kind of KIND_NAMES) {
    try {
      for (const connection of revoker.accounts(address)) {
        const listing = await readWholeList(connection, KINDS[kind].family, revoker.timeoutMs());
        const where = `the list of ${kind} tokens in store ${address.storeHash}`;
        if (listing.kind === "no list") {
          remarks.push(
            `store ${address.storeHash} has no list of its tokens, so that no orphan can be found there`,
          );
        } else if (listing.kind === "unreadable") {
          const isForbidden = listing.failed.failure.status === 403;
          (isForbidden && !used.has(kind) ? needless : problems).push(
            `${where}: ${whyUnread(listing, kind)}`,
          );
        } else {
          if (!listing.isWhole || listing.unread.size > 0) {
            partly.push(`${where} could not be read whole, because ${WHY_NOT_WHOLE}`);
          }
          isRead = true;
          for (const row of listing.byJti.values()) rows.push({ kind, row });
        }
      }
    } catch (thrown) {
      problems.push(asError(thrown).message);
    }
  }
  // A scope that the stack does not use may be missing. An account without any scope shows no orphan, which is a problem.
  return {
    ...{ rows, isRead, partly },
    problems: [...problems, ...(isRead ? [] : needless)],
    remarks: [...remarks, ...(isRead ? needless : [])],
  };
}

function whyUnread({ failed }: Extract<TokenList, { kind: "unreadable" }>, kind: KindName): string {
  const { what, status } = failed.failure;
  return status === 403 ? `${what}; the API account needs the OAuth scope "${KINDS[kind].oauthScope}"` : what;
}

function usedIn(deployment: Deployment, { storeHash }: KnownAddress): ReadonlySet<KindName> {
  const own = tokensOf(deployment).filter((token) => token.storeHash === storeHash);
  return new Set(own.map(({ kind }) => kind));
}

function hiddenStores(deployment: Deployment): readonly string[] {
  return tokensOf(deployment)
    .filter(({ storeHash, role }) => storeHash === undefined && role !== "predecessor")
    .map(({ resource }) => `${resource}: the state encrypts its store, which was not searched for it`);
}
