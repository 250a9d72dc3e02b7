import { TokensError } from "../../../provider/errors";
import { DAY, durationSeconds } from "../../../provider/domain/expiry";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Parses a date (UTC), a time with its time zone, or a duration before `now`, to Unix seconds. */
export function timeOption(option: string, text: string, now: number): number {
  const ago = durationSeconds(text);
  if (ago !== undefined) return now - ago;
  const isTime = (DATE.test(text) || TIME.test(text)) && isDay(text.slice(0, 10));
  const seconds = isTime ? Date.parse(text) / 1_000 : NaN;
  if (Number.isFinite(seconds)) return Math.floor(seconds);
  throw new TokensError(
    "usage",
    `${option}: give a date (2026-12-31), a time with its zone (2026-12-31T08:00:00Z) or a duration (30d)`,
  );
}

/** Like `timeOption`, but a date is the last second of the day. */
export function endOption(option: string, text: string, now: number): number {
  return timeOption(option, text, now) + (DATE.test(text) ? DAY - 1 : 0);
}

/** `Date.parse` reads 30 February as 2 March. */
function isDay(text: string): boolean {
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}
