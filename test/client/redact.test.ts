import { createRedactor } from "../../provider/bigcommerce/redact";
import { CREDENTIAL, TOKEN } from "./fixtures";

const redact = createRedactor([CREDENTIAL, TOKEN]);

describe("a text of the server", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  it.each([
    ["raw", CREDENTIAL],
    ["URL-encoded", encodeURIComponent(CREDENTIAL)],
    ["URL-encoded in lower case", encodeURIComponent(CREDENTIAL).toLowerCase()],
    ["JSON-escaped", JSON.stringify(CREDENTIAL).slice(1, -1)],
    ["JSON-escaped with slashes", JSON.stringify(CREDENTIAL).slice(1, -1).replaceAll("/", "\\/")],
    ["in base64", base64(CREDENTIAL).replaceAll("=", "")],
    ["in capitals", CREDENTIAL.toUpperCase()],
    ["cut short", CREDENTIAL.slice(0, 15)],
    ["without its beginning", CREDENTIAL.slice(9)],
    ["a token", TOKEN],
    ["a token cut short", TOKEN.slice(0, 30)],
  ])("[H4] shows none of a secret %s", (_, echo) => {
    expect(redact(`before ${echo} after`)).toBe("before *** after");
  });

  it.each([0, 1, 2])("shows none of a secret that was encoded with %i bytes before it", (offset) => {
    const echo = base64(`${"x".repeat(offset)}${CREDENTIAL}`);
    expect(redact(echo).replaceAll("***", "").length).toBeLessThanOrEqual(6);
  });

  it("masks tokens that it was never told of", () => {
    const other = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJCQyJ9.AAAA";
    expect(createRedactor([])(`use ${other}.`)).toBe("use ***.");
  });

  it("[S9] masks with the same mask, whatever the length", () => {
    expect(createRedactor(["s".repeat(5)])(`a ${"s".repeat(5)} b`)).toBe("a *** b");
    expect(createRedactor(["s".repeat(500)])(`a ${"s".repeat(500)} b`)).toBe("a *** b");
  });

  it("becomes one line without control and direction characters", () => {
    expect(redact("a\r\nb\u001b[31m\u0000c\u202ed\u2028e\tf ")).toBe("a b [31m c d e f");
  });

  it("keeps what is no secret", () => {
    const text =
      "The following fields are invalid: allowed_cors_origins:has_invalid_suffix (developer.bigcommerce.com)";
    expect(redact(text)).toBe(text);
    expect(createRedactor(["", ""])(text)).toBe(text);
  });
});
