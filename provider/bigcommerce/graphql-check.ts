import { type Failure, isSuccess } from "./classify";
import { type Endpoint, graphqlEndpoints } from "./endpoint";
import { type Bearer, judgeReply, question } from "./graphql";
import { type Operation, sendOnce } from "./operation";
import type { Reply } from "./transport";

/** A new token, before its first use. */
export interface UnverifiedToken extends Bearer {
  /** The GraphQL API to ask instead of those of the token's channels. */
  readonly graphqlUrl?: string;
}

/** The waits between requests, milliseconds. The last one repeats until the deadline. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];

const UNTELLABLE =
  "BigCommerce may refuse a storefront token without origins from a server, so this proves nothing: give " +
  "allowedCorsOrigins, or remove verify";

/** Asks GraphQL until it accepts a token. Resolves to the last refusal if it does not before the deadline. */
export async function whyRefused(operation: Operation, fresh: UnverifiedToken): Promise<string | undefined> {
  let why = "no GraphQL API is known for a store of this API host";
  for (const endpoint of endpointsOf(operation, fresh)) {
    const asked = await ask(operation, fresh, endpoint);
    if (asked === undefined) return undefined;
    why = asked.why;
    if (!asked.isElsewhere) break;
  }
  return why;
}

function endpointsOf({ target }: Operation, { graphqlUrl, channelIds }: UnverifiedToken): Endpoint[] {
  if (graphqlUrl === undefined) return graphqlEndpoints(target, channelIds);
  return [{ method: "POST", url: new URL(graphqlUrl), pathTemplate: "/graphql", byJti: false }];
}

/** Undefined once GraphQL accepts the token. `isElsewhere`: no GraphQL API answered, so another channel's is asked. */
async function ask(operation: Operation, fresh: UnverifiedToken, endpoint: Endpoint) {
  const works = (reply: Reply) => (judgeReply(reply, fresh)?.answer === "works" ? true : undefined);
  for (let attempt = 0; ; attempt += 1) {
    const asked = await sendOnce(operation, question(endpoint, fresh, works));
    if (asked.ok) return undefined;
    const { failure, reply } = asked;
    const title = failure.title === undefined ? "" : `, "${failure.title}"`;
    const why = `GraphQL at ${endpoint.host ?? endpoint.url.host}: ${failure.what}${title}`;
    const refusal = { why, isElsewhere: isElsewhere(failure) };
    const judged = reply && judgeReply(reply, fresh);
    if (judged?.answer === "refuses servers") return { ...refusal, why: `${why}; ${UNTELLABLE}` };
    const isFinal = judged?.isFinal || ["tls_failed", "proxy_refused"].includes(failure.code);
    if (isFinal || refusal.isElsewhere) return refusal;
    const waitMs = Math.max(WAITS_MS[attempt] ?? WAITS_MS.at(-1) ?? 0, failure.askedMs ?? 0);
    if (waitMs >= operation.leftMs()) return refusal;
    try {
      await operation.clock.sleep(waitMs, operation.begin());
    } catch {
      return refusal;
    }
  }
}

/** True for a channel without a site, a page instead of an API, and a redirect to another host. */
function isElsewhere({ code, status = 0 }: Failure): boolean {
  const isPage = isSuccess(status) && code === "reply_malformed";
  return isPage || status === 404 || status === 405 || code === "unexpected_redirect";
}
