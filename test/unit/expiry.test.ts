import {
  effectiveExpiry,
  formatMinutes,
  formatTime,
  readExpiry,
  secondsLeft,
  worksUntil,
} from "../../provider/domain/expiry";

const END = Date.parse("2027-01-31T00:00:00Z") / 1_000;

it("a time is written in whole seconds of UTC", () => {
  expect(formatTime(END + 59)).toBe("2027-01-31T00:00:59Z");
});

it.each([
  [END, "works until 2027-01-31T00:00:00Z"],
  ["never", "works for ever"],
] as const)("a message says of %s that the token %s", (expiry, text) => {
  expect(worksUntil(expiry)).toBe(text);
});

it.each(["", "soon", "2027-13-01T00:00:00Z", "undefined"])(
  "a damaged expiration in a state counts as none: %j",
  (text) => {
    expect(readExpiry(text)).toBe("never");
  },
);

it("a state that shows no expiration has none", () => {
  expect(effectiveExpiry({})).toBe("never");
  expect(effectiveExpiry({ effectiveExpiresAt: END })).toBe(END);
});

it("what is left of a token is the time until it expires", () => {
  expect([secondsLeft(END, END - 5), secondsLeft(END, END + 5)]).toEqual([5, -5]);
  expect(secondsLeft("never", END)).toBe(Infinity);
});

it.each([
  [1, "1 minute"],
  [2, "2 minutes"],
  [0, "0 minutes"],
])("%i is written as %s", (minutes, text) => {
  expect(formatMinutes(minutes)).toBe(text);
});
