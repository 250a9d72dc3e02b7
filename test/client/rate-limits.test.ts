import { clientWith, failed, fastClock, MINT, REVOKE, targetAt, TOKEN } from "./fixtures";
import { closeServers, minted, problem, reply, serve } from "./servers";

afterEach(closeServers);

const GOOD = minted(TOKEN);
const mintAt = (url: string, clock = fastClock()) => clientWith(clock).mint(targetAt(url), MINT);

describe("pacing", () => {
  const slow = (headers: Record<string, string>) => reply(429, "", headers);

  it.each<[string, Record<string, string>, number]>([
    ["L1", { "X-Rate-Limit-Time-Reset-Ms": "1500" }, 1_500],
    ["L2", { "X-Retry-After": "2" }, 2_000],
    ["L3,L9", { "x-retry-after": "2", "X-RATE-LIMIT-TIME-RESET-MS": "2500" }, 2_500],
    ["L4", { "Retry-After": "3" }, 3_000],
  ])("[%s] after a 429 with %j a mint waits %i ms and succeeds", async (_row, headers, ms) => {
    const clock = fastClock({ random: 0 });
    const server = await serve(slow(headers), GOOD);
    await expect(mintAt(server.url, clock)).resolves.toEqual({ token: TOKEN });
    expect(clock.slept).toEqual([ms]);
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, Record<string, string>]>([
    ["L5", {}],
    ["L8", { "X-Rate-Limit-Time-Reset-Ms": "0" }],
    ["L6", { "X-Retry-After": "soon" }],
  ])("[%s] after a 429 with %j the store is left alone for a second", async (_row, headers) => {
    const clock = fastClock({ random: 0 });
    const server = await serve(slow(headers), GOOD);
    await mintAt(server.url, clock);
    expect(clock.slept.reduce((sum, ms) => sum + ms)).toBeGreaterThan(900);
    expect(server.requests).toHaveLength(2);
  });

  it("[L6] reads the first of two headers of one name", async () => {
    const clock = fastClock({ random: 0 });
    const server = await serve("HTTP/1.1 429 Slow\r\nX-Retry-After: 15\r\nX-Retry-After: 15\r\n\r\n", GOOD);
    await mintAt(server.url, clock);
    expect(clock.slept).toEqual([15_000]);
  });

  it("[L10] gives up after six requests", async () => {
    const server = await serve(problem(429, "slow down"));
    const error = await failed(mintAt(server.url));
    expect(error).toMatchObject({
      code: "rate_limited",
      failure: { outcome: "REJECTED", title: "slow down" },
    });
    expect(error.message).toContain("6 attempts");
    expect(server.requests).toHaveLength(6);
  });

  it("says when a request is sent, and not when it was asked for", async () => {
    const clock = fastClock();
    const client = clientWith(clock);
    const server = await serve(
      minted(TOKEN, { "X-Rate-Limit-Requests-Left": "0", "X-Rate-Limit-Time-Reset-Ms": "70000" }),
    );
    const sent: number[] = [];
    const onSend = () => sent.push(clock.now());
    const mint = () => client.mint(targetAt(server.url), MINT, { spentMs: 0, queuedMs: 0, onSend });
    await mint();
    await mint();
    expect(sent[1]! - sent[0]!).toBeGreaterThanOrEqual(69_000);
  });

  it("sends nothing where it comes out at that moment that it must not be sent", async () => {
    const server = await serve(GOOD);
    const onSend = () => {
      throw new Error("too late");
    };
    const mint = clientWith().mint(targetAt(server.url), MINT, { spentMs: 0, queuedMs: 0, onSend });
    await expect(mint).rejects.toThrow("too late");
    expect(server.requests).toEqual([]);
  });

  it("[L7] takes the time in the gate before from the 15 minutes", async () => {
    const clock = fastClock();
    const client = clientWith(clock);
    const server = await serve(
      minted(TOKEN, { "X-Rate-Limit-Requests-Left": "0", "X-Rate-Limit-Time-Reset-Ms": "60000" }),
    );
    const mint = (queuedMs: number) => client.mint(targetAt(server.url), MINT, { spentMs: 0, queuedMs });
    await mint(0);
    const error = await failed(mint(850_000));
    expect(error).toMatchObject({ code: "rate_limited", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toContain("The store asks to wait 60 s; the longest wait is 900 s.");
  });

  it("does not hold back a look into GraphQL, which the quota does not count", async () => {
    const clock = fastClock();
    const headers = { "X-Rate-Limit-Requests-Left": "0", "X-Rate-Limit-Time-Reset-Ms": "30000" };
    const server = await serve(reply(422, { status: 422, title: "The supplied JWT is invalid." }, headers));
    const error = await failed(clientWith(clock).revoke([targetAt(server.url)], REVOKE));
    expect(error.code).toBe("jwt_invalid");
    expect(clock.slept).toEqual([]);
    expect(server.connections()).toBe(2);
  });

  it("[L7] fails at once between two requests of one operation as well", async () => {
    const clock = fastClock();
    const headers = { "X-Rate-Limit-Requests-Left": "0", "X-Rate-Limit-Time-Reset-Ms": "90000" };
    const server = await serve(reply(404, "", headers));
    const revoke = clientWith(clock).revoke([targetAt(server.url)], { ...REVOKE, jti: "a-jti" });
    const error = await failed(revoke);
    expect(error).toMatchObject({ code: "rate_limited", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toMatch(/The server asks to wait \d\d s, but 59 s are left/);
    expect(clock.slept).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["61", "The server asks to wait 61 s, but 59 s are left"],
    ["99999999999", "The server asks to wait 999999999 s, but 59 s are left"],
  ])("[L7] fails at once when asked to wait %s s", async (seconds, text) => {
    const clock = fastClock();
    const server = await serve(slow({ "X-Retry-After": seconds }));
    const error = await failed(mintAt(server.url, clock));
    expect(error.code).toBe("rate_limited");
    expect(error.message).toContain(text);
    expect(clock.slept).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, number]>([
    ["without a number of requests left", {}, 7_000],
    ["with none left", { "X-Rate-Limit-Requests-Left": "0" }, 7_000],
    ["with some left, where the quota is not the reason", { "X-Rate-Limit-Requests-Left": "9" }, 200],
  ])("[L11] holds for a 500 on a revoke %s", async (_, headers, ms) => {
    const clock = fastClock({ random: 0 });
    const server = await serve(
      reply(500, "", { "X-Rate-Limit-Time-Reset-Ms": "7000", ...headers }),
      reply(200),
    );
    await clientWith(clock).revoke([targetAt(server.url)], REVOKE);
    expect(clock.slept).toEqual([ms]);
  });
});
