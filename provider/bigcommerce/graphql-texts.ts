import type { Bearer } from "./graphql";
import { parseBody, problemTexts } from "./reply";
import type { Reply } from "./transport";

/**
 * All texts that GraphQL is known to refuse a credential with, at status 401; final are those that no time heals. A
 * signature or a token that is not known yet is none of them.
 * https://docs.bigcommerce.com/docs/storefront/graphql/authentication
 */
const DOCUMENTED: readonly { readonly text: RegExp; readonly isFinal?: true }[] = [
  { text: /credentials were missing/i },
  { text: /unknown jwt token/i },
  { text: /jwt signature is invalid/i },
  { text: /jwt is expired/i, isFinal: true },
  { text: /channel id doesn.t match/i, isFinal: true },
  { text: /store id doesn.t match/i, isFinal: true },
  { text: /not a jwt/i, isFinal: true },
  { text: /has no valid json/i, isFinal: true },
  { text: /unknown format/i, isFinal: true },
  { text: /'origin' header invalid/i, isFinal: true },
];

/** Whether a refusal holds however often it is asked for. */
export function isFinalText(text: string): boolean {
  return DOCUMENTED.some((known) => known.isFinal && known.text.test(text));
}

/**
 * Whether GraphQL may have refused the server that asks, and not the token: nobody knows the text for that, but the
 * texts for bad tokens are known, and only storefront tokens without origins are concerned.
 */
export function mayRefuseServers(
  { isForBrowsers, allowedCorsOrigins = [] }: Bearer,
  { status, body }: Pick<Reply, "status" | "body">,
): boolean {
  if (status !== 401 || !isForBrowsers || allowedCorsOrigins.length > 0) return false;
  return !problemTexts(parseBody(body)).some((text) => DOCUMENTED.some((known) => known.text.test(text)));
}
