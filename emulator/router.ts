import { noScope, noSuchRoute, refuse, refuseFields, UNKNOWN_PARAMETER, wrongMethod } from "./answers";
import type { Answer, OAuthScope } from "./entities";
import type { StoreSettings } from "./options";
import { graphql, type Storefront } from "./routes/graphql";
import { list } from "./routes/list";
import { mint } from "./routes/mint";
import { revokeAll, revokeByJti, revokeByToken } from "./routes/revoke";
import type { Authorised, Incoming, Route, RouteContext } from "./routes/route";
import { TOKEN_KINDS } from "./token-kinds";

/** What the path and the Host header of a request refer to. Credentials are checked later. */
export interface RequestTarget {
  /** Undefined if the path names no store, or a store that does not exist. */
  readonly store: StoreSettings | undefined;
  /** Set for GraphQL requests to a known store. */
  readonly storefront?: Storefront;
  /** Set for the REST API: the path after `/stores/{hash}/v3`. */
  readonly resource?: string;
}

interface RouteEntry {
  readonly method: string;
  readonly route: Route;
  /** One of these scopes is enough. */
  readonly scopes: readonly OAuthScope[];
  readonly since: 1 | 2;
  readonly takesQuery?: true;
  /** Why a correct client never uses the route. */
  readonly problem?: string;
}

const REST = /^\/stores\/([^/]+)\/v3(\/.*)$/;
const GRAPHQL = /^\/stores\/([^/]+)\/channels\/([1-9]\d*)\/graphql$/;
/** The host of a channel's GraphQL API. The provider sends it as the Host header. */
export const STOREFRONT_HOST = /^store-([a-z0-9]+)(?:-([1-9]\d*))?\.mybigcommerce\.com(?::\d+)?$/i;

export function locate(path: string, host = "", stores: readonly StoreSettings[]): RequestTarget {
  const named = (hash?: string) => stores.find((store) => store.hash === hash);
  const rest = REST.exec(path);
  if (rest) return { store: named(rest[1]), resource: rest[2] ?? "" };
  const inPath = GRAPHQL.exec(path);
  if (inPath === null && path !== "/graphql") return { store: undefined };
  const [, hash, channel] = inPath ?? STOREFRONT_HOST.exec(host) ?? [];
  // Guess: 404 for the storefront of a store that does not exist.
  // A loopback address is treated as a custom domain of the first store.
  const store = hash === undefined ? stores[0] : named(hash.toLowerCase());
  return store ? { store, storefront: { store, channel: Number(channel ?? 1) } } : { store };
}

/** True if method and path are those of a mint. The request itself may still be invalid. */
export function isCreate(method: string, { resource }: RequestTarget): boolean {
  return method === "POST" && TOKEN_KINDS.some(({ segment }) => resource === `/storefront/${segment}`);
}

/** Checks the credential, finds the route, and runs it. */
export function dispatch(request: Incoming, target: RequestTarget, context: RouteContext): Answer {
  if (target.storefront) return graphql(request, target.storefront, context);
  if (target.resource === undefined) return { ...noSuchRoute(), problem: "unknown route" };
  // Guess: the credential is checked before the path, the method and the query.
  const sender = authorise(request, target, context);
  if ("status" in sender) return sender;

  const routes = routesOf(target.resource);
  const found = routes.find(({ method }) => method === request.method);
  const present = routes.filter(({ since }) => since <= context.settings.generation);
  if (found === undefined || !present.includes(found)) {
    const isPath = present.length > 0;
    // A correct client may try a route of generation 2.
    // Guess: generation 1 answers 404 or 405 to the routes of generation 2.
    const unknown = isPath ? "a method that the route does not have" : "unknown route";
    const answer = isPath ? wrongMethod(present.map(({ method }) => method)) : noSuchRoute();
    return { ...answer, problem: found ? found.problem : unknown };
  }
  const { problem } = found;
  if (!sender.account.scopes.some((scope) => found.scopes.includes(scope))) return { ...noScope(), problem };
  const parameters = [...request.query.keys()];
  if (!found.takesQuery && parameters.length > 0) {
    // Guess: 422 for a query on a route without query parameters.
    const errors = Object.fromEntries(parameters.map((name) => [name, UNKNOWN_PARAMETER]));
    return refuseFields(errors, "query parameter", parameters);
  }
  const answer = found.route(sender, context);
  return problem === undefined ? answer : { ...answer, problem };
}

function authorise(
  request: Incoming,
  { store }: RequestTarget,
  { settings }: RouteContext,
): Authorised | Answer {
  // Guess: the texts of 401 for X-Auth-Token.
  const token = request.headers["x-auth-token"];
  if (token === undefined || token === "") {
    return { ...refuse(401, "X-Auth-Token header is required"), problem: "no X-Auth-Token header" };
  }
  const account = store?.accounts.find((candidate) => candidate.accessToken === token);
  if (store && account) return { ...request, store, account };
  const known = settings.stores.flatMap(({ accounts }) => accounts);
  // BigCommerce answers a valid access token at an unknown store hash as if a scope were missing.
  if (store === undefined && known.some(({ accessToken }) => accessToken === token)) return noScope();
  return refuse(401, "The client ID or access token is not a valid combination for this store");
}

/** The routes of a path, of both generations. Empty if the path does not exist. */
function routesOf(resource: string): readonly RouteEntry[] {
  const [, segment, rest] = /^\/storefront\/([^/]+)(?:\/(.*))?$/.exec(resource) ?? [];
  const kind = TOKEN_KINDS.find((candidate) => candidate.segment === segment);
  if (kind === undefined) return [];
  const scopes = [kind.oauthScope];
  if (rest === undefined) {
    const bothScopes = TOKEN_KINDS.map(({ oauthScope }) => oauthScope);
    return [
      { method: "GET", route: list(kind), scopes, since: 2, takesQuery: true },
      { method: "POST", route: mint(kind), scopes, since: 1 },
      // BigCommerce's reference has the header DELETE on this path only, and lists both scopes for it.
      // Guess: either OAuth scope is enough for the header DELETE.
      ...(kind.type === "simple"
        ? [{ method: "DELETE", route: revokeByToken, scopes: bothScopes, since: 1 } as const]
        : []),
    ];
  }
  if (rest.includes("/")) return [];
  const byJti = { method: "DELETE", route: revokeByJti(kind, rest), scopes, since: 2 } as const;
  if (rest !== "revoke-all") return [byJti];
  const problem = "revoke-all also revokes the tokens of other programs";
  return [byJti, { method: "POST", route: revokeAll(kind), scopes, since: 2, problem }];
}
