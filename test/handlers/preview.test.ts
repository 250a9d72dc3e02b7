import { KINDS } from "../../provider/domain/kinds";
import { mintByHand } from "../support/by-hand";
import { CREDENTIALS, STORE } from "./support/bigcommerce";
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

describe("a token to adopt", () => {
  const adopting = async (name: string) => {
    const adopt = await mintByHand(world.emulator, {
      ...{ store: STORE, credential: CREDENTIALS[STORE], family: KINDS.private.family, endsInDays: 80 },
      body: { channel_ids: [1, 2], scopes: ["Customer", "Unauthenticated"] },
    });
    return declare(KINDS.private, { adopt }, { name });
  };
  const willAdopt = (lines: readonly string[]) => lines.filter((line) => line.includes("will adopt"));

  it("is named by a preview, without its value, and by no update", async () => {
    const program = [await adopting("x")];
    const { lines } = await world.preview(program);
    expect(willAdopt(lines)).toEqual([
      expect.stringMatching(/^\S+\/x: will adopt token A, which then stays valid$/),
    ]);
    expect(willAdopt((await world.up(program)).lines)).toEqual([]);
    expect(willAdopt((await world.preview(program)).lines)).toEqual([]);
  });

  it("is named by a preview that replaces the token of its resource, and not where its value is unknown", async () => {
    await world.up([declare(KINDS.private)]);
    const { lines } = await world.preview([await adopting("x")]);
    expect(willAdopt(lines)).toEqual([expect.stringMatching(/x: will adopt token B, /)]);
    const unknown = await world.preview([declare(KINDS.private, { adopt: UNKNOWN }, { name: "y" })]);
    expect({ failures: unknown.failures, told: willAdopt(unknown.lines) }).toEqual({
      failures: [],
      told: [],
    });
  });
});
