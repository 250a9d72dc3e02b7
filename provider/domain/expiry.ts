/** When a token expires: whole Unix seconds, or "never". All times and durations in this package are whole seconds. */
export type Expiry = number | "never";

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

const DURATION = /^([1-9]\d{0,5})([smhdw])$/;

/** The seconds of a duration such as `90d`. Undefined if the text is no duration. */
export function durationSeconds(text = ""): number | undefined {
  const match = DURATION.exec(text);
  const unit = UNITS[match?.[2] ?? ""];
  return match && unit ? Number(match[1]) * unit : undefined;
}

/** The earlier of two expirations. */
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

/** Parses the text of `formatExpiry`. Any other text, as in a damaged state, is treated as "never". */
export function readExpiry(text: string): Expiry {
  const seconds = Date.parse(text) / 1000;
  return Number.isFinite(seconds) ? seconds : "never";
}

interface Expiring {
  readonly expiresAt?: Expiry;
  /** Set if the token's own claim is earlier than requested. */
  readonly effectiveExpiresAt?: Expiry;
}

/** The expiration that counts. `never` if a state shows none. */
export function effectiveExpiry({ expiresAt = "never", effectiveExpiresAt = expiresAt }: Expiring): Expiry {
  return effectiveExpiresAt;
}

/** Infinity for a token that never expires. */
export function secondsLeft(expiry: Expiry, now: number): number {
  return expiry === "never" ? Infinity : expiry - now;
}

export function isPast(expiry: Expiry, now: number): boolean {
  return secondsLeft(expiry, now) <= 0;
}

/** More than a day past: no clock is that wrong, so nothing is sent and no credential is needed. */
export function isLongPast(expiry: Expiry, now: number): boolean {
  return secondsLeft(expiry, now) < -DAY;
}

export function formatMinutes(minutes: number): string {
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
