import { effectiveExpiry, isPast } from "../domain/expiry";
import { livePrevious } from "../domain/previous-token";
import { notice } from "../notice-formats";
import type { TokenState } from "../domain/state";
import { type Context, nowSeconds } from "./context";
import { lookUp } from "./drift";

/** What a refresh finds: no token, or the marks that it sets in the state. */
export type Reading = "missing" | Pick<TokenState, "gone" | "verified">;

/** Asks BigCommerce whether the token was revoked. If that cannot be told, the state stays as it is. */
export async function read(context: Context, id: string, state: TokenState): Promise<Reading> {
  const { record, notices } = context;
  const now = nowSeconds(context);
  record.shows(id, state);
  if (state.gone || isPast(effectiveExpiry(state), now)) return {};
  const { end, doubt, isProven } = await lookUp(context, state);
  if (doubt !== undefined) notices.sayOnce(doubt);
  if (isProven) return { verified: true };
  if (end === undefined) return {};
  notices.say(notice("gone", { label: state.label, fingerprint: state.fingerprint, how: end }));
  // Without the resource nothing could revoke its live previous token, and one that adopted a token would adopt it again.
  const isMarked = state.adopted !== undefined || livePrevious(state, now);
  return isMarked ? { gone: true } : "missing";
}
