import { STORIES, tell } from "../handlers/support/recorded";
import type { Declared } from "../handlers/support/run";
import type { Told, World } from "../handlers/support/world";
import { EFFECT, endAnswer, runAnswer } from "./support/provider";
import { compareWithRecording } from "./support/recording";
import { casesOf, inWorlds, type Program } from "./support/states";

type Use = (world: World, program: Program) => Promise<readonly Told[]>;

const changed = ([declared, ...others]: Program, args: Declared["args"]): Program =>
  declared ? [{ ...declared, args: { ...declared.args, ...args } }, ...others] : [];
const destroyed = async (world: World) => [await world.destroy()];

/** What may happen to a state, each in a world of its own. */
const USES: Readonly<Record<string, Use>> = {
  "up again": async (world, program) => [await world.up(program)],
  refresh: async (world) => [await world.refresh()],
  destroy: destroyed,
  "destroy, and nothing may be revoked": async (world) => {
    world.env["BIGCOMMERCE_ON_DELETE"] = "letExpire";
    return destroyed(world);
  },
  "destroy after all has expired": async (world) => {
    world.advance(200);
    return destroyed(world);
  },
  "destroy, and the revocation is refused": async (world) => {
    world.emulator.faults.push({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    return [await world.destroy()];
  },
  "removed, and left to expire": async (world, program) => [
    await world.up(changed(program, { onDelete: "letExpire" })),
    await world.up([]),
  ],
  "a rotation": async (world, program) => {
    world.advance(65);
    return [await world.preview(program), await world.up(program), await world.up(program)];
  },
  "a channel less": async (world, program) => [await world.up(changed(program, { channelIds: [1] }))],
  "a channel more, then destroy": async (world, program) => [
    await world.up(changed(program, { channelIds: [1, 2, 3] })),
    await world.destroy(),
  ],
  forced: async (world, program) => [await world.up(program, { replace: ["x"] })],
  "deleted first": async (world, program) => [
    await world.up(changed(program, { channelIds: [1, 3] }), { deletedFirst: ["x"] }),
  ],
  "replaced while a dependant fails, then up again": async (world, program) => {
    const fewer = changed(program, { channelIds: [2] });
    return [await world.up(fewer, { dependantFails: true }), await world.up(fewer)];
  },
  "revoked elsewhere, then refresh and up": async (world, program) => {
    for (const letter of world.alive()) await world.revokeElsewhere(letter);
    return [await world.refresh(), await world.up(program)];
  },
  renamed: async (world, program) => [
    await world.up(program.map((each) => ({ ...each, name: "y", alias: "x" }))),
  ],
};

describe("what becomes of a recorded state", () => {
  compareWithRecording(
    "provider-runs",
    casesOf((state) =>
      inWorlds(state, Object.keys(USES), async (world, program, use) => {
        const told = (await USES[use]?.(world, program)) ?? [];
        return { runs: told.map(runAnswer), ...endAnswer(world) };
      }),
    ),
  );
});

/** The lines of effects up to now, a fingerprint by its letter. */
async function effectsOf(name: string): Promise<readonly string[]> {
  const world = await tell(STORIES[name]!);
  await world.close();
  return world.heard
    .map((line) => line.slice("bigcommerce-tokens: ".length, -1))
    .filter((line) => EFFECT.test(line))
    .map((line) => line.replace(/ [0-9a-f]{16} /, (print) => ` ${world.letter(print.trim())} `));
}

describe("the effects that lead to a state", () => {
  compareWithRecording(
    "provider-effects",
    Object.fromEntries(Object.keys(STORIES).map((name) => [name, () => effectsOf(name)])),
  );
});
