import type { Bearer } from "./graphql";
import { parseBody, problemTexts } from "./reply";
import type { Reply } from "./transport";

export type DeadBy = "revoked" | "expired";

/** What one of GraphQL's texts tells of a token. */
export type TokenVerdict = DeadBy | "invalid" | "other store";

interface Text {
  /** In lower case, without the full stop. */
  readonly text: string;
  readonly word?: TokenVerdict;
  /** Whether no time heals it; that of a signature or a token which is not known yet may. */
  readonly isFinal?: true;
}

/**
 * All texts that GraphQL is known to refuse a credential with, at status 401.
 * https://docs.bigcommerce.com/docs/storefront/graphql/authentication
 */
const DOCUMENTED: readonly Text[] = [
  { text: "credentials were missing" },
  { text: "unknown jwt token", word: "revoked" },
  { text: "jwt signature is invalid", word: "invalid" },
  { text: "jwt is expired", word: "expired", isFinal: true },
  { text: "jwt channel id doesn't match channel id of the url", isFinal: true },
  { text: "jwt store id doesn't match store id of the url", word: "other store", isFinal: true },
  { text: "string is not a jwt", word: "invalid", isFinal: true },
  { text: "jwt has no valid json", word: "invalid", isFinal: true },
  { text: "jwt has json of an unknown format", isFinal: true },
  { text: "'origin' header invalid", isFinal: true },
];

/** What a message tells of the token, which it says at its end; nothing where it leaves that open. */
export function verdictIn(message: string): TokenVerdict | undefined {
  const line = plain(message);
  return DOCUMENTED.find(({ text }) => line === text || line.endsWith(`. ${text}`))?.word;
}

/** Whether a refusal holds however often it is asked for. */
export function isFinalText(message: string): boolean {
  const line = plain(message);
  return DOCUMENTED.some(({ text, isFinal }) => isFinal && line.includes(text));
}

function plain(message: string): string {
  const line = message.replaceAll("\u2019", "'").trim().toLowerCase();
  return line.endsWith(".") ? line.slice(0, -1) : line;
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
  const lines = problemTexts(parseBody(body)).map(plain);
  return !lines.some((line) => DOCUMENTED.some(({ text }) => line.includes(text)));
}
