import { KINDS } from "../../provider/domain/kinds";
import { CASES } from "./support/cases";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const DAY = 86_400;
const at = (text: string) => Date.parse(text) / 1000;

let world: World;
afterEach(() => world.close());

describe.each(CASES)(
  "a token that says other things of itself than were asked for: $title",
  ({ kind, generation }) => {
    const claim = (claims: Record<string, unknown>) => {
      world.emulator.faults.push({ kind: "claims", claims });
    };
    beforeEach(async () => {
      world = await startWorld({ generation });
    });

    it("[B12] ends earlier: is kept, told, and due by its own end, which only diff can see", async () => {
      claim({ eat: at("2026-09-20T00:00:00Z") });
      const first = await world.up([declare(kind)]);
      expect(first.errors).toEqual([]);
      expect(first.lines).toContain(`minted acme/shop/prod/${kind.name}/x A 2026-09-20T00:00:00Z`);
      expect(first.lines.at(-1)).toMatch(/token A .*2026-09-20T00:00:00Z/);
      expect(world.outputs()).toMatchObject({
        ...{ expiresAt: "2026-10-30T00:00:00Z", effectiveExpiresAt: "2026-09-20T00:00:00Z" },
        ...{ rotateAt: "2026-08-21T00:00:00Z" },
      });

      world.emulator.clock.advance(20 * DAY - 1);
      expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
      expect((await world.up([declare(kind)], { refresh: true })).requests).toEqual([]);
      world.emulator.clock.advance(1);
      expect((await world.refresh()).requests).toEqual([]);
      const rotation = await world.up([declare(kind)]);
      expect(rotation.calls).toEqual(["check x", "diff x", "check x", "create x", "delete x"]);
      expect(rotation.requests).toEqual(["POST abc123"]);
      expect(world.outputs()["previous"]).toMatchObject({
        fingerprint: "A",
        expiresAt: "2026-09-20T00:00:00Z",
      });
      expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
    });

    it.each<[string, Record<string, unknown>, string]>([
      [
        "[B12] ends later: is told, and what was asked for counts",
        { eat: at("2026-12-24T00:00:00Z") },
        "expires at 2026-12-24T00:00:00Z, says BigCommerce: later than requested",
      ],
      [
        "[B13] does not say when it ends: is told, and what was asked for counts",
        { eat: undefined },
        "does not say when it expires: the requested 2026-10-30T00:00:00Z counts",
      ],
    ])("%s", async (_, claims, line) => {
      claim(claims);
      const up = await world.up([declare(kind)]);
      expect(up.errors).toEqual([]);
      expect(up.lines).toContain(`acme/shop/prod/${kind.name}/x: token A ${line}`);
      expect(world.outputs()).toMatchObject({ expiresAt: "2026-10-30T00:00:00Z" });
      expect(world.outputs()).not.toHaveProperty("effectiveExpiresAt");
      expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
    });

    it.each([
      ["ahead of", "2026-08-01T00:01:01Z", "1 minute behind BigCommerce's: set it. A token with a lifetime is valid for so much less than that"],
      ["behind", "2026-07-31T22:30:00Z", "90 minutes ahead of BigCommerce's: set it. A token with a lifetime is valid for so much longer than that"],
    ])("[J3] was issued %s the local clock: is told", async (_, issued, line) => {
      claim({ iat: at(issued) });
      const up = await world.up([declare(kind)]);
      expect(up.errors).toEqual([]);
      expect(up.lines).toContain(`warning: this machine's clock is ${line}`);
      expect(world.outputs()).toMatchObject({ issuedAt: issued, expiresAt: "2026-10-30T00:00:00Z" });
      expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
    }); // prettier-ignore

    it("says nothing of a clock that is a minute behind, nor of a token that was to have no end", async () => {
      claim({ iat: at("2026-08-01T00:01:00Z") });
      const up = await world.up([declare(kind, { lifetime: null, expiresAt: "never" })]);
      expect(up.lines.at(-1)).toMatch(/^minted /);
    });

    it("[B12] ends earlier than its predecessor: that one is revoked after all, and a line says so", async () => {
      await world.up([declare(kind)]);
      claim({ eat: at("2026-10-15T00:00:00Z") });
      const wide = declare(kind, { channelIds: [1, 2, 3] });
      const up = await world.up([wide]);
      expect(up.lines.filter((line) => line.includes("old A"))).toEqual([
        expect.stringMatching(
          /replaced, old A will be revoked at the end .*, new B expires 2026-10-15T00:00:00Z$/,
        ),
      ]);
      expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
      expect(world.outputs()["previous"]).toMatchObject({ fate: "revoke" });
      expect(world.outputs()).not.toHaveProperty("previousToken");
    });

    it("[B12] ends although no end was asked for: its own end counts", async () => {
      claim({ eat: at("2026-09-20T00:00:00Z") });
      const endless = declare(kind, { lifetime: null, expiresAt: "never" });
      await world.up([endless]);
      expect(world.outputs()).toMatchObject({
        expiresAt: "never",
        effectiveExpiresAt: "2026-09-20T00:00:00Z",
      });
      world.advance(52);
      expect((await world.destroy()).requests).toEqual([]);
    });

    it("[B12,B13,J1] ends later, or never, or says nothing: what was asked for counts", async () => {
      for (const [name, eat] of [
        ["x", at("2027-01-01T00:00:00Z")],
        ["y", undefined],
      ] as const) {
        claim({ eat });
        await world.up(
          [declare(kind), declare(kind, {}, { name: "y" })].filter((one) => name === "y" || one.name === "x"),
        );
        expect(world.outputs(world.engine.live(name))).not.toHaveProperty("effectiveExpiresAt");
      }
    });

    it.each([
      ["is due from its first second", { eat: at("2026-08-31T00:00:00Z") }, /rotateBefore/],
      ["[B13] has expired already", { eat: at("2026-08-01T00:00:00Z") }, /expired already/],
      ["[B14,J1] is valid for more channels", { cid: [1, 2, 3] }, /channels that were not asked for/],
    ])("%s: is revoked again and fails, instead of being handed on", async (_, claims, why) => {
      claim(claims);
      const up = await world.up([declare(kind)]);
      expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
      expect(up.errors).toEqual([expect.objectContaining({ code: "token_mismatch" })]);
      expect(up.errors[0]?.message).toMatch(why);
      expect(up.errors[0]?.message).toContain(world.token("A").fingerprint);
      expect(up.lines.at(-1)).toMatch(/^revoke accepted /);
      expect(world.engine.entries).toEqual([]);
      expect(world.alive()).toBe("");
    });

    it("is not fit to follow its predecessor: that one stays as it is", async () => {
      await world.up([declare(kind)]);
      claim({ cid: [1, 2, 3] });
      const up = await world.up([declare(kind, { channelIds: [1] })]);
      expect(up.requests).toEqual(["POST abc123", "DELETE abc123 B"]);
      expect(world.outputs()).toMatchObject({ token: "A", channelIds: [1, 2] });
      expect((await world.up([declare(kind, { channelIds: [1] })])).requests).toEqual([
        "POST abc123",
        "DELETE abc123 A",
      ]);
      expect(world.alive()).toBe("C");
    });
  },
);

it.each([
  ["any origin", []],
  ["one origin more", ["https://a.example", "https://b.example", "https://c.example"]],
])("[B14] a storefront token for %s is revoked again", async (_, cors) => {
  world = await startWorld();
  world.emulator.faults.push({ kind: "claims", claims: { cors } });
  const up = await world.up([declare(KINDS.storefront)]);
  expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
  expect(up.errors[0]?.message).toMatch(/origins that were not asked for/);
});

it("a retry in the same process still remembers the token that is replaced", async () => {
  world = await startWorld();
  const handlers = world.handlers("private");
  const bag = (change = {}) => ({ ...declare(KINDS.private, change).args, label: "l", __provider: "code" });
  const { inputs } = await handlers.check({}, bag());
  const { id, outs } = await handlers.create(inputs);
  const next = await handlers.check(inputs, bag({ channelIds: [1] }));
  await handlers.diff(id, outs, next.inputs);
  const fresh = await handlers.check({}, bag({ channelIds: [1] }));
  world.emulator.faults.push({ kind: "claims", claims: { cid: [1, 2] } });
  await expect(handlers.create(fresh.inputs)).rejects.toMatchObject({ code: "token_mismatch" });
  const again = await handlers.create(fresh.inputs);
  expect(again.outs).toMatchObject({ previous: { id, fate: "revoke" } });
});
