import type { ListedToken } from "../../provider/bigcommerce/list";
import { type KindName, KINDS } from "../../provider/kinds";
import { asError } from "../../provider/notices";
import { type HeldToken, tokensOf } from "../state/tokens";
import type { Deployment } from "../state/export";
import { readWholeList } from "../store/list";
import { WHY_NOT_WHOLE } from "../../provider/bigcommerce/inventory";
import type { StoreSettings } from "../store/settings";
import type { StoreAddress } from "../store/connections";
import type { Ender } from "./end";
import { labelIn, type Owner } from "./owner";

/** A live token under one of the stack's labels that its state does not hold. */
export interface Orphan extends StoreAddress {
  readonly kind: KindName;
  readonly label: string;
  readonly row: ListedToken;
  /** Minted so lately that an update may be about to record it. */
  readonly isYoung: boolean;
}

export interface Hunt {
  readonly orphans: readonly Orphan[];
  /** What could not be looked through, and why. */
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
}

export const MIN_AGE_S = 3_600;

const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

const NOWHERE =
  "no store was looked into, because neither the state nor the configuration names one: say --store HASH";

/** Looks through the lists of the stores in which the stack has tokens, of its default store, and of those named. */
export async function findOrphans(
  ender: Ender,
  settings: StoreSettings,
  question: {
    readonly owner: Owner;
    readonly deployment: Deployment;
    readonly now: number;
    readonly stores: readonly string[];
  },
): Promise<Hunt> {
  const { owner, deployment, now, stores } = question;
  const held = tokensOf(deployment);
  const found = new Map<string, Orphan>();
  const problems: string[] = [];
  const remarks: string[] = [];
  const addresses = addressesOf(held, settings, stores);
  if (addresses.length === 0) problems.push(NOWHERE);
  for (const address of addresses) {
    const { storeHash } = address;
    for (const kind of KIND_NAMES) {
      try {
        for (const connection of ender.accounts(address)) {
          const listing = await readWholeList(connection, KINDS[kind].family, ender.timeoutMs());
          if (listing.kind === "no list") {
            remarks.push(`store ${storeHash} has no list of its tokens, by which orphans could be found`);
          } else if (listing.kind === "unreadable") {
            const { what, status } = listing.failed.failure;
            const scope =
              status === 403 ? `; the API account needs the OAuth scope "${KINDS[kind].oauthScope}"` : "";
            const line = `the list of ${kind} tokens in store ${storeHash}: ${what}${scope}`;
            // An account need not be able to do what the stack never asks for.
            const isNeeded =
              status !== 403 || held.some((token) => token.kind === kind && token.storeHash === storeHash);
            (isNeeded ? problems : remarks).push(line);
          } else {
            if (!listing.isWhole || listing.unread.size > 0) {
              remarks.push(
                `the list of ${kind} tokens in store ${storeHash} could not be read whole, because ${WHY_NOT_WHOLE}`,
              );
            }
            for (const row of listing.byJti.values()) {
              const label = labelIn(row.name, owner, kind);
              if (label === undefined || row.isRevoked || row.isExpired || isHeld(held, row)) continue;
              const isYoung = row.issuedAt === undefined || row.issuedAt > now - MIN_AGE_S;
              found.set(row.jti, { ...address, kind, label, row, isYoung });
            }
          }
        }
      } catch (thrown) {
        problems.push(asError(thrown).message);
      }
    }
  }
  const orphans = [...found.values()].sort(
    (one, other) => (one.row.issuedAt ?? 0) - (other.row.issuedAt ?? 0),
  );
  return { orphans, problems: [...new Set(problems)], remarks: [...new Set(remarks)] };
}

/** A predecessor counts as held, whatever its fate: its successor's state answers for it. */
export function isHeld(held: readonly HeldToken[], { jti, name }: ListedToken): boolean {
  return held.some((token) => token.jti === jti || (name !== undefined && token.listName === name));
}

function addressesOf(
  held: readonly HeldToken[],
  settings: StoreSettings,
  stores: readonly string[],
): readonly StoreAddress[] {
  const addresses = new Map<string, StoreAddress>();
  for (const { storeHash, apiUrl } of held) {
    if (storeHash !== undefined) addresses.set(`${storeHash} ${apiUrl ?? ""}`, { storeHash, apiUrl });
  }
  const known = new Set([...addresses.values()].map(({ storeHash }) => storeHash));
  for (const storeHash of [...stores, ...defaultStore(settings)]) {
    if (known.has(storeHash)) continue;
    known.add(storeHash);
    addresses.set(storeHash, { storeHash, apiUrl: settings.apiUrl(storeHash) });
  }
  return [...addresses.values()];
}

/** A stack may well have none. */
function defaultStore(settings: StoreSettings): readonly string[] {
  try {
    return [settings.defaultStore()];
  } catch {
    return [];
  }
}
