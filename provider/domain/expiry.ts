/** Every instant in this package is a whole number of Unix seconds, or "never"; durations are seconds. */
export type Expiry = number | "never";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

const DURATION = /^([1-9]\d{0,5})([smhdw])$/;

/** Seconds of a duration such as `90d`; undefined when it is not one. */
export function durationSeconds(text: string): number | undefined {
  const match = DURATION.exec(text);
  const unit = UNITS[match?.[2] ?? ""];
  return match && unit ? Number(match[1]) * unit : undefined;
}

/** Expiries are rounded down to a grid, so that a preview and the update after it agree. */
export function gridSeconds(lifetime: number): number {
  if (lifetime >= 14 * DAY) return DAY;
  if (lifetime >= DAY) return HOUR;
  return lifetime >= HOUR ? MINUTE : 1;
}

/** The end of a token minted at `now` that may live for `lifetime` seconds at the longest. */
export function expiryFor(now: number, lifetime: number): number {
  const grid = gridSeconds(lifetime);
  return Math.floor((now + lifetime) / grid) * grid;
}

/** When nothing is said, a token is rotated once a third of its lifetime is left. */
export function defaultRotateBefore(lifetime: number): number {
  return Math.floor(lifetime / 3);
}

/** What decides whether a token with a lifetime is due. */
export interface DueQuestion {
  readonly now: number;
  /** The effective expiry of the token in the state. */
  readonly expiry: Expiry;
  readonly lifetime: number;
  /** The window of the inputs at hand, not of the state. */
  readonly rotateBefore: number;
  /** The lifetime of the state; undefined when it had none. */
  readonly oldLifetime: number | undefined;
}

/** A stricter lifetime counts only in the run that changes it, so that a clock running behind never mints. */
export function isDue({ now, expiry, lifetime, rotateBefore, oldLifetime }: DueQuestion): boolean {
  const end = expiry === "never" ? Infinity : expiry;
  return now >= end - rotateBefore || (lifetime !== oldLifetime && end > now + lifetime);
}

/** A fixed expiry that moves with the clock would replace the token on every run. */
export function movesWithTheClock(
  now: number,
  fresh: Expiry,
  old: { readonly expiry: Expiry; readonly issuedAt: number },
): boolean {
  if (fresh === "never" || old.expiry === "never" || fresh === old.expiry) return false;
  return Math.abs(fresh - now - (old.expiry - old.issuedAt)) <= MINUTE;
}

/** The earlier of two ends. */
export function earlier(a: Expiry, b: Expiry): Expiry {
  if (a === "never") return b;
  return b === "never" ? a : Math.min(a, b);
}

/** `YYYY-MM-DDTHH:MM:SSZ`, or "never". */
export function formatExpiry(expiry: Expiry): string {
  return expiry === "never" ? "never" : formatTime(expiry);
}

export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** For messages: `works until <time>`, or `works for ever`. */
export function worksUntil(expiry: Expiry): string {
  return expiry === "never" ? "works for ever" : `works until ${formatTime(expiry)}`;
}

/** Reads what `formatExpiry` wrote. What a damaged state holds instead counts as never expiring. */
export function readExpiry(text: string): Expiry {
  const seconds = Date.parse(text) / 1000;
  return Number.isFinite(seconds) ? seconds : "never";
}
