import { randomUUID } from "node:crypto";

import { refuse, refuseFields } from "../answers";
import type { Answer, IssuedToken } from "../entities";
import type { TokenKind } from "../token-kinds";
import type { Claims } from "../jwt";
import { parseObject } from "../parse";
import { fieldsOf, readMintBody, type MintRequest } from "./mint-body";
import type { Authorised, Route, RouteContext } from "./route";

/**
 * `POST /v3/storefront/{family}`: mints a token. The answer is 200, and its only content is the token.
 * Guess: the texts of 415 and of 422 for a body that is no JSON object.
 */
export function mint(kind: TokenKind): Route {
  return (request, context) => {
    if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
      return refuse(415, "Unsupported Media Type");
    }
    const body = parseObject(request.text);
    if (body === undefined) return refuse(422, "Invalid JSON request body");

    const { generation } = context.settings;
    const now = context.clock.now();
    const read = readMintBody(body, { kind, generation, store: request.store, now });
    if ("errors" in read)
      return withUnknownFields(refuseFields(read.errors), body, fieldsOf(kind, generation));

    const claims = merge(usualClaims(kind, read.request, request, context, now), request.claims ?? {});
    const token = context.signer.sign(claims);
    context.tokens.add(record(token, claims, kind, read.request, request, now));
    return { status: 200, body: { data: { token }, meta: {} } };
  };
}

function withUnknownFields(answer: Answer, body: object, known: readonly string[]): Answer {
  const unknown = Object.keys(body).filter((field) => !known.includes(field));
  return unknown.length === 0 ? answer : { ...answer, problem: `unknown field ${unknown.join(", ")}` };
}

function usualClaims(
  kind: TokenKind,
  asked: MintRequest,
  by: Authorised,
  context: RouteContext,
  now: number,
): Claims {
  return {
    cid: asked.cid,
    cors: asked.allowedCorsOrigins,
    // Guess: a token with `expires_at` 0 never expires and has no claim `eat`.
    ...(asked.expiresAt !== 0 && { eat: asked.expiresAt }),
    iat: now,
    iss: "BC",
    ...(context.settings.generation === 2 && { jti: randomUUID() }),
    sid: by.store.id,
    sub: by.account.clientId,
    sub_type: 2,
    token_type: kind.tokenType,
  };
}

function merge(claims: Claims, changes: Claims): Claims {
  return Object.fromEntries(
    Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined),
  );
}

function record(
  token: string,
  claims: Claims,
  kind: TokenKind,
  asked: MintRequest,
  by: Authorised,
  now: number,
): Omit<IssuedToken, "fingerprint" | "revokedAt"> {
  // If a `claims` fault deleted or invalidated a claim, the requested value applies.
  const { cid, eat, iat, jti, cors } = claims;
  const expiresAt = typeof eat === "number" ? eat : asked.expiresAt;
  const channels = [cid, asked.cid].find((value) => typeof value === "number" || Array.isArray(value));
  return {
    token,
    type: kind.type,
    storeHash: by.store.hash,
    clientId: by.account.clientId,
    ...(typeof jti === "string" && { jti }),
    issuedAt: typeof iat === "number" ? iat : now,
    ...(expiresAt !== 0 && { expiresAt }),
    channelIds: [channels].flat() as number[],
    scopes: [...asked.scopes],
    allowedCorsOrigins: Array.isArray(cors) ? (cors as string[]) : [...asked.allowedCorsOrigins],
    ...(asked.name !== undefined && { name: asked.name }),
  };
}
