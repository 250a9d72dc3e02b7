import { performance } from "node:perf_hooks";

import { startEmulator } from "../../emulator/index";
import { at, call, mint, minted, NOW, OTHER_HASH, perTest, start } from "./support";

describe("the clock", () => {
  it("stands still at a number until it is moved", async () => {
    const emulator = await start({ now: NOW });
    expect(emulator.clock.now()).toBe(NOW);
    emulator.clock.advance(90);
    expect(emulator.clock.now()).toBe(NOW + 90);
    expect((await minted(emulator)).issuedAt).toBe(NOW + 90);
    await emulator.close();
  });

  it("asks a function each time", async () => {
    let now = NOW;
    const emulator = await start({ now: () => now });
    now += 5;
    emulator.clock.advance(1);
    expect(emulator.clock.now()).toBe(NOW + 6);
    await emulator.close();
  });

  it("is the real one by default", async () => {
    const accounts = [{ clientId: "c", accessToken: "t", scopes: [] }];
    const emulator = await startEmulator({ generation: 1, stores: [{ hash: "abc", accounts }] });
    expect(Math.abs(emulator.clock.now() - Date.now() / 1000)).toBeLessThan(2);
    await emulator.close();
  });

  it("is the Date of every answer", async () => {
    const emulator = await start();
    emulator.clock.advance(10);
    const replies = [await mint(emulator), await call(emulator, "GET", "/")];
    const dates = replies.map(({ headers }) => headers.date);
    expect(dates).toEqual(Array(2).fill(new Date((NOW + 10) * 1000).toUTCString()));
    await emulator.close({ allowProblems: true });
  });

  it("refuses a step that is no number", async () => {
    const emulator = await start();
    expect(() => {
      emulator.clock.advance(NaN);
    }).toThrow(TypeError);
    await emulator.close();
  });
});

describe("the quota", () => {
  const emulator = perTest({ quota: { requests: 2, windowMs: 30_000 } });
  const limits = (reply: Awaited<ReturnType<typeof mint>>) =>
    ["requests-quota", "requests-left", "time-window-ms"].map(
      (name) => reply.headers[`x-rate-limit-${name}`],
    );

  it("is told in every answer", async () => {
    const refused = { as: "access-x" };
    expect(limits(await mint(emulator.it))).toEqual(["2", "1", "30000"]);
    expect(limits(await call(emulator.it, "GET", at("api-token"), refused))).toEqual(["2", "0", "30000"]);
  });

  it("ends in 429 with the time until the next window, and no work", async () => {
    await mint(emulator.it);
    await mint(emulator.it);
    const reply = await mint(emulator.it);
    const resetMs = Number(reply.headers["x-rate-limit-time-reset-ms"]);
    expect([reply.status, limits(reply)[1], emulator.it.issued.length]).toEqual([429, "0", 2]);
    expect(resetMs).toBeGreaterThan(20_000);
    expect(resetMs).toBeLessThanOrEqual(30_000);
  });

  it("is one for all accounts of a store, and each store's own", async () => {
    await mint(emulator.it, "simple", {}, "access-a");
    await mint(emulator.it, "simple", {}, "access-b");
    expect((await mint(emulator.it, "simple", {}, "access-plain")).status).toBe(429);
    const body = { channel_ids: [1], expires_at: NOW + 60 };
    const other = await call(emulator.it, "POST", at("api-token", OTHER_HASH), { body, as: "access-o" });
    expect(other.status).toBe(200);
  });

  it("opens again when the clock is moved past the window", async () => {
    await mint(emulator.it);
    await mint(emulator.it);
    emulator.it.clock.advance(29);
    expect((await mint(emulator.it)).status).toBe(429);
    emulator.it.clock.advance(1);
    expect((await mint(emulator.it)).status).toBe(200);
  });

  it("opens again when the time really passed, though the clock stands still", async () => {
    const own = await start({ quota: { requests: 1, windowMs: 50 } });
    await mint(own);
    const reset = Number((await mint(own)).headers["x-rate-limit-time-reset-ms"]);
    await new Promise((resolve) => setTimeout(resolve, reset + 1));
    expect((await mint(own)).status).toBe(200);
    await own.close();
  });

  it("is 150 requests per 30 s by default", async () => {
    const own = await start();
    expect(limits(await mint(own))).toEqual(["150", "149", "30000"]);
    await own.close();
  });
});

it("latencyMs holds every answer back", async () => {
  const emulator = await start({ latencyMs: 30 });
  const started = performance.now();
  await mint(emulator);
  expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  await emulator.close();
});
