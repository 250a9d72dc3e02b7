import { KINDS } from "../../provider/kinds";
import { asError } from "../../provider/notices";
import type { StackState } from "../state/source";
import { type HeldToken, partsOf, tokensOf } from "../state/tokens";
import { findingOn, keyOf, ownerOf, type Shelf, shelfOf, type Stray, straysOn } from "../store/compare";
import { type Listing, readWholeList } from "../store/list";
import { createWays } from "../store/ways";
import type { World } from "../world";
import type { Comparison } from "./report";

/** Asks every store for the lists of the families that the states hold tokens of. */
export async function compareWithStores(
  world: World,
  stacks: readonly StackState[],
  isAll: boolean,
): Promise<Comparison> {
  const held = stacks.flatMap(({ deployment }) => tokensOf(deployment));
  const shelves = new Map(
    held.flatMap((token) => {
      const shelf = shelfOf(token);
      return shelf ? [[keyOf(shelf), shelf] as const] : [];
    }),
  );
  const ways = createWays(world, stacks);
  const problems: string[] = [];
  const listings = new Map<string, Listing>();
  await Promise.all(
    [...shelves].map(async ([key, shelf]) => {
      try {
        const { connection, timeoutMs } = await ways.to(shelf);
        const listing = await readWholeList(connection, KINDS[shelf.kind].family, timeoutMs);
        listings.set(key, listing);
        if (listing.kind === "failed") problems.push(problemOf(shelf, listing));
      } catch (thrown) {
        problems.push(asError(thrown).message);
      }
    }),
  );
  const strays = [...shelves].flatMap(([key, shelf]) => {
    const listing = listings.get(key);
    return listing ? straysOn(shelf, listing, held) : [];
  });
  return {
    findingOn: (token) => findingOn(token, listings.get(keyOf(shelfOf(token) ?? NOWHERE))),
    problems: [...new Set(problems)].sort(),
    ...(isAll ? { strays, remarks: [] } : ofTheseStacks(strays, held, stacks)),
  };
}

const NOWHERE: Shelf = { storeHash: "", apiUrl: "", kind: "storefront" };

/** One stack says nothing of the tokens of others: they are counted, not shown. */
function ofTheseStacks(
  strays: readonly Stray[],
  held: readonly HeldToken[],
  stacks: readonly StackState[],
): Pick<Comparison, "strays" | "remarks"> {
  const own = new Set(
    [
      ...held.map(({ urn }) => urn),
      ...stacks.flatMap(({ deployment }) => deployment.resources.slice(0, 1).map(({ urn }) => urn)),
    ].map((urn) => `${partsOf(urn).project}/${partsOf(urn).stack}`),
  );
  const isOwn = ({ row }: Stray): boolean => {
    const owner = ownerOf(row);
    return owner !== undefined && own.has(`${owner.project}/${owner.stack}`);
  };
  const others = new Map<string, number>();
  for (const stray of strays.filter((each) => !isOwn(each))) {
    others.set(stray.storeHash, (others.get(stray.storeHash) ?? 0) + 1);
  }
  return {
    strays: strays.filter(isOwn),
    remarks: [...others].map(
      ([storeHash, count]) =>
        `store ${storeHash} holds ${count} live token${count === 1 ? "" : "s"} of this API account under other labels ` +
        "or none; --all compares with every stack",
    ),
  };
}

function problemOf({ storeHash, kind }: Shelf, { failed }: Extract<Listing, { kind: "failed" }>): string {
  const { failure, stopped } = failed;
  const title = failure.title === undefined ? "" : `, "${failure.title}"`;
  const scope =
    failure.status === 403 ? `; the API account needs the OAuth scope "${KINDS[kind].oauthScope}"` : "";
  return [`the list of ${kind} tokens in store ${storeHash}: ${failure.what}${title}${scope}`, stopped]
    .filter((part) => part !== undefined)
    .join(". ");
}
