import { refuseFields } from "../answers";
import type { IssuedToken } from "../entities";
import type { TokenKind } from "../token-kinds";
import type { Route } from "./route";
import type { TokenStore } from "../token-store";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 250;
const COUNT = /^[1-9]\d*$/;

interface Page {
  readonly page: number;
  readonly limit: number;
  readonly sort: "issued_at" | "expires_at";
  readonly descending: boolean;
}

/**
 * `GET /v3/storefront/{family}`: the tokens that the requesting API account minted, also expired and revoked ones,
 * without their JWTs.
 * Guess: a list shows a mint and a revocation at once, and omits tokens without a `jti`.
 */
export function list(kind: TokenKind): Route {
  return ({ query, store, account }, { tokens }) => {
    const read = readPage(query);
    if ("errors" in read) {
      const answer = refuseFields(read.errors);
      return read.unknown.length === 0
        ? answer
        : { ...answer, problem: `unknown query parameter ${read.unknown.join(", ")}` };
    }
    const { page, limit, sort, descending } = read;
    const listed = tokens
      .ownedBy(store.hash, account)
      .filter((token) => token.type === kind.type && token.jti !== undefined);
    // Guess: a token that never expires is sorted after all others.
    const key = (token: IssuedToken): number =>
      sort === "issued_at" ? token.issuedAt : (token.expiresAt ?? Number.MAX_SAFE_INTEGER);
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

function readPage(
  query: URLSearchParams,
): Page | { errors: Record<string, string>; unknown: readonly string[] } {
  const errors: Record<string, string> = {};
  const unknown = [...query.keys()].filter((name) => !["page", "limit", "sort", "direction"].includes(name));
  for (const name of unknown) errors[name] = "Unrecognized query parameter";

  // Guess: 422 for a `page` or `limit` that is no whole number of 1 or more.
  const page = query.get("page") ?? "1";
  if (!COUNT.test(page)) errors["page"] = "Must be an integer of at least 1.";
  const limit = query.get("limit") ?? String(DEFAULT_LIMIT);
  if (!COUNT.test(limit)) errors["limit"] = "Must be an integer of at least 1.";
  const sort = query.get("sort") ?? "issued_at";
  if (sort !== "issued_at" && sort !== "expires_at") errors["sort"] = "Unrecognized sort field";
  const direction = query.get("direction") ?? "asc";
  if (direction !== "asc" && direction !== "desc") errors["direction"] = "Unrecognized direction value";

  if (Object.keys(errors).length > 0) return { errors, unknown };
  return {
    // JSON would change a larger number.
    page: Math.min(Number.MAX_SAFE_INTEGER, Number(page)),
    limit: Math.min(MAX_LIMIT, Number(limit)),
    sort: sort === "expires_at" ? sort : "issued_at",
    descending: direction === "desc",
  };
}

function row(token: IssuedToken, tokens: TokenStore): Readonly<Record<string, unknown>> {
  return {
    jti: token.jti,
    type: token.type,
    ...(token.name !== undefined && { name: token.name }),
    // Guess: `principal.type`.
    principal: { id: token.clientId, type: "api_account" },
    channel_ids: token.channelIds,
    allowed_cors_origins: token.allowedCorsOrigins,
    // Required in every row. Empty for the kinds without scopes.
    scopes: token.scopes,
    issued_at: token.issuedAt,
    ...(token.expiresAt !== undefined && { expires_at: token.expiresAt }),
    is_expired: tokens.isExpired(token),
    is_revoked: token.revokedAt !== undefined,
    ...(token.revokedAt !== undefined && { revoked_at: token.revokedAt }),
  };
}
