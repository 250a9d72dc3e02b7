import { isSecureUrl, STORE_HASH, VISIBLE_ASCII } from "../domain/store-address";
import type { ApiCode } from "../request-errors";
import { ApiError } from "./errors";

/** A store at an API host. */
export interface Site {
  readonly apiUrl: string;
  readonly storeHash: string;
}

/** A store and a credential for it. */
export interface Target extends Site {
  readonly accessToken: string;
  /** Where the credential came from. Messages name it. */
  readonly credentialSource: string;
}

/** One operation of one store's API. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  /** The path with the placeholders `{store_hash}` and `{jti}`. */
  readonly pathTemplate: string;
  readonly byJti: boolean;
  /** The `Host` header, if it is not the URL's host. */
  readonly host?: string;
}

export const DEFAULT_API_URL = "https://api.bigcommerce.com";

/** A channel without a site cannot answer, so the first three channels of a token are asked. */
const MAX_CHANNELS = 3;
const FAMILY = /^api-token(-[a-z]+)*$/;
const PLAIN_JTI = /^[A-Za-z0-9_-]{1,128}$/;

/** True if a path can hold the jti unescaped. `revoke-all` would be another operation. */
export function isPathJti(jti: string | undefined): jti is string {
  return jti !== undefined && PLAIN_JTI.test(jti) && jti !== "revoke-all";
}

/** The checked URL of an operation. Throws before anything is sent if the target is invalid. */
export function endpointOf(
  target: Target,
  method: Endpoint["method"],
  family: string,
  jti?: string,
): Endpoint {
  const segment = FAMILY.test(family) ? family : "{family}";
  const pathTemplate = `/stores/{store_hash}/v3/storefront/${segment}${jti === undefined ? "" : "/{jti}"}`;
  const refuse = (why: string, code: ApiCode = "target_malformed"): ApiError => {
    const failure = { outcome: "NOT_SENT", method, pathTemplate, remedy: why } as const;
    return new ApiError(code, `Nothing was sent: ${why}`, failure);
  };

  if (!STORE_HASH.test(target.storeHash)) {
    throw refuse("the store hash must be 1 to 32 lower-case letters and digits.");
  }
  if (!FAMILY.test(family) || (jti !== undefined && !isPathJti(jti))) {
    throw refuse("the token's kind or jti does not fit into a path.");
  }
  if (!VISIBLE_ASCII.test(target.accessToken)) {
    const source = target.credentialSource.slice(0, 200);
    const why = `the access token from ${source} is empty or holds a space, a line break or another character`;
    throw refuse(`${why} that no header can carry. Set it again without them.`, "credential_malformed");
  }
  const base = apiOrigin(target.apiUrl);
  if (base === undefined)
    throw refuse("the API URL must be https://host[:port], plain http only for loopback.");
  const path = pathTemplate.replace("{store_hash}", target.storeHash).replace("{jti}", jti ?? "");
  const url = new URL(path, base);
  if (url.origin !== base || url.pathname !== path || url.search !== "" || url.hash !== "") {
    throw refuse("the request's path would leave the store's API.");
  }
  return { method, url, pathTemplate, byJti: jti !== undefined };
}

/** One page of a family's list, newest first. BigCommerce answers 422 to any other parameter. */
export function listEndpoint(target: Target, family: string, page: number, limit: number): Endpoint {
  const endpoint = endpointOf(target, "GET", family);
  const parameters = { sort: "issued_at", direction: "desc", limit: String(limit) };
  const query = new URLSearchParams(page === 1 ? parameters : { ...parameters, page: String(page) });
  return { ...endpoint, url: new URL(`${endpoint.url.href}?${query.toString()}`) };
}

/**
 * The GraphQL APIs of channels' storefronts. An emulator on loopback serves all storefronts, by the `Host` header.
 * Empty for any other API host, whose storefronts are unknown.
 * https://docs.bigcommerce.com/developer/docs/storefront/guides/graphql-storefront-api/overview
 */
export function graphqlEndpoints({ apiUrl, storeHash }: Site, channelIds: readonly number[]): Endpoint[] {
  const origin = apiOrigin(apiUrl);
  if (origin === undefined || !hasGraphql(origin) || !STORE_HASH.test(storeHash)) return [];
  return channelIds.slice(0, MAX_CHANNELS).map((id) => {
    const host = `store-${storeHash}-${id}.mybigcommerce.com`;
    const known = { method: "POST", pathTemplate: "/graphql", byJti: false } as const;
    if (origin === DEFAULT_API_URL) return { ...known, url: new URL(`https://${host}/graphql`) };
    return { ...known, url: new URL("/graphql", origin), host };
  });
}

/** True if the storefronts of an API host are known. */
export function hasGraphql(apiUrl: string): boolean {
  return apiUrl === DEFAULT_API_URL || apiUrl.startsWith("http:");
}

/** The origin of an API host: https, or plain http to loopback, without path, user and query. Undefined for anything else. */
export function apiOrigin(text: string): string | undefined {
  // URL.canParse of Node.js 20 errs on non-ASCII text after many calls.
  if (!VISIBLE_ASCII.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return isSecureUrl(url) && url.pathname === "/" ? url.origin : undefined;
}
