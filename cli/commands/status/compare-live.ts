import type { TokenList } from "../../../provider/bigcommerce/token-list";
import { KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import type { StackState } from "../../pulumi/states";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { partsOf } from "../../pulumi/urn";
import {
  findingIn,
  isNamedBy,
  keyOf,
  namedBy,
  type TokenListKey,
  tokenListKeyOf,
  type UntrackedToken,
  untrackedTokensIn,
} from "../../stores/compare";
import { accountsOf, createStackConnections, readWholeList, whyUnread } from "../../stores/connections";
import type { System } from "../../system";
import type { Comparison } from "./report";

/** Reads the lists of every store and kind that the states hold tokens of. */
export async function compareWithStores(
  system: System,
  stacks: readonly StackState[],
  isAll: boolean,
): Promise<Comparison> {
  const held = stacks.flatMap(({ deployment }) => tokensOf(deployment));
  const listKeys = new Map(
    held.flatMap((token) => {
      const listKey = tokenListKeyOf(token);
      return listKey ? [[keyOf(listKey), listKey] as const] : [];
    }),
  );
  const connections = createStackConnections(system, stacks);
  const problems: string[] = [];
  const listings = new Map<string, readonly TokenList[]>();
  await Promise.all(
    [...listKeys].map(async ([key, listKey]) => {
      try {
        const { connection, settings } = await connections.to(listKey);
        const each = accountsOf(connection, settings).map(async (account) =>
          readWholeList(account, KINDS[listKey.kind].family, settings.timeoutMs()),
        );
        const read = await Promise.all(each);
        listings.set(key, read);
        for (const listing of read) {
          if (listing.kind === "unreadable")
            problems.push(whyUnread(listKey.storeHash, listKey.kind, listing));
        }
      } catch (thrown) {
        problems.push(asError(thrown).message);
      }
    }),
  );
  const accountOf = ({ apiUrl, storeHash }: TokenListKey, at: number) =>
    [...listKeys]
      .filter(([, other]) => other.apiUrl === apiUrl && other.storeHash === storeHash)
      .map(([key]) => listings.get(key)?.[at])
      .flatMap((listing) => (listing?.kind === "listed" ? (listing.account ?? []) : []))[0];
  const strays = [...listKeys].flatMap(([key, listKey]) =>
    (listings.get(key) ?? []).flatMap((listing) => untrackedTokensIn(listKey, listing, held)),
  );
  // The tokens of other stacks are counted, not shown.
  const isConcern = isAll ? () => true : belongsTo(stacks);
  return {
    findingOn(token) {
      const listKey = tokenListKeyOf(token) ?? NOWHERE;
      const read = listings.get(keyOf(listKey)) ?? [];
      return findingIn(token, read.map((listing, at) => namedBy(listing, accountOf(listKey, at)))); // prettier-ignore
    },
    problems: [...new Set(problems)].sort(),
    strays: strays.filter(isConcern),
    remarks: [...hiddenStores(held), ...countsOf(strays.filter((stray) => !isConcern(stray)))],
  };
}

const NOWHERE: TokenListKey = { storeHash: "", apiUrl: "", kind: "storefront" };

function belongsTo(stacks: readonly StackState[]): (stray: UntrackedToken) => boolean {
  const urns = stacks.flatMap(({ deployment }) => deployment.resources.slice(0, 1).map(({ urn }) => urn));
  const own = new Map(urns.map(partsOf).map((parts) => [`${parts.project}/${parts.stack}`, parts]));
  return ({ row, kind }) => [...own.values()].some((parts) => isNamedBy(row, kind, parts));
}

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
  const hidden = held.filter(({ hidden: names, role }) => role === "current" && names.includes("storeHash"));
  return hidden.map(
    ({ resource }) => `${resource}: its store is a secret in the state, so no list was asked for it`,
  );
}
