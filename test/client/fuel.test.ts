import { createFuel } from "../../provider/bigcommerce/fuel";
import { clientWith, failed, fastClock, REVOKE, targetAt } from "./fixtures";
import { closeServers, reply, serve } from "./servers";

afterEach(closeServers);

describe("the fuel for repetitions", () => {
  const spend = (afterTimeout: boolean) => {
    const fuel = createFuel();
    let count = 0;
    while (fuel.spend(afterTimeout)) count += 1;
    return count;
  };

  it("[L15] lasts for a hundred of them, or for fifty after timeouts", () => {
    expect(spend(false)).toBe(100);
    expect(spend(true)).toBe(50);
  });

  it("[L15] comes back with successes, and never above its measure", () => {
    const fuel = createFuel();
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

  it("[L15] runs out in an outage: later revocations fail after one request each", async () => {
    const server = await serve(reply(503));
    const client = clientWith(fastClock());
    const revoke = () => failed(client.revoke(targetAt(server.url), REVOKE));
    for (let count = 0; count < 20; count += 1) await revoke();
    expect(server.requests).toHaveLength(20 * 6);
    const error = await revoke();
    expect(error.message).toContain(
      "No further attempt: too many requests to this store failed in this run.",
    );
    expect(server.requests).toHaveLength(20 * 6 + 1);
  });
});
