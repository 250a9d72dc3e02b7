import { KINDS } from "../../provider/domain/kinds";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { private: kind } = KINDS;

let world: World;
afterEach(() => world.close());

/** A token grows with its channels, which other stores number in more digits than the emulator has. */
const mintOf = async (generation: 1 | 2, characters: number) => {
  world = await startWorld({ generation });
  const padding = "x".repeat(Math.floor((characters * 3) / 4));
  world.emulator.faults.push({ kind: "claims", claims: { padding } });
  const up = await world.up([declare(kind)]);
  return { up, length: world.token("A").token.length };
};

it.each([1, 2] as const)(
  "a token of almost 16 KiB is recorded, and revoked again, generation %s",
  async (generation) => {
    const { up, length } = await mintOf(generation, 14 * 1024);
    expect(length).toBeGreaterThan(14 * 1024);
    expect(up).toMatchObject({ errors: [], requests: ["POST abc123"] });
    expect((await world.up([declare(kind)])).requests).toEqual([]);
    expect((await world.destroy()).errors).toEqual([]);
    expect(world.alive()).toBe("");
  },
);

it("one of more is not recorded: a store with a list revokes it, and mints once more", async () => {
  const { up } = await mintOf(2, 20 * 1024);
  expect(up.errors).toEqual([]);
  expect(world.outputs()).toMatchObject({ token: "B" });
  expect(world.alive()).toBe("B");
});
