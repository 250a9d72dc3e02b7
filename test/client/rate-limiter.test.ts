import * as fc from "fast-check";

import {
  createRateLimiter,
  type RateLimiter,
  MAX_RATE_LIMIT_WAIT_MS,
} from "../../provider/bigcommerce/rate-limiter";
import { type VirtualClock, virtualClock } from "./virtual-clock";

const PATIENT = { maxWaitMs: MAX_RATE_LIMIT_WAIT_MS, urgent: false };

interface Shop {
  readonly requests: number;
  readonly windowMs: number;
  /** How long a request and its reply travel, one way each, milliseconds. */
  readonly latencyMs: (index: number) => number;
}

/** A store's quota as BigCommerce counts it: a window that the first request after the last one opens. */
function simulate(clock: VirtualClock, gate: RateLimiter, { requests, windowMs, latencyMs }: Shop) {
  const seen = { refused: 0, answered: 0, endedAt: 0, mostAtOnce: 0 };
  let opened = -Infinity;
  let used = 0;
  let inFlight = 0;

  const count = (): Readonly<Record<string, string>> & { readonly status: string } => {
    if (clock.now() - opened >= windowMs) {
      opened = clock.now();
      used = 0;
    }
    used += 1;
    if (used > requests) seen.refused += 1;
    return {
      status: used > requests ? "429" : "200",
      "x-rate-limit-requests-left": String(Math.max(0, requests - used)),
      "x-rate-limit-requests-quota": String(requests),
      "x-rate-limit-time-reset-ms": String(Math.ceil(opened + windowMs - clock.now())),
      "x-rate-limit-time-window-ms": String(windowMs),
    };
  };

  const send = async (index: number): Promise<void> => {
    const pass = await gate.enter(PATIENT);
    if (!pass.admitted) throw new Error(`refused: ${pass.waitMs ?? "the queue"}`);
    inFlight += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, inFlight);
    const ms = latencyMs(index);
    await new Promise<void>((resolve) => {
      clock.after(ms, resolve);
    });
    const { status, ...headers } = count();
    await new Promise<void>((resolve) => {
      clock.after(ms, resolve);
    });
    inFlight -= 1;
    seen.answered += 1;
    seen.endedAt = clock.now();
    pass.release({ status: Number(status), headers });
  };
  return { send, seen };
}

/** So long do so many requests take at least: every window but the last one in full. */
const ownTime = (count: number, { requests, windowMs }: Pick<Shop, "requests" | "windowMs">) =>
  (Math.ceil(count / requests) - 1) * windowMs;

describe("a store's quota", () => {
  it("[L12] of 150 lets 200 requests pass in its own time and 15 % at the most, none of them refused", async () => {
    const shop = { requests: 150, windowMs: 30_000, latencyMs: () => 60 };
    const clock = virtualClock();
    const { send, seen } = simulate(clock, createRateLimiter(clock), shop);
    const all = Promise.all(Array.from({ length: 200 }, (_, index) => send(index)));
    await clock.run();
    await all;
    expect(seen).toMatchObject({ refused: 0, answered: 200 });
    expect(seen.endedAt).toBeLessThanOrEqual(ownTime(200, shop) * 1.15);
    expect(seen.mostAtOnce).toBeGreaterThan(50);
  });

  it("[L12] is never overstepped, whatever the quota, the window and the delays", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          requests: fc.integer({ min: 1, max: 40 }),
          windowMs: fc.integer({ min: 1_000, max: 10_000 }),
          delays: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 50 }),
          count: fc.integer({ min: 1, max: 80 }),
        }),
        async ({ requests, windowMs, delays, count }) => {
          const latencyMs = (index: number) => delays[index % delays.length] ?? 1;
          const shop = { requests, windowMs, latencyMs };
          const clock = virtualClock();
          const { send, seen } = simulate(clock, createRateLimiter(clock), shop);
          const all = Promise.all(Array.from({ length: count }, (_, index) => send(index)));
          await clock.run();
          await all;
          expect(seen).toMatchObject({ refused: 0, answered: count });
          // The first reply of each window, and the last requests of it, go one after the other at the worst.
          const travel = 2 * Math.max(...delays);
          const windows = Math.ceil(count / requests);
          expect(seen.endedAt).toBeLessThanOrEqual(ownTime(count, shop) + (windows + 60) * travel);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("[L12] serves first who came first", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    const { send } = simulate(clock, gate, { requests: 2, windowMs: 1_000, latencyMs: () => 1 });
    const order: number[] = [];
    const all = Promise.all([0, 1, 2, 3, 4, 5].map((index) => send(index).then(() => order.push(index))));
    await clock.run();
    await all;
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

/** A quota that no test here uses up. */
const AMPLE = {
  "x-rate-limit-requests-left": "500",
  "x-rate-limit-requests-quota": "500",
  "x-rate-limit-time-reset-ms": "60000",
  "x-rate-limit-time-window-ms": "60000",
};

const reply = (status: number, headers: Readonly<Record<string, string>> = {}) => ({ status, headers });

/** Sends one request whose answer is known; returns the moment at which the next one may pass, or its refusal. */
async function after(answer: ReturnType<typeof reply>, maxWaitMs = MAX_RATE_LIMIT_WAIT_MS) {
  const clock = virtualClock();
  const gate = createRateLimiter(clock);
  const first = await gate.enter(PATIENT);
  if (!first.admitted) throw new Error("the first request was not let pass");
  first.release(answer);
  let passed: number | string | undefined;
  void gate.enter({ ...PATIENT, maxWaitMs }).then((pass) => {
    passed = pass.admitted ? clock.monotonic() : `refused: ${pass.waitMs ?? "the queue"}`;
  });
  await clock.run();
  return passed;
}

describe("the request after a reply", () => {
  it.each<[row: string, ReturnType<typeof reply>, number]>([
    ["L14", reply(200, { "x-rate-limit-requests-left": "0", "x-rate-limit-time-reset-ms": "7000" }), 7_000],
    ["L14", reply(200, { "x-rate-limit-requests-left": "0" }), 1_000],
    ["L14", reply(200, { "x-rate-limit-requests-left": "1", "x-rate-limit-time-reset-ms": "7000" }), 0],
    ["L6", reply(200, { "x-rate-limit-requests-left": "-1", "x-rate-limit-time-reset-ms": "7000" }), 0],
    ["L6", reply(200, { "x-rate-limit-requests-left": "NaN" }), 0],
    [
      "L6",
      reply(200, {
        "x-rate-limit-requests-left": "0",
        "x-rate-limit-time-reset-ms": "99999999999",
        "x-rate-limit-time-window-ms": "30000",
      }),
      30_000,
    ],
    ["L1", reply(429, { "x-rate-limit-time-reset-ms": "1500" }), 1_500],
    ["L3", reply(429, { "x-rate-limit-time-reset-ms": "1500", "x-retry-after": "2" }), 2_000],
    ["L6", reply(429, { "x-retry-after": "15, 15" }), 15_000],
    ["L8", reply(429, { "x-retry-after": "0" }), 1_000],
    ["L5", reply(429), 1_000],
    ["L11", reply(500, { "x-rate-limit-requests-left": "0", "x-rate-limit-time-reset-ms": "900" }), 900],
    ["L14", reply(200), 0],
  ])("[%s] %j waits %i ms", async (_, answer, ms) => {
    expect(await after(answer)).toBe(ms);
  });

  it("[L7] is refused at once where the store asks for more than 15 minutes", async () => {
    expect(await after(reply(429, { "x-retry-after": "901" }))).toBe("refused: 901000");
    expect(await after(reply(429, { "x-retry-after": "900" }))).toBe(900_000);
    expect(await after(reply(429, { "x-retry-after": "99999999999" }))).toBe("refused: 999999999000");
  });

  it("[L7] is refused at once where the operation has less time left than that", async () => {
    expect(await after(reply(429, { "x-retry-after": "20" }), 19_999)).toBe("refused: 20000");
  });
});

describe("many requests at once", () => {
  it("[L13] all pause after one 429, and then one goes ahead alone", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    const sent: number[] = [];
    const send = async (index: number): Promise<void> => {
      const pass = await gate.enter(PATIENT);
      if (!pass.admitted) throw new Error("not let pass");
      sent.push(clock.monotonic());
      await new Promise<void>((resolve) => {
        clock.after(10, resolve);
      });
      pass.release(index === 2 ? reply(429, { "x-retry-after": "5" }) : reply(200, AMPLE));
    };
    const all = Promise.all([0, 1, 2].map(send)).then(() => Promise.all([3, 4, 5, 6].map(send)));
    await clock.run();
    await all;
    // The first alone, the next two together; then the pause, one alone, and the rest.
    expect(sent).toEqual([0, 10, 10, 5_020, 5_030, 5_030, 5_030]);
  });

  it("[L13] wait for the longest of several pauses", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    const passes = [await gate.enter(PATIENT)];
    for (const pass of passes) if (pass.admitted) pass.release(reply(200, AMPLE));
    const two = await Promise.all([gate.enter(PATIENT), gate.enter(PATIENT)]);
    for (const [index, pass] of two.entries()) {
      if (pass.admitted) pass.release(reply(429, { "x-retry-after": index === 0 ? "10" : "1" }));
    }
    let passed: number | undefined;
    void gate.enter(PATIENT).then(() => {
      passed = clock.monotonic();
    });
    await clock.run();
    expect(passed).toBe(10_000);
  });

  it("are held up no longer than a second by a first one that is not answered", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    await gate.enter(PATIENT);
    const passed: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      void gate.enter(PATIENT).then(() => passed.push(clock.monotonic()));
    }
    await clock.run();
    expect(passed[0]).toBe(1_000);
    expect(passed).toHaveLength(3);
  });

  it("wait no longer than 15 minutes in the gate", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    const { send } = simulate(clock, gate, { requests: 1, windowMs: 60_000, latencyMs: () => 1 });
    const ended: string[] = [];
    const all = Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        send(index).then(
          () => ended.push("passed"),
          () => ended.push("refused"),
        ),
      ),
    );
    await clock.run();
    await all;
    expect(ended.filter((end) => end === "passed").length).toBeGreaterThanOrEqual(15);
    expect(ended).toContain("refused");
    expect(clock.now()).toBeLessThanOrEqual(MAX_RATE_LIMIT_WAIT_MS + 61_000);
  });
});

describe("who goes first, and how far the quota is known", () => {
  const URGENT = { maxWaitMs: 60_000, urgent: true };
  const admitted = async (gate: RateLimiter, visitor = PATIENT) => {
    const pass = await gate.enter(visitor);
    if (!pass.admitted) throw new Error("not let pass");
    return pass;
  };
  /** Sends them all at once, each answered after 10 ms; returns when each was sent. */
  async function sendAll(answers: readonly ReturnType<typeof reply>[]): Promise<number[]> {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    const sent: number[] = [];
    const send = async (answer: ReturnType<typeof reply>): Promise<void> => {
      const pass = await admitted(gate);
      sent.push(clock.monotonic());
      await new Promise<void>((resolve) => {
        clock.after(10, resolve);
      });
      pass.release(answer);
    };
    const all = Promise.all(answers.map(send));
    await clock.run();
    await all;
    return sent;
  }

  it("[L12] a request of an operation that has begun goes before all that have not", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    (await admitted(gate)).release(reply(200, { ...AMPLE, "x-rate-limit-requests-left": "0" }));
    const order: string[] = [];
    for (const name of ["first", "second"]) void admitted(gate).then(() => order.push(name));
    void admitted(gate, URGENT).then(() => order.push("begun"));
    await clock.run();
    expect(order).toEqual(["begun", "first", "second"]);
  });

  it.each([reply(500), reply(404), reply(200), { headers: {} }])(
    "[L12] a first answer without a word on the quota (%j) lets one more go alone",
    async (silent) => {
      const answers = [
        silent as ReturnType<typeof reply>,
        ...Array<ReturnType<typeof reply>>(4).fill(reply(200, AMPLE)),
      ];
      expect(await sendAll(answers)).toEqual([0, 10, 20, 20, 20]);
    },
  );

  it("a store that never speaks of a quota is taken to have none after three answers", async () => {
    expect(await sendAll(Array<ReturnType<typeof reply>>(6).fill(reply(200)))).toEqual([
      0, 10, 20, 30, 30, 30,
    ]);
  });

  it("a quota of 0 is none", async () => {
    const none = { "x-rate-limit-requests-quota": "0", "x-rate-limit-requests-left": "0" };
    expect(await sendAll(Array<ReturnType<typeof reply>>(5).fill(reply(200, none)))).toEqual([
      0, 10, 20, 30, 30,
    ]);
  });

  it("[L13] an answer from before a 429 does not end the caution after it", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    (await admitted(gate)).release(reply(200, AMPLE));
    const [one, two] = [await admitted(gate), await admitted(gate)];
    one.release(reply(429, { "x-retry-after": "1" }));
    two.release(reply(200, AMPLE));
    const sent: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      void admitted(gate).then((pass) => {
        sent.push(clock.monotonic());
        clock.after(10, () => {
          pass.release(reply(200, AMPLE));
        });
      });
    }
    await clock.run();
    expect(sent).toEqual([1_000, 1_010, 1_010]);
  });

  it("nobody is refused for what the next answer may change", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    const probe = await admitted(gate);
    clock.after(50, () => {
      probe.release(reply(200, AMPLE));
    });
    let passed: number | undefined;
    void admitted(gate, { maxWaitMs: 800, urgent: true }).then(() => {
      passed = clock.monotonic();
    });
    await clock.run();
    expect(passed).toBe(50);
  });

  it("who waited in vain behind others is told of the queue, and not of the store", async () => {
    const clock = virtualClock();
    const gate = createRateLimiter(clock);
    (await admitted(gate)).release(
      reply(200, { ...AMPLE, "x-rate-limit-requests-quota": "1", "x-rate-limit-requests-left": "0" }),
    );
    const pass = async () => {
      const given = await gate.enter({ maxWaitMs: 200_000, urgent: true });
      if (given.admitted) given.release(reply(200, { ...AMPLE, "x-rate-limit-requests-left": "0" }));
    };
    const queue = Promise.all([pass(), pass(), pass(), pass()]);
    const late = gate.enter({ maxWaitMs: 100_000, urgent: false });
    await clock.run();
    await queue;
    expect(await late).toEqual({ admitted: false });
  });
});
