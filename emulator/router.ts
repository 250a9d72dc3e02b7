import { noScope, noSuchRoute, refuse, refuseFields } from "./answers";
import type { Answer, OAuthScope } from "./entities";
import { FAMILIES } from "./families";
import type { StoreSettings } from "./options";
import { graphql, type Site } from "./routes/graphql";
import { list } from "./routes/list";
import { mint } from "./routes/mint";
import { REVOKE_ALL_PROBLEM, revokeAll } from "./routes/revoke-all";
import { revokeByJti } from "./routes/revoke-by-jti";
import { revokeByToken } from "./routes/revoke-by-token";
import type { Authorised, Incoming, Route, World } from "./routes/route";

/** What a path and a Host header stand for, whoever asks. */
export interface Place {
  /** Undefined for a hash that no store has, and for paths that name none. */
  readonly store: StoreSettings | undefined;
  /** Set for `/graphql` paths of a known store. */
  readonly site?: Site;
  /** Set for the REST API: what follows `/stores/{hash}/v3`. */
  readonly resource?: string;
}

interface Found {
  readonly route: Route;
  /** Any one of them suffices. */
  readonly scopes: readonly OAuthScope[];
  readonly since: 1 | 2;
  readonly takesQuery?: true;
  readonly problem?: string;
}

const REST = /^\/stores\/([^/]+)\/v3(\/.*)$/;
const GRAPHQL = /^\/stores\/([^/]+)\/channels\/([1-9]\d*)\/graphql$/;
const HOST = /^store-([a-z0-9]+)(?:-([1-9]\d*))?\.mybigcommerce\.com(?::\d+)?$/i;

export function locate(path: string, host: string | undefined, stores: readonly StoreSettings[]): Place {
  const named = (hash: string | undefined): StoreSettings | undefined =>
    stores.find((store) => store.hash === hash);
  const rest = REST.exec(path);
  if (rest) return { store: named(rest[1]), resource: rest[2] ?? "" };
  const inPath = GRAPHQL.exec(path);
  if (inPath === null && path !== "/graphql") return { store: undefined };
  const [, hash, channel] = inPath ?? HOST.exec(host ?? "") ?? [];
  // Any other Host, such as a loopback address, stands for a vanity domain of the first store.
  const store = hash === undefined ? stores[0] : named(hash.toLowerCase());
  return store ? { store, site: { store, channel: Number(channel ?? 1) } } : { store };
}

/** Whether the request would mint, were it in order. */
export function isCreate(method: string, { resource }: Place): boolean {
  return method === "POST" && FAMILIES.some(({ segment }) => resource === `/storefront/${segment}`);
}

/** Finds who asks, then the route, and works. */
export function dispatch(request: Incoming, place: Place, world: World): Answer {
  if (place.site) return graphql(request, place.site, world);
  if (place.resource === undefined) return { ...noSuchRoute(), problem: "unknown route" };
  const sender = authorise(request, place.store, world);
  if ("status" in sender) return sender;

  const found = find(request.method, place.resource);
  if (found === undefined) return { ...noSuchRoute(), problem: "unknown route" };
  const { problem } = found;
  if (found.since > world.settings.generation) return { ...noSuchRoute(), ...(problem && { problem }) };
  if (!sender.account.scopes.some((scope) => found.scopes.includes(scope))) {
    return { ...noScope(), ...(problem && { problem }) };
  }
  const parameters = [...request.query.keys()];
  if (!found.takesQuery && parameters.length > 0) {
    const errors = Object.fromEntries(parameters.map((name) => [name, "Unrecognized query parameter"]));
    return { ...refuseFields(errors), problem: `unknown query parameter ${parameters.join(", ")}` };
  }
  return found.route(sender, world);
}

function authorise(request: Incoming, store: StoreSettings | undefined, world: World): Authorised | Answer {
  const token = request.headers["x-auth-token"];
  if (token === undefined || token === "") {
    return { ...refuse(401, "X-Auth-Token header is required"), problem: "no X-Auth-Token header" };
  }
  const account = store?.accounts.find((candidate) => candidate.accessToken === token);
  if (store && account) return { ...request, store, account };
  const known = world.settings.stores.some(({ accounts }) =>
    accounts.some(({ accessToken }) => accessToken === token),
  );
  // A live access token on a hash that does not exist is told the same as one without the scope.
  if (known && store === undefined) return noScope();
  return refuse(401, "The client ID or access token is not a valid combination for this store");
}

function find(method: string, resource: string): Found | undefined {
  const [, segment, rest] = /^\/storefront\/([^/]+)(?:\/(.*))?$/.exec(resource) ?? [];
  const family = FAMILIES.find((candidate) => candidate.segment === segment);
  if (family === undefined) return undefined;
  const scopes = [family.oauthScope];
  if (rest === undefined) {
    if (method === "POST") return { route: mint(family), scopes, since: 1 };
    if (method === "GET") return { route: list(family), scopes, since: 2, takesQuery: true };
    // The reference lists both scopes for it, and no header DELETE on the other two paths.
    if (method === "DELETE" && family.type === "simple") {
      return { route: revokeByToken, scopes: FAMILIES.map(({ oauthScope }) => oauthScope), since: 1 };
    }
  } else if (method === "POST" && rest === "revoke-all") {
    return { route: revokeAll(family), scopes, since: 2, problem: REVOKE_ALL_PROBLEM };
  } else if (method === "DELETE" && !rest.includes("/")) {
    return { route: revokeByJti(family, rest), scopes, since: 2 };
  }
  return undefined;
}
