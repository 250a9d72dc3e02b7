import { parseExpiresAt } from "../../provider/domain/expires-at-input";
import { formatExpiry } from "../../provider/domain/expiry";

const normal = (value: unknown) => {
  const parsed = parseExpiresAt(value);
  return "value" in parsed ? formatExpiry(parsed.value) : undefined;
};

const problem = (value: unknown) => {
  const parsed = parseExpiresAt(value);
  return "problem" in parsed ? parsed.problem : undefined;
};

describe("an end is stored in UTC and whole seconds, whatever the zone it was written in", () => {
  it.each([
    ["2027-01-31T00:00:00Z", "2027-01-31T00:00:00Z"],
    ["2027-01-31t00:00:00z", "2027-01-31T00:00:00Z"],
    ["2027-01-31T01:00:00+01:00", "2027-01-31T00:00:00Z"],
    ["2027-01-30T19:00:00-05:00", "2027-01-31T00:00:00Z"],
    ["2027-01-31T05:30:00+05:30", "2027-01-31T00:00:00Z"],
    ["2027-01-31T00:00:00-00:00", "2027-01-31T00:00:00Z"],
    ["2027-01-31T23:59:00+23:59", "2027-01-31T00:00:00Z"],
    [1_785_635_176, "2026-08-02T01:46:16Z"],
    ["never", "never"],
  ])("%s", (written, stored) => {
    expect(normal(written)).toBe(stored);
  });

  it.each([
    // The hour that Berlin skips, and the hour that it has twice.
    ["C3", "2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00Z"],
    ["C3", "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z"],
    ["C3", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"],
    // A leap day, and the turn of a year.
    ["C4", "2028-02-29T23:59:59Z", "2028-02-29T23:59:59Z"],
    ["C4", "2028-03-01T00:30:00+01:00", "2028-02-29T23:30:00Z"],
    ["C4", "2026-12-31T23:59:59-14:00", "2027-01-01T13:59:59Z"],
    ["C4", "2100-03-01T00:00:00Z", "2100-03-01T00:00:00Z"],
    ["U16", "2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z"],
    ["U16", 2 ** 31, "2038-01-19T03:14:08Z"],
    ["U16", 2 ** 32, "2106-02-07T06:28:16Z"],
    ["U15,U16", 99_999_999_999, "5138-11-16T09:46:39Z"],
  ])("[%s] %s", (_row, written, stored) => {
    expect(normal(written)).toBe(stored);
  });

  it("stores what it stored, once more", () => {
    for (const text of ["2027-01-31T00:00:00Z", "never"]) expect(normal(text)).toBe(text);
  });
});

describe("is refused, and the rule is named", () => {
  it.each([
    ["[U11] milliseconds", 1_785_635_176_000, /milliseconds.*divide by 1000/],
    ["[U11] the first number beyond seconds", 100_000_000_000, /milliseconds/],
    ["[U16] 2^53", 2 ** 53, /milliseconds/],
    ["[U16] the end of JavaScript's time and one more", 8.64e15 + 1, /milliseconds/],
    ["[U13] 0", 0, /is 0; give "never"/],
    ["[U13] -0", -0, /is 0; give "never"/],
    ["[U12] a negative number", -1, /whole number of Unix seconds/],
    ["[U12] a fraction", 1_785_635_176.5, /whole number of Unix seconds/],
    ["[U12] NaN", NaN, /whole number of Unix seconds/],
    ["[U12] Infinity", Infinity, /whole number of Unix seconds/],
    ["[U12] a number as text", "1785635176", /number written as text/],
    ["[U12] a fraction as text", "1785635176.5", /number written as text/],
    ["[U12] 0 as text", "0", /number written as text/],
    ["[U12] the empty text", "", /RFC 3339/],
    ["[U12] hexadecimal text", "0x10", /RFC 3339/],
    ["[U12] an exponent as text", "1e9", /RFC 3339/],
    ["Never", "Never", /RFC 3339/],
    ["[U12] a Date", new Date(0), /must be a time/],
    ["true", true, /must be a time/],
    ["a list", ["2027-01-31T00:00:00Z"], /must be a time/],
    ["[U18] no zone", "2026-03-29T02:30:00", /no zone.*"Z"/],
    ["[U18] no zone and no seconds", "2026-03-29T02:30", /no zone/],
    ["[U18] no time", "2026-03-29", /no time or no zone/],
    ["[U18] a space for the T, without a zone", "2026-03-29 02:30:00", /no zone/],
    ["a fraction of a second", "2027-01-31T00:00:00.500Z", /fraction/],
    ["a fraction of zero", "2027-01-31T00:00:00.000Z", /fraction/],
    ["[U17] 30 February", "2026-02-30T00:00:00Z", /does not exist/],
    ["[U17] 29 February of a common year", "2027-02-29T00:00:00Z", /does not exist/],
    ["[U17] 29 February 2100", "2100-02-29T00:00:00Z", /does not exist/],
    ["month 13", "2027-13-01T00:00:00Z", /does not exist/],
    ["day 0", "2027-01-00T00:00:00Z", /does not exist/],
    ["hour 24", "2027-01-31T24:00:00Z", /does not exist/],
    ["minute 60", "2027-01-31T00:60:00Z", /does not exist/],
    ["second 60", "2026-12-31T23:59:60Z", /does not exist/],
    ["an offset of 24 hours", "2027-01-31T00:00:00+24:00", /does not exist/],
    ["an offset of 60 minutes", "2027-01-31T00:00:00+01:60", /does not exist/],
    ["[U16] year 9999", "9999-12-31T23:59:59Z", /after the year 5138/],
    ["an offset without a colon", "2027-01-31T00:00:00+0100", /RFC 3339/],
    ["a zone by name", "2027-01-31T00:00:00 Europe/Berlin", /RFC 3339/],
    ["six digits of year", "+002027-01-31T00:00:00Z", /RFC 3339/],
    ["a line break behind", "2027-01-31T00:00:00Z\n", /RFC 3339/],
    ["text before a time with a fraction", "on 2027-01-31T00:00:00.500Z", /^is not RFC 3339/],
    ["text before a time without a zone", "on 2027-01-31T00:00:00", /^is not RFC 3339/],
    ["another sentence", "soon", /such as "2027-01-31T00:00:00Z", Unix seconds, or "never"$/],
    ["other digits", "٢٠٢٧-01-31T00:00:00Z", /RFC 3339/],
  ])("%s", (_, written, rule) => {
    expect(problem(written)).toMatch(rule);
  });
});

it("quotes no value", () => {
  for (const value of ["SECRET-end", 7_654_321_000_000, 76_543.21, "7654321", "7654-32-10T00:00:00Z"]) {
    expect(problem(value)).not.toContain("SECRET");
    expect(problem(value)).not.toMatch(/7654/);
  }
});
