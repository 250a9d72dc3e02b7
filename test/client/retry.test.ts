import {
  type FailedAttempt,
  MAX_ATTEMPTS,
  MIN_DELAY_MS,
  nextAttempt,
} from "../../provider/bigcommerce/retry";

const REFUSED_CONNECTION: FailedAttempt = {
  attempt: 1,
  attempts: MAX_ATTEMPTS,
  idempotent: false,
  code: "connection_failed",
  outcome: "NOT_SENT",
  leftMs: 60_000,
  random: 0.5,
};

const after = (over: Partial<FailedAttempt>) => nextAttempt({ ...REFUSED_CONNECTION, ...over });

describe("what is sent again", () => {
  it.each<[string, Partial<FailedAttempt>, mint: boolean, revoke: boolean]>([
    ["a connection that failed", { code: "connection_failed", outcome: "NOT_SENT" }, true, true],
    ["a deadline before the connection", { code: "timeout", outcome: "NOT_SENT" }, true, true],
    ["429", { code: "rate_limited", outcome: "REJECTED", status: 429 }, true, true],
    ["a connection that broke off", { code: "connection_failed", outcome: "UNKNOWN" }, false, true],
    ["no answer in time", { code: "timeout", outcome: "UNKNOWN" }, false, true],
    ["408", { code: "timeout", outcome: "UNKNOWN", status: 408 }, false, true],
    ["500", { code: "server_error", outcome: "UNKNOWN", status: 500 }, false, true],
    ["503", { code: "server_error", outcome: "UNKNOWN", status: 503 }, false, true],
    ["[H10] 501", { code: "server_error", outcome: "UNKNOWN", status: 501 }, false, false],
    ["[H10] 505", { code: "server_error", outcome: "UNKNOWN", status: 505 }, false, false],
    ["a certificate that is refused", { code: "tls_failed", outcome: "NOT_SENT" }, false, false],
    ["a proxy that refuses", { code: "proxy_refused", outcome: "NOT_SENT" }, false, false],
    ["a malformed credential", { code: "credential_malformed", outcome: "NOT_SENT" }, false, false],
    ["401", { code: "unauthorized", outcome: "REJECTED", status: 401 }, false, false],
    ["404", { code: "not_found", outcome: "REJECTED", status: 404 }, false, false],
    ["422", { code: "jwt_invalid", outcome: "REJECTED", status: 422 }, false, false],
    ["a refusal that is not about the rate limit", { code: "timeout", outcome: "REJECTED" }, false, false],
    ["a redirect", { code: "unexpected_redirect", outcome: "UNKNOWN", status: 307 }, false, false],
    [
      "a reply that cannot be read",
      { code: "reply_malformed", outcome: "UNKNOWN", status: 200 },
      false,
      false,
    ],
  ])("after %s", (_, over, mint, revoke) => {
    expect(after({ ...over, idempotent: false }).kind).toBe(mint ? "retry" : "stop");
    expect(after({ ...over, idempotent: true }).kind).toBe(revoke ? "retry" : "stop");
  });

  it("stops after six attempts and says why", () => {
    expect(after({ attempt: MAX_ATTEMPTS - 1 }).kind).toBe("retry");
    expect(after({ attempt: MAX_ATTEMPTS })).toEqual({ kind: "stop", reason: "attempts" });
    expect(MAX_ATTEMPTS).toBe(6);
  });

  it("never repeats an unknown mint, however often or long it is asked to", () => {
    const unknown = { code: "server_error", outcome: "UNKNOWN", status: 503, askedMs: 1 } as const;
    expect(after(unknown)).toEqual({ kind: "stop", reason: "final" });
  });
});

describe("how long is waited", () => {
  it.each([
    [1, 0, MIN_DELAY_MS],
    [1, 0.5, 500],
    [1, 0.999, 999],
    [2, 0.5, 1_000],
    [3, 0.5, 2_000],
    [4, 0.5, 4_000],
    [5, 0.5, 8_000],
    [5, 0, MIN_DELAY_MS],
  ])("[L5] without a word from the server: attempt %i, chance %d, %i ms", (attempt, random, delayMs) => {
    expect(after({ attempt, random })).toEqual({ kind: "retry", delayMs });
  });

  it.each([
    [1_500, 0, 1_500],
    [1_500, 0.5, 2_000],
    [2_000, 0.999, 2_999],
    [0, 0, MIN_DELAY_MS],
    [0, 0.5, MIN_DELAY_MS + 500],
  ])("[L1] asked for %i ms with chance %d: %i ms", (askedMs, random, delayMs) => {
    expect(after({ askedMs, random })).toEqual({ kind: "retry", delayMs });
  });

  it("lets the jitter yield to the deadline, and never waits less than asked", () => {
    expect(after({ askedMs: 9_000, random: 0.9, leftMs: 9_100 })).toEqual({ kind: "retry", delayMs: 9_050 });
  });

  it.each([
    [60_000, 60_000],
    [60_001, 60_000],
    [999_999_999_000, 60_000],
    [1, 0],
  ])("[L7] stops at once when %i ms are asked for and %i ms are left", (askedMs, leftMs) => {
    expect(after({ askedMs, leftMs })).toEqual({ kind: "stop", reason: "time" });
  });

  it("stops when its own back-off does not fit into what is left", () => {
    expect(after({ attempt: 4, leftMs: 4_000 })).toEqual({ kind: "stop", reason: "time" });
    expect(after({ attempt: 4, leftMs: 4_001 })).toEqual({ kind: "retry", delayMs: 4_000 });
  });
});
