import { clientWith, failed, fastClock, MINT, NOW_MS, REVOKE, targetAt, TOKEN } from "./fixtures";
import { closeServers, hang, minted, problem, reply, serve } from "./servers";

afterEach(closeServers);

const HOUR_MS = 3_600_000;

/** During each wait the wall clock jumps by so much, and the monotonic one by so much more than the wait. */
function jumpingClock({ wallMs = 0, monotonicMs = 0 }) {
  const fast = fastClock();
  let waits = 0;
  return {
    ...fast,
    now: () => NOW_MS + waits * wallMs,
    monotonic: () => fast.monotonic() + waits * monotonicMs,
    sleep: (ms: number, signal: AbortSignal) => {
      waits += 1;
      return fast.sleep(ms, signal);
    },
  };
}

describe("[C2] the wall clock jumps during a wait", () => {
  it.each([
    ["back", -HOUR_MS],
    ["back before 1970", -2 * NOW_MS],
    ["ahead", HOUR_MS],
  ])("%s: the waits are what they were, and the attempts as many", async (_, wallMs) => {
    const clock = jumpingClock({ wallMs });
    const server = await serve(problem(503, "busy"));
    await failed(clientWith(clock).revoke([targetAt(server.url)], REVOKE));
    expect(clock.slept).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
    expect(server.requests).toHaveLength(6);
  });

  it.each([
    ["back", -HOUR_MS],
    ["ahead", HOUR_MS],
  ])("%s: the deadline is where it was", async (_, wallMs) => {
    const clock = jumpingClock({ wallMs });
    const server = await serve(problem(503, "busy"));
    // 0.5 s and 1 s are waited; the 2 s after that do not fit any more.
    const error = await failed(clientWith(clock, 3_400).revoke([targetAt(server.url)], REVOKE));
    expect(clock.slept).toEqual([500, 1_000]);
    expect(error.message).toContain("No further attempt: 1 s are left");
  });

  it("back: a 429 is waited out and not longer", async () => {
    const clock = jumpingClock({ wallMs: -HOUR_MS });
    const server = await serve(reply(429, "", { "X-Retry-After": "2" }), minted(TOKEN));
    await clientWith(clock).mint(targetAt(server.url), MINT);
    expect(clock.slept.reduce((sum, ms) => sum + ms)).toBeLessThanOrEqual(3_000);
    expect(server.requests).toHaveLength(2);
  });
});

describe("[C7] the machine sleeps for eight hours", () => {
  it("during a wait: the operation ends when it wakes, with what was answered last", async () => {
    const clock = jumpingClock({ monotonicMs: 8 * HOUR_MS });
    const server = await serve(problem(503, "busy"), hang);
    const error = await failed(clientWith(clock).revoke([targetAt(server.url)], REVOKE));
    expect(server.requests).toHaveLength(1);
    expect(error.failure.outcome).toBe("UNKNOWN");
    expect(error.message).toContain("No further attempt: 0 s are left");
    expect(clock.slept).toHaveLength(1);
  });

  it("during a request: the deadline's timer ends it when it wakes", async () => {
    const woken = new AbortController();
    const clock = { ...fastClock(), deadline: () => woken.signal };
    const server = await serve(() => {
      setImmediate(() => {
        woken.abort();
      });
    });
    const error = await failed(clientWith(clock).mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "timeout", failure: { outcome: "UNKNOWN" } });
    expect(server.requests).toHaveLength(1);
  });
});
