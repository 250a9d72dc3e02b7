import {
  DAY,
  durationSeconds,
  earlier,
  formatExpiry,
  isLongPast,
  isPast,
  readExpiry,
} from "../../provider/domain/expiry";
import {
  defaultRotateBefore,
  dueSince,
  expiryFor,
  gridSeconds,
  isDue,
  movesWithTheClock,
} from "../../provider/domain/rotation";

const HOUR = 3600;
const at = (text: string) => Date.parse(text) / 1000;

describe("durations", () => {
  it.each([
    ["10s", 10],
    ["59m", 3540],
    ["1h", 3600],
    ["90d", 90 * 86_400],
    ["2w", 14 * 86_400],
    ["999999s", 999_999],
    ["100w", 700 * 86_400],
  ])("reads %s as %i seconds", (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(["", "0d", "01d", "1", "d", "1.5d", "-1d", "+1d", "1 d", " 1d", "1d ", "1D", "1y", "1M", "1ms"])(
    "does not read %j",
    (text) => {
      expect(durationSeconds(text)).toBeUndefined();
    },
  );

  it.each(["1234567d", "1e3d", "0x1d", "٣d", "1d1h", "1d\n", "P1D", "constructor", "1constructor"])(
    "does not read %j either",
    (text) => {
      expect(durationSeconds(text)).toBeUndefined();
    },
  );

  it("takes fourteen days for two weeks", () => {
    expect(durationSeconds("14d")).toBe(durationSeconds("2w"));
  });
});

describe("the grid", () => {
  it.each([
    ["10 s", 10, 1],
    ["59 min", 59 * 60, 1],
    ["1 h - 1 s", HOUR - 1, 1],
    ["1 h", HOUR, 60],
    ["1 h + 1 s", HOUR + 1, 60],
    ["1 d - 1 s", DAY - 1, 60],
    ["1 d", DAY, HOUR],
    ["1 d + 1 s", DAY + 1, HOUR],
    ["14 d - 1 s", 14 * DAY - 1, HOUR],
    ["14 d", 14 * DAY, DAY],
    ["14 d + 1 s", 14 * DAY + 1, DAY],
    ["100 years", 36_525 * DAY, DAY],
  ])("of a lifetime of %s is right", (_, lifetime, grid) => {
    expect(gridSeconds(lifetime)).toBe(grid);
  });
});

describe("the expiry of a lifetime", () => {
  it.each([
    ["10s", "2026-08-01T12:34:56Z", "2026-08-01T12:35:06Z"],
    ["59m", "2026-08-01T12:34:56Z", "2026-08-01T13:33:56Z"],
    ["1h", "2026-08-01T12:34:56Z", "2026-08-01T13:34:00Z"],
    ["1d", "2026-08-01T12:34:56Z", "2026-08-02T12:00:00Z"],
    ["13d", "2026-08-01T12:34:56Z", "2026-08-14T12:00:00Z"],
    ["14d", "2026-08-01T12:34:56Z", "2026-08-15T00:00:00Z"],
    ["2w", "2026-08-01T00:00:00Z", "2026-08-15T00:00:00Z"],
    ["90d", "2026-12-31T23:59:59Z", "2027-03-31T00:00:00Z"],
    ["90d", "2027-01-01T00:00:00Z", "2027-04-01T00:00:00Z"],
    // A leap day, and the Sunday on which Europe's clocks jump.
    ["1d", "2028-02-28T23:30:00Z", "2028-02-29T23:00:00Z"],
    ["1d", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"],
    ["52w", "2027-02-28T00:00:00Z", "2028-02-27T00:00:00Z"],
  ])("[C4] %s from %s is %s, in whole cells of UTC", (lifetime, now, end) => {
    expect(formatExpiry(expiryFor(at(now), durationSeconds(lifetime) ?? 0))).toBe(end);
  });

  it("[C5] is the same all through a cell, so that a preview and the update after it agree", () => {
    const first = expiryFor(at("2026-08-01T00:00:00Z"), 90 * DAY);
    expect(expiryFor(at("2026-08-01T23:59:59Z"), 90 * DAY)).toBe(first);
    expect(expiryFor(at("2026-08-02T00:00:00Z"), 90 * DAY)).toBe(first + DAY);
  });

  it.each([10, 60, HOUR, DAY, 14 * DAY])("never exceeds a lifetime of %i s", (lifetime) => {
    for (let now = 1_785_000_000; now < 1_785_000_000 + 3 * DAY; now += 7919) {
      const life = expiryFor(now, lifetime) - now;
      expect(life).toBeLessThanOrEqual(lifetime);
      expect(life).toBeGreaterThan(lifetime - gridSeconds(lifetime));
    }
  });
});

it.each([
  [90 * DAY, 30 * DAY],
  [10, 3],
  [11, 3],
  [100, 33],
])("a third of a lifetime of %i s, rounded down, is %i s", (lifetime, window) => {
  expect(defaultRotateBefore(lifetime)).toBe(window);
});

describe("a token with a lifetime is due", () => {
  const NOW = 1_785_000_000;
  const question = {
    now: NOW,
    expiry: NOW + 30 * DAY,
    lifetime: 90 * DAY,
    rotateBefore: 30 * DAY,
    oldLifetime: 90 * DAY,
  };

  it.each([
    ["[C6] a second before its window", { expiry: NOW + 30 * DAY + 1 }, false],
    ["[C6] at the first second of its window", {}, true],
    ["[C6] a second later", { expiry: NOW + 30 * DAY - 1 }, true],
    ["once it has expired", { expiry: NOW - 1 }, true],
    ["never, without an end and with the same lifetime", { expiry: "never" as const }, false],
    [
      "with a narrower window, no longer",
      { expiry: NOW + 20 * DAY, rotateBefore: 10 * DAY, oldLifetime: 90 * DAY },
      false,
    ],
    ["with a wider window, earlier", { expiry: NOW + 20 * DAY, rotateBefore: 30 * DAY }, true],
  ])("%s", (_, change, due) => {
    expect(isDue({ ...question, ...change })).toBe(due);
  });

  describe("by a stricter lifetime", () => {
    const strict = { ...question, lifetime: 10 * DAY, rotateBefore: 3 * DAY };

    it.each([
      ["which changes, and the token lives longer than it allows", NOW + 10 * DAY + 1, 90 * DAY, true],
      ["which changes, and the token lives exactly as long", NOW + 10 * DAY, 90 * DAY, false],
      ["which comes anew beside a fixed end", NOW + 10 * DAY + 1, undefined, true],
      ["which comes anew, and the fixed end is within it", NOW + 10 * DAY - 1, undefined, false],
      ["which replaces no end at all", "never" as const, undefined, true],
      ["[C1] but not when the clock is behind and nothing changed", NOW + 400 * DAY, 10 * DAY, false],
    ])("%s", (_, expiry, oldLifetime, due) => {
      expect(isDue({ ...strict, expiry, oldLifetime })).toBe(due);
    });
  });
});

it("a token without a lifetime is never due, not even once it has expired", () => {
  const expiresAt = 1_785_000_000;
  expect(dueSince({ expiresAt }, expiresAt + 1)).toBeUndefined();
  expect(dueSince({ expiresAt, lifetime: "90d", rotateBefore: "1d" }, expiresAt + 1)).toBe(expiresAt - DAY);
});

describe("a fixed end moves with the clock", () => {
  const issuedAt = 1_785_000_000;
  const old = { issuedAt, expiry: issuedAt + 30 * DAY };
  const later = issuedAt + 1000;

  it.each([
    ["at the same distance from now", 0, true],
    ["60 s short of it", -60, true],
    ["60 s beyond it", 60, true],
    ["61 s short of it", -61, false],
    ["61 s beyond it", 61, false],
  ])("%s", (_, offset, moves) => {
    expect(movesWithTheClock(later, later + 30 * DAY + offset, old)).toBe(moves);
  });

  it("unless it is the same end", () => {
    expect(movesWithTheClock(issuedAt, old.expiry, old)).toBe(false);
  });

  it("unless one of the two never comes", () => {
    expect(movesWithTheClock(later, "never", old)).toBe(false);
    expect(movesWithTheClock(later, old.expiry, { issuedAt, expiry: "never" })).toBe(false);
    expect(movesWithTheClock(later, "never", { issuedAt, expiry: "never" })).toBe(false);
  });
});

it.each([
  [1, 2, 1],
  [2, 1, 1],
  ["never", 2, 2],
  [2, "never", 2],
  ["never", "never", "never"],
] as const)("of %s and %s the earlier is %s", (a, b, first) => {
  expect(earlier(a, b)).toBe(first);
});

it.each([0, 951_782_400, 2_147_483_648, 4_294_967_296, 99_999_999_999, "never"] as const)(
  "reads what it wrote of %s",
  (expiry) => {
    expect(readExpiry(formatExpiry(expiry))).toBe(expiry);
    expect(formatExpiry(expiry)).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|never)$/);
  },
);

describe("an expiration", () => {
  const END = 1_785_000_000;

  it.each([
    ["a second ahead", END - 1, false, false],
    ["now", END, true, false],
    ["a day ago", END + DAY, true, false],
    ["a day and a second ago", END + DAY + 1, true, true],
  ])("%s", (_, now, past, longPast) => {
    expect(isPast(END, now)).toBe(past);
    expect(isLongPast(END, now)).toBe(longPast);
  });

  it("that never comes is never past", () => {
    expect(isPast("never", Infinity)).toBe(false);
    expect(isLongPast("never", Infinity)).toBe(false);
  });
});
