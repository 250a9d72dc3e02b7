import { formatTime } from "./expiry";

/** A larger number is a time in milliseconds: in seconds it would be after the year 5138. */
const MAX_SECONDS = 99_999_999_999;

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)([Zz]|([+-])(\d\d):(\d\d))$/;
const EXAMPLE = "2027-01-31T00:00:00Z";

/** The user's `expiresAt` in normal form, or why it is invalid. The problem follows the name of the input. */
export function parseExpiresAt(value: unknown): { readonly text: string } | { readonly problem: string } {
  if (value === "never") return { text: "never" };
  const seconds = typeof value === "string" ? fromText(value) : fromNumber(value);
  if (typeof seconds === "string") return { problem: seconds };
  if (seconds > MAX_SECONDS) return { problem: "is after the year 5138; give an earlier time" };
  return { text: formatTime(seconds) };
}

function fromNumber(value: unknown): number | string {
  if (typeof value !== "number") return `must be a time such as "${EXAMPLE}", Unix seconds, or "never"`;
  if (value === 0) return 'is 0; give "never" for a token that never expires';
  if (!Number.isInteger(value) || value < 0) return "must be a whole number of Unix seconds";
  if (value > MAX_SECONDS) return "looks like milliseconds: give Unix seconds (divide by 1000)";
  return value;
}

function fromText(text: string): number | string {
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d[.,]\d+/.test(text)) {
    return `has a fraction of a second; give whole seconds, such as "${EXAMPLE}"`;
  }
  if (/^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d)?)?$/.test(text)) {
    return `has no time or no zone: end it with "Z" or an offset, such as "${EXAMPLE}"`;
  }
  if (/^[\d.]+$/.test(text)) return "is a number written as text: give Unix seconds as a number";
  const match = RFC_3339.exec(text);
  if (!match) return `is not RFC 3339: give a time such as "${EXAMPLE}", Unix seconds, or "never"`;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  // Date.UTC turns 30 February into 2 March. A date exists if its parts come back unchanged.
  const exists =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (!exists || offsetHours > 23 || offsetMinutes > 59) return "is a time that does not exist";
  const offset = (offsetHours * 60 + offsetMinutes) * 60;
  return time / 1000 - (match[8] === "-" ? -offset : offset);
}
