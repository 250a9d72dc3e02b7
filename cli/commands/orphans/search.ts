import { WHY_NOT_WHOLE } from "../../../provider/bigcommerce/token-list";
import type { ListedToken } from "../../../provider/bigcommerce/token-list-page";
import { defined } from "../../../provider/defined";
import { youngUntil } from "../../../provider/domain/list-name";
import { type KindName, KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import type { Deployment } from "../../pulumi/export";
import { recordedTokensOf, storesIn } from "../../tokens/state-records";
import { tokensOf } from "../../tokens/held-token";
import type { StoreAddress } from "../../../provider/domain/store-address";
import { listName, readWholeList, whyUnread } from "../../stores/connections";
import { type KnownAddress, knownStores } from "../../stores/known-stores";
import type { StoreSettings } from "../../stores/settings";
import type { Revoker } from "../../stores/revoker";
import { type OwnLabel, ownLabelIn } from "../../stores/own-label";
import { NO_ORGANIZATION, type StackName } from "../../pulumi/stacks";

/** A valid token with a label of the stack that its state does not hold. */
export interface Orphan extends StoreAddress, OwnLabel {
  readonly kind: KindName;
  readonly row: ListedToken;
  /** True if it was minted so lately that an update may still record it. */
  readonly isYoung: boolean;
  /** True if a stack of another organization, with the same project and stack name, may have minted it. */
  readonly mayBeForeign: boolean;
  /** Unix seconds: from then on it can be revoked. Absent if the list does not tell when it was issued. */
  readonly youngUntil?: number;
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
  const held = tokensOf(deployment);
  const tokens = new Map<string, Orphan>();
  const searched: KnownAddress[] = [];
  const { addresses, problems: unreadable } = knownStores(storesIn(deployment), settings, stores);
  const problems = [...unreadable];
  const [partly, remarks]: [string[], string[]] = [[], []];
  for (const address of addresses) {
    const own = held.filter(({ storeHash }) => storeHash === address.storeHash);
    const lists = await listsOf(revoker, settings, address, new Set(own.map(({ kind }) => kind)));
    if (lists.isRead) searched.push(address);
    problems.push(...lists.problems);
    partly.push(...lists.partly);
    remarks.push(...lists.remarks);
    for (const { kind, row } of lists.rows) {
      const label = ownLabelIn(row.name, { ...name, kind });
      if (!label || row.isRevoked || row.isExpired || records.has(row)) continue;
      const until = youngUntil(row.issuedAt);
      const mayBeForeign = label.isWithoutOrganization && name.organization !== NO_ORGANIZATION;
      const age = { isYoung: until === undefined || now < until, ...defined({ youngUntil: until }) };
      tokens.set(`${row.jti} ${address.storeHash}`, {
        ...address,
        ...label,
        ...age,
        mayBeForeign,
        kind,
        row,
      });
    }
  }
  const nothing = addresses.length === 0 ? [NOWHERE] : searched.length === 0 && problems.length === 0 ? [WITHOUT_LISTS] : []; // prettier-ignore
  const hidden = held
    .filter(({ storeHash, role }) => storeHash === undefined && role !== "predecessor")
    .map(({ resource }) => `${resource}: the state encrypts its store, which was not searched for it`);
  return {
    tokens: [...tokens.values()].sort((one, other) => (one.row.issuedAt ?? 0) - (other.row.issuedAt ?? 0)),
    stores: searched,
    problems: [...new Set(problems)],
    gaps: [settings.unknownStores ?? [], nothing, ...new Set(partly)].flat(),
    remarks: [...new Set([...remarks, ...hidden])],
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

/** The lists of all kinds of tokens in one store, as each of its API accounts gets them. `used`: the stack's kinds there. */
async function listsOf(
  revoker: Revoker,
  settings: StoreSettings,
  address: KnownAddress,
  used: ReadonlySet<KindName>,
): Promise<StoreLists> {
  const { storeHash } = address;
  const rows: { kind: KindName; row: ListedToken }[] = [];
  let isRead = false;
  const [problems, needless, partly, remarks]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const { name: kind, family } of Object.values(KINDS)) {
    try {
      for (const connection of revoker.accounts(address)) {
        const listing = await readWholeList(connection, family, settings.timeoutMs());
        if (listing.kind === "no list") {
          remarks.push(`store ${storeHash} has no list of its tokens, so that no orphan can be found there`);
        } else if (listing.kind === "unreadable") {
          const isNeedless = listing.failed.failure.status === 403 && !used.has(kind);
          (isNeedless ? needless : problems).push(whyUnread(storeHash, kind, listing));
        } else {
          if (!listing.isWhole || listing.unread.size > 0) {
            partly.push(`${listName(storeHash, kind)} could not be read whole, because ${WHY_NOT_WHOLE}`);
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
  return isRead
    ? { rows, isRead, partly, problems, remarks: [...remarks, ...needless] }
    : { rows, isRead, partly, problems: [...problems, ...needless], remarks };
}
