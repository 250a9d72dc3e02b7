import { TokensError } from "../../provider/errors";
import { asError, createNotices, effectLine } from "../../provider/notices";
import { ODD_THROWS, SECRET } from "../handlers/support/samples";

it("writes one prefixed line for each notice", () => {
  const lines: string[] = [];
  const notices = createNotices((line) => lines.push(line));
  notices.say("one");
  notices.say("one");
  expect(lines).toEqual(["bigcommerce-tokens: one\n", "bigcommerce-tokens: one\n"]);
});

it("says the same text once where once is enough, and other texts still", () => {
  const lines: string[] = [];
  const notices = createNotices((line) => lines.push(line));
  for (const text of ["a", "a", "b", "a"]) notices.sayOnce(text);
  expect(lines).toHaveLength(2);
});

it("keeps the line of an effect stable: what, label, fingerprint, expiry", () => {
  expect(effectLine("revoke accepted", "o/p/s/private/x", "0123456789abcdef", "never")).toBe(
    "revoke accepted o/p/s/private/x 0123456789abcdef never",
  );
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
  const error = Object.freeze(new TokensError("some_code", "what failed"));
  expect(asError(error)).toBe(error);
  expect(error.stack).toBe("what failed");
});

it("shows the class and the place of an error from elsewhere", () => {
  expect(asError(new RangeError(SECRET)).message).toMatch(/RangeError at .*notices\.test\.ts/);
});
