/** Characters that a terminal interprets instead of showing them, bidirectional overrides included. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Replaces characters that a terminal would interpret. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd");
}
