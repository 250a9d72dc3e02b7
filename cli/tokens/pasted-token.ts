import { isToken } from "../../provider/domain/claims";
import { TokensError } from "../../provider/errors";

const QUOTES = "\"'`";
const ENDS = `${QUOTES},;`;

/** The token in what people paste: with a variable's name or a header's, quotes, or line breaks around or in it. */
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

function unquoted(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && QUOTES.includes(text.charAt(from))) from += 1;
  while (to > from && ENDS.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** What is given is not repeated: it may be another secret. */
function refusalOf(text: string, given: string): string {
  if (text === "") return "standard input is empty: give the token there, never as an argument";
  if (/^[A-Za-z0-9]{20,64}$/.test(text)) {
    return "this is no storefront token: it looks like the access token of an API account, which has no parts to read";
  }
  const words = given.split(/[^\w.-]+/);
  if (words.filter((word) => isToken(word) && word.startsWith("eyJ")).length > 1) {
    return "these are several tokens: give one";
  }
  return "this is no token of BigCommerce: those are three parts of base64url with dots between them";
}
