import fc from "fast-check";

import { safeLabel } from "../../provider/resources/label";

const HASH = /-[0-9a-f]{8}$/;

it("leaves a label of 80 visible characters as it is", () => {
  const text = `acme/shop/prod/private/${"x".repeat(80 - "acme/shop/prod/private/".length)}`;
  expect(text).toHaveLength(80);
  expect(safeLabel(text)).toBe(text);
});

it("[X10] shortens the 81st character away and says so by a hash", () => {
  const text = "y".repeat(81);
  expect(safeLabel(text)).toMatch(HASH);
  expect(safeLabel(text)).toHaveLength(80);
  expect(safeLabel(text).startsWith("y".repeat(71))).toBe(true);
});

it.each([
  ["a space", "a b", "a-b"],
  ["a line break", "a\r\nb", "a--b"],
  ["NUL and DEL", "a\u0000b\u007fc", "a-b-c"],
  ["an umlaut", "größe", "gr--e"],
  ["an emoji, which is one character", "a😀b", "a-b"],
  ["a family of emoji", "👨‍👩‍👧", "-----"],
  ["half an emoji", "a\ud83d", "a-"],
  ["a right-to-left override", "a\u202eb", "a-b"],
])("[X10] replaces %s and adds a hash", (_, text, visible) => {
  const label = safeLabel(text);
  expect(label.slice(0, -9)).toBe(visible);
  expect(label).toMatch(HASH);
});

it("keeps apart what looks alike after the change", () => {
  const names = ["a b", "a\tb", "a😀b", "aüb", "a-b", "a\u00a0b"];
  expect(new Set(names.map(safeLabel)).size).toBe(names.length);
});

it("keeps apart what begins alike", () => {
  const long = "z".repeat(90);
  expect(safeLabel(`${long}1`)).not.toBe(safeLabel(`${long}2`));
});

it("[X10] is always visible ASCII, at most 80 characters, the same every time, and never shared", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 120 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(safeLabel(a)).toMatch(/^[\x21-\x7e]{0,80}$/);
      expect(safeLabel(a)).toBe(safeLabel(a));
      if (a !== b) expect(safeLabel(a)).not.toBe(safeLabel(b));
    }),
    { numRuns: 500 },
  );
});
