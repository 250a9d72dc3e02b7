import { TokensError } from "../../provider/errors";
import { notice } from "../../provider/notice-formats";
import { asError, createNotices } from "../../provider/notices";
import { ODD_THROWS, SECRET } from "../handlers/support/samples";

it("writes one prefixed line for each notice", () => {
  const lines: string[] = [];
  const notices = createNotices((line) => lines.push(line));
  const told = notice("more_leftovers", { label: "o/p/s/private/x", count: 2 });
  notices.say(told);
  notices.say(told);
  const line = "bigcommerce-tokens: o/p/s/private/x: the store holds 2 more tokens under this label\n";
  expect(lines).toEqual([line, line]);
});

it("says the same notice once where once is enough, and others still", () => {
  const lines: string[] = [];
  const notices = createNotices((line) => lines.push(line));
  for (const label of ["a", "a", "b", "a"]) notices.sayOnce(notice("never_expires", { label }));
  expect(lines).toHaveLength(2);
});

describe("[K13] whatever is thrown becomes an Error of one line that quotes nothing of it", () => {
  it.each(ODD_THROWS)("%s", (_, make) => {
    const error = asError(make());
    expect(error).toBeInstanceOf(TokensError);
    expect(error).toMatchObject({ code: "internal" });
    expect(error.message).toMatch(/^internal error: .+$/);
    expect(error.stack).toBe(error.message);
    expect(`${error.message}${String(error.cause)}`).not.toContain(SECRET);
  });
});

it("passes its own errors on as they are", () => {
  const error = Object.freeze(new TokensError("usage", "what failed"));
  expect(asError(error)).toBe(error);
  expect(error.stack).toBe("what failed");
});

it("shows the class and the place of an error from elsewhere", () => {
  expect(asError(new RangeError(SECRET)).message).toMatch(/RangeError at .*notices\.test\.ts/);
});
