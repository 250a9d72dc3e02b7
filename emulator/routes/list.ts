import { refuseFields, UNKNOWN_PARAMETER } from "../answers";
import type { IssuedToken } from "../entities";
import type { TokenKind } from "../token-kinds";
import type { Route } from "./route";
import type { TokenStore } from "../token-store";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const COUNT = /^[1-9]\d*$/;

/**
 * `GET /v3/storefront/{family}`: the tokens that the requesting API account minted, also expired and revoked ones,
 * without their JWTs.
 * Guess: a list shows a mint and a revocation at once, and omits tokens without a `jti`.
 */
export function list(kind: TokenKind): Route {
  return ({ query, store, account }, { tokens }) => {
    const read = readPage(query);
    if ("status" in read) return read;
    const { page, limit, byExpiry, descending } = read;
    const listed = tokens
      .ownedBy(store.hash, account)
      .filter((token) => token.type === kind.type && token.jti !== undefined);
    // Guess: a token that never expires is sorted after all others.
    const key = (token: IssuedToken): number =>
      byExpiry ? (token.expiresAt ?? Number.MAX_SAFE_INTEGER) : token.issuedAt;
    listed.sort((one, other) => key(one) - key(other));
    if (descending) listed.reverse();
    const shown = listed.slice((page - 1) * limit, page * limit);
    const pagination = {
      total: listed.length,
      count: shown.length,
      per_page: limit,
      current_page: page,
      total_pages: Math.ceil(listed.length / limit),
    };
    return { status: 200, body: { data: shown.map((token) => row(token, tokens)), meta: { pagination } } };
  };
}

function readPage(query: URLSearchParams) {
  const errors: Record<string, string> = {};
  const unknown = [...query.keys()].filter((name) => !["page", "limit", "sort", "direction"].includes(name));
  for (const name of unknown) errors[name] = UNKNOWN_PARAMETER;

  // Guess: 422 for a `page` or `limit` that is no whole number of 1 or more.
  const page = query.get("page") ?? "1";
  if (!COUNT.test(page)) errors["page"] = "Must be an integer of at least 1.";
  const limit = query.get("limit") ?? String(DEFAULT_LIMIT);
  if (!COUNT.test(limit)) errors["limit"] = "Must be an integer of at least 1.";
  const sort = query.get("sort") ?? "issued_at";
  if (sort !== "issued_at" && sort !== "expires_at") errors["sort"] = "Unrecognized sort field";
  const direction = query.get("direction") ?? "asc";
  if (direction !== "asc" && direction !== "desc") errors["direction"] = "Unrecognized direction value";

  if (Object.keys(errors).length > 0) return refuseFields(errors, "query parameter", unknown);
  return {
    // JSON would change a larger number.
    page: Math.min(Number.MAX_SAFE_INTEGER, Number(page)),
    limit: Math.min(MAX_LIMIT, Number(limit)),
    byExpiry: sort === "expires_at",
    descending: direction === "desc",
  };
}

/** JSON leaves out what is undefined. */
function row(token: IssuedToken, tokens: TokenStore): Readonly<Record<string, unknown>> {
  return {
    jti: token.jti,
    type: token.type,
    name: token.name,
    // Guess: `principal.type`.
    principal: { id: token.clientId, type: "api_account" },
    channel_ids: token.channelIds,
    allowed_cors_origins: token.allowedCorsOrigins,
    // Required in every row. Empty for the kinds without scopes.
    scopes: token.scopes,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    is_expired: tokens.isExpired(token),
    is_revoked: token.revokedAt !== undefined,
    revoked_at: token.revokedAt,
  };
}
