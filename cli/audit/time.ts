import { TokensError } from "../../provider/errors";
import { DAY, durationSeconds } from "../../provider/schedule";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Unix seconds of a date (UTC), a time with its zone, or a duration before `now`. */
export function timeOption(option: string, text: string, now: number): number {
  const ago = durationSeconds(text);
  if (ago !== undefined) return now - ago;
  const seconds = DATE.test(text) || TIME.test(text) ? Date.parse(text) / 1_000 : NaN;
  if (Number.isFinite(seconds)) return Math.floor(seconds);
  throw new TokensError(
    "bad_time",
    `${option}: give a date (2026-12-31), a time with its zone (2026-12-31T08:00:00Z) or a duration (30d)`,
  );
}

/** As `timeOption`; a date means its end. */
export function endOption(option: string, text: string, now: number): number {
  return timeOption(option, text, now) + (DATE.test(text) ? DAY - 1 : 0);
}
