import { noScope, noSuchRoute, refuse, refuseFields, wrongMethod } from "./answers";
import type { Answer, OAuthScope } from "./entities";
import { TOKEN_KINDS } from "./token-kinds";
import type { StoreSettings } from "./options";
import { graphql, type Storefront } from "./routes/graphql";
import { list } from "./routes/list";
import { mint } from "./routes/mint";
import { REVOKE_ALL_PROBLEM, revokeAll } from "./routes/revoke-all";
import { revokeByJti } from "./routes/revoke-by-jti";
import { revokeByToken } from "./routes/revoke-by-token";
import type { Authorised, Incoming, Route, RouteContext } from "./routes/route";

/** What a path and a Host header stand for, whoever asks. */
export interface RequestTarget {
  /** Undefined for a hash that no store has, and for paths that name none. */
  readonly store: StoreSettings | undefined;
  /** Set for `/graphql` paths of a known store. */
  readonly storefront?: Storefront;
  /** Set for the REST API: what follows `/stores/{hash}/v3`. */
  readonly resource?: string;
}

interface RouteEntry {
  readonly method: string;
  readonly route: Route;
  /** Any one of them suffices. */
  readonly scopes: readonly OAuthScope[];
  readonly since: 1 | 2;
  readonly takesQuery?: true;
  readonly problem?: string;
}

const REST = /^\/stores\/([^/]+)\/v3(\/.*)$/;
const GRAPHQL = /^\/stores\/([^/]+)\/channels\/([1-9]\d*)\/graphql$/;
const ALL_SCOPES = TOKEN_KINDS.map(({ oauthScope }) => oauthScope);
/** The GraphQL API of a channel's storefront, which the provider names by its Host. */
export const STOREFRONT_HOST = /^store-([a-z0-9]+)(?:-([1-9]\d*))?\.mybigcommerce\.com(?::\d+)?$/i;

export function locate(
  path: string,
  host: string | undefined,
  stores: readonly StoreSettings[],
): RequestTarget {
  const named = (hash: string | undefined): StoreSettings | undefined =>
    stores.find((store) => store.hash === hash);
  const rest = REST.exec(path);
  if (rest) return { store: named(rest[1]), resource: rest[2] ?? "" };
  const inPath = GRAPHQL.exec(path);
  if (inPath === null && path !== "/graphql") return { store: undefined };
  const [, hash, channel] = inPath ?? STOREFRONT_HOST.exec(host ?? "") ?? [];
  // Guess: 404 at the storefront of a store that does not exist.
  // A loopback address stands for a vanity domain of the first store.
  const store = hash === undefined ? stores[0] : named(hash.toLowerCase());
  return store ? { store, storefront: { store, channel: Number(channel ?? 1) } } : { store };
}

/** Whether the request would mint, were it in order. */
export function isCreate(method: string, { resource }: RequestTarget): boolean {
  return method === "POST" && TOKEN_KINDS.some(({ segment }) => resource === `/storefront/${segment}`);
}

/** Finds who asks, then the route, and works. */
export function dispatch(request: Incoming, target: RequestTarget, context: RouteContext): Answer {
  if (target.storefront) return graphql(request, target.storefront, context);
  if (target.resource === undefined) return { ...noSuchRoute(), problem: "unknown route" };
  // Guess: the credential counts before the path, the method and the query.
  const sender = authorise(request, target.store, context);
  if ("status" in sender) return sender;

  const routes = routesOf(target.resource);
  const found = routes.find(({ method }) => method === request.method);
  const present = routes.filter(({ since }) => since <= context.settings.generation);
  if (found === undefined || !present.includes(found)) {
    const isPath = present.length > 0;
    // What only generation 2 has, a correct client may try.
    // Guess: generation 1 answers 404 or 405 to it.
    const problem = found
      ? found.problem
      : isPath
        ? "a method that the route does not have"
        : "unknown route";
    const answer = isPath ? wrongMethod(present.map(({ method }) => method)) : noSuchRoute();
    return { ...answer, ...(problem !== undefined && { problem }) };
  }
  const { problem } = found;
  if (!sender.account.scopes.some((scope) => found.scopes.includes(scope))) {
    return { ...noScope(), ...(problem && { problem }) };
  }
  const parameters = [...request.query.keys()];
  if (!found.takesQuery && parameters.length > 0) {
    // Guess: 422 for a query on a route that takes none.
    const errors = Object.fromEntries(parameters.map((name) => [name, "Unrecognized query parameter"]));
    return { ...refuseFields(errors), problem: `unknown query parameter ${parameters.join(", ")}` };
  }
  return found.route(sender, context);
}

function authorise(
  request: Incoming,
  store: StoreSettings | undefined,
  context: RouteContext,
): Authorised | Answer {
  // Guess: the texts of 401 for X-Auth-Token.
  const token = request.headers["x-auth-token"];
  if (token === undefined || token === "") {
    return { ...refuse(401, "X-Auth-Token header is required"), problem: "no X-Auth-Token header" };
  }
  const account = store?.accounts.find((candidate) => candidate.accessToken === token);
  if (store && account) return { ...request, store, account };
  const known = context.settings.stores.some(({ accounts }) =>
    accounts.some(({ accessToken }) => accessToken === token),
  );
  // A live access token on a hash that does not exist is told the same as one without the scope.
  if (known && store === undefined) return noScope();
  return refuse(401, "The client ID or access token is not a valid combination for this store");
}

/** What each method does at a path, in any generation; empty for a path that none has. */
function routesOf(resource: string): readonly RouteEntry[] {
  const [, segment, rest] = /^\/storefront\/([^/]+)(?:\/(.*))?$/.exec(resource) ?? [];
  const kind = TOKEN_KINDS.find((candidate) => candidate.segment === segment);
  if (kind === undefined) return [];
  const scopes = [kind.oauthScope];
  if (rest === undefined) {
    return [
      { method: "GET", route: list(kind), scopes, since: 2, takesQuery: true },
      { method: "POST", route: mint(kind), scopes, since: 1 },
      // The reference lists both scopes for it, and no header DELETE on the other two paths.
      // Guess: either OAuth scope suffices for the header DELETE.
      ...(kind.type === "simple"
        ? [{ method: "DELETE", route: revokeByToken, scopes: ALL_SCOPES, since: 1 } as const]
        : []),
    ];
  }
  if (rest.includes("/")) return [];
  const byJti = { method: "DELETE", route: revokeByJti(kind, rest), scopes, since: 2 } as const;
  if (rest !== "revoke-all") return [byJti];
  return [byJti, { method: "POST", route: revokeAll(kind), scopes, since: 2, problem: REVOKE_ALL_PROBLEM }];
}
