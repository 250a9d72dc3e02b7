import { KINDS } from "../../provider/domain/kinds";
import { NOW } from "./support/clock";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const kind = KINDS.private;
const HOUR = 3600;
const DAY = 86_400;
const END_OF_32_BITS = 2 ** 31;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe("[C1] a local clock that is wrong", () => {
  it.each([
    ["an hour ahead", HOUR],
    ["a day ahead", DAY],
    ["an hour behind", -HOUR],
    ["a day behind", -DAY],
    ["in 1970", -NOW],
  ])("%s mints nothing again, and ends a token all the same", async (_, skew) => {
    await world.up([declare(kind)]);
    world.skew = skew;
    const up = await world.up([declare(kind)]);
    expect(up.calls).toEqual(["check x", "diff x"]);
    expect(up.requests).toEqual([]);
    expect((await world.up([declare(kind)], { refresh: true })).requests).toEqual([]);
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("");
  });

  it("beyond 2038 asks for a time that is beyond it", async () => {
    world.skew = END_OF_32_BITS - NOW;
    await world.up([declare(kind)]);
    expect(world.outputs()).toMatchObject({ expiresAt: "2038-04-19T00:00:00Z" });
    const body = world.emulator.requests.at(-1)?.body as { expires_at: number };
    expect(body.expires_at).toBe(Date.parse("2038-04-19T00:00:00Z") / 1000);
  });

  it("set right again rotates nothing that is not due", async () => {
    world.skew = DAY;
    await world.up([declare(kind)]);
    world.skew = 0;
    expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
  });
});

describe("[C1] a clock that is 90 minutes off", () => {
  const hourly = { lifetime: "1h", rotateBefore: "20m" };

  it("ahead makes a token of 1 h live for 2.5 h, and one line of the run says so", async () => {
    world.skew = 90 * 60;
    const { errors, lines } = await world.up([declare(kind, hourly), declare(kind, hourly, { name: "y" })]);
    expect(errors).toEqual([]);
    expect(lines.filter((line) => line.includes("clock"))).toEqual([
      "warning: this machine's clock is 90 minutes ahead of BigCommerce's: set it. A token with a lifetime is valid for so much longer than that",
    ]);
  });

  it("behind makes BigCommerce refuse a token of 1 h, and the error names the clock before the inputs", async () => {
    world.skew = -90 * 60;
    const { errors, requests } = await world.up([declare(kind, hourly)]);
    expect(requests).toEqual(["POST abc123"]);
    expect(errors[0]?.message).toMatch(
      /\. This machine's clock is 90 minutes behind BigCommerce's: set it\. Check the inputs/,
    );
  });

  it("is not named where it is right", async () => {
    world.emulator.faults.push({ kind: "status", status: 422, method: "POST" });
    const { errors } = await world.up([declare(kind, hourly)]);
    expect(errors[0]?.message).toMatch(/Check the inputs/);
    expect(errors[0]?.message).not.toContain("clock");
  });
});

it("[C5] after a preview before midnight and its up after it the end is decided, and differs in no further run", async () => {
  world.emulator.clock.advance(DAY - 1);
  expect((await world.preview([declare(kind)])).failures).toEqual([]);
  world.emulator.clock.advance(2);
  const up = await world.up([declare(kind)]);
  expect(up.errors).toEqual([]);
  expect(world.outputs()).toMatchObject({ expiresAt: "2026-10-31T00:00:00Z" });
  for (const seconds of [0, HOUR, DAY, 30 * DAY]) {
    world.emulator.clock.advance(seconds);
    expect((await world.preview([declare(kind)])).calls).toEqual(["check x", "diff x"]);
    expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
  }
});

it("[C6] once it has rotated at the first second of its window, it is quiet in every second around it", async () => {
  await world.up([declare(kind)]);
  world.advance(60);
  world.emulator.clock.advance(-1);
  expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
  world.emulator.clock.advance(1);
  expect((await world.up([declare(kind)])).calls).toContain("create x");
  for (const seconds of [0, 1, -2]) {
    world.emulator.clock.advance(seconds);
    expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
  }
});
