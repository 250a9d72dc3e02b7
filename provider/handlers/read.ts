import { effectiveExpiry, isPast, livePredecessor } from "../domain/disposition";
import { notice } from "../notice-formats";
import type { TokenState } from "../domain/state";
import { type Context, nowSeconds } from "./context";
import { lookUp } from "./drift";

/** What a refresh finds: no token, or what it marks in the state. */
export type Reading = "missing" | Pick<TokenState, "gone" | "verified">;

/** Asks the store's list whether the token still is one. What it does not tell leaves the state as it is. */
export async function read(context: Context, id: string, state: TokenState): Promise<Reading> {
  const { record, notices } = context;
  record.shows(id, state);
  if (state.gone || isPast(effectiveExpiry(state), nowSeconds(context))) return {};
  const { end, doubt, isProven } = await lookUp(context, state);
  if (doubt !== undefined) notices.sayOnce(doubt);
  if (isProven) return { verified: true };
  if (end === undefined) return {};
  notices.say(notice("gone", { label: state.label, fingerprint: state.fingerprint, how: end }));
  // A resource that is gone would take its live predecessor along, which nothing could revoke any more, and one that
  // adopted would adopt the dead token once more.
  const isMarked = state.adopted !== undefined || livePredecessor(state, nowSeconds(context));
  return isMarked ? { gone: true } : "missing";
}
