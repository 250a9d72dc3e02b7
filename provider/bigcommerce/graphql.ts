import * as z from "zod";

import { defined } from "../defined";
import type { Kind } from "../domain/kinds";
import { type Endpoint, graphqlEndpoints } from "./endpoint";
import { type Call, type Operation, perform } from "./operation";
import { parseBody, problemTexts } from "./reply";
import type { Reply } from "./transport";

/** A token as its user sends it to GraphQL. `T` is a text, unless the text is read later. */
export interface Bearer<T = string> {
  readonly token: T;
  /** Ascending, at least one. */
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
  /** Set for storefront tokens. BigCommerce may refuse them from a server if they have no origins. */
  readonly isForBrowsers?: true;
}

/**
 * What GraphQL says of a token. It checks the signature first, so `works`, `revoked` and `expired` also say that
 * BigCommerce signed the token. `refuses servers` says nothing about the token.
 */
export type GraphqlAnswer = "works" | "revoked" | "expired" | "invalid" | "other store" | "refuses servers";

interface JudgedReply {
  /** `unclear`: GraphQL refused the request, and its text is none of the known ones. */
  readonly answer: GraphqlAnswer | "unclear";
  /** Whether asking again cannot change the answer. */
  readonly isFinal: boolean;
  /** GraphQL's own text, not redacted. */
  readonly text?: string;
}

/**
 * Every text with which GraphQL is known to refuse a token, in lower case and without the full stop. Status 401.
 * https://docs.bigcommerce.com/docs/storefront/graphql/authentication
 */
const REFUSALS: readonly (Pick<JudgedReply, "answer" | "isFinal"> & { readonly text: string })[] = [
  { text: "credentials were missing", answer: "unclear", isFinal: false },
  // A new token may be unknown for a while.
  { text: "unknown jwt token", answer: "revoked", isFinal: false },
  { text: "jwt signature is invalid", answer: "invalid", isFinal: false },
  { text: "jwt is expired", answer: "expired", isFinal: true },
  { text: "jwt channel id doesn't match channel id of the url", answer: "unclear", isFinal: true },
  { text: "jwt store id doesn't match store id of the url", answer: "other store", isFinal: true },
  { text: "string is not a jwt", answer: "invalid", isFinal: true },
  { text: "jwt has no valid json", answer: "invalid", isFinal: true },
  { text: "jwt has json of an unknown format", answer: "unclear", isFinal: true },
  { text: "'origin' header invalid", answer: "unclear", isFinal: true },
];

/** If GraphQL accepts a token, only the field can be refused: a private token needs `Unauthenticated` to read it. */
const ACCEPTED = z.union([
  z.object({ data: z.object({ site: z.object({ settings: z.object({ storeName: z.string() }) }) }) }),
  z.object({
    errors: z
      .array(z.object({ extensions: z.object({ code: z.literal("INSUFFICIENT_ACCESS_SCOPE") }) }))
      .min(1),
  }),
]);

const QUERY = JSON.stringify({ query: "{ site { settings { storeName } } }" });

/** A token that a state or a list describes. `kind` is undefined if it is not known. */
export function bearerOf<T>(
  kind: Kind | undefined,
  { token, channelIds, allowedCorsOrigins }: Omit<Bearer<T>, "isForBrowsers">,
): Bearer<T> {
  return {
    token,
    channelIds,
    ...defined({ allowedCorsOrigins, isForBrowsers: kind?.forBrowsers }),
  };
}

/** True if BigCommerce signed the token, so that its claims, also its `jti`, are true. */
export function isGenuine(answer: GraphqlAnswer | undefined): boolean {
  return answer === "works" || answer === "revoked" || answer === "expired";
}

/** Whether GraphQL accepts a token, from one reply. Undefined if the reply is not GraphQL's. */
export function judgeReply({ status, body }: Reply, bearer: Bearer): JudgedReply | undefined {
  const read = parseBody(body);
  if (status === 200) {
    // False for a proxy's page, and for an error that came before the check of the token.
    const isAccepted = read.kind === "json" && ACCEPTED.safeParse(read.value).success;
    return isAccepted ? { answer: "works", isFinal: true } : undefined;
  }
  if (status !== 401) return undefined;
  const lines = problemTexts(read).map((text) => ({ text, plain: plain(text) }));
  const quoted = REFUSALS.filter(({ text }) => lines.some(({ plain: line }) => line.includes(text)));
  // BigCommerce has published no text for refusing a server. It concerns storefront tokens without origins only.
  const { isForBrowsers, allowedCorsOrigins = [] } = bearer;
  const mayRefuseServer = isForBrowsers && allowedCorsOrigins.length === 0 && quoted.length === 0;
  const known = lines.flatMap(({ text, plain: line }) => {
    // The reason stands at the end of the message.
    const answer = quoted.find((entry) => line === entry.text || line.endsWith(`. ${entry.text}`))?.answer;
    return answer === undefined || answer === "unclear" ? [] : [{ answer, text }];
  })[0];
  const answer = mayRefuseServer ? "refuses servers" : (known?.answer ?? "unclear");
  const isFinal = mayRefuseServer || quoted.some((entry) => entry.isFinal);
  return { answer, isFinal, ...defined({ text: known?.text ?? lines[0]?.text }) };
}

/** The cheapest query, sent as the token's user would send it: without the credential of the API account. */
export function question<T>(
  endpoint: Endpoint,
  { token, allowedCorsOrigins: [origin] = [] }: Bearer,
  accept: Call<T>["accept"],
): Call<T> {
  const headers = defined({ Authorization: `Bearer ${token}`, Origin: origin });
  return { endpoint, headers, body: QUERY, isUnlimited: true, idempotent: true, secrets: [token], accept };
}

/** What GraphQL says of a token; undefined if it does not tell. Sends at most two requests a channel. */
export async function askGraphql(operation: Operation, bearer: Bearer): Promise<GraphqlAnswer | undefined> {
  for (const endpoint of graphqlEndpoints(operation.target, bearer.channelIds)) {
    const accept = (reply: Reply) => judgeReply(reply, bearer)?.answer;
    const asked = await perform(operation, { ...question(endpoint, bearer, accept), attempts: 2 });
    if (asked.ok) return asked.value === "unclear" ? undefined : asked.value;
  }
  return undefined;
}

function plain(message: string): string {
  const line = message.replaceAll("\u2019", "'").trim().toLowerCase();
  return line.endsWith(".") ? line.slice(0, -1) : line;
}
