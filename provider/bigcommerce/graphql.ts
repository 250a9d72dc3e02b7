import { z } from "zod";

import { type Endpoint, graphqlEndpoint } from "./endpoint";
import { type DeadBy, mayRefuseServers, type TokenVerdict, verdictIn } from "./graphql-texts";
import { type Call, type Operation, perform } from "./operation";
import { type Body, parseBody, problemTexts } from "./reply";
import type { Reply } from "./transport";

/** A token as its user has it. */
export interface Bearer {
  readonly token: string;
  /** Ascending, at least one. */
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
  /** A storefront token, which BigCommerce may refuse from a server where it has no origins. */
  readonly isForBrowsers?: true;
}

/** What GraphQL says of a token's text, of which it checks the signature first; where it refuses servers, nothing. */
export type GraphqlAnswer = TokenVerdict | "works" | "refuses servers";

/** A channel without a site answers nothing of use; so many are asked. */
export const MAX_CHANNELS = 3;

/** Of a token that was accepted, only the field may be refused: a private token needs `Unauthenticated` for it. */
const ACCEPTED = z.union([
  z.object({ data: z.object({ site: z.object({ settings: z.object({ storeName: z.string() }) }) }) }),
  z.object({
    errors: z
      .array(z.object({ extensions: z.object({ code: z.literal("INSUFFICIENT_ACCESS_SCOPE") }) }))
      .min(1),
  }),
]);

const QUERY = JSON.stringify({ query: "{ site { settings { storeName } } }" });

/** Whether BigCommerce signed the token, so that its claims, `jti` among them, are its own. */
export function isGenuine(word: GraphqlAnswer | undefined): boolean {
  return word === "works" || word === "revoked" || word === "expired";
}

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
    isUnlimited: true,
    idempotent: true,
    secrets: [token],
    accept,
  };
}

/** What GraphQL says of a token, each channel asked twice at most; nothing where no answer tells. */
export async function askGraphql(operation: Operation, bearer: Bearer): Promise<GraphqlAnswer | undefined> {
  for (const channelId of bearer.channelIds.slice(0, MAX_CHANNELS)) {
    const endpoint = graphqlEndpoint(operation.target, channelId);
    if (!endpoint) return undefined;
    const asked = await perform(operation, {
      ...question(endpoint, bearer, (reply) => wordOf(reply, bearer)),
      attempts: 2,
    });
    if (asked.ok) return asked.value === "unclear" ? undefined : asked.value;
  }
  return undefined;
}

/** Nothing where it is not GraphQL that answers. */
function wordOf(reply: Reply, bearer: Bearer): GraphqlAnswer | "unclear" | undefined {
  const { status, body } = reply;
  if (mayRefuseServers(bearer, reply)) return "refuses servers";
  const read = parseBody(body);
  if (status === 200) return saysAccepted(read) ? "works" : undefined;
  if (status !== 401) return undefined;
  return (
    problemTexts(read)
      .map(verdictIn)
      .find((word) => word !== undefined) ?? "unclear"
  );
}

/** Whether the question was answered, which no page of a proxy and no error before the token's check does. */
export function saysAccepted(body: Body): boolean {
  return body.kind === "json" && ACCEPTED.safeParse(body.value).success;
}

/** Whether one of GraphQL's messages says that the token is dead. */
export function endIn(message: string): DeadBy | undefined {
  const word = verdictIn(message);
  return word === "revoked" || word === "expired" ? word : undefined;
}
