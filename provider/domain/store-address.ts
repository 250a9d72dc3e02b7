/** A store, and the API host at which its tokens were minted; undefined for BigCommerce's own. */
export interface StoreAddress {
  readonly storeHash: string;
  readonly apiUrl?: string | undefined;
}

export const STORE_HASH = /^[a-z0-9]{1,32}$/;

/** What a header can carry byte for byte. */
export const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** https, or plain http to loopback; without user, query and fragment. */
export function isSecureUrl(url: URL): boolean {
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
  return secure && url.username + url.password + url.search + url.hash === "";
}
