import { KINDS } from "../../provider/domain/kinds";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const kind = KINDS.private;
const PROVEN = { verify: true };

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const refuse = () => {
  const body = { errors: [{ message: "GraphQL invalid credentials. JWT is expired" }] };
  world.emulator.faults.push({ kind: "status", status: 401, body, path: "/graphql", times: Infinity });
};
const pending = () =>
  world.engine.pendingOf("x").map(({ outputs }) => world.letter(outputs["fingerprint"] as string));
const kept = [expect.objectContaining({ code: "partial_failure" })];

describe("a replacement that is not proven", () => {
  it.each([
    { end: "is left to expire", change: {}, days: 61, request: [], alive: "AB" },
    {
      ...{ end: "is revoked", change: { channelIds: [1] }, days: 0 },
      ...{ request: ["DELETE abc123 A"], alive: "B" },
    },
  ])("[V12] keeps the old token until it is, which then $end", async ({ change, days, request, alive }) => {
    await world.up([declare(kind, PROVEN)]);
    world.advance(days);
    refuse();
    const program = [declare(kind, { ...PROVEN, ...change })];
    for (const requests of [["POST abc123", "GRAPHQL abc123"], ["GRAPHQL abc123"]]) {
      const up = await world.up(program);
      expect(up.errors).toEqual(kept);
      expect(up.requests).toEqual(requests);
      expect(up.calls).not.toContain("delete x");
      expect(pending()).toEqual(["A"]);
      expect(world.alive()).toBe("AB");
      await world.refresh();
    }
    world.emulator.faults.clear();
    const proven = await world.up(program);
    expect(proven.calls).toEqual(["check x", "diff x", "update x", "delete x"]);
    expect(proven.requests).toEqual(["GRAPHQL abc123", ...request]);
    expect(world.outputs()).toMatchObject({ token: "B", verified: true, previous: { fingerprint: "A" } });
    expect(world.alive()).toBe(alive);
  });

  describe("after a rotation", () => {
    const program = [declare(kind, PROVEN)];
    beforeEach(async () => {
      await world.up(program);
      world.advance(61);
      refuse();
      await world.up(program);
      expect(world.alive()).toBe("AB");
    });

    it("[V13] is revoked when it is replaced in turn, and the token in use works until it expires", async () => {
      world.emulator.faults.clear();
      const change = [declare(kind, { ...PROVEN, channelIds: [1, 2, 3] })];
      const preview = await world.preview(change);
      expect(preview.lines.filter((line) => line.includes("token A"))).toEqual([
        expect.stringMatching(/x: previous token A works until 2026-10-30T00:00:00Z/),
      ]);
      const up = await world.up(change);
      expect(up.errors).toEqual([]);
      expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123", "DELETE abc123 B"]);
      expect(up.lines.filter((line) => line.startsWith("acme"))).toEqual([
        expect.stringMatching(
          /x: replaced, old B will be revoked at the end .*, new C expires \S+, verified$/,
        ),
      ]);
      expect(world.alive()).toBe("AC");
      expect(world.outputs()).toMatchObject({
        ...{ token: "C", verified: true, previousToken: "A" },
        previous: { fingerprint: "A", fate: "letExpire" },
      });
      expect(world.engine.entries).toHaveLength(1);
      expect([...(await world.destroy()).requests].sort()).toEqual(["DELETE abc123 A", "DELETE abc123 C"]);
    });

    it("[V13] takes the token in use along where the next one can do less", async () => {
      world.emulator.faults.clear();
      const up = await world.up([declare(kind, { ...PROVEN, channelIds: [1] })]);
      expect(up.errors).toEqual([]);
      expect(world.alive()).toBe("C");
      expect(world.outputs()["previousToken"]).toBeUndefined();
    });

    it("[V13] is revoked in the next run where this one could not, and the token in use goes on working", async () => {
      world.emulator.faults.clear();
      const change = [declare(kind, { ...PROVEN, channelIds: [1, 2, 3] })];
      world.emulator.faults.push({ kind: "status", status: 403, method: "DELETE" });
      await world.up(change);
      expect(world.alive()).toBe("ABC");
      expect(pending()).toEqual(["B"]);
      expect((await world.up(change)).requests).toEqual(["DELETE abc123 B"]);
      expect(world.alive()).toBe("AC");
      expect(world.outputs()).toMatchObject({ previousToken: "A" });
    });

    it("[V13] and where the next one is not proven either, the token in use still waits", async () => {
      const change = [declare(kind, { ...PROVEN, channelIds: [1, 2, 3] })];
      expect((await world.up(change)).errors).toEqual(kept);
      expect(world.alive()).toBe("ABC");
      expect(pending().sort()).toEqual(["A", "B"]);
      world.emulator.faults.clear();
      expect((await world.up(change)).requests).toEqual(["GRAPHQL abc123", "DELETE abc123 B"]);
      expect(world.alive()).toBe("AC");
    });

    it.each<[string, () => Promise<unknown>, string]>([
      ["forced", () => world.up(program, { replace: ["x"] }), "C"],
      ["removed", () => world.up([]), ""],
      ["destroyed", () => world.destroy(), ""],
    ])("[V13] is revoked with the one before it when it is %s", async (_, run, alive) => {
      world.emulator.faults.clear();
      await run();
      expect(world.alive()).toBe(alive);
      expect(world.engine.entries).toHaveLength(alive.length);
    });
  });
});
