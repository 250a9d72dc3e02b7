import { type Expiry, formatTime, readExpiry } from "./expiry";

/** A larger number is a time in milliseconds: in seconds it would be after the year 5138. */
const MAX_SECONDS = 99_999_999_999;

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const EXAMPLE = "2027-01-31T00:00:00Z";

/** When the user's `expiresAt` is, or why it is invalid. The problem follows the name of the input. */
export function parseExpiresAt(value: unknown): { readonly value: Expiry } | { readonly problem: string } {
  if (value === "never") return { value: "never" };
  const seconds = typeof value === "string" ? fromText(value) : fromNumber(value);
  if (typeof seconds === "string") return { problem: seconds };
  if (seconds > MAX_SECONDS) return { problem: "is after the year 5138; give an earlier time" };
  return { value: seconds };
}

function fromNumber(value: unknown): number | string {
  if (typeof value !== "number") return `must be a time such as "${EXAMPLE}", Unix seconds, or "never"`;
  if (value === 0) return 'is 0; give "never" for a token that never expires';
  if (!Number.isInteger(value) || value < 0) return "must be a whole number of Unix seconds";
  if (value > MAX_SECONDS) return "looks like milliseconds: give Unix seconds (divide by 1000)";
  return value;
}

function fromText(text: string): number | string {
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d[.,]\d/.test(text)) {
    return `has a fraction of a second; give whole seconds, such as "${EXAMPLE}"`;
  }
  if (/^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d)?)?$/.test(text)) {
    return `has no time or no zone: end it with "Z" or an offset, such as "${EXAMPLE}"`;
  }
  if (/^[\d.]+$/.test(text)) return "is a number written as text: give Unix seconds as a number";
  const match = RFC_3339.exec(text);
  if (!match) return `is not RFC 3339: give a time such as "${EXAMPLE}", Unix seconds, or "never"`;
  const [, sign, hours = 0, minutes = 0] = match;
  // What stands before the zone: YYYY-MM-DDTHH:MM:SS.
  const local = `${text.slice(0, 19).toUpperCase()}Z`;
  const seconds = readExpiry(local);
  // Date.parse may turn 30 February into 2 March. A time exists if it comes back unchanged.
  const exists = seconds !== "never" && formatTime(seconds) === local;
  if (!exists || Number(hours) > 23 || Number(minutes) > 59) return "is a time that does not exist";
  const offset = (Number(hours) * 60 + Number(minutes)) * 60;
  return seconds - (sign === "-" ? -offset : offset);
}
