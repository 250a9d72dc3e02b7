import { DAY, isLongPast, isPast } from "../../provider/domain/expiry";
import { endOf } from "../../provider/domain/plan-delete";

/** cause, fate, onDelete, override -> end */
const ENDS = [
  ["removed", undefined, "revoke", undefined, "revoke"],
  ["removed", undefined, "letExpire", undefined, "letExpire"],
  ["replaced", "revoke", "revoke", undefined, "revoke"],
  ["replaced", "revoke", "letExpire", undefined, "revoke"],
  ["replaced", "letExpire", "revoke", undefined, "letExpire"],
  ["replaced", "letExpire", "letExpire", undefined, "letExpire"],
  ["forced", undefined, "revoke", undefined, "revoke"],
  ["forced", undefined, "letExpire", undefined, "revoke"],
] as const;

describe("the end of a token", () => {
  it.each(ENDS)(
    "%s by fate %s with onDelete %s and override %s: %s",
    (cause, fate, onDelete, override, end) => {
      expect(endOf({ cause, ...(fate && { fate }) }, onDelete, override)).toBe(end);
    },
  );

  it.each(ENDS)("%s by fate %s with onDelete %s is what the override says", (cause, fate, onDelete) => {
    for (const override of ["revoke", "letExpire"] as const) {
      expect(endOf({ cause, ...(fate && { fate }) }, onDelete, override)).toBe(override);
    }
  });
});

describe("an expiry", () => {
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
