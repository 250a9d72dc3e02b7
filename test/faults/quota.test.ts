import { type Emulator, startEmulator } from "../../emulator";
import { systemClock } from "../../provider/system-clock";
import { clientWith, EXPIRES_AT, MINT, targetAt } from "../client/fixtures";

describe("mints against a quota", () => {
  let emulator: Emulator;
  afterEach(() => emulator.close());

  const mintMany = async (count: number, requests: number, windowMs: number) => {
    const account = {
      clientId: "client",
      accessToken: "a-credential",
      scopes: ["store_storefront_api"] as const,
    };
    emulator = await startEmulator({
      generation: 2,
      stores: [{ hash: "abc123", accounts: [account] }],
      quota: { requests, windowMs },
    });
    const client = clientWith(systemClock);
    const target = targetAt(emulator.url, { accessToken: "a-credential" });
    const body = { ...MINT.body, expires_at: Date.parse(EXPIRES_AT) / 1_000 };
    const started = performance.now();
    await Promise.all(Array.from({ length: count }, () => client.mint(target, { ...MINT, body })));
    return performance.now() - started;
  };
  const refusals = () => emulator.requests.filter(({ status }) => status === 429).length;

  it("[L12] two hundred against 150 a window: no refusal, in the quota's own time and 15 %", async () => {
    const windowMs = 10_000;
    const tookMs = await mintMany(200, 150, windowMs);
    expect(emulator.issued).toHaveLength(200);
    expect(refusals()).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(windowMs);
    expect(tookMs).toBeLessThanOrEqual(windowMs * 1.15);
  });

  it("[L12] thirty against 5 a second: no refusal, one token each", async () => {
    const tookMs = await mintMany(30, 5, 1_000);
    expect(emulator.issued).toHaveLength(30);
    expect(refusals()).toBe(0);
    expect(tookMs).toBeLessThanOrEqual(5_000 * 1.25);
  });
});
