import type { Expiry } from "../../../provider/domain/expiry";

/** `adopt`: takes over a token created by hand. `pending`: an earlier update replaced or removed it, and could not revoke it. */
export type What = "mint" | "adopt" | "rotate" | "replace" | "remove" | "pending";

/** `unknown`: only the update will know it. */
export type PlannedExpiry = Expiry | "unknown";
