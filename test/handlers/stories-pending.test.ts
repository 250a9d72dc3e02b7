import { CASES } from "./support/cases";
import type { Options } from "./support/run";
import type { RunOptions } from "./support/run-options";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const NARROW = { channelIds: [1] };
const WIDE = { channelIds: [1, 2, 3] };

let world: World;
afterEach(() => world.close());

describe.each(CASES)("stories of removed, forced and pending tokens: $title", ({ kind, generation }) => {
  beforeEach(async () => {
    world = await startWorld({ generation });
    await world.up([declare(kind)]);
  });

  it.each([
    ["revoke", ["DELETE abc123 A"], ""],
    ["letExpire", [], "A"],
  ])("due and removed in one `up --refresh`: ends by onDelete %s", async (onDelete, requests, alive) => {
    await world.up([declare(kind, { onDelete })]);
    world.advance(61);
    const removal = await world.up([], { refresh: true });
    expect(removal.calls).toEqual(["read x", "diff x", "delete x"]);
    expect(removal.requests).toEqual(requests);
    expect(world.alive()).toBe(alive);
  });

  it("replaced, a dependant fails, removed in an `up --refresh`: by onDelete, not by the fate", async () => {
    const args = { onDelete: "letExpire" };
    await world.up([declare(kind, args)]);
    await world.up([declare(kind, { ...args, ...NARROW })], { dependantFails: true });
    expect(world.outputs()["previous"]).toMatchObject({ fate: "revoke" });
    const removal = await world.up([], { refresh: true });
    expect(removal.requests).toEqual([]);
    expect(world.alive()).toBe("AB");
  });

  it("forced, a dependant fails, renamed by an alias in the next up: still forced, whatever onDelete says", async () => {
    const args = { onDelete: "letExpire" };
    await world.up([declare(kind, args)]);
    await world.up([declare(kind, args)], { replace: ["x"], dependantFails: true });
    const renamed = await world.up([declare(kind, args, { name: "y", alias: "x" })]);
    expect(renamed.requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("B");
  });

  it("[E3] a refresh of a due token changes nothing, sends nothing and says nothing of it", async () => {
    world.advance(61);
    const before = world.outputs();
    const refresh = await world.refresh();
    expect(refresh.calls).toEqual(["read x", "diff x"]);
    // A store without lists is told of, whatever its tokens are.
    const said = refresh.lines.filter((line) => !/is reached at|holds tokens without an id/.test(line));
    expect({ requests: refresh.requests, said }).toEqual({ requests: [], said: [] });
    expect(world.outputs()).toEqual(before);
  });

  it("due, in `up --refresh`: is rotated as without", async () => {
    world.advance(61);
    const up = await world.up([declare(kind)], { refresh: true });
    expect(up.calls).toEqual(["read x", "diff x", "check x", "diff x", "check x", "create x", "delete x"]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("AB");
  });

  it.each([{ refresh: true }, {}])(
    "forced by --replace with %j: revoked, whatever would cover it",
    async (options) => {
      const forced = await world.up([declare(kind)], { replace: ["x"], ...options });
      expect(forced.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
      expect(forced.lines.at(-1)).toBe(
        `revoke accepted acme/shop/prod/${kind.name}/x A 2026-10-30T00:00:00Z`,
      );
      expect(world.outputs()).not.toHaveProperty("previous");
      expect(world.alive()).toBe("B");
    },
  );

  it.each<[string, Options, Options, RunOptions]>([
    ["replacementTrigger", { trigger: "one" }, { trigger: "two" }, {}],
    ["replaceWith", { replaceWith: ["y"] }, { replaceWith: ["y"] }, { replace: ["y"] }],
  ])("forced by %s, which asks for no diff: revoked all the same", async (_, before, after, options) => {
    const program = (own: Options) => [
      declare(kind, {}, { name: "y" }),
      declare(kind, { overlap: "always", onDelete: "letExpire" }, own),
    ];
    await world.up(program(before));
    const forced = await world.up(program(after), options);
    expect(forced.calls.filter((call) => call.endsWith(" x"))).toEqual([
      ...["check x", "check x", "create x", "delete x"],
    ]);
    expect(forced.requests).toContain("DELETE abc123 A");
    expect(world.outputs()).not.toHaveProperty("previous");
  });

  it("forced while its predecessor lives: both are revoked, the predecessor first", async () => {
    await world.up([declare(kind, WIDE)]);
    const forced = await world.up([declare(kind, WIDE)], { replace: ["x"] });
    expect(forced.requests).toEqual(["POST abc123", "DELETE abc123 A", "DELETE abc123 B"]);
    expect(world.alive()).toBe("C");
  });

  it("forced, a dependant fails, next up, with onDelete letExpire: revoked all the same", async () => {
    const program = [declare(kind, { onDelete: "letExpire", overlap: "always" })];
    await world.up(program);
    await world.up(program, { replace: ["x"], dependantFails: true });
    expect(world.alive()).toBe("AB");
    const next = await world.up(program);
    expect(next.calls).toEqual(["check x", "diff x", "delete x"]);
    expect(next.requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("B");
  });

  it.each([
    ["revoked", NARROW, ["DELETE abc123 A"], "B"],
    ["left", WIDE, [], "AB"],
  ] as const)(
    "replaced, a dependant fails, next up: %s by the fate that was recorded",
    async (_, change, requests, alive) => {
      const first = await world.up([declare(kind, change)], { dependantFails: true });
      expect(first.requests).toEqual(["POST abc123"]);
      const next = await world.up([declare(kind, change)]);
      expect(next.calls).toEqual(["check x", "diff x", "delete x"]);
      expect(next.requests).toEqual(requests);
      expect(world.alive()).toBe(alive);
      expect(world.engine.entries).toHaveLength(1);
    },
  );

  it("replaced, a dependant fails, a refresh, which looks at both, next up: by the fate that was recorded", async () => {
    await world.up([declare(kind, NARROW)], { dependantFails: true });
    const refresh = await world.refresh();
    expect(refresh.calls).toEqual(["read x", "diff x", "read x", "diff x"]);
    expect(refresh).toMatchObject({ requests: [], errors: [] });
    expect((await world.up([declare(kind, NARROW)])).requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("B");
  });

  it("override for a run whose delete fails, next run without it: the fate is what it was", async () => {
    world.env["BIGCOMMERCE_ON_DELETE"] = "revoke";
    world.emulator.faults.push({ kind: "status", status: 503, method: "DELETE", times: Infinity });
    const first = await world.up([declare(kind, WIDE)]);
    expect(first.errors).toHaveLength(1);
    expect(new Set(first.requests)).toEqual(new Set(["POST abc123", "DELETE abc123 A"]));
    expect(world.outputs()["previous"]).toMatchObject({ fate: "letExpire" });
    world.emulator.faults.clear();

    world.env["BIGCOMMERCE_ON_DELETE"] = undefined;
    const next = await world.up([declare(kind, WIDE)]);
    expect(next.requests).toEqual([]);
    expect(next.lines).toContain(`left to expire acme/shop/prod/${kind.name}/x A 2026-10-30T00:00:00Z`);
    expect(world.engine.entries).toHaveLength(1);
  });

  it("[E6] renamed with an alias: an update without a request, and later the same rules", async () => {
    const renamed = [declare(kind, {}, { name: "y", alias: "x" })];
    const rename = await world.up(renamed);
    expect(rename.calls).toEqual(["check y", "diff y", "update y"]);
    expect(rename.requests).toEqual([]);
    expect(world.outputs(world.engine.live("y"))).toMatchObject({
      ...{ token: "A", label: `acme/shop/prod/${kind.name}/y` },
    });
    expect((await world.up(renamed)).calls).toEqual(["check y", "diff y"]);
  });

  it("[E6] renamed and narrowed at once: revoked as a replaced one", async () => {
    const renamed = [declare(kind, NARROW, { name: "y", alias: "x" })];
    const up = await world.up(renamed);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(world.outputs(world.engine.live("y"))["previous"]).toMatchObject({
      fingerprint: "A",
      fate: "revoke",
    });
  });

  it("replaced, a dependant fails, then renamed: the id tells what the label does not", async () => {
    await world.up([declare(kind, { ...WIDE, onDelete: "revoke" })], { dependantFails: true });
    const next = await world.up([declare(kind, WIDE, { name: "y", alias: "x" })]);
    expect(next.requests).toEqual([]);
    expect(world.alive()).toBe("AB");
  });
});
