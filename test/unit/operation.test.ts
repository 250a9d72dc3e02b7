import type { Connection } from "../../provider/bigcommerce/connection";
import { endpointOf, type Target } from "../../provider/bigcommerce/endpoint";
import {
  authorised,
  beginOperation,
  type Call,
  type Failed,
  perform,
  type Result,
  sendOnce,
} from "../../provider/bigcommerce/operation";
import type { Exchange, WireRequest } from "../../provider/bigcommerce/transport";
import { version } from "../../package.json";

const CREDENTIAL = ["q7x2k9m4v8b3", "n6c1z5w0r8t2"].join("");
const TARGET: Target = {
  ...{ apiUrl: "https://api.bigcommerce.com", storeHash: "abc123", accessToken: CREDENTIAL },
  credentialSource: "env BIGCOMMERCE_ACCESS_TOKEN",
};

interface Given {
  /** What the store answers, in turn, and how long each answer takes, milliseconds. */
  readonly answers?: readonly Exchange[];
  readonly tookMs?: number;
  readonly timeoutMs?: number;
  readonly queueMs?: number;
  /** The request, from 1, that the rate limiter refuses, and how long the store asks to wait. */
  readonly refuses?: { readonly request: number; readonly waitMs?: number };
  readonly spends?: boolean;
  readonly sleepFails?: boolean;
}

/** An operation of which the test sees every request, wait and deadline. */
function operationWith({ answers = [], tookMs = 0, timeoutMs = 60_000, refuses, ...given }: Given = {}) {
  let nowMs = 0;
  const sent: WireRequest[] = [];
  const slept: number[] = [];
  const deadlines = new Map<AbortSignal, number>();
  const entered: object[] = [];
  const released: unknown[] = [];
  const spent: boolean[] = [];
  const refunded: boolean[] = [];
  const connection: Connection = {
    target: TARGET,
    clock: {
      now: () => 0,
      monotonic: () => nowMs,
      random: () => 0.5,
      deadline(ms) {
        const { signal } = new AbortController();
        deadlines.set(signal, ms);
        return signal;
      },
      sleep(ms) {
        slept.push(ms);
        nowMs += ms;
        return given.sleepFails ? Promise.reject(new Error("aborted")) : Promise.resolve();
      },
    },
    exchange(request) {
      sent.push(request);
      nowMs += tookMs;
      const answer = answers[sent.length - 1];
      return answer ? Promise.resolve(answer) : Promise.reject(new Error("one request too many"));
    },
    rateLimiter: {
      enter(request) {
        entered.push(request);
        if (refuses?.request !== entered.length) {
          return Promise.resolve({ admitted: true, release: (answer) => void released.push(answer) });
        }
        const { waitMs } = refuses;
        return Promise.resolve({ admitted: false, ...(waitMs !== undefined && { waitMs }) });
      },
    },
    retryBudget: {
      spend: (afterTimeout) => spent.push(afterTimeout) > 0 && (given.spends ?? true),
      refund: (repeated) => void refunded.push(repeated),
    },
  };
  const operation = beginOperation(connection, timeoutMs, given.queueMs);
  return { operation, sent, slept, deadlines, entered, released, spent, refunded };
}

const answered = (status: number, body: unknown = {}, headers = {}): Exchange => ({
  ...{ kind: "reply", status, headers, body: JSON.stringify(body) },
});
const DONE = answered(200, { done: true });
const BUSY = answered(503);
const LOST: Exchange = {
  ...{ kind: "broken", sent: true, code: "timeout", detail: "no complete reply came in time", headers: {} },
};

const REVOKE: Call<string> = {
  ...{ endpoint: endpointOf(TARGET, "DELETE", "api-token"), headers: authorised(TARGET), idempotent: true },
  ...{ secrets: [], accept: ({ status }) => (status === 200 ? "done" : undefined) },
};
const MINT: Call<string> = {
  ...{ ...REVOKE, endpoint: endpointOf(TARGET, "POST", "api-token"), body: "{}", idempotent: false },
};

function failed<T>(result: Result<T>): Failed {
  if (result.ok) throw new Error("it succeeded");
  return result;
}

describe("the time of an operation", () => {
  it("starts at the first request, once, and is never less than nothing", () => {
    const { operation, deadlines } = operationWith({ timeoutMs: 1_000 });
    let nowMs = 5;
    const clock = { ...operation.clock, monotonic: () => nowMs };
    const begun = beginOperation({ ...operation, clock }, 1_000);
    nowMs = 700;
    expect([begun.hasBegun(), begun.leftMs()]).toEqual([false, 1_000]);
    const deadline = begun.begin();
    nowMs = 1_000.5;
    expect(begun.begin()).toBe(deadline);
    expect([...deadlines.values()]).toEqual([1_000]);
    expect([begun.hasBegun(), begun.leftMs()]).toEqual([true, 699]);
    nowMs = 1_701;
    expect(begun.leftMs()).toBe(0);
  });

  it("starts after at most 15 minutes with the rate limiter", () => {
    expect(operationWith().operation.queueMs).toBe(900_000);
    expect(operationWith({ queueMs: 7 }).operation.queueMs).toBe(7);
  });
});

describe("a request", () => {
  it("says what it is, what it accepts, and what it sends", async () => {
    const { operation, sent } = operationWith({ answers: [DONE, DONE] });
    await sendOnce(operation, MINT);
    await sendOnce(operation, { ...REVOKE, endpoint: { ...REVOKE.endpoint, host: "shop.example.com" } });
    const common = {
      ...{ Accept: "application/json", "Accept-Encoding": "identity", "X-Auth-Token": CREDENTIAL },
      "User-Agent": `pulumi-bigcommerce-tokens/${version}`,
    };
    expect(sent.map(({ method, url, headers, body }) => ({ method, url: url.href, headers, body }))).toEqual([
      {
        ...{ method: "POST", url: "https://api.bigcommerce.com/stores/abc123/v3/storefront/api-token" },
        ...{ headers: { ...common, "Content-Type": "application/json" }, body: "{}" },
      },
      {
        ...{ method: "DELETE", url: "https://api.bigcommerce.com/stores/abc123/v3/storefront/api-token" },
        headers: { ...common, Host: "shop.example.com" },
      },
    ]);
    expect(sent[1]).not.toHaveProperty("body");
  });

  it("takes a reply of at most 64 KiB, or of what its call allows", async () => {
    const { operation, sent } = operationWith({ answers: [DONE, DONE] });
    await sendOnce(operation, REVOKE);
    await sendOnce(operation, { ...REVOKE, maxBodyBytes: 7 });
    expect(sent.map(({ maxBodyBytes }) => maxBodyBytes)).toEqual([65_536, 7]);
  });

  it.each<[string, Partial<Call<string>>, number, number]>([
    ["that may be repeated leaves half of the time for the next attempt", {}, 1, 30_000],
    ["that is the last attempt takes all of it", {}, 6, 60_000],
    ["that is the only attempt takes all of it", { attempts: 1 }, 1, 60_000],
    ["that must not be repeated takes all of it", { idempotent: false }, 1, 60_000],
    ["takes the share that its call names", { share: 1 / 7 }, 6, 8_572],
  ])("%s", async (_, change, attempt, ms) => {
    const { operation, sent, deadlines } = operationWith({ answers: [DONE] });
    await sendOnce(operation, { ...REVOKE, ...change }, attempt);
    expect(sent[0]?.deadlines.map((signal) => deadlines.get(signal))).toEqual([60_000, ms]);
  });

  it.each([
    [60_000, 10_000],
    [9_000, 9_000],
  ])("of an operation of %i ms has a connection within %i ms", async (timeoutMs, ms) => {
    const { operation, sent, deadlines } = operationWith({ timeoutMs, answers: [DONE] });
    await sendOnce(operation, REVOKE);
    expect(deadlines.get(sent[0]!.connectBy)).toBe(ms);
  });

  it("tells the rate limiter what was answered, or that nothing was", async () => {
    const { operation, released, sent } = operationWith({ answers: [BUSY] });
    await sendOnce(operation, REVOKE);
    await expect(sendOnce(operation, REVOKE)).rejects.toThrow("one request too many");
    const onSend = () => {
      throw new Error("too late");
    };
    await expect(sendOnce(operation, { ...REVOKE, onSend })).rejects.toThrow("too late");
    expect(released).toEqual([BUSY, { headers: {} }, { headers: {} }]);
    expect(sent).toHaveLength(2);
  });

  it("waits for the rate limiter as long as its queue before the time starts, and urgently after that", async () => {
    const { operation, entered } = operationWith({ queueMs: 7, answers: [DONE, DONE], tookMs: 1_000 });
    await sendOnce(operation, REVOKE);
    await sendOnce(operation, REVOKE);
    expect(entered).toEqual([
      { maxWaitMs: 7, urgent: false },
      { maxWaitMs: 59_000, urgent: true },
    ]);
  });

  it("asks no rate limiter if the store does not count it", async () => {
    const { operation, entered, released, sent } = operationWith({ answers: [DONE] });
    await sendOnce(operation, { ...REVOKE, isUnlimited: true });
    expect([entered, released, sent.length]).toEqual([[], [], 1]);
  });

  it("that fails tells its number and its reply, and no secret", async () => {
    const secret = ["a1-b2_c3", "d4-e5_f6"].join("");
    const reply = answered(422, { title: `${secret} and ${CREDENTIAL}` });
    const { operation } = operationWith({ answers: [reply, LOST] });
    expect(await sendOnce(operation, { ...MINT, secrets: [secret] }, 3)).toEqual({
      ...{ ok: false, attempts: 3, reply },
      failure: {
        ...{ code: "rejected", outcome: "REJECTED", status: 422, what: "answered 422", title: "*** and ***" },
      },
    });
    const lost = failed(await sendOnce(operation, MINT));
    expect([lost.attempts, lost.failure.code]).toEqual([1, "timeout"]);
    expect(lost).not.toHaveProperty("reply");
  });
});

describe("a call", () => {
  it("is repeated until it succeeds, and the budget learns how it went", async () => {
    const { operation, slept, spent, refunded } = operationWith({ answers: [BUSY, LOST, DONE, DONE] });
    expect(await perform(operation, REVOKE)).toEqual({ ok: true, value: "done" });
    expect(slept).toEqual([500, 1_000]);
    expect(spent).toEqual([false, true]);
    await perform(operation, REVOKE);
    expect(refunded).toEqual([true, false]);
  });

  it.each([
    [undefined, 6],
    [2, 2],
  ])("with %j for its attempts sends %i requests", async (attempts, count) => {
    const { operation, sent } = operationWith({ answers: Array<Exchange>(7).fill(BUSY) });
    const result = failed(
      await perform(operation, { ...REVOKE, ...(attempts !== undefined && { attempts }) }),
    );
    expect([sent.length, result.attempts]).toEqual([count, count]);
    expect(result).not.toHaveProperty("stopped");
  });

  it("counts the attempts before it, and what they may have done", async () => {
    const before = failed(await sendOnce(operationWith({ answers: [LOST] }).operation, REVOKE, 4));
    const { operation, sent, refunded } = operationWith({ answers: [answered(429), answered(401)] });
    const result = failed(await perform(operation, REVOKE, before));
    expect([sent.length, result.attempts]).toEqual([2, 6]);
    expect(result.failure).toMatchObject({ code: "unauthorized", outcome: "UNKNOWN" });
    await perform(operationWith({ answers: [DONE] }).operation, REVOKE, before);
    expect(refunded).toEqual([]);
  });

  it("that succeeds at once after attempts of another call counts as not repeated", async () => {
    const before = failed(await sendOnce(operationWith({ answers: [BUSY] }).operation, REVOKE, 4));
    const { operation, refunded } = operationWith({ answers: [DONE] });
    await perform(operation, REVOKE, before);
    expect(refunded).toEqual([false]);
  });

  it("that is refused after a lost reply is still in doubt, and one that was only refused is not", async () => {
    const refused = answered(401);
    const outcome = async (...answers: Exchange[]) =>
      failed(await perform(operationWith({ answers }).operation, REVOKE)).failure.outcome;
    expect(await outcome(LOST, refused)).toBe("UNKNOWN");
    expect(await outcome(answered(429), refused)).toBe("REJECTED");
  });

  it("that the rate limiter stops between two attempts tells the failure before", async () => {
    const { operation, sent } = operationWith({
      ...{ answers: [BUSY], tookMs: 1_000, refuses: { request: 2, waitMs: 61_500 } },
    });
    const result = failed(await perform(operation, REVOKE));
    expect(result).toMatchObject({ attempts: 1, failure: { code: "server_error", outcome: "UNKNOWN" } });
    expect(result.stopped).toBe("The server asks to wait 62 s, but 58 s are left of this operation's time.");
    expect(sent).toHaveLength(1);
  });

  it("that the rate limiter stops before the first attempt was not sent", async () => {
    const stopped = async (waitMs?: number) => {
      const refuses = { request: 1, ...(waitMs !== undefined && { waitMs }) };
      return failed(await perform(operationWith({ refuses }).operation, REVOKE));
    };
    const what = "held back by the store's rate limit";
    expect(await stopped(900_001)).toEqual({
      ...{ ok: false, attempts: 0, failure: { code: "rate_limited", outcome: "NOT_SENT", what } },
      stopped: "The store asks to wait 901 s; the longest wait is 900 s.",
    });
    expect((await stopped()).stopped).toBe(
      "Too many requests to this store are waiting; the longest wait is 900 s.",
    );
  });

  it("stops if the store asks for more time than is left, and says so", async () => {
    const headers = { "x-retry-after": "70" };
    const { operation, slept } = operationWith({ answers: [answered(429, {}, headers)], tookMs: 500 });
    const { stopped } = failed(await perform(operation, MINT));
    expect(stopped).toBe("The server asks to wait 70 s, but 59 s are left of this operation's time.");
    expect(slept).toEqual([]);
  });

  it("stops if its own pause does not fit into what is left, and says so", async () => {
    const { operation } = operationWith({ answers: [BUSY], timeoutMs: 1_400, tookMs: 1_000 });
    const { stopped } = failed(await perform(operation, REVOKE));
    expect(stopped).toBe("No further attempt: 0 s are left of this operation's time.");
  });

  it("stops if its time ends during a pause", async () => {
    const { operation, sent } = operationWith({ answers: [BUSY], sleepFails: true });
    const result = failed(await perform(operation, REVOKE));
    expect(result).toMatchObject({ attempts: 1, failure: { code: "server_error" } });
    expect(result.stopped).toBe("No further attempt: 0 s are left of this operation's time.");
    expect(sent).toHaveLength(1);
  });

  it("stops if too many requests to the store failed in this run, and says so", async () => {
    const { operation, slept } = operationWith({ answers: [BUSY], spends: false });
    const result = failed(await perform(operation, REVOKE));
    expect(result.stopped).toBe("No further attempt: too many requests to this store failed in this run.");
    expect([result.attempts, slept]).toEqual([1, []]);
  });
});
