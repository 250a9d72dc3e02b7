import type { Client } from "../../provider/bigcommerce/client";
import { ApiError } from "../../provider/bigcommerce/errors";
import { KINDS } from "../../provider/domain/kinds";
import { CASES } from "./support/cases";
import { declare, ODD_THROWS, SECRET } from "./support/samples";
import { startWorld, type World } from "./support/world";

const TOO_BROAD = { kind: "claims", claims: { cid: [1, 2, 3] } } as const;
const REFUSE_REVOKES = { kind: "status", status: 503, method: "DELETE", times: Infinity } as const;

let world: World;
afterEach(() => world.close());

describe.each(CASES)(
  "a minted token that could neither be used nor revoked: $title",
  ({ kind, generation }) => {
    beforeEach(async () => {
      world = await startWorld({ generation });
      world.emulator.faults.push(TOO_BROAD);
      world.emulator.faults.push(REFUSE_REVOKES);
    });
    const program = [declare(kind)];

    it("[E9,E24] is kept in the state, marked, with its reason and without a secret in it", async () => {
      const up = await world.up(program);
      expect(up.errors).toEqual([expect.objectContaining({ code: "partial_failure" })]);
      expect(up.errors[0]?.message).toMatch(
        /channels that were not asked for, and revoking it failed: it is kept in the state/,
      );
      const entry = world.engine.live("x");
      expect(entry.initErrors).toEqual([up.errors[0]?.message]);
      expect(entry.id).toBe(world.token("A").jti ?? world.token("A").fingerprint);
      expect(world.outputs()).toMatchObject({ token: "A", verified: false, channelIds: [1, 2] });
    });

    it("is refused by every further update, without a request, and keeps dependants and deletes waiting", async () => {
      await world.up(program);
      for (let run = 0; run < 2; run++) {
        const next = await world.up(program);
        expect(next.calls).toEqual(["check x", "diff x", "update x"]);
        expect(next.requests).toEqual([]);
        expect(next.errors[0]?.message).toMatch(/not fit for use: .*channels.*pulumi up --replace/);
        expect(world.outputs()).toMatchObject({ token: "A", verified: false });
      }
    });

    it("[E9] is still refused after a refresh has cleared Pulumi's own mark", async () => {
      await world.up(program);
      await world.refresh();
      expect(world.engine.live("x").initErrors).toBeUndefined();
      expect((await world.up(program)).calls).toEqual(["check x", "diff x", "update x"]);
      expect((await world.up(program, { refresh: true })).errors).toHaveLength(1);
    });

    it("is revoked when it is replaced by force, or removed", async () => {
      await world.up(program);
      world.emulator.faults.clear();
      const forced = await world.up(program, { replace: ["x"] });
      expect(forced.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
      expect(world.outputs()).not.toHaveProperty("verified");
      expect((await world.destroy()).requests).toEqual(["DELETE abc123 B"]);
      expect(world.alive()).toBe("");
    });

    it("[E10] is settled by an update that asks for what it is", async () => {
      await world.up(program);
      world.emulator.faults.clear();
      const entry = world.engine.live("x");
      world.engine.entries = [{ ...entry, outputs: { ...entry.outputs, channelIds: [1, 2, 3] } }];
      const settled = await world.up([declare(kind, { channelIds: [1, 2, 3] })]);
      expect(settled.calls).toEqual(["check x", "diff x", "update x"]);
      expect(settled.errors).toEqual([]);
      expect(world.outputs()).not.toHaveProperty("verified");
      expect(world.outputs()).toMatchObject({ token: "A", rotateAt: "2026-09-30T00:00:00Z" });
      expect((await world.up([declare(kind, { channelIds: [1, 2, 3] })])).calls).toEqual([
        "check x",
        "diff x",
      ]);
    });

    it("follows a token that stays until it is settled", async () => {
      world.emulator.faults.clear();
      await world.up(program);
      world.emulator.faults.push(TOO_BROAD);
      world.emulator.faults.push(REFUSE_REVOKES);
      const narrow = [declare(kind, { channelIds: [1] })];
      await world.up(narrow);
      expect(world.engine.pendingOf("x")).toHaveLength(1);
      expect(world.outputs()["previous"]).toMatchObject({ fingerprint: "A", fate: "revoke" });
      world.emulator.faults.clear();
      expect((await world.up(narrow)).requests).toEqual([]);
      expect(world.alive()).toBe("AB");

      const forced = await world.up(narrow, { replace: ["x"] });
      expect(forced.errors).toEqual([]);
      expect(world.alive()).toBe("C");
    });
  },
);

const kind = KINDS.private;

describe("[K13] whatever is thrown while a token that must not be used is revoked, the token is kept", () => {
  const refusal = new ApiError("server_error", "answered 500", {
    ...{
      outcome: "UNKNOWN",
      method: "DELETE",
      pathTemplate: "/stores/{store_hash}/v3/storefront/api-token",
      remedy: "",
    },
  });
  it.each([...ODD_THROWS, ["an ApiError", () => refusal] as const])("%s", async (_, make) => {
    world = await startWorld({ wrap: (client) => ({ ...client, revoke: rejectWith(make) }) });
    world.emulator.faults.push(TOO_BROAD);
    const up = await world.up([declare(kind)]);
    expect(up.errors).toEqual([expect.objectContaining({ code: "partial_failure" })]);
    expect(up.errors[0]?.message).not.toContain(SECRET);
    expect(world.outputs()).toMatchObject({ token: "A", verified: false });
  });
});

it("[E9,E10] a failure of our own after the mint keeps the token, and the next up settles it without a request", async () => {
  world = await startWorld();
  const heard = jest.spyOn(JSON, "stringify");
  const program = [declare(kind)];
  const failing = await startFailingAfterMint(world, program, () => {
    heard.mockImplementationOnce(() => {
      throw new RangeError(SECRET);
    });
  });
  heard.mockRestore();
  expect(failing.errors).toEqual([expect.objectContaining({ code: "partial_failure" })]);
  expect(failing.errors[0]?.message).toMatch(/was minted, but recording it failed; it is kept in the state/);
  expect(failing.errors[0]?.message).not.toContain(SECRET);
  expect(world.outputs()).toMatchObject({ token: "A", fingerprint: "A", verified: false });

  const next = await world.up(program);
  expect(next.requests).toEqual([]);
  expect(next.errors).toEqual([]);
  expect(world.outputs()).toMatchObject({ token: "A", apiAccount: "client-main" });
  expect(world.outputs()).not.toHaveProperty("verified");
  expect(world.emulator.issued).toHaveLength(1);
});

/** Lets the first thing that happens to the minted token, before it is recorded, go wrong. */
async function startFailingAfterMint(world: World, program: Parameters<World["up"]>[0], fail: () => void) {
  world.wrap = (client) => ({
    ...client,
    mint: async (...args) => {
      const minted = await client.mint(...args);
      fail();
      return minted;
    },
  });
  const result = await world.up(program);
  world.wrap = undefined;
  return result;
}

function rejectWith(make: () => unknown): Client["revoke"] {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tested
  return () => Promise.reject(make());
}
