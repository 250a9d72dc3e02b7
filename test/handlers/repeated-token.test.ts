import { KINDS } from "../../provider/domain/kinds";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { private: kind } = KINDS;

let world: World;
afterEach(() => world.close());

/** The next mint is answered with a token that exists. */
const answerWith = (letter: string) => {
  const body = { data: { token: world.token(letter).token }, meta: {} };
  world.emulator.faults.push({ kind: "reply", method: "POST", reply: { status: 200, body } });
};
const REPEATED =
  /: BigCommerce answered the mint with token [0-9a-f]{16}, which \S+ holds already: nothing was recorded/;

describe("a mint that is answered with a token in use", () => {
  it("of another resource is refused, and the token works on", async () => {
    world = await startWorld();
    await world.up([declare(kind, {}, { name: "y" })]);
    answerWith("A");
    const program = [declare(kind, {}, { name: "y" }), declare(kind)];
    const up = await world.up(program);
    expect(up.errors.map(({ message }) => message)).toEqual([expect.stringMatching(REPEATED)]);
    expect(up.lines.filter((line) => line.startsWith("minted"))).toEqual([]);
    expect(world.engine.entries.map(({ name }) => name)).toEqual(["y"]);
    expect(world.alive()).toContain("A");
  });

  it("of another resource of the same run is refused", async () => {
    world = await startWorld();
    const of = world.handlers(kind.name);
    const create = async (name: string) => {
      const { inputs } = await of.check(
        {},
        { ...declare(kind).args, label: `acme/shop/prod/private/${name}` },
      );
      return of.create(inputs);
    };
    await create("x");
    answerWith("A");
    await expect(create("y")).rejects.toThrow(REPEATED);
  });

  it("of a resource that the run meets later is told of there", async () => {
    world = await startWorld();
    await world.up([declare(kind, {}, { name: "y" })]);
    answerWith("A");
    const up = await world.up([declare(kind), declare(kind, {}, { name: "y" })]);
    expect(up.lines).toContainEqual(
      expect.stringMatching(/^warning: \S+y: \S+x holds token A as well, and a token belongs to one resource$/),
    ); // prettier-ignore
    expect(world.alive()).toContain("A");
  });

  it("that it is to replace is refused, and not revoked with its replacement", async () => {
    world = await startWorld();
    await world.up([declare(kind)]);
    answerWith("A");
    const up = await world.up([declare(kind, { channelIds: [1] })]);
    expect(up.errors.map(({ message }) => message)).toEqual([expect.stringMatching(REPEATED)]);
    expect(world.outputs()).toMatchObject({ token: "A", channelIds: [1, 2] });
    expect(world.alive()).toContain("A");
  });

  it("that it is to replace by force, which only its delete shows, is not revoked", async () => {
    world = await startWorld();
    await world.up([declare(kind)]);
    answerWith("A");
    const up = await world.up([declare(kind)], { replace: ["x"] });
    expect(up.requests).toEqual(["POST abc123"]);
    expect(up.lines.at(-1)).toMatch(
      /token A is not revoked, because BigCommerce returned the same token for a mint of this run$/,
    );
    expect(world.engine.entries).toHaveLength(1);
    expect(world.alive()).toContain("A");
  });

  it("that a resource left to expire is refused", async () => {
    world = await startWorld();
    await world.up([declare(kind)]);
    world.advance(61);
    await world.up([declare(kind)]);
    answerWith("A");
    const up = await world.up([declare(kind), declare(kind, {}, { name: "y" })]);
    expect(up.errors.map(({ message }) => message)).toEqual([expect.stringMatching(REPEATED)]);
  });
});
