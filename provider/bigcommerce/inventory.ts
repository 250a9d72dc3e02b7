import { saysNoList } from "./generation";
import { type ListedToken, readList } from "./list";
import { beginOperation, type Connection } from "./operation";

/** All tokens of a family that an API account issued in a store, as far as they were read. */
export type Inventory =
  | { readonly kind: "listed"; readonly byJti: ReadonlyMap<string, ListedToken> }
  | { readonly kind: "no list" }
  | { readonly kind: "unreadable"; readonly what: string };

/** Read once per store, family and credential; the answer holds as long as the process. */
export interface Inventories {
  read(connection: Connection, family: string, timeoutMs: number): Promise<Inventory>;
}

/** What lies further back, 10,000 tokens on, is not looked at. */
const MAX_PAGES = 40;

export function createInventories(): Inventories {
  const inventories = new Map<string, Promise<Inventory>>();
  return {
    read(connection, family, timeoutMs) {
      const { apiUrl, storeHash, credentialSource } = connection.target;
      const key = [apiUrl, storeHash, family, credentialSource].join(" ");
      const inventory = inventories.get(key) ?? readAll(connection, family, timeoutMs);
      inventories.set(key, inventory);
      return inventory;
    },
  };
}

async function readAll(connection: Connection, family: string, timeoutMs: number): Promise<Inventory> {
  const byJti = new Map<string, ListedToken>();
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const read = await readList(beginOperation(connection, timeoutMs), family, page);
    if (!read.ok) {
      return page === 1 && saysNoList(read.failure)
        ? { kind: "no list" }
        : { kind: "unreadable", what: read.failure.what };
    }
    for (const token of read.value.tokens) byJti.set(token.jti, token);
    if (read.value.isLast) break;
  }
  return { kind: "listed", byJti };
}
