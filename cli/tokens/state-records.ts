import type { ListedToken } from "../../provider/bigcommerce/token-list-page";
import type { StoreAddress } from "../../provider/domain/store-address";
import type { Deployment } from "../pulumi/export";
import { readerOf } from "../pulumi/property-values";
import { kindOf } from "../../provider/domain/kinds";

/** The tokens that a state accounts for: none of them is an orphan. */
interface RecordedTokens {
  has(token: Pick<ListedToken, "jti" | "name">): boolean;
}

/** Counts previous tokens, whatever their fate, and tokens that wait for their deletion or their replacement. */
export function recordedTokensOf({ resources }: Deployment): RecordedTokens {
  const ids = new Set<string | undefined>();
  const names = new Set<string | undefined>();
  for (const { type, id, outputs } of resources) {
    if (!kindOf(type)) continue;
    const reader = readerOf(outputs);
    ids.add(id).add(reader.nested("previous")?.text("id"));
    names.add(reader.text("listName"));
  }
  return { has: ({ jti, name }) => ids.has(jti) || (name !== undefined && names.has(name)) };
}

/** The stores that a state names for its tokens and for interrupted mints. A store may occur several times. */
export function storesIn({ resources, pendingOperations }: Deployment): readonly StoreAddress[] {
  const recorded = resources.flatMap(({ type, outputs }) => {
    const reader = readerOf(outputs);
    return kindOf(type) ? [reader, reader.nested("previous")] : [];
  });
  const begun = pendingOperations.flatMap(({ type, inputs }) => (kindOf(type) ? [readerOf(inputs)] : []));
  return [...recorded, ...begun].flatMap((reader) => {
    const storeHash = reader?.text("storeHash");
    return storeHash === undefined ? [] : [{ storeHash, apiUrl: reader?.text("apiUrl") }];
  });
}
