import { defined } from "../defined";
import type { Connection } from "./connection";
import { saysNoList } from "./list-support";
import { conditionOf, type ListedToken, readTokenListPage } from "./token-list-page";
import { beginOperation, type Failed } from "./operation";
import { httpDateMs, type ReplyHeaders } from "./rate-limit-headers";

/** The tokens of a family that an API account minted in a store. */
export type TokenList =
  | ReadTokenList
  | { readonly kind: "no list"; readonly failed: Failed }
  | { readonly kind: "unreadable"; readonly failed: Failed };

export interface ReadTokenList {
  readonly kind: "listed";
  readonly byJti: ReadonlyMap<string, ListedToken>;
  /** The API account of the rows; absent if they name none, or several. */
  readonly account?: string;
  /** False if the list may hold a token that `byJti` lacks, for example because the store does not count its tokens. */
  readonly isWhole: boolean;
  /** True if nothing shows that a token is missing: for every whole list, and for a list without a count. */
  readonly mayBeWhole: boolean;
  /** The jtis of rows that are not understood otherwise. */
  readonly unread: ReadonlySet<string>;
  /** When reading began, by the store's clock or this machine's, whichever is behind; Unix seconds. */
  readonly asOf: number;
  /** The headers of the last page. */
  readonly headers: ReplyHeaders;
}

/** 10,000 tokens. */
const MAX_PAGES = 40;

/** Why `isWhole` may be false, for messages. */
export const WHY_NOT_WHOLE = "it is too long, not counted, not understood, or changed meanwhile";

/** Reads once per store, family and credential, and keeps the list for the process. */
export function createTokenListReader() {
  const lists = new Map<string, Promise<TokenList>>();
  return (connection: Connection, family: string, timeoutMs: number): Promise<TokenList> => {
    const { apiUrl, storeHash, credentialSource } = connection.target;
    const key = [apiUrl, storeHash, family, credentialSource].join(" ");
    const list = lists.get(key) ?? readTokenList(connection, family, timeoutMs);
    lists.set(key, list);
    return list;
  };
}

/** Newest first. Each page has the whole timeout, and `attempts` of its own. */
export async function readTokenList(
  connection: Connection,
  family: string,
  timeoutMs: number,
  { maxPages = MAX_PAGES, ...limits }: { readonly maxPages?: number; readonly attempts?: number } = {},
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
    // A mint or a purge meanwhile shifts the pages. Only the count shows that a row was missed.
    total = Math.max(total, page.total ?? Infinity);
    rowsBefore += page.tokens.length + page.unread.length;
    if (!page.isLast && number < maxPages) continue;
    const isEnded = isUnderstood && page.isLast;
    const isWhole = isEnded && new Set([...byJti.keys(), ...unread]).size === total;
    const mayBeWhole = isWhole || (isEnded && total === Infinity);
    const asOf = Math.floor(asOfMs / 1_000);
    const { headers } = page;
    return defined({
      ...{ kind: "listed" as const, byJti, account: accountOf(byJti) },
      ...{ isWhole, mayBeWhole, unread, asOf, headers },
    });
  }
}

/** A token that is looked for in lists. */
export interface SoughtToken {
  /** Only if it is known to be this token's own: another text can claim the same `jti`. */
  readonly jti: string | undefined;
  /** Client id of the API account that minted it. */
  readonly apiAccount: string | undefined;
  /** Unix seconds. */
  readonly issuedAt: number | undefined;
}

/** Why a list does not tell whether a token that it does not show is alive. */
export type Doubt =
  | "no jti"
  | "no list"
  | "unreadable"
  /** The list does not tell its API account, or the token does not tell the one that minted it. */
  | "unknown account"
  /** The token may be in a part of the list that was not read, or in a row that is not understood. */
  | "not whole"
  /** Minted so lately that the list may not show it yet. */
  | "too new";

/** A list of the token's own API account, or of an unknown one, and why it does not tell. */
export interface DoubtfulList {
  readonly list: TokenList;
  /** Messages name the first. */
  readonly doubts: readonly [Doubt, ...Doubt[]];
}

/** What the lists of a store's API accounts tell of a token. */
export type ListVerdict =
  | { readonly is: "alive" | "revoked" | "expired" }
  /** A list that would show the token does not: it is revoked and was purged. */
  | { readonly is: "missing" }
  /** `lists` is empty if every list is another account's. */
  | { readonly is: "unknown"; readonly lists: readonly DoubtfulList[] };

/** BigCommerce does not promise that a list shows a token at once, and a list begun before the mint never will. */
const SETTLING_S = 300;

/** A row in any list decides. Without a row, a list without doubts decides. */
export function judgeInLists(lists: readonly TokenList[], token: SoughtToken): ListVerdict {
  const { jti = "" } = token;
  const rows = lists.flatMap((list) => (list.kind === "listed" ? (list.byJti.get(jti) ?? []) : []));
  if (rows[0]) return { is: conditionOf(rows[0]) };
  const doubtful: DoubtfulList[] = [];
  for (const list of lists) {
    if (otherAccountIn(list, token) !== undefined) continue;
    const [first, ...rest] = doubtsIn(list, token);
    if (first === undefined) return { is: "missing" };
    doubtful.push({ list, doubts: [first, ...rest] });
  }
  return { is: "unknown", lists: doubtful };
}

/** The API account of the list, if it is known to be another one than the token's. */
export function otherAccountIn(
  list: TokenList,
  { apiAccount }: { readonly apiAccount?: string | undefined },
): string | undefined {
  const account = list.kind === "listed" ? list.account : undefined;
  return apiAccount === undefined || account === apiAccount ? undefined : account;
}

function doubtsIn(list: TokenList, { jti, apiAccount, issuedAt = NaN }: SoughtToken): readonly Doubt[] {
  if (list.kind !== "listed") return [list.kind];
  if (jti === undefined) return ["no jti"];
  const isSettled = issuedAt <= list.asOf - SETTLING_S;
  return [
    ...(list.account === undefined || apiAccount === undefined ? ["unknown account" as const] : []),
    ...(!list.isWhole || list.unread.has(jti) ? ["not whole" as const] : []),
    ...(isSettled ? [] : ["too new" as const]),
  ];
}

function accountOf(byJti: ReadonlyMap<string, ListedToken>): string | undefined {
  const named = new Set([...byJti.values()].map(({ account }) => account));
  named.delete(undefined);
  return named.size === 1 ? [...named][0] : undefined;
}
