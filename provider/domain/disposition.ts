import { defined } from "../defined";
import { hasOwnJti, isAdopted } from "./adoption";
import { DAY, earlier, type Expiry, formatExpiry, readExpiry } from "./expiry";
import type { Fate, HeldPredecessor, OnDelete, Overlap, Predecessor, Rights, TokenState } from "./state";

/** Why a token ends; see "What happens to a token that ends" in the README. */
export type Cause = "removed" | "replaced" | "forced";

/** What is done with a token that ends: its own rule, unless the environment overrides it. */
export function endOf(
  { cause, fate }: { cause: Cause; fate?: Fate },
  onDelete: OnDelete,
  override: OnDelete | undefined,
): Fate {
  if (override) return override;
  if (cause === "replaced") return fate ?? "revoke";
  return cause === "removed" ? onDelete : "revoke";
}

/** A token whose rights and end are compared. */
export interface GrantedRights extends Rights {
  readonly expiry: Expiry;
  /** False where the token may be able to do more than its inputs say. */
  readonly verified?: boolean;
}

/** What becomes of a replaced token, by the new inputs' `overlap`. */
export function fateOf(old: GrantedRights, successor: GrantedRights, overlap: Overlap): Fate {
  if (old.expiry === "never" || old.verified === false || overlap === "never") return "revoke";
  if (overlap === "always") return "letExpire";
  return covers(successor, old) ? "letExpire" : "revoke";
}

type DeletedFirst = Pick<TokenState, "fingerprint"> &
  Partial<Pick<TokenState, "expiresAt" | "effectiveExpiresAt" | "verified" | "overlap" | "adopted">>;

/**
 * What becomes of a token whose dependency Pulumi deletes before it replaces it: the token's delete comes first then, and
 * looks like that of a dependency that is destroyed by `--target`. Left, it bridges the time until its successor exists.
 */
export function fateOfDeletedFirst(old: DeletedFirst, override?: OnDelete): Fate {
  if (override) return override;
  const mayStay = effectiveExpiry(old) !== "never" && isSettled(old) && old.overlap !== "never";
  return mayStay ? "letExpire" : "revoke";
}

/** Whether whoever holds the old token can do no more with it than with its successor. */
function covers(successor: GrantedRights, old: GrantedRights): boolean {
  return (
    successor.storeHash === old.storeHash &&
    successor.apiUrl === old.apiUrl &&
    includes(successor.channelIds, old.channelIds) &&
    includes(successor.scopes, old.scopes) &&
    coversOrigins(successor.allowedCorsOrigins ?? [], old.allowedCorsOrigins ?? []) &&
    earlier(old.expiry, successor.expiry) === old.expiry
  );
}

function coversOrigins(successor: readonly string[], old: readonly string[]): boolean {
  return (successor.length === 0) === (old.length === 0) && includes(successor, old);
}

function includes<T>(all: readonly T[] = [], some: readonly T[] = []): boolean {
  return some.every((entry) => all.includes(entry));
}

/** The expiry that counts: the token's own claim where it is earlier than what was asked for. */
export function effectiveExpiry({
  expiresAt = "",
  effectiveExpiresAt = expiresAt,
}: Partial<Pick<TokenState, "expiresAt" | "effectiveExpiresAt">>): Expiry {
  return readExpiry(effectiveExpiresAt);
}

export function rightsOf(state: TokenState): GrantedRights {
  return { ...state, verified: isSettled(state), expiry: effectiveExpiry(state) };
}

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

export function isPast(expiry: Expiry, now: number): boolean {
  return expiry !== "never" && now >= expiry;
}

/** More than a day past: no clock is that wrong, so nothing is sent and no credential is needed. */
export function isLongPast(expiry: Expiry, now: number): boolean {
  return expiry !== "never" && now > expiry + DAY;
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
