import { KINDS } from "../../provider/domain/kinds";
import type { Bag } from "./support/run";
import { declare, SENTINELS, UNKNOWN } from "./support/samples";
import { startWorld, type World } from "./support/world";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe("a preview of what is not known yet", () => {
  it.each(SENTINELS)(
    "[U4,E1] passes it on, sends nothing, and says that the update will tell (%s)",
    async (sentinel) => {
      const kind = KINDS.storefront;
      const unknowns = [
        { channelIds: [1, sentinel] },
        { channelIds: sentinel },
        { allowedCorsOrigins: [sentinel] },
        { lifetime: sentinel },
        { rotateBefore: sentinel },
        { storeHash: sentinel },
        { lifetime: null, expiresAt: sentinel },
        { expiresAt: sentinel },
      ];
      for (const change of unknowns) {
        const { failures, lines } = await world.preview([declare(kind, change)]);
        expect({ failures, told: lines.join().includes(sentinel) }).toEqual({ failures: [], told: false });
      }
      await world.up([declare(kind)]);
      for (const change of unknowns) {
        const preview = await world.preview([declare(kind, change)]);
        expect({ failures: preview.failures, errors: preview.errors }).toEqual({ failures: [], errors: [] });
        expect(preview.calls).toEqual(["check x", "diff x", "check x"]);
        expect(preview.lines.at(-1)).toMatch(
          /x: token A may be replaced; only the update can tell whether it is revoked$/,
        );
      }
      expect(world.emulator.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
    },
  );

  it.each(["lifetime", "rotateBefore"])("[U4] an unknown %s makes the end unknown", async (name) => {
    for (const sentinel of SENTINELS) {
      const args = { ...declare(KINDS.private).args, label: "l", __provider: "code", [name]: sentinel };
      expect((await world.handlers("private").check({}, args)).inputs).toMatchObject({ expiresAt: UNKNOWN });
    }
  });

  it.each<[string, Bag]>([
    ["never expires", { lifetime: null, expiresAt: "never" }],
    ["is unproven", { verify: true }],
  ])("says that a token is revoked which %s, whatever replaces it", async (_, args) => {
    world.emulator.faults.push({ kind: "status", status: 401, path: "/graphql", times: Infinity });
    await world.up([declare(KINDS.private, args)]);
    const { lines } = await world.preview([declare(KINDS.private, { ...args, channelIds: UNKNOWN })]);
    expect(lines.filter((line) => line.startsWith("acme"))).toEqual([
      expect.stringMatching(/x: will be replaced: token A will be revoked at the end of this update /),
    ]);
  });
});
