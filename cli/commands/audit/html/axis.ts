import { DAY } from "../../../../provider/domain/expiry";
import type { Range } from "./lane";

interface Tick {
  /** Unix seconds. */
  readonly time: number;
  readonly text: string;
}

const MAX_TICKS = 10;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** 5 January 1970. */
const A_MONDAY = 4 * DAY;
const STEPS_IN_DAYS = [0.5, 1, 2, 7, 14];
const STEPS_IN_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 12_000];

/** Round times in a range, in UTC: at most ten. */
export function ticksIn({ from, to }: Range): readonly Tick[] {
  const days = STEPS_IN_DAYS.find((each) => (to - from) / (each * DAY) <= MAX_TICKS);
  if (days !== undefined) {
    const step = days * DAY;
    const base = days < 7 ? 0 : A_MONDAY;
    const first = Math.ceil((from - base) / step);
    const count = Math.floor((to - base) / step) - first + 1;
    return Array.from({ length: count }, (_, at) => tick(base + (first + at) * step, dayText));
  }
  const [first, last] = [monthOf(from) + 1, monthOf(to)];
  const step = STEPS_IN_MONTHS.find((each) => (last - first) / each < MAX_TICKS) ?? Infinity;
  const begin = Math.ceil(first / step);
  const count = Math.max(0, Math.floor(last / step) - begin + 1);
  return Array.from({ length: count }, (_, at) =>
    tick(timeOfMonth((begin + at) * step), step % 12 === 0 ? yearText : monthText),
  );
}

function tick(time: number, textOf: (date: Date) => string): Tick {
  return { time, text: textOf(new Date(time * 1_000)) };
}

function monthOf(time: number): number {
  const date = new Date(time * 1_000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function timeOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) / 1_000;
}

function yearText(date: Date): string {
  return String(date.getUTCFullYear());
}

function monthText(date: Date): string {
  return `${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}`;
}

function dayText(date: Date): string {
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""}`;
  return date.getUTCHours() === 0 ? day : `${date.getUTCHours()}:00`;
}
