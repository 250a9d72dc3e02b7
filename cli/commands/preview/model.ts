import type { Expiry } from "../../../provider/domain/expiry";

/** `adopt`: one that was made by hand. `pending`: an earlier update replaced or removed it, and could not end it. */
export type What = "mint" | "adopt" | "rotate" | "replace" | "remove" | "pending";

/** `unknown`: known in the update only. */
export type PlannedExpiry = Expiry | "unknown";
