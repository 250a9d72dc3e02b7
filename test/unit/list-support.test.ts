import type { Failure } from "../../provider/bigcommerce/classify";
import { createConnections } from "../../provider/bigcommerce/connection";
import type { Target } from "../../provider/bigcommerce/endpoint";
import { createListDetector, saysNoList } from "../../provider/bigcommerce/list-support";
import type { Exchange, WireRequest } from "../../provider/bigcommerce/transport";

const FAMILY = "api-token-private";
const TARGET: Target = {
  ...{ apiUrl: "https://api.bigcommerce.com", storeHash: "abc123", accessToken: "credential" },
  credentialSource: "env BIGCOMMERCE_ACCESS_TOKEN",
};

/** A store that answers in turn, two seconds after each request; waits pass at once. */
function storeWith(...answers: readonly Exchange[]) {
  let nowMs = 7_000;
  const sent: WireRequest[] = [];
  const deadlines = new Map<AbortSignal, number>();
  const connect = createConnections({
    clock: {
      now: () => nowMs,
      monotonic: () => nowMs,
      random: () => 0.5,
      deadline(ms) {
        const { signal } = new AbortController();
        deadlines.set(signal, ms);
        return signal;
      },
      async sleep(ms, signal) {
        // A change of mind in the same moment comes first.
        await new Promise(setImmediate);
        signal.throwIfAborted();
        nowMs += ms;
      },
    },
    exchange(request) {
      sent.push(request);
      nowMs += 2_000;
      const answer = answers[sent.length - 1];
      return answer ? Promise.resolve(answer) : Promise.reject(new Error("one request too many"));
    },
  });
  const detector = createListDetector();
  const detect = (change: Partial<Target> = {}, family = FAMILY) =>
    detector(connect({ ...TARGET, ...change }), family, 60_000);
  return { detect, connect, sent, deadlines };
}

const answered = (status: number, body: unknown = {}, headers = {}): Exchange => ({
  ...{ kind: "reply", status, headers, body: JSON.stringify(body) },
});
const LISTED = answered(200, { data: [{ jti: "a", is_revoked: false, is_expired: false }] });
const TOKENS = [{ jti: "a", channelIds: [], isRevoked: false, isExpired: false }];
const later = (seconds: number) => answered(429, {}, { "x-retry-after": String(seconds) });

describe("whether a store lists its tokens", () => {
  it("is asked with its first page", async () => {
    const { detect, sent } = storeWith(LISTED);
    expect(await detect()).toEqual({ tokens: TOKENS, spentMs: 2_000, queuedMs: 0 });
    expect(sent.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      `GET /stores/abc123/v3/storefront/${FAMILY}`,
    ]);
    expect(sent[0]?.url.searchParams.has("page")).toBe(false);
  });

  it("is asked once for each store, host and family, whatever the credential", async () => {
    const { detect, sent } = storeWith(...Array<Exchange>(4).fill(LISTED));
    await Promise.all([detect(), detect({ accessToken: "another", credentialSource: "elsewhere" })]);
    // Later callers wait for nothing.
    expect(await detect()).toEqual({ tokens: TOKENS, spentMs: 0, queuedMs: 0 });
    expect(sent).toHaveLength(1);
    await detect({ storeHash: "def456" });
    await detect({ apiUrl: "https://api.example.com" });
    await detect({}, "api-token");
    expect(sent).toHaveLength(4);
  });

  it("takes at most half of the mint's time, and a lost reply half of that", async () => {
    const { detect, sent, deadlines } = storeWith(LISTED);
    await detect();
    expect(sent[0]?.deadlines.map((signal) => deadlines.get(signal))).toEqual([30_000, 15_000]);
  });

  it.each([404, 422, 401, 403])("is not asked again after %i", async (status) => {
    const { detect, sent } = storeWith(answered(status));
    expect(await detect()).toEqual({ spentMs: 2_000, queuedMs: 0 });
    expect(await detect()).toEqual({ spentMs: 0, queuedMs: 0 });
    expect(sent).toHaveLength(1);
  });

  it("is asked three times if the store fails, once more by the next token, and then no more", async () => {
    const { detect, sent } = storeWith(...Array<Exchange>(9).fill(answered(500)));
    await detect();
    expect(sent).toHaveLength(3);
    await detect();
    expect(sent).toHaveLength(6);
    await detect();
    expect(sent).toHaveLength(6);
  });

  it("is asked again if the first question could not be sent", async () => {
    const { detect } = storeWith();
    const answers = await Promise.allSettled([detect(), detect()]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(detect()).rejects.toThrow("one request too many");
  });
});

describe("a store that asks to wait", () => {
  it("is asked once more after the pause, which takes nothing of the mint's time", async () => {
    const { detect, sent } = storeWith(later(60), LISTED);
    expect(await detect()).toEqual({ tokens: TOKENS, spentMs: 4_000, queuedMs: 60_000 });
    expect(sent).toHaveLength(2);
  });

  it("is asked no third time", async () => {
    const { detect, sent } = storeWith(later(60), later(60), LISTED);
    expect(await detect()).toEqual({ spentMs: 4_000, queuedMs: 60_000 });
    expect(sent).toHaveLength(2);
  });

  it("leaves the second question what the first one left of the time", async () => {
    const { detect, sent, deadlines } = storeWith(later(60), LISTED);
    await detect();
    expect(sent[1]?.deadlines.map((signal) => deadlines.get(signal))).toEqual([28_000, 14_000]);
  });

  it.each([
    [400, 2],
    [401, 1],
  ])(
    "after a pause of 500 s is waited for another %i s only within 15 minutes: %i requests",
    async (seconds, requests) => {
      const { detect, connect, sent } = storeWith(later(seconds), LISTED);
      const admission = await connect(TARGET).rateLimiter.enter({ maxWaitMs: 0, urgent: false });
      if (admission.admitted) admission.release({ status: 429, headers: { "x-retry-after": "500" } });
      const { tokens, queuedMs } = await detect();
      expect([sent.length, tokens !== undefined, queuedMs]).toEqual([
        requests,
        requests === 2,
        requests === 2 ? 900_000 : 500_000,
      ]);
    },
  );
});

it.each([
  [undefined, false],
  [299, false],
  [300, true],
  [400, true],
  [401, false],
  [403, false],
  [404, true],
  [408, false],
  [422, true],
  [429, false],
  [498, true],
  [499, false],
  [500, false],
  [501, true],
  [502, false],
])("an answer of %j says that there is no list: %j", (status, expected) => {
  const failure: Failure = { code: "rejected", outcome: "REJECTED", what: "answered" };
  expect(saysNoList(status === undefined ? failure : { ...failure, status })).toBe(expected);
});
