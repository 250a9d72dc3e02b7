import { graphqlError, NO_CREDENTIALS } from "../answers";
import type { Answer, IssuedToken } from "../entities";
import { TOKEN_KINDS, type TokenKind } from "../token-kinds";
import type { Claims } from "../jwt";
import type { StoreSettings } from "../options";
import { parseObject } from "../parse";
import type { Incoming, RouteContext } from "./route";

/** The storefront to which a GraphQL request was sent. */
export interface Storefront {
  readonly store: StoreSettings;
  readonly channel: number;
}

const FOR_BROWSERS_ONLY = "Storefront tokens without allowed origins are not accepted from a server.";
const INVALID = "GraphQL invalid credentials.";
/** BigCommerce's message, as quoted in https://github.com/bigcommerce/checkout-sdk-js/issues/822 */
const WRONG_ORIGIN =
  "'Origin' header invalid: The 'Origin' request header value did not match the allowed origin set in the JWT auth " +
  "token. Please generate a token that is valid for this origin.";

/**
 * `POST /graphql`: checks the token as BigCommerce does, and answers every query with the store's name.
 * Guess: the order in which GraphQL checks the token, the channel, the origin and the query.
 */
export function graphql(request: Incoming, storefront: Storefront, context: RouteContext): Answer {
  if (request.method !== "POST") {
    return { ...graphqlError(405, "Method Not Allowed"), headers: { allow: "POST" } };
  }
  const text = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (text === undefined) return graphqlError(401, NO_CREDENTIALS);

  const { claims = {}, fault } = context.signer.read(text);
  if (fault === "not-a-jwt") return graphqlError(401, `${INVALID} String is not a JWT`);
  if (fault === "no-json") return graphqlError(401, `${INVALID} JWT has no valid Json`);
  const kind = TOKEN_KINDS.find((candidate) => candidate.tokenType === claims["token_type"]);
  if (kind === undefined || !hasKnownFormat(claims)) {
    return graphqlError(401, `${INVALID} JWT has Json of an unknown format`);
  }
  if (fault === "bad-signature") return graphqlError(401, `${INVALID} JWT signature is invalid`);

  const token = context.tokens.find(text);
  const refusal =
    refuseToken(claims, storefront, context, token) ?? refuseCaller(request, claims, kind, context);
  if (refusal !== undefined) return graphqlError(401, refusal);
  // Guess: 400 for a body without a query.
  if (typeof parseObject(request.text)?.["query"] !== "string")
    return graphqlError(400, "The request body holds no GraphQL query.");

  const needed = "Unauthenticated";
  if (kind.ownFields.includes("scopes") && !token?.scopes.includes(needed)) {
    // Guess: status 200 and `data: null` for a missing scope.
    const message = "The provided token does not include the scopes required to resolve this field.";
    const extensions = { code: "INSUFFICIENT_ACCESS_SCOPE", requiredScopes: [needed] };
    return { status: 200, body: { data: null, errors: [{ message, path: ["site"], extensions }] } };
  }
  const settings = { storeName: `Store ${storefront.store.hash}` };
  return { status: 200, body: { data: { site: { settings } } } };
}

function hasKnownFormat(claims: Claims): boolean {
  const { cid, sid, eat, cors } = claims;
  const channels: unknown[] = [cid].flat();
  return (
    channels.length > 0 &&
    channels.every((channel) => typeof channel === "number") &&
    typeof sid === "number" &&
    (eat === undefined || typeof eat === "number") &&
    (cors === undefined || Array.isArray(cors))
  );
}

function refuseToken(
  { cid, sid, eat }: Claims,
  { store, channel }: Storefront,
  { clock, tokens }: RouteContext,
  token: IssuedToken | undefined,
): string | undefined {
  const expiresAt = typeof eat === "number" ? eat : token?.expiresAt;
  if (expiresAt !== undefined && clock.now() >= expiresAt) return `${INVALID} JWT is expired`;
  if (sid !== store.id) return `${INVALID} JWT store id doesn't match store id of the URL`;
  if (![cid].flat().includes(channel)) return `${INVALID} JWT channel id doesn't match channel id of the URL`;
  // Guess: a new token is accepted at once.
  // Guess: a token with a valid signature that the store does not have is answered like a revoked token.
  if (token === undefined || tokens.isRefusedByGraphql(token)) return "Unknown JWT token";
  return undefined;
}

function refuseCaller(
  { headers }: Incoming,
  { cors }: Claims,
  kind: TokenKind,
  { settings }: RouteContext,
): string | undefined {
  const origins: readonly unknown[] = Array.isArray(cors) ? cors : [];
  if (headers.origin !== undefined) {
    // Guess: the text of 401 for a private or impersonation token in a request with Origin.
    if (!kind.forBrowsers) return "This token may not be used from a browser.";
    // Guess: 401 for a storefront token without origins in any request with Origin.
    if (!origins.includes(headers.origin)) return WRONG_ORIGIN;
  } else if (kind.forBrowsers && origins.length === 0) {
    // Guess: a storefront token without origins is accepted in a request without Origin.
    if (settings.storefrontServerToServer === "refused") return FOR_BROWSERS_ONLY;
  }
  // Guess: a storefront token with origins is accepted in a request without Origin.
  // Guess: 401 for X-Bc-Customer-Id with a token that is no impersonation token.
  if (headers["x-bc-customer-id"] !== undefined && !kind.actsAsCustomer) {
    return "X-Bc-Customer-Id needs a customer impersonation token.";
  }
  return undefined;
}
