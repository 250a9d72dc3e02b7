// Loaded before the clock runs, which is the time of a request and not of loading.
import "axios";
import { ACCEPTED, clientWith, failed, fastClock, MINT, REVOKE, targetAt, TOKEN } from "./fixtures";
import { expectClosed, closeServers, hang, minted, problem, reply, serve, type Step } from "./servers";

afterEach(closeServers);

const GOOD = minted(TOKEN);
const BODY = JSON.stringify({ data: { token: TOKEN }, meta: {} });
/** Two steps of a clock that hurries. */
const GRACE_MS = 400;
const mintAt = (url: string, clock = fastClock()) => clientWith(clock).mint(targetAt(url), MINT);

describe("the deadline", () => {
  const clock = () => fastClock({ hurry: 100 });
  const drip =
    (text: string, atOnce = ""): Step =>
    (socket) => {
      const bytes = Array.from(text);
      socket.write(atOnce);
      const timer = setInterval(() => socket.write(bytes.shift() ?? " "), 10);
      socket.on("close", () => {
        clearInterval(timer);
      });
    };

  it.each<[string, Step]>([
    ["[N5] no answer", hang],
    ["[N8] a head that drips", drip(GOOD)],
    ["[N9] a body that drips", drip(BODY, "HTTP/1.1 200 OK\r\n\r\n")],
  ])("ends a mint that gets %s, as unknown", async (_, answer) => {
    const server = await serve(answer);
    const hurried = clock();
    const error = await failed(mintAt(server.url, hurried));
    expect(hurried.monotonic()).toBeLessThan(60_000 + GRACE_MS);
    expect(error).toMatchObject({ code: "timeout", failure: { outcome: "UNKNOWN" } });
    expect(error.message).toContain("may exist");
    expect(server.requests).toHaveLength(1);
    await expectClosed(server);
  });

  it("[R7] leaves a revoke time for another attempt after a lost reply", async () => {
    const server = await serve(hang, reply(200));
    await expect(clientWith(clock()).revoke([targetAt(server.url)], REVOKE)).resolves.toEqual(ACCEPTED);
    expect(server.requests).toHaveLength(2);
  });

  it("[R7] holds over all attempts of a revoke", async () => {
    const server = await serve(hang);
    const hurried = fastClock({ hurry: 2 });
    const error = await failed(clientWith(hurried, 1_000).revoke([targetAt(server.url)], REVOKE));
    expect(hurried.monotonic()).toBeLessThan(1_000 + GRACE_MS);
    expect(error).toMatchObject({ code: "timeout", failure: { outcome: "UNKNOWN" } });
    expect(error.message).toMatch(/No further attempt: 0 s are left/);
  });

  it("[L10] ends a wait between two attempts, and reports what was answered", async () => {
    const waiting = {
      ...fastClock(),
      sleep: (_: number, signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(signal.reason as Error);
          });
        }),
    };
    const server = await serve(problem(429, "slow"));
    // The test's own timer holds the process, as AbortSignal.timeout does not.
    const hold = setInterval(() => undefined, 1_000);
    const error = await failed(clientWith(waiting, 1_500).mint(targetAt(server.url), MINT));
    clearInterval(hold);
    expect(error).toMatchObject({ code: "rate_limited", failure: { outcome: "REJECTED" } });
    expect(server.requests).toHaveLength(1);
  });
});
