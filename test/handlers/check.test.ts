import { KINDS } from "../../provider/domain/kinds";
import { NOW } from "./support/clock";
import { declare, SECRET } from "./support/samples";
import { startWorld, type World } from "./support/world";

const at = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000", "");

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe.each(Object.values(KINDS))("check of a $name token", (kind) => {
  const bag = (change = {}): Record<string, unknown> => ({
    ...declare(kind, change).args,
    ...{ label: "l", __provider: "code" },
  });
  const fixed = (expiresAt: unknown) => bag({ lifetime: undefined, expiresAt });
  const reasons = async (news: object, olds = {}) => {
    const { failures } = await world.handlers(kind.name).check(olds, news as never);
    for (const { property, reason } of failures) {
      expect(property).toBe("");
      expect(reason).not.toMatch(/[\r\n]/);
    }
    return failures.map(({ reason }) => reason);
  };

  it("[S10] reports failures of inputs, store and settings at once, none by the name of its property", async () => {
    world.env["BIGCOMMERCE_STORE_HASH"] = undefined;
    world.env["BIGCOMMERCE_ON_DELETE"] = SECRET;
    world.env["BIGCOMMERCE_TIMEOUT_S"] = SECRET;
    const told = await reasons({ ...bag({ channelIds: [], overlap: SECRET }), accessToken: SECRET });
    expect(told).toHaveLength(6);
    for (const part of [
      "accessToken: ",
      "channelIds: ",
      "overlap: ",
      "storeHash: no store",
      "BIGCOMMERCE_ON_DELETE",
      "BIGCOMMERCE_TIMEOUT_S",
    ]) {
      expect(told).toContainEqual(expect.stringContaining(part));
    }
    expect(told.join()).not.toContain(SECRET);
  });

  it.each([
    ["past", NOW - 1],
    ["now", NOW],
    ["9 s ahead", NOW + 9],
    ["by many years past", 1],
  ])("[U14] refuses a fixed end that is %s", async (_, end) => {
    for (const expiresAt of [end, at(end)]) {
      expect(await reasons(fixed(expiresAt))).toEqual([
        expect.stringMatching(
          /^expiresAt: is past, or less than 10 seconds ahead; give a later time, or lifetime/,
        ),
      ]);
    }
  });

  it("[U14] accepts a fixed end that is 10 s ahead", async () => {
    expect(await reasons(fixed(NOW + 10))).toEqual([]);
  });

  it("reports a past end beside other failures", async () => {
    const told = await reasons({ ...fixed(NOW), channelIds: [0] });
    expect(told).toEqual([
      expect.stringMatching(/^channelIds\[0\]/),
      expect.stringMatching(/^expiresAt: is past/),
    ]);
  });

  it("[U14] accepts a past end that the state has already, and no other", async () => {
    const { inputs } = await world.handlers(kind.name).check({}, fixed(NOW + 100));
    world.emulator.clock.advance(200);
    expect(await reasons(fixed(NOW + 100), inputs)).toEqual([]);
    expect(await reasons(fixed(at(NOW + 100)), inputs)).toEqual([]);
    expect(await reasons(fixed(NOW + 101), inputs)).toEqual([expect.stringMatching(/^expiresAt: is past/)]);
  });

  it("refuses an end beside a lifetime, unless it is the state's own, which pins it", async () => {
    const both = bag({ expiresAt: at(NOW + 30 * 86_400) });
    expect(await reasons(both)).toEqual([
      expect.stringMatching(/^expiresAt: stands beside lifetime; give one of them/),
    ]);
    const { inputs } = await world.handlers(kind.name).check({}, bag());
    expect(await reasons(both, inputs)).toEqual([
      expect.stringMatching(/^expiresAt: stands beside lifetime/),
    ]);
    const pinned = await world
      .handlers(kind.name)
      .check(inputs, bag({ expiresAt: inputs["expiresAt"], rotateBefore: "1d" }));
    expect(pinned.failures).toEqual([]);
    const { lifetime: _, ...rest } = inputs;
    expect(pinned.inputs).toStrictEqual(rest);
  });

  it("answers the normal form, and nothing that is undefined", async () => {
    const { inputs } = await world.handlers(kind.name).check({}, bag({ rotateBefore: undefined }));
    expect(Object.values(inputs)).not.toContain(undefined);
    expect(inputs).toMatchObject({
      ...{ storeHash: "abc123", apiUrl: world.emulator.url, expiresAt: "2026-10-30T00:00:00Z" },
      ...{ overlap: "auto", onDelete: "revoke", lifetime: "90d", __provider: "code", label: "l" },
    });
  });

  it("leaves out the host where it is BigCommerce's own", async () => {
    world.env["BIGCOMMERCE_API_URL"] = undefined;
    const { inputs } = await world.handlers(kind.name).check({}, bag());
    expect(inputs).not.toHaveProperty("apiUrl");
  });

  it("[C5] answers the same in the second check of a replacement, and in an update after its preview", async () => {
    const handlers = world.handlers(kind.name);
    const first = await handlers.check({}, bag());
    world.emulator.clock.advance(86_399);
    expect(await world.handlers(kind.name).check({}, bag())).toEqual(first);
  });

  it("refuses two default stores and names both; a token with its own store needs neither", async () => {
    world.config["bigcommerce:storeHash"] = "other9";
    expect(await reasons(bag())).toEqual([expect.stringMatching(/^two default stores: .*other9.*abc123/)]);
    expect(await reasons(bag({ storeHash: "abc123" }))).toEqual([]);
  });

  it("[T6] refuses plain http off loopback before anything is sent", async () => {
    world.env["BIGCOMMERCE_API_URL"] = `http://${SECRET}.example`;
    const told = await reasons(bag());
    expect(told).toEqual([
      expect.stringMatching(
        /^environment variable BIGCOMMERCE_API_URL is not an API host: .*plain http only to loopback/,
      ),
    ]);
    expect(told[0]).not.toContain(SECRET);
  });

  it("sends nothing and never asks for the network", async () => {
    await reasons(bag());
    await reasons(fixed(0));
    expect(world.emulator.requests).toEqual([]);
  });
});

describe("a fixed end that moves with the clock", () => {
  const end = (seconds: number) => ({ lifetime: null, expiresAt: seconds });
  const kind = KINDS.private;
  const LIFE = 30 * 86_400;

  it.each([
    ["is refused", 1000, 0],
    ["is refused within a minute before", 1000, -60],
    ["is refused within a minute after", 1000, 60],
  ])("%s in one line that says lifetime", async (_, later, offset) => {
    await world.up([declare(kind, end(NOW + LIFE))]);
    world.emulator.clock.advance(later);
    const up = await world.up([declare(kind, end(NOW + later + LIFE + offset))]);
    expect(up.errors).toEqual([expect.objectContaining({ code: "expiry_moves" })]);
    expect(up.errors[0]?.message).toMatch(/expiresAt moves with the clock.*say lifetime instead/);
    expect(up.requests).toEqual([]);
  });

  it.each([-61, 61])("is not what an end %i s aside is", async (offset) => {
    await world.up([declare(kind, end(NOW + LIFE))]);
    world.emulator.clock.advance(1000);
    const up = await world.up([declare(kind, end(NOW + 1000 + LIFE + offset))]);
    expect(up.errors).toEqual([]);
    expect(up.requests[0]).toBe("POST abc123");
  });

  it("is not what a rotation, or a switch from a lifetime, is", async () => {
    await world.up([declare(kind, { lifetime: "30d" })]);
    world.advance(20);
    expect((await world.up([declare(kind, { lifetime: "30d" })])).errors).toEqual([]);
    world.advance(5);
    expect((await world.up([declare(kind, end(NOW + 25 * 86_400 + LIFE))])).errors).toEqual([]);
  });
});
