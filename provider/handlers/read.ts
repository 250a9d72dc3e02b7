import { effectiveExpiry, isPast } from "../domain/expiry";
import { notice } from "../notice-formats";
import type { TokenState } from "../domain/state";
import { type Context, nowSeconds } from "./context";
import { lookUp } from "./drift";

type Marks = Pick<TokenState, "gone" | "goneAt" | "verified">;

/** What a refresh changes in the state. */
export interface Reading {
  readonly set: Marks;
  readonly removed: readonly string[];
}

/**
 * Asks BigCommerce whether the token was revoked. If that cannot be told, the state stays as it is. A token that is gone is
 * marked and never dropped: its state says what to replace, and Pulumi's protect and `status` still know of it.
 */
export async function read(context: Context, id: string, state: TokenState): Promise<Reading> {
  const { record, notices } = context;
  const { label, fingerprint } = state;
  const now = nowSeconds(context);
  record.shows(id, state);
  if (isPast(effectiveExpiry(state), now)) return setting({});
  const { end, doubt, isAlive, isProven } = await lookUp(context, state);
  if (doubt !== undefined) notices.sayOnce(doubt);
  if (!state.gone && end !== undefined) {
    notices.say(notice("gone", { label, fingerprint, how: end }));
    return setting({ gone: true, goneAt: now });
  }
  const proof: Marks = isProven ? { verified: true } : {};
  if (!state.gone || !isAlive) return setting(proof);
  // The next update would replace the token as gone, and revoke nothing: a live token would be left behind.
  notices.say(notice("not_gone", { label, fingerprint }));
  return { set: proof, removed: ["gone", "goneAt"] satisfies (keyof Marks)[] };
}

function setting(set: Marks): Reading {
  return { set, removed: [] };
}
