import { causeOf, endOf, isLongPast, isPast } from "../../provider/domain/disposition";
import { DAY } from "../../provider/domain/expiry";

/** What was seen of an id and its label before a delete, and what that makes of the token. */
const CAUSES = [
  // replaced in this run, named by a successor, label checked -> cause, fate
  [undefined, undefined, false, "removed", undefined],
  [undefined, undefined, true, "forced", undefined],
  [undefined, "revoke", false, "replaced", "revoke"],
  [undefined, "letExpire", false, "replaced", "letExpire"],
  [undefined, "revoke", true, "replaced", "revoke"],
  [undefined, "letExpire", true, "replaced", "letExpire"],
  ["revoke", undefined, false, "replaced", "revoke"],
  ["letExpire", undefined, false, "replaced", "letExpire"],
  ["revoke", undefined, true, "replaced", "revoke"],
  ["letExpire", undefined, true, "replaced", "letExpire"],
  ["revoke", "letExpire", true, "replaced", "revoke"],
  ["letExpire", "revoke", true, "replaced", "letExpire"],
  ["revoke", "letExpire", false, "replaced", "revoke"],
  ["letExpire", "revoke", false, "replaced", "letExpire"],
] as const;

describe("the cause of a delete", () => {
  it.each(CAUSES)(
    "replaced in this run: %s, named: %s, label checked: %s -> %s, %s",
    (replaced, named, checked, cause, fate) => {
      expect(causeOf({ replaced, named, checked })).toEqual(fate ? { cause, fate } : { cause });
    },
  );
});

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
