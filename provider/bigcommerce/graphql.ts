import { type Endpoint, graphqlEndpoint } from "./endpoint";
import { type Call, type Operation, perform } from "./operation";
import { parseBody, problemTexts } from "./reply";
import type { Reply } from "./transport";

/** A token as its user has it. */
export interface Bearer {
  readonly token: string;
  /** Ascending, at least one. */
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
}

export type DeadBy = "revoked" | "expired";

/** What GraphQL says of a token. */
export type Word = DeadBy | "works";

/** A channel without a site answers nothing of use; so many are asked. */
export const MAX_CHANNELS = 3;

const QUERY = JSON.stringify({ query: "{ site { settings { storeName } } }" });

/**
 * "Every auth failure is HTTP 401"; these two texts mean a dead token.
 * https://docs.bigcommerce.com/docs/rest-authentication/tokens
 */
const DEAD: readonly { readonly text: RegExp; readonly kind: DeadBy }[] = [
  { text: /(^|\.\s)unknown jwt token\.?$/i, kind: "revoked" },
  { text: /(^|\.\s)jwt is expired\.?$/i, kind: "expired" },
];

/** The cheapest question, asked as the token's own user would, without the credential. */
export function question<T>(
  endpoint: Endpoint,
  { token, allowedCorsOrigins: [origin] = [] }: Bearer,
  accept: Call<T>["accept"],
): Call<T> {
  return {
    endpoint,
    headers: { Authorization: `Bearer ${token}`, ...(origin !== undefined && { Origin: origin }) },
    body: QUERY,
    unpaced: true,
    idempotent: true,
    secrets: [token],
    accept,
  };
}

/** What GraphQL says of a token, each channel asked twice at most; nothing where no answer tells. */
export async function askGraphql(operation: Operation, bearer: Bearer): Promise<Word | undefined> {
  for (const channelId of bearer.channelIds.slice(0, MAX_CHANNELS)) {
    const endpoint = graphqlEndpoint(operation.target, channelId);
    if (!endpoint) return undefined;
    const asked = await perform(operation, { ...question(endpoint, bearer, wordOf), attempts: 2 });
    if (asked.ok) return asked.value === "unclear" ? undefined : asked.value;
  }
  return undefined;
}

/** Nothing where it is not GraphQL that answers. */
function wordOf({ status, body }: Reply): Word | "unclear" | undefined {
  if (status !== 401) return status === 200 ? "works" : undefined;
  const texts = problemTexts(parseBody(body));
  return texts.map(endIn).find((kind) => kind !== undefined) ?? "unclear";
}

/** Whether one of GraphQL's messages says that the token is dead. */
export function endIn(message: string): DeadBy | undefined {
  return DEAD.find(({ text }) => text.test(message.trim()))?.kind;
}
