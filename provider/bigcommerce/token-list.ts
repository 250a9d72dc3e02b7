import { saysNoList } from "./list-support";
import { type ListedToken, readTokenListPage } from "./token-list-page";
import { beginOperation, type Connection, type Failed } from "./operation";
import { httpDateMs, type ReplyHeaders } from "./rate-limit-headers";

/** All tokens of a family that an API account issued in a store, as far as they were read. */
export type TokenList =
  | ReadTokenList
  | { readonly kind: "no list"; readonly failed: Failed }
  | { readonly kind: "unreadable"; readonly failed: Failed };

export interface ReadTokenList {
  readonly kind: "listed";
  readonly byJti: ReadonlyMap<string, ListedToken>;
  /** The one API account that the rows name; a list that names none, or several, does not tell whose it is. */
  readonly account?: string;
  /** False where some token may stand in the list and not in `byJti`, as where the store does not count them. */
  readonly isWhole: boolean;
  /** Whether nothing shows that a token is missing; true of every whole list, and of one that is not counted. */
  readonly mayBeWhole: boolean;
  /** The ids of rows of which nothing else is understood. */
  readonly unread: ReadonlySet<string>;
  /** When the list was begun, by the store's clock or this machine's, whichever is behind; Unix seconds. */
  readonly asOf: number;
  /** Of the last page. */
  readonly headers: ReplyHeaders;
}

/** Read once per store, family and credential; the answer holds as long as the process. */
export interface TokenLists {
  read(connection: Connection, family: string, timeoutMs: number): Promise<TokenList>;
}

export interface ReadLimits {
  /** What lies further back is not looked at. Default: 40, which is 10,000 tokens. */
  readonly maxPages?: number;
  /** Of each page. */
  readonly attempts?: number;
}

const MAX_PAGES = 40;

/** For messages. */
export const WHY_NOT_WHOLE = "it is too long, not counted, not understood, or changed meanwhile";

export function createTokenLists(): TokenLists {
  const inventories = new Map<string, Promise<TokenList>>();
  return {
    read(connection, family, timeoutMs) {
      const { apiUrl, storeHash, credentialSource } = connection.target;
      const key = [apiUrl, storeHash, family, credentialSource].join(" ");
      const inventory = inventories.get(key) ?? readTokenList(connection, family, timeoutMs);
      inventories.set(key, inventory);
      return inventory;
    },
  };
}

/** Newest first; each page has the whole time. */
export async function readTokenList(
  connection: Connection,
  family: string,
  timeoutMs: number,
  { maxPages = MAX_PAGES, ...limits }: ReadLimits = {},
): Promise<TokenList> {
  const byJti = new Map<string, ListedToken>();
  const unread = new Set<string>();
  let asOfMs = connection.clock.now();
  let isUnderstood = true;
  let total = 0;
  let rowsBefore = 0;
  for (let number = 1; ; number += 1) {
    const operation = beginOperation(connection, timeoutMs);
    const read = await readTokenListPage(operation, family, number, { ...limits, rowsBefore });
    if (!read.ok) {
      return { kind: number === 1 && saysNoList(read.failure) ? "no list" : "unreadable", failed: read };
    }
    const page = read.value;
    if (number === 1) asOfMs = Math.min(asOfMs, httpDateMs(page.headers["date"]) ?? asOfMs);
    for (const token of page.tokens) byJti.set(token.jti, token);
    for (const jti of page.unread) {
      if (jti === undefined) isUnderstood = false;
      else unread.add(jti);
    }
    // What is purged or minted meanwhile shifts the pages: a row between two of them shows in the count alone.
    total = Math.max(total, page.total ?? Infinity);
    rowsBefore += page.tokens.length + page.unread.length;
    if (!page.isLast && number < maxPages) continue;
    const seen = new Set([...byJti.keys(), ...unread]);
    const isEnded = isUnderstood && page.isLast;
    const isWhole = isEnded && seen.size === total;
    const mayBeWhole = isWhole || (isEnded && total === Infinity);
    const account = accountOf(byJti);
    const asOf = Math.floor(asOfMs / 1_000);
    return {
      kind: "listed",
      ...{ byJti, unread, isWhole, mayBeWhole, asOf, headers: page.headers },
      ...(account !== undefined && { account }),
    };
  }
}

function accountOf(byJti: ReadonlyMap<string, ListedToken>): string | undefined {
  const named = new Set([...byJti.values()].map(({ account }) => account));
  named.delete(undefined);
  return named.size === 1 ? [...named][0] : undefined;
}
