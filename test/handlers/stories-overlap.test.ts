import { CASES } from "./support/cases";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const NARROW = { channelIds: [1] };
const NARROWER = { channelIds: [3] };
const WIDE = { channelIds: [1, 2, 3] };

describe.each(CASES)("stories of tokens and their predecessors: $title", ({ kind, generation }) => {
  let world: World;
  const failRevokes = () => {
    world.emulator.faults.push({ kind: "status", status: 500, method: "DELETE", times: Infinity });
  };
  const mend = () => {
    world.emulator.faults.clear();
  };
  beforeEach(async () => {
    world = await startWorld({ generation });
    await world.up([declare(kind)]);
  });
  afterEach(() => world.close());

  it("rotate, narrow while the predecessor lives, the revoke fails, destroy: nothing is left", async () => {
    world.advance(61);
    await world.up([declare(kind)]);
    expect(world.alive()).toBe("AB");

    failRevokes();
    const narrow = await world.up([declare(kind, NARROW)]);
    // The older one first; while that fails, its successor is not asked.
    expect(new Set(narrow.requests)).toEqual(new Set(["POST abc123", "DELETE abc123 A"]));
    expect(narrow.errors).toHaveLength(1);
    expect(world.engine.pendingOf("x")).toHaveLength(1);
    expect(world.alive()).toBe("ABC");

    mend();
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect([...destroy.requests].sort()).toEqual(["DELETE abc123 A", "DELETE abc123 B", "DELETE abc123 C"]);
    expect(destroy.requests.indexOf("DELETE abc123 A")).toBeLessThan(
      destroy.requests.indexOf("DELETE abc123 B"),
    );
    expect(world.alive()).toBe("");
    expect(world.engine.entries).toEqual([]);
  });

  it("[R14] rotate, narrow, the revoke fails, and the next up finishes it without a further mint", async () => {
    world.advance(61);
    await world.up([declare(kind)]);
    failRevokes();
    await world.up([declare(kind, NARROW)]);
    mend();
    const next = await world.up([declare(kind, NARROW)]);
    expect(next.requests).toEqual(["DELETE abc123 A", "DELETE abc123 B"]);
    expect(world.alive()).toBe("C");
    expect(world.engine.entries).toHaveLength(1);
  });

  it("two replacements in one overlap end the oldest one, and the preview says so in a line of its own", async () => {
    await world.up([declare(kind, WIDE)]);
    expect(world.alive()).toBe("AB");
    world.advance(61);
    const preview = await world.preview([declare(kind, WIDE)]);
    expect(preview.lines).toContainEqual(expect.stringMatching(/x: will be replaced: token B works until /));
    expect(preview.lines).toContainEqual(
      expect.stringMatching(/x: previous token A will be revoked at the end of this update/),
    );

    const second = await world.up([declare(kind, WIDE)]);
    expect(second.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(world.alive()).toBe("BC");
    expect(world.outputs()).toMatchObject({ token: "C", previousToken: "B", previous: { fingerprint: "B" } });
  });

  it("two replacements, and the older predecessor has expired meanwhile: nothing is sent for it", async () => {
    await world.up([declare(kind, { ...WIDE, lifetime: null, expiresAt: "2027-06-01T00:00:00Z" })]);
    world.advance(95);
    const second = await world.up([
      declare(kind, { lifetime: null, expiresAt: "2027-09-01T00:00:00Z", ...WIDE }),
    ]);
    expect(second.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("BC");
  });

  it("storeHash changed with overlap always, then destroy: each ends in its own store, by its own credential", async () => {
    const moved = { storeHash: "other9", overlap: "always" };
    const move = await world.up([declare(kind, moved)]);
    expect(move.requests).toEqual(["POST other9"]);
    expect(world.outputs()["previous"]).toMatchObject({ storeHash: "abc123", fate: "letExpire" });
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.requests).toEqual(["DELETE abc123 A", "DELETE other9 B"]);
    expect(world.alive()).toBe("");
  });

  it("[R11] storeHash changed with overlap always, then destroy without the old store's credential: nothing is sent", async () => {
    await world.up([declare(kind, { storeHash: "other9", overlap: "always" })]);
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    const destroy = await world.destroy();
    expect(destroy.requests).toEqual([]);
    expect(destroy.errors[0]?.message).toMatch(
      /no credential for store abc123.*BIGCOMMERCE_ACCESS_TOKEN_ABC123/,
    );
    expect(world.engine.entries).toHaveLength(1);
  });

  it("a predecessor that never expires is revoked, stays where that fails, and goes with the next up", async () => {
    const endless = { lifetime: null, expiresAt: "never" };
    await world.up([declare(kind, endless)]);
    failRevokes();
    await world.up([declare(kind)]);
    expect(world.engine.pendingOf("x")).toHaveLength(1);
    expect(world.outputs()["previous"]).toMatchObject({ expiresAt: "never", fate: "revoke" });
    mend();
    const next = await world.up([declare(kind)]);
    // The first one was left when the second one came, and is taken along by it.
    expect(next.requests).toEqual(["DELETE abc123 A", "DELETE abc123 B"]);
    expect(world.alive()).toBe("C");
  });

  it("a dependant fails twice, two replacements: the next up ends every token but the last", async () => {
    await world.up([declare(kind, NARROW)], { dependantFails: true });
    await world.up([declare(kind, NARROWER)], { dependantFails: true });
    expect(world.alive()).toBe("ABC");
    expect(world.engine.pendingOf("x")).toHaveLength(2);
    const next = await world.up([declare(kind, NARROWER)]);
    expect(next.errors).toEqual([]);
    expect([...next.requests].sort()).toEqual(["DELETE abc123 A", "DELETE abc123 B"]);
    expect(world.alive()).toBe("C");
    expect(world.engine.entries).toHaveLength(1);
  });

  it("a dependant fails twice, two additions: the last predecessor is left, the one before it is ended", async () => {
    await world.up([declare(kind, WIDE)], { dependantFails: true });
    world.advance(61);
    await world.up([declare(kind, WIDE)], { dependantFails: true });
    expect(world.alive()).toBe("ABC");
    const next = await world.up([declare(kind, WIDE)]);
    expect(next.requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("BC");
  });

  it("an update in place keeps the predecessor until it expires, and forgets it after", async () => {
    await world.up([declare(kind, WIDE)]);
    await world.up([declare(kind, { ...WIDE, onDelete: "letExpire" })]);
    expect(world.outputs()).toMatchObject({ previousToken: "A" });
    await world.up([declare(kind, { ...WIDE, lifetime: "360d", rotateBefore: "1d" })]);
    world.advance(91);
    await world.up([declare(kind, { ...WIDE, lifetime: "360d", rotateBefore: "2d" })]);
    expect(world.outputs()).not.toHaveProperty("previousToken");
  });

  it("removed with a live predecessor and onDelete letExpire: both are left", async () => {
    await world.up([declare(kind, { ...WIDE, onDelete: "letExpire" })]);
    const destroy = await world.destroy();
    expect(destroy.requests).toEqual([]);
    expect(destroy.lines.map((line) => line.replace(/ acme\S+/, ""))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^left to expire A /),
        expect.stringMatching(/^left to expire B /),
      ]),
    );
    expect(world.alive()).toBe("AB");
  });

  it("removed with a live predecessor: both are revoked, the predecessor first", async () => {
    await world.up([declare(kind, WIDE)]);
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 A", "DELETE abc123 B"]);
    expect(world.alive()).toBe("");
  });
});
