/** Separates label and nonce. A label may contain it, a nonce cannot. */
const SEPARATOR = "#";
const NONCE = /^[0-9a-f]{32}$/;
const TAIL_CHARACTERS = SEPARATOR.length + 32;

/** A token's name in the store's token list. The nonce has 32 hex digits. */
export function listNameOf(label: string, nonce: string): string {
  return `${label}${SEPARATOR}${nonce}`;
}

/** The label in a name of the store's token list. Undefined if the name was not made by `listNameOf`. */
export function labelIn(listName: string | undefined): string | undefined {
  if (listName === undefined) return undefined;
  const end = listName.length - TAIL_CHARACTERS;
  const isMade = listName[end] === SEPARATOR && NONCE.test(listName.slice(end + SEPARATOR.length));
  return isMade && end > 0 ? listName.slice(0, end) : undefined;
}
