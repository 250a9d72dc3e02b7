import { refuse } from "../answers";
import { decodeUri } from "../parse";
import type { TokenKind } from "../token-kinds";
import type { Route } from "./route";

/** `DELETE /v3/storefront/{family}/{jti}`: only for tokens of this kind that the requesting API account minted. */
export function revokeByJti(kind: TokenKind, segment: string): Route {
  return ({ store, account }, { tokens, settings }) => {
    const jti = decodeUri(segment);
    if (jti.trim() === "") return refuse(400, "jti cannot be blank");
    const unknown = refuse(404, "No token found for the supplied jti.");
    const token = tokens
      .ownedBy(store.hash, account)
      .find((candidate) => candidate.type === kind.type && candidate.jti === jti);
    if (token === undefined) return unknown;
    // Guess: the revocation of an expired or revoked token is accepted.
    if (token.revokedAt !== undefined || tokens.isExpired(token)) {
      return settings.deadTokenRevocation === "accepted" ? { status: 204 } : unknown;
    }
    if (!tokens.hasRoomToRevoke(store.hash)) {
      return refuse(422, "Store cannot revoke more tokens. Limit # of revoked jtis already reached.");
    }
    tokens.revoke(token);
    return { status: 204 };
  };
}
