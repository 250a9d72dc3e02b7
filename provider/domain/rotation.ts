import { DAY, durationSeconds, effectiveExpiry, type Expiry, HOUR, MINUTE, secondsLeft } from "./expiry";
import type { CheckedInputs, TokenState } from "./state";

/** Expirations are rounded down to a multiple of this, so that a preview and the update after it have the same result. */
export function gridSeconds(lifetime: number): number {
  if (lifetime >= 14 * DAY) return DAY;
  if (lifetime >= DAY) return HOUR;
  return lifetime >= HOUR ? MINUTE : 1;
}

/** The expiration of a token that is minted at `now` with this lifetime in seconds. */
export function expiryFor(now: number, lifetime: number): number {
  const grid = gridSeconds(lifetime);
  return Math.floor((now + lifetime) / grid) * grid;
}

/** By default a token is rotated when a third of its lifetime remains. */
export function defaultRotateBefore(lifetime: number): number {
  return Math.floor(lifetime / 3);
}

/** How many seconds before its expiration a token with this lifetime becomes due. */
export function rotateBeforeSeconds({
  lifetime,
  rotateBefore,
}: Pick<CheckedInputs, "lifetime" | "rotateBefore">): number {
  return rotateBefore === undefined
    ? defaultRotateBefore(durationSeconds(lifetime) ?? 0)
    : (durationSeconds(rotateBefore) ?? 0);
}

/** The facts that decide whether a token with a lifetime is due. */
interface DueQuestion {
  readonly now: number;
  /** The effective expiry of the token in the state. */
  readonly expiry: Expiry;
  readonly lifetime: number;
  /** From the new inputs, not from the state. */
  readonly rotateBefore: number;
  /** The lifetime in the state. Undefined if it has none. */
  readonly oldLifetime: number | undefined;
}

/** A shorter lifetime makes a token due only in the run that changes it: otherwise a slow clock would cause mints. */
export function isDue({ now, expiry, lifetime, rotateBefore, oldLifetime }: DueQuestion): boolean {
  const left = secondsLeft(expiry, now);
  return left <= rotateBefore || (lifetime !== oldLifetime && left > lifetime);
}

/** True if a fixed expiration is computed from the clock: it would replace the token in every run. */
export function movesWithTheClock(
  now: number,
  fresh: Expiry,
  old: { readonly expiry: Expiry; readonly issuedAt: number },
): boolean {
  if (fresh === old.expiry) return false;
  return Math.abs(secondsLeft(fresh, now) - secondsLeft(old.expiry, old.issuedAt)) <= MINUTE;
}

type Dated = Pick<TokenState, "expiresAt" | "effectiveExpiresAt" | "lifetime" | "rotateBefore">;

/** When the token became due by the inputs in its state. The new inputs do not count. Undefined if it is not due. */
export function dueSince(old: Dated, now: number): number | undefined {
  const expiry = effectiveExpiry(old);
  if (old.lifetime === undefined || expiry === "never") return undefined;
  const since = expiry - rotateBeforeSeconds(old);
  return now < since ? undefined : since;
}
