import { classify, cut, isSuccess } from "../../provider/bigcommerce/classify";
import { endpointOf, type Target } from "../../provider/bigcommerce/endpoint";
import type { Exchange } from "../../provider/bigcommerce/transport";

const CREDENTIAL = ["q7x2k9m4v8b3", "n6c1z5w0r8t2"].join("");
const NOW_MS = Date.parse("2026-10-01T12:00:00Z");
const TARGET: Target = {
  ...{ apiUrl: "https://api.bigcommerce.com", storeHash: "abc123", accessToken: CREDENTIAL },
  credentialSource: "env BIGCOMMERCE_ACCESS_TOKEN",
};
const MINT = endpointOf(TARGET, "POST", "api-token-private");
const REVOKE = endpointOf(TARGET, "DELETE", "api-token");
const REVOKE_BY_JTI = endpointOf(TARGET, "DELETE", "api-token", "a-jti");

const answered = (status: number, body: unknown = "", headers = {}): Exchange => ({
  ...{ kind: "reply", status, headers, body: typeof body === "string" ? body : JSON.stringify(body) },
});
const broken = (change: object): Exchange => ({
  ...{ kind: "broken", sent: true, code: "connection_failed", detail: "the connection broke off" },
  headers: {},
  ...change,
});
const classified = (exchange: Exchange, endpoint = MINT) =>
  classify(exchange, endpoint, [CREDENTIAL], NOW_MS);

describe("a status", () => {
  it.each([
    [300, "unexpected_redirect", "UNKNOWN"],
    [399, "unexpected_redirect", "UNKNOWN"],
    [304, "reply_malformed", "UNKNOWN"],
    [400, "rejected", "REJECTED"],
    [401, "unauthorized", "REJECTED"],
    [403, "forbidden", "REJECTED"],
    [404, "not_found", "REJECTED"],
    [429, "rate_limited", "REJECTED"],
    [498, "rejected", "REJECTED"],
    [408, "timeout", "UNKNOWN"],
    [499, "timeout", "UNKNOWN"],
    [500, "server_error", "UNKNOWN"],
    [599, "server_error", "UNKNOWN"],
    [600, "reply_malformed", "UNKNOWN"],
    [199, "reply_malformed", "UNKNOWN"],
    [0, "reply_malformed", "UNKNOWN"],
  ])("of %i is %s, and the outcome is %s", (status, code, outcome) => {
    expect(classified(answered(status))).toEqual({
      ...{ code, outcome, status, what: `answered ${status}` },
    });
  });

  it.each([
    [199, false],
    [200, true],
    [299, true],
    [300, false],
  ])("of %i is a success: %j", (status, expected) => {
    expect(isSuccess(status)).toBe(expected);
  });
});

describe("a success without the expected content", () => {
  it.each<[string, unknown, Record<string, string>, string]>([
    ["nothing", "", {}, "answered 200 with an empty body"],
    ["JSON of another form", {}, { "content-type": "application/json; charset=utf-8" }, "a body (application/json)"],
    ["a page", "<html>", { "content-type": "Text/HTML" }, "a body (Text/HTML)"],
    ["a type with digits and signs", "x", { "content-type": "a/b.c+d*e-9" }, "a body (a/b.c+d*e-9)"],
    ["no type", "x", {}, "a body (no content type)"],
    ["a type that does not begin as one", "x", { "content-type": "1 text/html" }, "a body (no content type)"],
    ["a type that could hold a secret", "x", { "content-type": `a/${"b".repeat(16)}` }, "(an unreadable content type)"],
    ["a long type", "x", { "content-type": `a/${"b.".repeat(30)}` }, `(a/${"b.".repeat(18)}b…)`],
    ["the credential for a type", "x", { "content-type": `a/${CREDENTIAL}` }, "(a/***)"],
  ])("tells what came: %s", (_, body, headers, text) => {
    const { code, outcome, what } = classified(answered(200, body, headers));
    expect([code, outcome]).toEqual(["reply_malformed", "UNKNOWN"]);
    expect(what).toContain(text);
    if (body !== "") expect(what).toMatch(/^answered 200 with a body \(.+\) that is not the expected one$/);
  }); // prettier-ignore

  it.each([
    [{ status: 499 }, "REJECTED"],
    [{ status: 500 }, "UNKNOWN"],
    [{ errors: { a: "b" } }, "UNKNOWN"],
  ])("is what its body says: %j is %s", (body, outcome) => {
    const what = "answered 200, but the body says errors";
    expect(classified(answered(200, body))).toMatchObject({ code: "rejected", outcome, what });
  });
});

describe("an exchange that broke", () => {
  it("is unknown only if the request was sent", () => {
    const what = "the connection broke off";
    expect(classified(broken({}))).toEqual({ code: "connection_failed", outcome: "UNKNOWN", what });
    expect(classified(broken({ sent: false }))).toMatchObject({ outcome: "NOT_SENT", what });
  });

  it("after the status line of a success tells both", () => {
    expect(classified(broken({ status: 200 }))).toEqual({
      ...{ code: "connection_failed", outcome: "UNKNOWN", status: 200 },
      what: "answered 200, then the connection broke off",
    });
  });

  it("after the status line of a refusal is that refusal", () => {
    expect(classified(broken({ status: 401 }))).toMatchObject({ code: "unauthorized", outcome: "REJECTED" });
  });
});

describe("a redirect", () => {
  const pointing = (location: string) => classified(answered(302, "", { location })).what;

  it("names the origin that it points to, and nothing more of the address", () => {
    expect(pointing("https://login.example.com/a?b=c")).toBe(
      "answered 302 and points to https://login.example.com",
    );
    expect(pointing("/elsewhere")).toBe("answered 302 and points to https://api.bigcommerce.com");
  });

  it.each([
    ["no address", "http://["],
    ["no ASCII", "https://ex\u00e4mple.com/"],
    ["another scheme", "mailto:a@example.com\n"],
    ["what could be a secret", `https://${"a".repeat(16)}.example.com`],
  ])("names none that is %s", (_, location) => {
    expect(pointing(location)).toBe("answered 302");
  });

  it.each([
    [100, true],
    [101, false],
  ])("names an origin of %i characters: %j", (length, isNamed) => {
    const origin = `https://${"ab.".repeat(33)}`.slice(0, length - 4) + ".com";
    expect(origin).toHaveLength(length);
    expect(pointing(origin)).toBe(`answered 302${isNamed ? ` and points to ${origin}` : ""}`);
  });

  it("masks the credential in an origin", () => {
    expect(pointing(`https://${CREDENTIAL}.example.com`)).toBe(
      "answered 302 and points to https://***.example.com",
    );
  });
});

describe("a refused revocation", () => {
  const code = (status: number, body: object, endpoint = REVOKE_BY_JTI) =>
    classified(answered(status, body), endpoint).code;

  it.each([
    [404, "No token found for the supplied jti.", "jti_not_found"],
    [422, "The supplied JWT is invalid", "jwt_invalid"],
    [422, "The token doesn't belong to the client.", "other_account"],
    [422, "The token doesn\u2019t belong to the client", "other_account"],
    [422, "Store cannot revoke more tokens", "revocation_limit"],
    [422, "Store cannot revoke more tokens: 100 a day.", "revocation_limit"],
    [422, " The\n supplied \t JWT  is invalid. ", "jwt_invalid"],
  ])("is known by BigCommerce's text: %i, %j is %s", (status, title, expected) => {
    expect(code(status, { title })).toBe(expected);
    expect(code(status, { title: "Unprocessable", detail: title })).toBe(expected);
  });

  it.each([
    [404, "Again: no token found for the supplied jti", "not_found"],
    [404, "No token found for the supplied jti of yours", "not_found"],
    [422, "So the supplied JWT is invalid", "rejected"],
    [422, "The supplied JWT is invalid today", "rejected"],
    [422, "Now the token doesn't belong to the client", "rejected"],
    [422, "The token doesn't belong to the clients", "rejected"],
    [422, "This store cannot revoke more tokens", "rejected"],
    [422, "Store cannot revoke more tokensets", "rejected"],
    [422, "The. supplied JWT is invalid", "rejected"],
    [422, "No token found for the supplied jti", "rejected"],
    [400, "The supplied JWT is invalid", "rejected"],
    [404, "The supplied JWT is invalid", "not_found"],
  ])("is not guessed from another text or status: %i, %j is %s", (status, title, expected) => {
    expect(code(status, { title })).toBe(expected);
  });

  it("has no unknown jti if the request named none, and every other reason", () => {
    expect(code(404, { title: "No token found for the supplied jti" }, REVOKE)).toBe("not_found");
    expect(code(422, { title: "The supplied JWT is invalid" }, REVOKE)).toBe("jwt_invalid");
  });

  it("is no answer to a mint", () => {
    expect(code(422, { title: "The supplied JWT is invalid" }, MINT)).toBe("rejected");
  });
});

describe("what may be shown of a reply", () => {
  const shown = (body: unknown, headers = {}) => classified(answered(422, body, headers));

  it("is its texts in one line, cut to 200 characters", () => {
    expect(shown({ title: "One", detail: "Two", errors: { a: "Three" } }).title).toBe("One; Two; Three");
    expect(shown({ title: "no ".repeat(60), detail: "yes ".repeat(20) }).title).toBe(
      `${"no ".repeat(60).trim()}; ${"yes ".repeat(20)}`.slice(0, 199) + "…",
    );
  });

  it("is no secret, neither the credential nor a token in the reply itself", () => {
    const stray = ["a1-b2_c3", "d4-e5_f6"].join("");
    expect(shown({ title: `got ${CREDENTIAL}` }).title).toBe("got ***");
    expect(shown({ title: `got ${stray}`, data: { token: stray } }).title).toBe("got ***");
  });

  it.each([
    ["7f00-aa_B.c:9", "7f00-aa_B.c:9"],
    ["a".repeat(64), "a".repeat(64)],
    ["a".repeat(65), undefined],
    ["", undefined],
    ["a b", undefined],
    ["a\n", undefined],
    [" a", undefined],
    ["(a)", undefined],
    [CREDENTIAL, undefined],
  ])("is a request id of one plain word: %j", (id, expected) => {
    expect(shown({}, { "x-request-id": id }).requestId).toBe(expected);
  });

  it("is the server's time", () => {
    expect(shown({}, { date: new Date(NOW_MS).toUTCString() }).serverTimeMs).toBe(NOW_MS);
  });
});

describe("how long the store asks to wait", () => {
  const asked = (status: number, headers = {}) =>
    classified(answered(status, "", { "x-rate-limit-time-reset-ms": "1500", ...headers })).askedMs;
  const left = { "x-rate-limit-requests-left": "9" };

  it.each([
    [429, 1_500],
    [500, 1_500],
    [599, 1_500],
    [422, undefined],
    [499, undefined],
    [600, undefined],
    [200, undefined],
  ])("counts after %i: %j ms", (status, ms) => {
    expect(asked(status)).toBe(ms);
  });

  it("counts after a 429 whatever is left, and after a 5xx only if nothing is left", () => {
    expect([asked(429, left), asked(500, left)]).toEqual([1_500, undefined]);
  });

  it("is counted from this machine's clock if the store tells a time and not its own", () => {
    const until = new Date(NOW_MS + 9_000).toUTCString();
    expect(classified(answered(429, "", { "retry-after": until })).askedMs).toBe(9_000);
  });

  it("is nothing without a status", () => {
    expect(classified(broken({ headers: { "x-rate-limit-time-reset-ms": "1500" } })).askedMs).toBeUndefined();
  });
});

describe("a text is cut", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["abcd", 1, "…"],
    ["ab\u{1f600}cd", 4, "ab…"],
    ["ab\u{1f600}cd", 5, "ab\u{1f600}…"],
    ["\u{1f600}abcd", 5, "\u{1f600}ab…"],
  ])("%j to %i characters, never through one: %j", (text, chars, expected) => {
    expect(cut(text, chars)).toBe(expected);
  });
});
