import { CASES } from "./support/cases";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

describe.each(CASES)("a token with a lifetime: $title", ({ kind, generation }) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ generation });
  });
  afterEach(() => world.close());

  it("[E2] is minted once, and a second up changes and sends nothing", async () => {
    const program = [declare(kind)];
    const first = await world.up(program);
    expect(first.requests).toEqual(["POST abc123"]);
    expect(first.lines).toContain(`minted acme/shop/prod/${kind.name}/x A 2026-10-30T00:00:00Z`);
    expect(world.outputs()).toMatchObject({
      ...{ token: "A", fingerprint: "A", issuedAt: "2026-08-01T00:00:00Z", apiAccount: "client-main" },
      ...{ expiresAt: "2026-10-30T00:00:00Z", rotateAt: "2026-09-30T00:00:00Z" },
    });
    expect(world.outputs()).not.toHaveProperty("previous");

    const second = await world.up(program);
    expect(second.calls).toEqual(["check x", "diff x"]);
    expect(second.requests).toEqual([]);
  });

  it("[C6] is rotated by a plain up at the first second of its window, and the old one works until it expires", async () => {
    const program = [declare(kind)];
    await world.up(program);
    world.advance(60);
    world.emulator.clock.advance(-1);
    expect((await world.up(program)).calls).toEqual(["check x", "diff x"]);

    world.emulator.clock.advance(1);
    const rotation = await world.up(program);
    expect(rotation.calls).toEqual(["check x", "diff x", "check x", "create x", "delete x"]);
    expect(rotation.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("AB");
    expect(rotation.lines).toEqual(
      expect.arrayContaining([
        `acme/shop/prod/${kind.name}/x: rotated, old A valid until 2026-10-30T00:00:00Z, new B expires 2026-12-29T00:00:00Z`,
        `minted acme/shop/prod/${kind.name}/x B 2026-12-29T00:00:00Z`,
        `left to expire acme/shop/prod/${kind.name}/x A 2026-10-30T00:00:00Z`,
      ]),
    );
    expect(world.outputs()).toMatchObject({ token: "B", previousToken: "A" });
    expect(world.outputs()["previous"]).toMatchObject({
      fingerprint: "A",
      fate: "letExpire",
      storeHash: "abc123",
    });
    expect(world.engine.entries).toHaveLength(1);

    expect((await world.up(program)).requests).toEqual([]);
  });

  it("[E1] is told by its preview as its up tells it, and a preview sends nothing", async () => {
    const program = [declare(kind)];
    expect((await world.preview(program)).requests).toEqual([]);
    await world.up(program);
    world.advance(61);
    const preview = await world.preview(program);
    expect(preview.requests).toEqual([]);
    expect(preview.lines).toContain(
      `acme/shop/prod/${kind.name}/x: will be replaced: token A works until 2026-10-30T00:00:00Z`,
    );
    expect(world.outputs()["token"]).toBe("A");
  });

  it("is not due after a window made narrower, 30d -> 10d with 20 d left, and nothing is minted", async () => {
    await world.up([declare(kind, { rotateBefore: "30d" })]);
    world.advance(70);
    const narrower = await world.up([declare(kind, { rotateBefore: "10d" })]);
    expect(narrower.calls).toEqual(["check x", "diff x", "update x"]);
    expect(narrower.requests).toEqual([]);
    expect(world.outputs()).toMatchObject({
      token: "A",
      rotateBefore: "10d",
      rotateAt: "2026-10-20T00:00:00Z",
    });
  });

  it("is due after a window made wider, 10d -> 30d with 20 d left, and the old one is left", async () => {
    await world.up([declare(kind, { rotateBefore: "10d" })]);
    world.advance(70);
    const wider = await world.up([declare(kind, { rotateBefore: "30d" })]);
    expect(wider.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("AB");
  });

  it("is due after a lifetime made stricter, and the old one is revoked, because it would outlive the new one", async () => {
    await world.up([declare(kind)]);
    const stricter = await world.up([declare(kind, { lifetime: "30d" })]);
    expect(stricter.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(world.outputs()["expiresAt"]).toBe("2026-08-31T00:00:00Z");
  });

  it("[C1] is not minted again by a clock that is behind", async () => {
    await world.up([declare(kind)]);
    world.advance(-400);
    const behind = await world.up([declare(kind)]);
    expect(behind.requests).toEqual([]);
    expect(behind.calls).toEqual(["check x", "diff x"]);
  });

  it("says the same lifetime in other words without an update of the token", async () => {
    await world.up([declare(kind, { lifetime: "14d" })]);
    const same = await world.up([declare(kind, { lifetime: "2w" })]);
    expect(same.calls).toEqual(["check x", "diff x"]);
  });

  it("after no up for 200 d is minted anew, and nothing is sent or kept for the one that expired", async () => {
    await world.up([declare(kind)]);
    world.advance(200);
    const late = await world.up([declare(kind, { channelIds: [1] })]);
    expect(late.requests).toEqual(["POST abc123"]);
    expect(late.lines).toContain(
      `acme/shop/prod/${kind.name}/x: replaced, old A expired at 2026-10-30T00:00:00Z, new B expires 2027-05-18T00:00:00Z`,
    );
    expect(late.lines).toContain(`expired acme/shop/prod/${kind.name}/x A 2026-10-30T00:00:00Z`);
    expect(world.outputs()).not.toHaveProperty("previous");
    expect(world.alive()).toBe("B");
  });

  it("with a fixed end in 20 d, switched to a lifetime of 90 d, is due", async () => {
    await world.up([declare(kind, { lifetime: null, expiresAt: "2026-08-21T00:00:00Z" })]);
    const switched = await world.up([declare(kind)]);
    expect(switched.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("AB");
  });

  it("with a fixed end in 80 d, switched to a lifetime of 90 d, is not", async () => {
    await world.up([declare(kind, { lifetime: null, expiresAt: "2026-10-20T00:00:00Z" })]);
    const switched = await world.up([declare(kind)]);
    expect(switched.calls).toEqual(["check x", "diff x", "update x"]);
    expect(switched.requests).toEqual([]);
    expect(world.outputs()).toMatchObject({
      ...{ token: "A", lifetime: "90d", expiresAt: "2026-10-20T00:00:00Z", rotateAt: "2026-09-20T00:00:00Z" },
    });
  });

  it("with no end, switched to a lifetime, is replaced, and the endless one is revoked", async () => {
    await world.up([declare(kind, { lifetime: null, expiresAt: "never" })]);
    const switched = await world.up([declare(kind)]);
    expect(switched.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
  });

  it("[E6] pinned by ignoreChanges stays past its window, until a channel is added, which starts a new lifetime", async () => {
    const pinned = { ignoreChanges: ["expiresAt"] };
    await world.up([declare(kind)]);
    const pin = await world.up([declare(kind, {}, pinned)]);
    expect(pin.calls).toEqual(["check x", "diff x", "update x"]);
    for (const gone of ["lifetime", "rotateBefore", "rotateAt"])
      expect(world.outputs()).not.toHaveProperty(gone);
    world.advance(85);
    expect((await world.up([declare(kind, {}, pinned)])).calls).toEqual(["check x", "diff x"]);

    const added = await world.up([declare(kind, { channelIds: [1, 2, 3] }, pinned)]);
    expect(added.requests).toEqual(["POST abc123"]);
    expect(added.lines).toContain(
      `acme/shop/prod/${kind.name}/x: replaced, old A valid until 2026-10-30T00:00:00Z, new B expires 2027-01-23T00:00:00Z`,
    );
    expect(world.outputs()).toMatchObject({ token: "B", lifetime: "90d", expiresAt: "2027-01-23T00:00:00Z" });
    expect(world.alive()).toBe("AB");
  });
});
