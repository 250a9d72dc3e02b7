import { DAY, type Expiry, formatTime } from "../../provider/domain/expiry";

const HOUR = 3_600;
const MINUTE = 60;

/** A duration in the largest unit that gives a number of 2 or more: `12 d`, `30 h`, `5 min`. */
function spanText(seconds: number): string {
  const [unit, name] = seconds >= 2 * DAY ? [DAY, "d"] : seconds >= 2 * HOUR ? [HOUR, "h"] : seconds >= 2 * MINUTE ? [MINUTE, "min"] : [1, "s"]; // prettier-ignore
  return `${Math.floor(seconds / unit)} ${name}`;
}

/** The time relative to `now`: `in 12 d` or `3 h ago`. */
export function relative(time: number, now: number): string {
  return time >= now ? `in ${spanText(time - now)}` : `${spanText(now - time)} ago`;
}

/** RFC 3339, for JSON, which leaves out what is undefined. */
export function timeText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : formatTime(time);
}

/** The time in UTC: `2027-01-31 00:00`. */
export function minuteText(time: number): string {
  return formatTime(time).slice(0, 16).replace("T", " ");
}

/** `2027-01-31 00:00 (in 12 d)`, or `never`. */
export function whenText(time: Expiry, now: number): string {
  return time === "never" ? time : `${minuteText(time)} (${relative(time, now)})`;
}
