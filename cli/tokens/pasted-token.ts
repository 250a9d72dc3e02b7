import { isToken } from "../../provider/domain/claims";
import { TokensError } from "../../provider/errors";

const QUOTES = "\"'`";
const ENDS = `${QUOTES},;`;

/** The token in a pasted text, which may have the name of a variable or header, quotes, and line breaks in it. */
export function normaliseToken(text: string): string {
  const value = text
    .replace(/^\ufeff/, "")
    .trim()
    .replace(/^(export|set|env)\s+/i, "")
    .replace(/^["']?[A-Za-z_][\w-]*["']?\s*[:=]\s*/, "");
  const bare = unquoted(
    unquoted(value)
      .trim()
      .replace(/^bearer\s+/i, ""),
  ).replace(/\s+/g, "");
  if (isToken(bare)) return bare;
  throw new TokensError("not_a_token", refusalOf(bare, text));
}

/** The value of `--fingerprint`. */
export function readFingerprint(text: string): string {
  if (/^[0-9a-f]{16}$/.test(text)) return text;
  throw new TokensError("usage", "--fingerprint takes 16 hex digits, as `status` shows them");
}

function unquoted(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && QUOTES.includes(text.charAt(from))) from += 1;
  while (to > from && ENDS.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** Never quotes the text, which may be another secret. */
function refusalOf(text: string, given: string): string {
  if (text === "") return "standard input is empty: pass the token there, never as an argument";
  if (/^[A-Za-z0-9]{20,64}$/.test(text)) {
    return "this is not a token of this package: it looks like the access token of an API account, which has nothing to read";
  }
  const words = given.split(/[^\w.-]+/);
  if (words.filter((word) => isToken(word) && word.startsWith("eyJ")).length > 1) {
    return "these are several tokens: pass one at a time";
  }
  return "this is not a token of BigCommerce, which has three parts of base64url with dots between them";
}
