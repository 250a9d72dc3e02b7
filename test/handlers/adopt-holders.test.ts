import { KINDS } from "../../provider/domain/kinds";
import { mintByHand } from "../support/by-hand";
import { CREDENTIALS, STORE } from "./support/bigcommerce";
import { labelOf } from "./support/registration";
import type { Declared } from "./support/run";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { private: server } = KINDS;

let world: World;
afterEach(() => world.close());

const byHand = (endsInDays = 80) =>
  mintByHand(world.emulator, {
    ...{ store: STORE, credential: CREDENTIALS[STORE], family: server.family, endsInDays },
    body: { channel_ids: [1, 2], scopes: ["Customer", "Unauthenticated"] },
  });
const adopting = (adopt: string, change: Readonly<Record<string, unknown>> = {}) => [
  declare(server, { adopt, ...change }),
];
const y = (adopt: string) => declare(server, { adopt }, { name: "y" });
const z = declare(server, {}, { name: "z" });
const names = () =>
  world.engine.entries.map((entry) => `${entry.name}=${String(world.outputs(entry)["token"])}`);
const refuseAtGraphql = () => {
  world.emulator.faults.push({ kind: "status", status: 404, path: "/graphql", times: Infinity });
};

describe.each([1, 2] as const)(
  "a token that a resource holds is not ended by another record of it, generation %s",
  (generation) => {
    beforeEach(async () => {
      world = await startWorld({ generation });
    });

    it("when it goes back to its own predecessor", async () => {
      await world.up([declare(server)]);
      world.advance(61);
      await world.up([declare(server)]);
      const up = await world.up(adopting(world.token("A").token));
      expect(up.errors).toEqual([]);
      expect(up.lines.join("\n")).not.toMatch(/previous token A/);
      expect(world.outputs()).toMatchObject({ token: "A", previous: { fingerprint: "B" } });
      expect(world.alive()).toBe("A");
      await world.destroy();
      expect(world.alive()).toBe("");
    });

    it("when it goes back to a token that it adopted before", async () => {
      const [a, b] = [await byHand(), await byHand(85)];
      await world.up(adopting(a));
      await world.up(adopting(b));
      await world.up(adopting(a));
      expect(world.outputs()).toMatchObject({ token: "A" });
      expect(world.alive()).toBe("A");
    });

    it("when it goes back while the first record still waits for its end", async () => {
      const [a, b] = [await byHand(), await byHand(85)];
      await world.up(adopting(a));
      await world.up(adopting(b), { dependantFails: true });
      expect((await world.up(adopting(a))).errors).toEqual([]);
      expect(names()).toEqual(["x=A"]);
      expect(world.alive()).toContain("A");
    });

    it("after a forced replacement beside `adopt` has failed on a rotated token", async () => {
      const a = await byHand();
      await world.up(adopting(a));
      await world.up(adopting(a, { rotateBefore: "81d" }));
      await world.up(adopting(a));
      expect(world.outputs()).toMatchObject({ token: "B", previousToken: "A" });
      expect((await world.up(adopting(a), { replace: ["x"] })).errors).toHaveLength(1);
      expect((await world.up(adopting(a))).errors).toEqual([]);
      expect(names()).toEqual(["x=A"]);
      expect(world.alive()).toContain("A");
    });

    it("when another resource has adopted its predecessor", async () => {
      await world.up([declare(server)]);
      world.advance(20);
      await world.up([declare(server, { channelIds: [1, 2, 3] })]);
      const other = y(world.token("A").token);
      await world.up([declare(server, { channelIds: [1, 2, 3] }), other]);
      const narrowed = await world.up([other, declare(server, { channelIds: [1, 2] })]);
      expect(narrowed.lines.join("\n")).not.toMatch(/previous token A/);
      expect(world.alive()).toContain("A");
      await world.up([other]);
      expect(world.alive()).toBe("A");
    });

    it("when the one that adopted it stands before its holder in the program, whoever goes", async () => {
      await world.up([declare(server)]);
      const other = y(world.token("A").token);
      const both = await world.up([other, declare(server)]);
      expect(both.lines).toContain(
        `warning: ${labelOf("private", "x")}: ${labelOf("private", "y")} holds token A as well, and a token belongs to one resource`,
      );
      await world.up([declare(server)]);
      expect(world.alive()).toBe("A");
      await world.up([other, declare(server, { channelIds: [1] })]);
      expect(world.alive()).toContain("A");
    });

    it("when another adopts it in the update that takes it from its holder", async () => {
      await world.up([declare(server)]);
      const up = await world.up([declare(server, { channelIds: [1] }), y(world.token("A").token)]);
      expect(up.errors).toEqual([]);
      expect(names().sort()).toEqual(["x=B", "y=A"]);
      expect(world.alive()).toBe("AB");
    });

    it("and its predecessor works on when it moves to another resource", async () => {
      await world.up([declare(server)]);
      world.advance(61);
      await world.up([declare(server)]);
      const up = await world.up([y(world.token("B").token)]);
      expect(up.requests).toEqual(["GRAPHQL abc123"]);
      expect(names()).toEqual(["y=B"]);
      expect(world.alive()).toBe("AB");
    });
  },
);

describe("an adopted token that is not proven is in use all the same", () => {
  const kept = async () => {
    world = await startWorld({ generation: 2 });
    const a = await byHand();
    refuseAtGraphql();
    const up = await world.up(adopting(a, { verify: true }));
    expect(up.errors[0]?.message).toMatch(
      /to have another one minted, remove `adopt` and run `pulumi up --replace/,
    );
    return a;
  };

  it.each<readonly [string, (a: string) => Declared[], number]>([
    ["is due", (a) => adopting(a, { verify: true }), 55],
    ["gets a channel", (a) => adopting(a, { verify: true, channelIds: [1, 2, 3] }), 0],
  ])("and works on when it %s", async (_, program, days) => {
    const a = await kept();
    world.emulator.faults.clear();
    world.advance(days);
    expect((await world.up(program(a))).errors).toEqual([]);
    expect(world.outputs()).toMatchObject({ token: "B", previousToken: "A" });
    expect(world.alive()).toBe("AB");
  });

  it("and is known as adopted when `adopt` has gone", async () => {
    await kept();
    await world.up([declare(server, { verify: true })]);
    expect(world.outputs()).toMatchObject({ token: "A", adopted: "A", verified: false });
    world.emulator.faults.clear();
    await world.up([declare(server, { verify: true, channelIds: [1, 2, 3] })]);
    expect(world.alive()).toBe("AB");
  });
});

describe("a dead token is not adopted", () => {
  beforeEach(async () => {
    world = await startWorld({ generation: 2 });
  });

  it("where only the list of the account before tells", async () => {
    const a = await byHand();
    await world.revokeElsewhere("A");
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.colleague;
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = CREDENTIALS[STORE];
    expect((await world.up(adopting(a))).errors[0]?.message).toMatch(/was revoked outside of this stack/);
    expect(world.engine.entries).toEqual([]);
  });

  it("where it is missing from the whole list of its account", async () => {
    const a = await byHand();
    await world.up([z]);
    world.advance(1);
    world.emulator.forget(world.token("A"));
    expect((await world.up([...adopting(a), z])).errors[0]?.message).toMatch(
      /is no longer in the list of API account/,
    );
  });

  it("in the run whose refresh found it gone, forced", async () => {
    const a = await byHand();
    await world.up([...adopting(a), z]);
    world.advance(1);
    world.emulator.forget(world.token("A"));
    const up = await world.up([...adopting(a), z], { refresh: true, replace: ["x"] });
    expect(up.errors[0]?.message).toMatch(/nothing was adopted/);
    expect(world.outputs()).toMatchObject({ token: "A", gone: true });
  });

  it("by the resource that held it when `adopt` came", async () => {
    await world.up([declare(server), z]);
    world.advance(1);
    const program = [...adopting(world.token("A").token), z];
    const noted = await world.up(program);
    expect([noted.calls.filter((call) => call.endsWith("x")), noted.requests]).toEqual([
      ["check x", "diff x", "update x"],
      [],
    ]);
    expect(world.outputs()).toMatchObject({ token: "A", adopted: "A" });
    world.emulator.forget(world.token("A"));
    await world.refresh();
    expect((await world.up(program)).requests).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({ token: "C" });
  });
});

it("a renamed resource leaves its old name to one that adopts", async () => {
  world = await startWorld({ generation: 2 });
  await world.up([declare(server)]);
  const b = await byHand();
  const up = await world.up([declare(server, {}, { name: "y", alias: "x" }), ...adopting(b)]);
  expect(up).toMatchObject({ failures: [], errors: [] });
  expect(names().sort()).toEqual(["x=B", "y=A"]);
});

it("tokens with fixed ends are adopted in turn", async () => {
  world = await startWorld({ generation: 2 });
  const ends = (days: number) =>
    new Date((world.emulator.clock.now() + days * 86_400) * 1_000).toISOString().replace(".000Z", "Z");
  await world.up(adopting(await byHand(), { lifetime: null, expiresAt: ends(80) }));
  world.advance(70);
  const up = await world.up(adopting(await byHand(), { lifetime: null, expiresAt: ends(80) }));
  expect(up).toMatchObject({ failures: [], errors: [] });
  expect(world.outputs()).toMatchObject({ token: "B" });
});

it("of bad inputs beside `adopt` no more is said than what is wrong with them", async () => {
  world = await startWorld({ generation: 2 });
  const { failures } = await world.up(adopting(await byHand(), { channelIds: [0] }));
  expect(failures).toEqual(["channelIds[0]: must be a channel id: a whole number of 1 or more"]);
});

it("`adopt` that was taken out after a rotation and put back adopts the token again while it works", async () => {
  world = await startWorld({ generation: 2 });
  const a = await byHand();
  await world.up(adopting(a));
  world.advance(55);
  await world.up(adopting(a));
  await world.up([declare(server)]);
  expect((await world.up(adopting(a))).requests).toEqual([]);
  expect(world.outputs()).toMatchObject({ token: "B", adopted: "A" });
});
