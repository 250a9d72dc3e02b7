import { defined } from "../defined";
import { hasOwnJti, isAdopted } from "./adoption";
import { effectiveExpiry, isPast } from "./expiry";
import type { Fate } from "./fate";
import type { HeldPredecessor, Succession, TokenState } from "./state";

/** False if dependents never received this token: it was already gone at the last refresh, or its create failed. */
export function wasHandedOn(
  state: Pick<TokenState, "fingerprint" | "gone" | "verified" | "adopted">,
): boolean {
  return !state.gone && isSettled(state);
}

/** False if a create failed after its mint. An adopted token is in use, whether GraphQL has accepted it or not. */
export function isSettled(state: Pick<TokenState, "fingerprint" | "verified" | "adopted">): boolean {
  return state.verified !== false || isAdopted(state);
}

/** The previous token if it was left to expire and has not expired yet. */
export function livePrevious<P extends Pick<HeldPredecessor, "fate" | "expiresAt">>(
  { previous, previousToken }: { readonly previous?: P; readonly previousToken?: string },
  now: number,
): P | undefined {
  if (previous?.fate !== "letExpire" || !previousToken) return undefined;
  return isPast(previous.expiresAt, now) ? undefined : previous;
}

/** What an update in place keeps of the previous token: nothing once that token has expired. */
export function keptPrevious({ previous, previousToken }: Succession, now: number): Succession {
  if (!previous || isPast(previous.expiresAt, now)) return {};
  return defined({ previous, previousToken });
}

/** What the new token's state records of the replaced token: nothing if that token has expired. */
export function previousOf(id: string, old: TokenState, fate: Fate, now: number): Succession {
  const expiry = effectiveExpiry(old);
  if (isPast(expiry, now)) return {};
  const { fingerprint, issuedAt, storeHash, channelIds, scopes, allowedCorsOrigins, apiAccount, apiUrl } =
    old;
  const unproven = hasOwnJti(old) ? undefined : (true as const);
  const previous: HeldPredecessor = defined({
    ...{ id, fingerprint, issuedAt, expiresAt: expiry, fate, storeHash, channelIds },
    ...{ scopes, allowedCorsOrigins, apiAccount, apiUrl, unproven },
  });
  return fate === "letExpire" ? { previous, previousToken: old.token } : { previous };
}
