import { createRetryBudget } from "../../provider/bigcommerce/retry-budget";
import { clientWith, failed, fastClock, REVOKE, targetAt } from "./fixtures";
import { closeServers, reply, serve, type TestServer } from "./servers";

afterEach(closeServers);

describe("the fuel for repetitions", () => {
  const spend = (afterTimeout: boolean) => {
    const fuel = createRetryBudget();
    let count = 0;
    while (fuel.spend(afterTimeout)) count += 1;
    return count;
  };

  it("[L15] lasts for a hundred of them, or for fifty after timeouts", () => {
    expect(spend(false)).toBe(100);
    expect(spend(true)).toBe(50);
  });

  it("[L15] comes back with successes, and never above its measure", () => {
    const fuel = createRetryBudget();
    while (fuel.spend(false));
    fuel.refund(true);
    expect(fuel.spend(false)).toBe(true);
    for (let count = 0; count < 4; count += 1) fuel.refund(false);
    expect(fuel.spend(false)).toBe(false);
    for (let count = 0; count < 10_000; count += 1) fuel.refund(true);
    let left = 0;
    while (fuel.spend(false)) left += 1;
    expect(left).toBe(100);
  });

  const revokeOf = (server: TestServer) => {
    const client = clientWith(fastClock());
    return () => client.revoke([targetAt(server.url)], REVOKE);
  };

  it.each([
    [503, 20],
    [408, 10],
  ])(
    "[L15] runs out in an outage: after %i, revocations from the %ith on fail after one request",
    async (status, count) => {
      const server = await serve(reply(status));
      const revoke = revokeOf(server);
      for (let times = 0; times < count; times += 1) await failed(revoke());
      expect(server.requests).toHaveLength(count * 6);
      const error = await failed(revoke());
      expect(error.message).toContain(
        "No further attempt: too many requests to this store failed in this run.",
      );
      expect(server.requests).toHaveLength(count * 6 + 1);
    },
  );

  it("[L15] is not used up by repetitions that succeed", async () => {
    const refused = Array<string>(19 * 6 + 1).fill(reply(503));
    const server = await serve(...refused, reply(200), reply(503));
    const revoke = revokeOf(server);
    for (let times = 0; times < 19; times += 1) await failed(revoke());
    await revoke();
    await failed(revoke());
    expect(server.requests).toHaveLength(19 * 6 + 2 + 6);
  });
});
