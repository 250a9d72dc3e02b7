import { isToken } from "../../provider/claims";
import { TokensError } from "../../provider/errors";

const QUOTES = /^["'`]+|["'`,;]+$/g;

/** The token in what people paste: with a variable's name or a header's, quotes, or line breaks around or in it. */
export function cleanToken(text: string): string {
  const bare = text
    .replace(/^\ufeff/, "")
    .trim()
    .replace(/^(export|set|env)\s+/i, "")
    .replace(/^["']?[A-Za-z_][\w-]*["']?\s*[:=]\s*/, "")
    .replace(QUOTES, "")
    .trim()
    .replace(/^bearer\s+/i, "")
    .replace(QUOTES, "")
    .replace(/\s+/g, "");
  if (isToken(bare)) return bare;
  throw new TokensError("no_token", refusalOf(bare, text));
}

/** What is given is not repeated: it may be another secret. */
function refusalOf(text: string, given: string): string {
  if (text === "") return "standard input is empty: give the token there, never as an argument";
  if (/^[A-Za-z0-9]{20,64}$/.test(text)) {
    return "this is no storefront token: it looks like the access token of an API account, which has no parts to read";
  }
  const found = given.match(/eyJ[\w-]+(\.[\w-]+){2}/g)?.length ?? 0;
  if (found > 1) return "these are several tokens: give one";
  return "this is no token of BigCommerce: those are three parts of base64url with dots between them";
}
