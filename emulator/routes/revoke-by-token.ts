import { refuse } from "../answers";
import type { Route } from "./route";

const INVALID = "The supplied JWT is invalid.";

/** `DELETE /v3/storefront/api-token` with the token in the header `Sf-Api-Token`: for all three kinds. */
export const revokeByToken: Route = ({ headers, store, account }, { tokens, settings }) => {
  const text = headers["sf-api-token"];
  if (typeof text !== "string" || text === "") {
    return {
      ...refuse(422, "Sf-Api-Token header has to be provided."),
      problem: "a revocation without its Sf-Api-Token header",
    };
  }
  const token = tokens.find(text);
  // Guess: the header DELETE answers an unknown token, or a token of another store, like an invalid JWT.
  if (token?.storeHash !== store.hash) return refuse(422, INVALID);
  if (token.clientId !== account.clientId) return refuse(422, "The token doesn't belong to the client");
  // Guess: the revocation of an expired or revoked token is accepted.
  if (token.revokedAt !== undefined || tokens.isExpired(token)) {
    return settings.deadTokenRevocation === "accepted" ? { status: 200, body: {} } : refuse(422, INVALID);
  }
  if (!tokens.hasRoomToRevoke(store.hash)) {
    return refuse(422, "Store cannot revoke more tokens. Limit # of revoked tokens already reached.");
  }
  tokens.revoke(token);
  return { status: 200, body: {} };
};
