import { refuse } from "../answers";
import type { Answer, IssuedToken } from "../entities";
import { decodeUri } from "../parse";
import type { TokenKind } from "../token-kinds";
import type { Route, RouteContext } from "./route";

/** `DELETE /v3/storefront/api-token` with the token in the header `Sf-Api-Token`: for all three kinds. */
export const revokeByToken: Route = ({ headers, store, account }, context) => {
  const text = headers["sf-api-token"];
  if (typeof text !== "string" || text === "") {
    const problem = "a revocation without its Sf-Api-Token header";
    return { ...refuse(422, "Sf-Api-Token header has to be provided."), problem };
  }
  const invalid = refuse(422, "The supplied JWT is invalid.");
  const token = context.tokens.find(text);
  // Guess: the header DELETE answers an unknown token, or a token of another store, like an invalid JWT.
  if (token?.storeHash !== store.hash) return invalid;
  if (token.clientId !== account.clientId) return refuse(422, "The token doesn't belong to the client");
  return revoke(token, context, { accepted: { status: 200, body: {} }, dead: invalid, limited: "tokens" });
};

/** `DELETE /v3/storefront/{family}/{jti}`: only for tokens of this kind that the requesting API account minted. */
export function revokeByJti(kind: TokenKind, segment: string): Route {
  return ({ store, account }, context) => {
    const jti = decodeUri(segment);
    if (jti.trim() === "") return refuse(400, "jti cannot be blank");
    const unknown = refuse(404, "No token found for the supplied jti.");
    const token = context.tokens
      .ownedBy(store.hash, account)
      .find((candidate) => candidate.type === kind.type && candidate.jti === jti);
    if (token === undefined) return unknown;
    return revoke(token, context, { accepted: { status: 204 }, dead: unknown, limited: "jtis" });
  };
}

/** `POST /v3/storefront/{family}/revoke-all`. `revokedLimit` does not apply to it. */
export function revokeAll(kind: TokenKind): Route {
  return ({ store, account }, { tokens }) => {
    for (const token of tokens.ownedBy(store.hash, account)) {
      if (token.type === kind.type && !tokens.isExpired(token)) tokens.revoke(token);
    }
    return { status: 204 };
  };
}

function revoke(
  token: IssuedToken,
  { tokens, settings }: RouteContext,
  { accepted, dead, limited }: { accepted: Answer; dead: Answer; limited: "tokens" | "jtis" },
): Answer {
  // Guess: the revocation of an expired or revoked token is accepted.
  if (token.revokedAt !== undefined || tokens.isExpired(token)) {
    return settings.deadTokenRevocation === "accepted" ? accepted : dead;
  }
  if (!tokens.hasRoomToRevoke(token.storeHash)) {
    return refuse(422, `Store cannot revoke more tokens. Limit # of revoked ${limited} already reached.`);
  }
  tokens.revoke(token);
  return accepted;
}
