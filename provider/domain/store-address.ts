import { didYouMean } from "./did-you-mean";

/** A store, and the API host at which its tokens were minted; undefined for BigCommerce's own. */
export interface StoreAddress {
  readonly storeHash: string;
  readonly apiUrl?: string | undefined;
}

export const STORE_HASH = /^[a-z0-9]{1,32}$/;

const HOST = /^https?:\/\/[\x21-\x7e]{1,300}$/;

/** A state's store as messages name it: a damaged state may hold any text. */
export function shownStore(storeHash: string): string {
  return STORE_HASH.test(storeHash) ? `store ${storeHash}` : "the store, whose hash in the state is damaged,";
}

/** A state's API host as messages name it. */
export function shownHost(apiUrl: string): string {
  return HOST.test(apiUrl) ? apiUrl : "a host that is damaged in the state";
}

const STORE_HASH_RULE =
  "a store hash: 1 to 32 lower-case letters and digits, as in api.bigcommerce.com/stores/{hash}";

/** The URLs of a store: API path, control panel and storefront, in any case. */
const STORE_URLS = [
  /^(?:https:\/\/api\.bigcommerce\.com)?\/?stores\/([a-z0-9]{1,32})(?:\/|$)/i,
  /^(?:https:\/\/)?store-([a-z0-9]{1,32})(?:-\d{1,9})?(?:\.mybigcommerce\.com|$)/i,
];

/** Why a text is no store hash; undefined if it is one. Quotes no more of it than the hash in a store's URL. */
export function storeHashProblem(text: string): string | undefined {
  if (STORE_HASH.test(text)) return undefined;
  const inUrl = STORE_URLS.map((url) => url.exec(text)?.[1]).find((hash) => hash !== undefined);
  if (inUrl !== undefined) return `${STORE_HASH_RULE}${didYouMean(inUrl.toLowerCase())}`;
  const isNear = STORE_HASH.test(text.trim().toLowerCase());
  return `${STORE_HASH_RULE}${isNear ? "; did you mean the same in lower case and without blanks?" : ""}`;
}

/** What a header can carry byte for byte. */
export const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** https, or plain http to loopback; without user, query and fragment. */
export function isSecureUrl(url: URL): boolean {
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
  return secure && url.username + url.password + url.search + url.hash === "";
}
