import { type Endpoint, graphqlEndpoint } from "./endpoint";
import { type Bearer, MAX_CHANNELS, question, saysAccepted } from "./graphql";
import { isFinalText, mayRefuseServers } from "./graphql-texts";
import { type Failure, isSuccess } from "./classify";
import { type Operation, sendOnce } from "./operation";
import { parseBody, problemTexts } from "./reply";
import type { Reply } from "./transport";

/** A token that nobody uses yet. */
export interface UnverifiedToken extends Bearer {
  /** The GraphQL API to ask in place of that of the token's channels. */
  readonly graphqlUrl?: string;
}

/** Waits between the questions, milliseconds; the last one repeats until the operation's time is up. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];

const UNTELLABLE =
  "from a server it cannot be told whether a storefront token without origins works: give allowedCorsOrigins, or " +
  "leave verify out";

/** Whether GraphQL accepts a token, asked until it does or the time is up; resolves to why not. */
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

function endpointsOf(
  { target }: Operation,
  { channelIds, graphqlUrl }: UnverifiedToken,
): readonly Endpoint[] {
  if (graphqlUrl !== undefined) {
    return [{ method: "POST", url: new URL(graphqlUrl), pathTemplate: "/graphql", byJti: false }];
  }
  return channelIds.slice(0, MAX_CHANNELS).flatMap((id) => graphqlEndpoint(target, id) ?? []);
}

/** A refusal; `isElsewhere` where it is no GraphQL API that answers, so that another channel's may. */
interface Refusal {
  readonly why: string;
  readonly isElsewhere: boolean;
}

async function ask(
  operation: Operation,
  fresh: UnverifiedToken,
  endpoint: Endpoint,
): Promise<Refusal | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    const asked = await sendOnce(operation, question(endpoint, fresh, accepted));
    if (asked.ok) return undefined;
    const { failure, reply } = asked;
    const refusal = refusalOf(failure, endpoint);
    if (reply && mayRefuseServers(fresh, reply)) return { ...refusal, why: `${refusal.why}; ${UNTELLABLE}` };
    if (isFinal(failure, reply)) return refusal;
    const waitMs = Math.max(WAITS_MS[attempt] ?? WAITS_MS.at(-1) ?? 0, failure.askedMs ?? 0);
    if (waitMs >= operation.leftMs()) return refusal;
    try {
      await operation.clock.sleep(waitMs, operation.begin());
    } catch {
      return refusal;
    }
  }
}

function accepted({ status, body }: Reply): true | undefined {
  return status === 200 && saysAccepted(parseBody(body)) ? true : undefined;
}

function isFinal(failure: Failure, reply: Reply | undefined): boolean {
  const { code, status } = failure;
  const isDenied = code === "tls_failed" || code === "proxy_refused";
  const texts = reply && status === 401 ? problemTexts(parseBody(reply.body)) : [];
  return isElsewhere(failure) || isDenied || texts.some(isFinalText);
}

/** A channel without a site, a page in place of an API, or a redirect to another host. */
function isElsewhere({ code, status = 0 }: Failure): boolean {
  return (
    status === 404 ||
    status === 405 ||
    code === "unexpected_redirect" ||
    (isSuccess(status) && code === "malformed_reply")
  );
}

function refusalOf(failure: Failure, { host, url }: Endpoint): Refusal {
  const title = failure.title === undefined ? "" : `, "${failure.title}"`;
  return {
    why: `GraphQL at ${host ?? url.host}: ${failure.what}${title}`,
    isElsewhere: isElsewhere(failure),
  };
}
