import { KINDS } from "../../provider/domain/kinds";
import { HOMEPAGE } from "../../provider/homepage";
import type { Bag, Declared } from "./support/run";
import { declare, UNKNOWN } from "./support/samples";
import { startWorld, type Told, type World } from "./support/world";

const LABEL = "acme/shop/prod/private/x";
const PAGE = `${HOMEPAGE}/blob/main/docs/reference/warnings.md`;
const kind = KINDS.private;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

it("are said in preview and up, once each, though check runs twice for a replacement", async () => {
  const old = declare(kind, { lifetime: "30d", rotateBefore: "12h" });
  expect((await world.preview([old])).advice).toHaveLength(1);
  expect((await world.up([old])).advice).toEqual([
    expect.stringMatching(/^warning: acme\/shop\/prod\/private\/x: is rotated only in the last 24 hours/),
  ]);
  const endless = { lifetime: null, expiresAt: "2026-08-09T00:00:00Z" };
  expect((await world.up([declare(kind, endless)])).advice).toHaveLength(1);
});

it("on what stays as somebody wrote it are not said again, of a rotation either", async () => {
  const program = [declare(kind, { lifetime: "30d", rotateBefore: "12h" })];
  await world.up(program);
  expect((await world.up(program)).advice).toEqual([]);
  world.emulator.clock.advance(29.6 * 86_400);
  for (const run of [await world.preview(program), await world.up(program)]) {
    expect(run.calls).toContain("diff x");
    expect(run.advice).toEqual([]);
  }
  expect(world.outputs()).toMatchObject({ token: "B" });
});

describe("of a token that is due and protected, which Pulumi refuses to replace", () => {
  const DUE = `warning: ${LABEL}: token A is due since 2026-09-30T00:00:00Z and cannot be rotated, because the resource is protected: remove protect (${PAGE}#due-rotations)`;
  const PROTECTED = { protect: true } as const;
  const policy = { lifetime: "90d", rotateBefore: "30d" };
  const aged = async (days: number) => {
    await world.up([declare(kind, policy, PROTECTED)]);
    world.advance(days);
  };
  const bothRuns = async (program: readonly Declared[]) => [
    await world.preview(program),
    await world.up(program),
  ];
  const dueLines = ({ advice }: Told) => advice.filter((line) => line.includes("due since"));

  it("tell in preview and up since when, once for each resource", async () => {
    const program = [declare(kind, policy, PROTECTED), declare(kind, policy, { ...PROTECTED, name: "y" })];
    await world.up(program);
    world.advance(61);
    expect((await world.preview(program)).advice).toEqual([DUE, DUE.replace("/x: token A", "/y: token B")]);
    expect((await world.up(program)).advice).toEqual([DUE]);
  });

  it("tell a rotation that comes with a change from the change itself", async () => {
    await aged(61);
    for (const run of await bothRuns([declare(kind, { ...policy, channelIds: [1, 2, 3] }, PROTECTED)])) {
      expect(run.advice).toEqual([DUE]);
    }
  });

  it("tell it where only the token itself says that it ends earlier", async () => {
    world.emulator.faults.push({
      kind: "claims",
      claims: { eat: Date.parse("2026-09-20T00:00:00Z") / 1000 },
    });
    await aged(20);
    for (const run of await bothRuns([declare(kind, policy, PROTECTED)])) {
      expect(run.advice).toEqual([DUE.replace("2026-09-30", "2026-08-21")]);
    }
  });

  it("tell of one that is gone, and since when", async () => {
    await world.close();
    world = await startWorld({ generation: 2 });
    await aged(1);
    await world.revokeElsewhere("A");
    await world.refresh();
    for (const run of await bothRuns([declare(kind, policy, PROTECTED)])) {
      expect(run.lines).toContain(
        `warning: ${LABEL}: token A is gone since 2026-08-02T00:00:00Z and cannot be replaced, because the resource is protected: remove protect`,
      );
    }
  });

  it("say nothing of it where it is not protected, in the preview or in the update that rotates it", async () => {
    await world.up([declare(kind, policy)]);
    world.advance(61);
    const [preview, up] = await bothRuns([declare(kind, policy)]);
    expect(up?.calls).toContain("create x");
    expect([preview, up].flatMap((run) => run?.advice)).toEqual([]);
  });

  it.each<[string, number, Bag, readonly string[]]>([
    ["with a narrower window", 70, { ...policy, rotateBefore: "10d" }, []],
    ["with a shorter lifetime, whose window has not begun", 70, { lifetime: "21d" }, []],
    ["pinned", 70, policy, ["expiresAt"]],
    [
      "with all changes ignored",
      61,
      policy,
      ["expiresAt", "lifetime", "rotateBefore", "channelIds", "storeHash", "apiUrl"],
    ],
    ["given its end as a fixed one", 61, { lifetime: null, expiresAt: "2026-10-30T00:00:00Z" }, []],
    ["a wider window", 55, { ...policy, rotateBefore: "40d" }, []],
    ["a stricter lifetime", 55, { lifetime: "20d" }, []],
    ["a fixed end", 61, { lifetime: null, expiresAt: "2027-02-01T00:00:00Z" }, []],
    ["a channel, of a pinned one", 61, { ...policy, channelIds: [1, 2, 3] }, ["expiresAt"]],
  ])(
    "say nothing of it where nothing, or a change alone, replaces it: %s",
    async (_, days, change, ignoreChanges) => {
      await aged(days);
      for (const run of await bothRuns([declare(kind, change, { ...PROTECTED, ignoreChanges })])) {
        expect(run.calls).not.toContain("create x");
        expect(dueLines(run)).toEqual([]);
      }
    },
  );

  it("say nothing of it before the update knows the window, nor in a refresh", async () => {
    await aged(61);
    const unknown = declare(kind, { ...policy, rotateBefore: UNKNOWN }, PROTECTED);
    expect(dueLines(await world.preview([unknown]))).toEqual([]);
    expect(dueLines(await world.refresh())).toEqual([]);
    const up = await world.up([declare(kind, policy, PROTECTED)], { refresh: true });
    expect(up.advice).toEqual([DUE]);
  });
});

it("tell how little time a predecessor leaves to its users, unless it is revoked", async () => {
  await world.up([declare(kind)]);
  world.advance(89);
  const up = await world.up([declare(kind)]);
  expect(up.advice).toContainEqual(
    expect.stringMatching(/token A works only until 2026-10-30T00:00:00Z: deploy the new token before then/),
  );
  await world.up([declare(kind, { channelIds: [1] })]);
  world.advance(89);
  const narrowed = await world.up([declare(kind, { channelIds: [1], scopes: ["Customer"] })]);
  expect(narrowed.advice.join()).not.toContain("works only until");
});

describe("of a predecessor that an update leaves as it is", () => {
  const LITTLE = `warning: ${LABEL}: token A works only until 2026-10-30T00:00:00Z: deploy the new token before then (${PAGE}#short-overlaps)`;
  const HOUR = 3600;
  /** Token A has 30 days left beside its successor, B. */
  const rotated = async (change: Bag = {}) => {
    await world.up([declare(kind)]);
    world.advance(60);
    expect((await world.up([declare(kind, change)])).advice.join()).not.toContain("works only until");
  };

  it("tell in preview and up, once a run, that it has less than 48 hours left", async () => {
    await rotated();
    world.advance(28);
    expect((await world.up([declare(kind)])).advice).toEqual([]);
    world.emulator.clock.advance(1);
    for (const run of [await world.preview([declare(kind)]), await world.up([declare(kind)])]) {
      expect(run.calls).toEqual(["check x", "diff x"]);
      expect(run.advice).toEqual([LITTLE]);
    }
    const recorded = await world.up([declare(kind, { onDelete: "letExpire" })], { refresh: true });
    expect(recorded.calls).toContain("update x");
    expect(recorded.advice).toEqual([LITTLE]);
  });

  it("say nothing of it in a refresh, nor once it has expired", async () => {
    await rotated();
    world.advance(30);
    world.emulator.clock.advance(-HOUR);
    expect((await world.refresh()).advice).toEqual([]);
    expect((await world.up([declare(kind)])).advice).toEqual([LITTLE]);
    world.emulator.clock.advance(HOUR);
    expect((await world.up([declare(kind)])).advice).toEqual([]);
  });

  it("say nothing of it where it was revoked, or is by this update", async () => {
    await rotated({ overlap: "never" });
    world.advance(29);
    expect((await world.up([declare(kind, { overlap: "never" })])).advice).toEqual([]);

    world.advance(31);
    await world.up([declare(kind)]);
    world.advance(29);
    const narrowed = declare(kind, { channelIds: [1] });
    for (const run of [await world.preview([narrowed]), await world.up([narrowed])]) {
      expect(run.advice).toEqual([]);
    }
  });
});

it("never fail anything", async () => {
  const { failures, errors } = await world.up([declare(kind, { lifetime: null, expiresAt: "never" })]);
  expect([...failures, ...errors]).toEqual([]);
});
