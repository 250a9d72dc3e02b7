import fc from "fast-check";

import { ticksIn } from "../../cli/commands/audit/html/axis";
import type { Bar } from "../../cli/commands/audit/html/bars";
import { layOut, type Mark } from "../../cli/commands/audit/html/lane";

/** A second is a percent of the chart's width. */
const RANGE = { from: 0, to: 100 };
const DAY = 86_400;

const bar = (from: number, to: number, rest: Partial<Bar> = {}): Bar => ({
  ...{ state: "expired", from, to, facts: [], rights: "" },
  ...rest,
});
const lane = (...bars: Bar[]) => layOut(bars, RANGE);
const rowsOf = (...bars: Bar[]) => lane(...bars).marks.map(({ row }) => row);
const sizes = ({ marks }: { readonly marks: readonly Mark[] }) => marks.map(({ bars }) => bars.length);

describe("bars in a lane", () => {
  it.each<[string, readonly Bar[], readonly number[]]>([
    ["one after the other share a row", [bar(0, 50), bar(50, 90)], [0, 0]],
    ["at the same time have rows of their own", [bar(0, 50), bar(40, 90), bar(50, 70)], [0, 1, 0]],
    ["that may have been valid need no room for that", [bar(0, 20, { maybeTo: 80 }), bar(30, 90)], [0, 0]],
    [
      "leave room for the line after a revoked one",
      [bar(0, 20, { state: "revoked" }), bar(20.5, 90)],
      [0, 1],
    ],
    ["need none after the others", [bar(0, 20), bar(20, 90)], [0, 0]],
  ])("%s", (_, bars, expected) => {
    expect(rowsOf(...bars)).toEqual(expected);
  });

  it("with no known issue begin where the chart begins, and never leave it", () => {
    const { from: _, ...unknown } = bar(0, 30);
    expect(lane(unknown).marks).toEqual([expect.objectContaining({ x: 0, width: 30 })]);
    expect(lane(bar(20, 500), bar(-300, 10)).marks.map(({ x, width }) => [x, width])).toEqual([[0, 10], [20, 80]]); // prettier-ignore
  });

  it("that lived too briefly to be seen have a width nevertheless", () => {
    const [mark] = lane(bar(50, 50.0001)).marks;
    expect(mark?.width).toBeGreaterThan(0.5);
    expect(lane(bar(100, 100)).marks.map(({ x, width }) => x + width)).toEqual([100]);
  });

  it("that lived briefly are one mark with their number where they would cover each other", () => {
    const brief = (at: number) => bar(at, at + 0.01);
    expect(sizes(lane(brief(10), brief(10.1), brief(10.2)))).toEqual([3]);
    expect(sizes(lane(brief(10), brief(20), brief(30)))).toEqual([1, 1, 1]);
    // A day of minutes among months of days.
    expect(sizes(lane(bar(0, 40), brief(50), brief(50.5), bar(60, 100)))).toEqual([1, 2, 1]);
  });

  it("that are many at the same time are one mark in the last row", () => {
    const { marks, rows } = lane(...Array.from({ length: 30 }, (_, at) => bar(at, 90)));
    expect(rows).toBe(4);
    expect(sizes({ marks })).toEqual([1, 1, 1, 27]);
  });

  it("500 in months: all are there, no mark covers another, and the lane stays low", () => {
    const times = fc.double({ min: 0, max: 100, noNaN: true });
    const length = fc.oneof(fc.constant(0.001), fc.double({ min: 0, max: 60, noNaN: true }));
    const state = fc.constantFrom<Bar["state"]>("revoked", "expired", "unproven");
    const anyBar = fc.tuple(times, length, state).map(([from, long, each]) => bar(from, from + long, { state: each })); // prettier-ignore
    fc.assert(
      fc.property(fc.array(anyBar, { minLength: 1, maxLength: 500 }), (bars) => {
        const { marks, rows } = layOut(bars, RANGE);
        expect(marks.flatMap((mark) => mark.bars)).toHaveLength(bars.length);
        expect(rows).toBeLessThanOrEqual(4);
        for (const { x, width } of marks) expect([x >= 0, x + width <= 100.001]).toEqual([true, true]);
        for (let row = 0; row < rows; row += 1) {
          const own = marks.filter((mark) => mark.row === row).sort((a, b) => a.x - b.x);
          own.slice(1).forEach(({ x }, at) => {
            const { x: before = 0, width = 0 } = own[at] ?? {};
            expect(before + width).toBeLessThanOrEqual(x + 0.001);
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of groups are wide enough for their number", () => {
    const brief = Array.from({ length: 1_000 }, () => bar(50, 50));
    // 9 percent of 330 px are 30 px; four digits take 25 px.
    expect(lane(...brief).marks).toEqual([expect.objectContaining({ width: 9 })]);
  });
});

describe("the dotted line", () => {
  it("is one for all tokens that may have been valid at the same time", () => {
    const doubts = (...bars: Bar[]) => lane(...bars).doubts;
    expect(doubts(bar(0, 10, { maybeTo: 40 }), bar(5, 20, { maybeTo: 60 }), bar(70, 80, { maybeTo: "never" }))).toEqual([[10, 50], [80, 20]]); // prettier-ignore
    expect(doubts(bar(0, 10), bar(5, 20))).toEqual([]);
  });
});

describe("the axis", () => {
  const texts = (from: string, days: number) => {
    const start = Date.parse(from) / 1_000;
    return ticksIn({ from: start, to: start + days * DAY }).map(({ text }) => text);
  };

  it.each<[string, number, readonly string[]]>([
    ["2026-11-27T06:00:00Z", 2, ["12:00", "28 Nov", "12:00", "29 Nov"]],
    ["2026-12-29T00:00:01Z", 8, ["30 Dec", "31 Dec", "1 Jan", "2 Jan", "3 Jan", "4 Jan", "5 Jan", "6 Jan"]],
    ["2026-11-15T00:00:00Z", 120, ["23 Nov", "7 Dec", "21 Dec", "4 Jan", "18 Jan", "1 Feb", "15 Feb", "1 Mar", "15 Mar"]],
    ["2026-11-15T00:00:00Z", 200, ["Dec 2026", "Jan 2027", "Feb 2027", "Mar 2027", "Apr 2027", "May 2027", "Jun 2027"]],
    ["2026-11-15T00:00:00Z", 1_200, ["Jan 2027", "Jul 2027", "Jan 2028", "Jul 2028", "Jan 2029", "Jul 2029", "Jan 2030"]],
    ["2026-11-15T00:00:00Z", 3_000, ["2027", "2028", "2029", "2030", "2031", "2032", "2033", "2034", "2035"]],
  ])("from %s, %i days: round times in UTC", (from, days, expected) => {
    expect(texts(from, days)).toEqual(expected);
  }); // prettier-ignore

  it("has between one and eleven names, whatever the range is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 2, max: 100_000 }), (from, days) => {
        const ticks = ticksIn({ from, to: from + days * DAY });
        expect([ticks.length >= 1, ticks.length <= 11]).toEqual([true, true]);
        for (const { time } of ticks) expect(time >= from && time <= from + days * DAY).toBe(true);
      }),
    );
  });
});
