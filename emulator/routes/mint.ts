import { randomUUID } from "node:crypto";

import { refuse } from "../answers";
import type { IssuedToken } from "../entities";
import type { Claims } from "../jwt";
import { parseObject } from "../parse";
import type { TokenKind } from "../token-kinds";
import { type MintRequest, readMintBody } from "./mint-body";
import type { Route } from "./route";

/**
 * `POST /v3/storefront/{family}`: mints a token. The answer is 200, and its only content is the token.
 * Guess: the texts of 415 and of 422 for a body that is no JSON object.
 */
export function mint(kind: TokenKind): Route {
  return ({ headers, text, claims: changed, store, account }, { settings, clock, signer, tokens }) => {
    if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
      return refuse(415, "Unsupported Media Type");
    }
    const body = parseObject(text);
    if (body === undefined) return refuse(422, "Invalid JSON request body");

    const now = clock.now();
    const request = readMintBody(body, { kind, generation: settings.generation, store, now });
    if ("status" in request) return request;

    // A claim that is undefined is left out of the token.
    const claims: Claims = {
      cid: request.cid,
      cors: request.allowedCorsOrigins,
      // Guess: a token with `expires_at` 0 never expires and has no claim `eat`.
      eat: request.expiresAt === 0 ? undefined : request.expiresAt,
      iat: now,
      iss: "BC",
      jti: settings.generation === 2 ? randomUUID() : undefined,
      sid: store.id,
      sub: account.clientId,
      sub_type: 2,
      token_type: kind.tokenType,
      ...changed,
    };
    const token = signer.sign(claims);
    const { hash: storeHash } = store;
    const { clientId } = account;
    tokens.add({ token, type: kind.type, storeHash, clientId, ...rightsOf(claims, request, now) });
    return { status: 200, body: { data: { token }, meta: {} } };
  };
}

/** If a `claims` fault deleted or invalidated a claim, the requested value applies. */
function rightsOf({ cid, eat, iat, jti, cors }: Claims, request: MintRequest, now: number) {
  const expiresAt = typeof eat === "number" ? eat : request.expiresAt;
  const channels = [cid, request.cid].find((value) => typeof value === "number" || Array.isArray(value));
  return {
    ...(typeof jti === "string" && { jti }),
    issuedAt: typeof iat === "number" ? iat : now,
    ...(expiresAt !== 0 && { expiresAt }),
    channelIds: [channels].flat() as number[],
    scopes: [...request.scopes],
    allowedCorsOrigins: Array.isArray(cors) ? (cors as string[]) : [...request.allowedCorsOrigins],
    ...(request.name !== undefined && { name: request.name }),
  } satisfies Partial<IssuedToken>;
}
