import fc from "fast-check";

export interface Duration {
  readonly text: string;
  readonly seconds: number;
}

/** A rotation policy that check accepts. */
export interface Policy {
  readonly lifetime: Duration;
  readonly rotateBefore?: Duration;
}

export const DAY = 86_400;
const UNITS = { s: 1, m: 60, h: 3_600, d: DAY, w: 7 * DAY } as const;
const HUNDRED_YEARS = 36_525 * DAY;

/** As the README states it: a day from 14 days on, an hour from 1 day, a minute from 1 hour, else a second. */
export function gridOf(lifetime: number): number {
  if (lifetime >= 14 * DAY) return DAY;
  if (lifetime >= DAY) return UNITS.h;
  return lifetime >= UNITS.h ? UNITS.m : 1;
}

/** Seconds before the expiration from which on a token is rotated. By default a third of its lifetime. */
export function windowOf({ lifetime, rotateBefore }: Policy): number {
  return rotateBefore?.seconds ?? Math.floor(lifetime.seconds / 3);
}

const duration: fc.Arbitrary<Duration> = fc
  .oneof(
    fc
      .record({
        unit: fc.constantFrom(...(["s", "m", "h", "d", "w"] as const)),
        count: fc.integer({ min: 1, max: 999_999 }),
        digits: fc.integer({ min: 1, max: 6 }),
      })
      .map(({ unit, count, digits }) => ({ unit, count: Math.max(1, count % 10 ** digits) })),
    // Where the rounding changes, and the shortest.
    fc.constantFrom(
      ...([
        ...[
          { unit: "d", count: 14 },
          { unit: "w", count: 2 },
          { unit: "d", count: 1 },
          { unit: "h", count: 24 },
        ],
        ...[
          { unit: "h", count: 1 },
          { unit: "m", count: 60 },
          { unit: "s", count: 10 },
        ],
      ] as const),
    ),
  )
  .map(({ unit, count }) => ({ text: `${count}${unit}`, seconds: count * UNITS[unit] }));

export const policy: fc.Arbitrary<Policy> = fc
  .record({ lifetime: duration, rotateBefore: duration }, { requiredKeys: ["lifetime"] })
  .filter(({ lifetime }) => lifetime.seconds >= 10 && lifetime.seconds <= HUNDRED_YEARS)
  .filter((each) => windowOf(each) < each.lifetime.seconds - gridOf(each.lifetime.seconds));
