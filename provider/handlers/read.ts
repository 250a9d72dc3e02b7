import { effectiveExpiry, isPast, livePredecessor } from "../domain/disposition";
import { noteHeld } from "./run-record";
import type { TokenState } from "../domain/state";
import { type Context, nowSeconds } from "./context";
import { lookUp } from "./drift";

/** What a refresh says of a resource: the state as it is, marked, or nothing where the token is gone. */
export interface Reading {
  readonly id?: string;
  readonly props?: TokenState;
}

/** Asks the store's list whether the token still is one. What it does not tell leaves the state as it is. */
export async function read(context: Context, id: string, state: TokenState): Promise<Reading> {
  const { memory, notices } = context;
  noteHeld(memory, id, state);
  memory.minted.delete(state.fingerprint);
  const unchanged = { id, props: state };
  if (state.gone || isPast(effectiveExpiry(state), nowSeconds(context))) return unchanged;
  const { end, doubt, isProven } = await lookUp(context, state);
  if (doubt !== undefined) notices.sayOnce(doubt);
  if (isProven) return { id, props: { ...state, verified: true } };
  if (end === undefined) return unchanged;
  notices.say(
    `warning: ${state.label}: token ${state.fingerprint} ${end}; the next \`pulumi up\` mints a new one`,
  );
  // A resource that is gone would take its live predecessor along, which nothing could revoke any more, and one that
  // adopted would adopt the dead token once more.
  const isMarked = state.adopted !== undefined || livePredecessor(state, nowSeconds(context));
  return isMarked ? { id, props: { ...state, gone: true } } : {};
}
