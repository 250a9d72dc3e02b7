/** A label may contain the separator, a nonce cannot. */
const LIST_NAME = /^(.+)#[0-9a-f]{32}$/s;

/** A token's name in the store's token list. The nonce has 32 hex digits. */
export function listNameOf(label: string, nonce: string): string {
  return `${label}#${nonce}`;
}

/** The label in a name of the store's token list. Undefined if the name was not made by `listNameOf`. */
export function labelIn(listName = ""): string | undefined {
  return LIST_NAME.exec(listName)?.[1];
}
