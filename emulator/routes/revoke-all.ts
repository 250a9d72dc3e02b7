import type { TokenKind } from "../token-kinds";
import type { Route } from "./route";

/** `POST /v3/storefront/{family}/revoke-all`: always a problem. `revokedLimit` does not apply to it. */
export function revokeAll(kind: TokenKind): Route {
  return ({ store, account }, { tokens }) => {
    for (const token of tokens.ownedBy(store.hash, account)) {
      if (token.type === kind.type && !tokens.isExpired(token)) tokens.revoke(token);
    }
    return { status: 204, problem: REVOKE_ALL_PROBLEM };
  };
}

export const REVOKE_ALL_PROBLEM = "revoke-all also revokes the tokens of other programs";
