import { askedWaitMs, hasQuotaLeft, httpDateMs } from "../../provider/bigcommerce/rate-limit-headers";
import { NOW_MS } from "./fixtures";

const inSeconds = (seconds: number) => new Date(NOW_MS + seconds * 1_000).toUTCString();

it("[L4] counts a date from the server's own, where it sends one: the local clock may be wrong", () => {
  const date = "Thu, 01 Oct 2026 12:00:00 GMT";
  const later = "Thu, 01 Oct 2026 12:00:05 GMT";
  const hourBehind = Date.parse(date) - 3_600_000;
  expect(askedWaitMs({ "retry-after": later, date }, hourBehind)).toBe(5_000);
  expect(askedWaitMs({ "retry-after": later }, hourBehind)).toBe(3_605_000);
});

describe("the wait that a reply asks for", () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ["L5", {}, undefined],
    ["L1", { "x-rate-limit-time-reset-ms": "1500" }, 1_500],
    ["L2", { "x-retry-after": "2" }, 2_000],
    ["L4", { "retry-after": "3" }, 3_000],
    ["L3", { "x-rate-limit-time-reset-ms": "1500", "x-retry-after": "2" }, 2_000],
    ["L3", { "x-rate-limit-time-reset-ms": "2500", "x-retry-after": "2" }, 2_500],
    ["L3", { "x-rate-limit-time-reset-ms": "1", "x-retry-after": "1", "retry-after": "9" }, 9_000],
    ["L8", { "x-rate-limit-time-reset-ms": "0" }, 0],
    ["L4", { "retry-after": inSeconds(7) }, 7_000],
    ["L4", { "retry-after": inSeconds(-7) }, 0],
  ])("[%s] %j asks for %p ms", (_row, headers, ms) => {
    expect(askedWaitMs(headers, NOW_MS)).toBe(ms);
  });

  it.each(["", "abc", "-1", "NaN", "Infinity", "1e9", "0x10", "1.5", "٣", "+5", "5 s", ",5"])(
    "[L6] reads no number in %j",
    (text) => {
      expect(askedWaitMs({ "x-retry-after": text, "retry-after": text }, NOW_MS)).toBeUndefined();
      expect(askedWaitMs({ "x-rate-limit-time-reset-ms": text }, NOW_MS)).toBeUndefined();
    },
  );

  it.each([
    ["15, 15", 15_000],
    [" 5 ", 5_000],
    ["5,abc", 5_000],
    ["007", 7_000],
  ])("[L6] reads the first of the list %j", (text, ms) => {
    expect(askedWaitMs({ "x-retry-after": text }, NOW_MS)).toBe(ms);
  });

  it("[L7] reads a number too long to be meant as too long, and stays finite", () => {
    expect(askedWaitMs({ "x-retry-after": "99999999999" }, NOW_MS)).toBe(999_999_999_000);
    expect(askedWaitMs({ "x-retry-after": "9".repeat(400) }, NOW_MS)).toBe(999_999_999_000);
  });
});

describe("a date of a reply", () => {
  it("is read in the one form that HTTP has", () => {
    expect(httpDateMs("Thu, 01 Oct 2026 12:00:00 GMT")).toBe(NOW_MS);
  });

  it.each([
    undefined,
    "",
    "Wed, 01 Oct 2026 12:00:00 GMT",
    "Mon, 30 Feb 2026 12:00:00 GMT",
    "Thu, 01 Oct 2026 12:00:00 +0200",
    "2026-10-01T12:00:00Z",
    "1785635176",
    "Thu, 01 Oct 2026 12:00:00.5 GMT",
  ])("[C8] is ignored as %j", (text) => {
    expect(httpDateMs(text)).toBeUndefined();
  });
});

it("knows that the quota is not the reason only where the reply says so", () => {
  expect(hasQuotaLeft({ "x-rate-limit-requests-left": "12" })).toBe(true);
  expect(hasQuotaLeft({ "x-rate-limit-requests-left": "0" })).toBe(false);
  expect(hasQuotaLeft({})).toBe(false);
});
