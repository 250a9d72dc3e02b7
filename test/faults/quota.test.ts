import { type Emulator, startEmulator } from "../../emulator";
import { systemClock } from "../../provider/system-clock";
import { clientWith, EXPIRES_AT, MINT, targetAt } from "../client/fixtures";

/** How long that takes is measured on a virtual clock, in test/client/rate-limiter.test.ts. */
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
    await Promise.all(Array.from({ length: count }, () => client.mint(target, { ...MINT, body })));
  };
  const refusals = () => emulator.requests.filter(({ status }) => status === 429).length;

  it("[L12] two hundred against 150 a window: no refusal, one token each", async () => {
    await mintMany(200, 150, 10_000);
    expect(emulator.issued).toHaveLength(200);
    expect(refusals()).toBe(0);
  });

  it("[L12] thirty against 5 a second: no refusal, one token each", async () => {
    await mintMany(30, 5, 1_000);
    expect(emulator.issued).toHaveLength(30);
    expect(refusals()).toBe(0);
  });
});
