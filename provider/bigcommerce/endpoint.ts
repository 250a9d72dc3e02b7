import { isSecureUrl, STORE_HASH, VISIBLE_ASCII } from "../domain/store-address";
import { ApiError } from "./errors";

/** A store of an API host. */
export interface Site {
  readonly apiUrl: string;
  readonly storeHash: string;
}

/** A store's API, and the credential for it. */
export interface Target extends Site {
  readonly accessToken: string;
  /** Where the credential came from, for messages. */
  readonly credentialSource: string;
}

/** One operation of the API at one store. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  /** Path with `{store_hash}` and `{jti}` as placeholders. */
  readonly pathTemplate: string;
  readonly byJti: boolean;
  /** The `Host` header, where it is not that of the URL. */
  readonly host?: string;
}

export const DEFAULT_API_URL = "https://api.bigcommerce.com";

const FAMILY = /^api-token(-[a-z]+)*$/;
const PLAIN_JTI = /^[A-Za-z0-9_-]{1,128}$/;

/** Whether a jti can stand in a path as it is; `revoke-all` is another operation of the same path. */
export function isPathJti(jti: string | undefined): jti is string {
  return jti !== undefined && PLAIN_JTI.test(jti) && jti !== "revoke-all";
}

/** The checked URL of an operation; throws before anything is sent where the target cannot be trusted. */
export function endpointOf(
  target: Target,
  method: Endpoint["method"],
  family: string,
  jti?: string,
): Endpoint {
  const pathTemplate = `/stores/{store_hash}/v3/storefront/${FAMILY.test(family) ? family : "{family}"}${
    jti === undefined ? "" : "/{jti}"
  }`;
  const refuse = (code: "target_malformed" | "credential_malformed", why: string): ApiError =>
    new ApiError(code, `Nothing was sent: ${why}`, {
      outcome: "NOT_SENT",
      method,
      pathTemplate,
      remedy: why,
    });

  if (!STORE_HASH.test(target.storeHash)) {
    throw refuse("target_malformed", "the store hash must be 1 to 32 lower-case letters and digits.");
  }
  if (!FAMILY.test(family) || (jti !== undefined && !isPathJti(jti))) {
    throw refuse("target_malformed", "the token's kind or jti does not fit into a path.");
  }
  if (!VISIBLE_ASCII.test(target.accessToken)) {
    const source = target.credentialSource.slice(0, 200);
    const why = `the access token from ${source} is empty or holds a space, a line break or another character`;
    throw refuse("credential_malformed", `${why} that no header can carry. Set it again without them.`);
  }
  const base = apiOrigin(target.apiUrl);
  if (base === undefined) {
    throw refuse(
      "target_malformed",
      "the API URL must be https://host[:port], plain http only for loopback.",
    );
  }
  const path = pathTemplate.replace("{store_hash}", target.storeHash).replace("{jti}", jti ?? "");
  const url = new URL(path, base);
  if (url.origin !== base || url.pathname !== path || url.search !== "" || url.hash !== "") {
    throw refuse("target_malformed", "the request's path would leave the store's API.");
  }
  return { method, url, pathTemplate, byJti: jti !== undefined };
}

/** One page of a family's list, newest first; any further parameter would be answered 422. */
export function listEndpoint(target: Target, family: string, page: number, limit: number): Endpoint {
  const endpoint = endpointOf(target, "GET", family);
  const parameters = { sort: "issued_at", direction: "desc", limit: String(limit) };
  const query = new URLSearchParams(page === 1 ? parameters : { ...parameters, page: String(page) });
  return { ...endpoint, url: new URL(`${endpoint.url.href}?${query.toString()}`) };
}

/**
 * The GraphQL API of a channel's storefront. An emulator on loopback answers for all of them by their `Host`;
 * of another API host nothing is known.
 * https://docs.bigcommerce.com/developer/docs/storefront/guides/graphql-storefront-api/overview
 */
export function graphqlEndpoint({ apiUrl, storeHash }: Site, channelId: number): Endpoint | undefined {
  const origin = apiOrigin(apiUrl);
  if (origin === undefined || !hasGraphql(origin) || !STORE_HASH.test(storeHash)) return undefined;
  const host = `store-${storeHash}-${channelId}.mybigcommerce.com`;
  const known = { method: "POST", pathTemplate: "/graphql", byJti: false } as const;
  if (origin === DEFAULT_API_URL) return { ...known, url: new URL(`https://${host}/graphql`) };
  return { ...known, url: new URL("/graphql", origin), host };
}

/** Whether it is known where the storefronts of an API host answer. */
export function hasGraphql(apiUrl: string): boolean {
  return apiUrl === DEFAULT_API_URL || apiUrl.startsWith("http:");
}

/** The origin of an API host, nothing where the text is none: https, or plain http to loopback, and no more than a host. */
export function apiOrigin(text: string): string | undefined {
  // Node 20 misjudges other letters once it has parsed them often enough.
  if (!VISIBLE_ASCII.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  return isSecureUrl(url) && url.pathname === "/" ? url.origin : undefined;
}
