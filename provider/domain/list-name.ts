import { HOUR } from "./expiry";

/** A label may contain the separator, a nonce cannot. */
const LIST_NAME = /^(.+)#[0-9a-f]{32}$/s;

/** An update may still record a token that is younger: it is no orphan yet. */
const MIN_ORPHAN_AGE_S = HOUR;

/** Unix seconds until when a token may still be recorded. Undefined if the list does not tell when it was issued. */
export function youngUntil(issuedAt: number | undefined): number | undefined {
  return issuedAt === undefined ? undefined : issuedAt + MIN_ORPHAN_AGE_S;
}

/** A token's name in the store's token list. The nonce has 32 hex digits. */
export function listNameOf(label: string, nonce: string): string {
  return `${label}#${nonce}`;
}

/** The label in a name of the store's token list. Undefined if the name was not made by `listNameOf`. */
export function labelIn(listName = ""): string | undefined {
  return LIST_NAME.exec(listName)?.[1];
}
