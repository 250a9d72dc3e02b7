import { apiOrigin, DEFAULT_API_URL } from "../../provider/bigcommerce/endpoint";
import type { StoreAddress } from "../../provider/domain/store-address";
import type { StoreSettings } from "./settings";

export type KnownAddress = StoreAddress & { readonly apiUrl: string };

/**
 * The stores that states name, at the host of their tokens. Then the stores that configuration, environment or a person
 * names, at the host of this run. Each once. `problems`: why some sources could not be read.
 */
export function knownStores(
  inStates: readonly StoreAddress[],
  settings: Pick<StoreSettings, "stores" | "apiUrl">,
  given: readonly string[] = [],
): { readonly addresses: readonly KnownAddress[]; readonly problems: readonly string[] } {
  const { hashes, problems } = settings.stores();
  const addresses = new Map<string, KnownAddress>();
  for (const { storeHash, apiUrl: recorded = DEFAULT_API_URL } of inStates) {
    const apiUrl = apiOrigin(recorded) ?? recorded;
    addresses.set(`${storeHash} ${apiUrl}`, { storeHash, apiUrl });
  }
  const recorded = new Set([...addresses.values()].map(({ storeHash }) => storeHash));
  const unsettled: string[] = [];
  for (const storeHash of new Set([...given, ...hashes])) {
    if (recorded.has(storeHash)) continue;
    try {
      addresses.set(storeHash, { storeHash, apiUrl: settings.apiUrl(storeHash) });
    } catch (thrown) {
      unsettled.push((thrown as Error).message);
    }
  }
  return { addresses: [...addresses.values()], problems: [...new Set([...problems, ...unsettled])] };
}
