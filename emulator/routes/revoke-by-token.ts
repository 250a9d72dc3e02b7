import { refuse } from "../answers";
import type { Route } from "./route";

const INVALID = "The supplied JWT is invalid.";

/** `DELETE /v3/storefront/api-token` with `Sf-Api-Token`: serves all three kinds, in every store. */
export const revokeByToken: Route = ({ headers, store, account }, { tokens, settings }) => {
  const text = headers["sf-api-token"];
  if (typeof text !== "string" || text === "") {
    return {
      ...refuse(422, "Sf-Api-Token header has to be provided."),
      problem: "a revocation without its Sf-Api-Token header",
    };
  }
  const token = tokens.find(text);
  // Guess: a token of another store, or of no store, is an invalid JWT to the header DELETE.
  if (token?.storeHash !== store.hash) return refuse(422, INVALID);
  if (token.clientId !== account.clientId) return refuse(422, "The token doesn't belong to the client");
  // Guess: a dead token is revoked once more.
  if (token.revokedAt !== undefined || tokens.isExpired(token)) {
    return settings.deadTokenRevocation === "accepted" ? { status: 200, body: {} } : refuse(422, INVALID);
  }
  if (!tokens.hasRoomToRevoke(store.hash)) {
    return refuse(422, "Store cannot revoke more tokens. Limit # of revoked tokens already reached.");
  }
  tokens.revoke(token);
  return { status: 200, body: {} };
};
