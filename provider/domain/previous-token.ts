import { defined } from "../defined";
import { hasOwnJti, isAdopted } from "./adoption";
import { effectiveExpiry, formatExpiry, isPast, readExpiry } from "./expiry";
import type { Fate, HeldPredecessor, Predecessor, TokenState } from "./state";

/** False if dependents never received this token: it was already gone at the last refresh, or its create failed. */
export function wasHandedOn(
  state: Pick<TokenState, "fingerprint" | "gone" | "verified" | "adopted">,
): boolean {
  return !state.gone && isSettled(state);
}

/** A token that was adopted is in use, and is what it is, whether it was proven or not. */
export function isSettled(state: Pick<TokenState, "fingerprint" | "verified" | "adopted">): boolean {
  return state.verified !== false || isAdopted(state);
}

/** The previous token that a state still answers for: left to expire, and not expired yet. */
export function livePrevious<P extends Pick<Predecessor, "fate" | "expiresAt">>(
  { previous, previousToken }: { readonly previous?: P; readonly previousToken?: string },
  now: number,
): P | undefined {
  if (previous?.fate !== "letExpire" || !previousToken) return undefined;
  return isPast(readExpiry(previous.expiresAt), now) ? undefined : previous;
}

/** The same with its token. */
export function livePredecessor(
  state: Pick<TokenState, "previous" | "previousToken">,
  now: number,
): { readonly facts: Predecessor; readonly token: string } | undefined {
  const facts = livePrevious(state, now);
  return facts && { facts, token: state.previousToken ?? "" };
}

/** What a state goes on saying of its predecessor: nothing once that one has expired. */
export function keptPredecessor(
  { previous, previousToken }: Pick<TokenState, "previous" | "previousToken">,
  now: number,
): Pick<TokenState, "previous" | "previousToken"> {
  if (!previous || isPast(readExpiry(previous.expiresAt), now)) return {};
  return defined({ previous, previousToken });
}

/** What a successor keeps of the token that it replaces; nothing of one that has expired. */
export function predecessorOf(
  id: string,
  old: TokenState,
  fate: Fate,
  now: number,
): Pick<TokenState, "previous" | "previousToken"> {
  const expiry = effectiveExpiry(old);
  if (isPast(expiry, now)) return {};
  const { fingerprint, issuedAt, storeHash, channelIds, scopes, allowedCorsOrigins, apiAccount, apiUrl } =
    old;
  const unproven = hasOwnJti(old) ? undefined : (true as const);
  const previous: HeldPredecessor = defined({
    ...{ id, fingerprint, issuedAt, expiresAt: formatExpiry(expiry), fate, storeHash, channelIds },
    ...{ scopes, allowedCorsOrigins, apiAccount, apiUrl, unproven },
  });
  return fate === "letExpire" ? { previous, previousToken: old.token } : { previous };
}
