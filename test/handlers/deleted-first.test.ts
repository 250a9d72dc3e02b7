import { KINDS } from "../../provider/domain/kinds";
import { labelOf } from "./support/registration";
import { declare, UNKNOWN } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { private: kind } = KINDS;
const FIRST = { deletedFirst: ["x"] };

let world: World;
afterEach(() => world.close());

const program = (change: Readonly<Record<string, unknown>> = {}) => [declare(kind, change)];
const said = (lines: readonly string[]) => lines.filter((line) => line.includes("that it depends on"));
/** BigCommerce refuses to mint, so that the run ends between the old token and the new one. */
const failMints = () => {
  world.emulator.faults.push({ kind: "status", status: 422, method: "POST", times: 2 });
};
const start = async (change: Readonly<Record<string, unknown>> = {}) => {
  world = await startWorld();
  await world.up(program(change));
};

describe("a token whose dependency is deleted before it is replaced", () => {
  it("is left until its successor is in use, which names it and holds it, though it covers less", async () => {
    await start();
    const up = await world.up(program({ channelIds: [3] }), FIRST);
    expect(up.calls).toEqual(["diff x", "delete x", "check x", "create x"]);
    expect(up).toMatchObject({ requests: ["POST abc123"], errors: [], failures: [] });
    expect(world.alive()).toBe("AB");
    expect(world.outputs()).toMatchObject({
      token: "B",
      channelIds: [3],
      previous: { fingerprint: "A", fate: "letExpire" },
      previousToken: "A",
    });
  });

  it("is told so once in a preview and once in an update, with what ends it earlier", async () => {
    await start();
    for (const run of [() => world.preview(program(), FIRST), () => world.up(program(), FIRST)]) {
      const { lines } = await run();
      expect(said(lines)).toEqual([
        expect.stringMatching(
          /^\S+: token A works until \S+, because a resource that it depends on is deleted before it is replaced; `pulumi-bigcommerce-tokens retire` revokes it once the new token is in use, BIGCOMMERCE_ON_DELETE=revoke at once$/,
        ),
      ]);
    }
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string | undefined]>([
    ["it never expires", { lifetime: null, expiresAt: "never" }, undefined],
    ['overlap is "never"', { overlap: "never" }, undefined],
    ["BIGCOMMERCE_ON_DELETE=revoke says so", {}, "revoke"],
  ])("is revoked at once where %s", async (_, change, override) => {
    await start(change);
    world.env["BIGCOMMERCE_ON_DELETE"] = override;
    const up = await world.up(program({ ...change, channelIds: [3] }), FIRST);
    expect(up.requests).toEqual(["DELETE abc123 A", "POST abc123"]);
    expect(said(up.lines)).toEqual([
      expect.stringMatching(/token A will be revoked before the new token exists/),
    ]);
    expect(world.outputs()).toMatchObject({ token: "B", previous: { fingerprint: "A", fate: "revoke" } });
    expect(world.outputs()).not.toHaveProperty("previousToken");
    expect(world.alive()).toBe("B");
  });

  it("is revoked at once where it was never proven", async () => {
    world = await startWorld();
    const body = { errors: [{ message: "JWT is expired" }] };
    world.emulator.faults.push({ kind: "status", status: 401, body, path: "/graphql" });
    await world.up(program({ verify: true }));
    expect(world.outputs()).toMatchObject({ verified: false });
    const up = await world.up(program({ verify: true, channelIds: [3] }), FIRST);
    expect(up.requests).toEqual(["DELETE abc123 A", "POST abc123", "GRAPHQL abc123"]);
    expect(world.alive()).toBe("B");
  });

  it("takes its own live predecessor along, whose successor's successor cannot name it", async () => {
    await start();
    world.advance(61);
    await world.up(program());
    expect(world.outputs()).toMatchObject({ token: "B", previousToken: "A" });
    const up = await world.up(program({ channelIds: [3] }), FIRST);
    expect(up.requests).toEqual(["DELETE abc123 A", "POST abc123"]);
    expect(world.alive()).toBe("BC");
    expect(world.outputs()).toMatchObject({ token: "C", previousToken: "B" });
  });

  it("sends nothing for one that a refresh saw gone, whose predecessor the successor goes on naming", async () => {
    await start();
    world.advance(61);
    await world.up(program());
    await world.revokeElsewhere("B");
    await world.refresh();
    expect(world.outputs()).toMatchObject({ gone: true });
    const up = await world.up(program({ channelIds: [3] }), FIRST);
    expect(up).toMatchObject({ requests: ["POST abc123"], errors: [] });
    expect(world.outputs()).toMatchObject({ token: "C", previousToken: "A" });
  });

  it("is left by a targeted destroy of the dependency, which looks the same, unless BIGCOMMERCE_ON_DELETE ends it", async () => {
    await start();
    expect((await world.up([], FIRST)).requests).toEqual([]);
    expect(world.alive()).toBe("A");
  });

  it("is carried by its successor as well where that has another name by an alias", async () => {
    await start();
    const renamed = declare(kind, { channelIds: [3] }, { name: "y", alias: "x" });
    const up = await world.up([renamed], FIRST);
    expect(up).toMatchObject({ requests: ["POST abc123"], errors: [], failures: [] });
    expect(up.lines.filter((line) => line.includes("will be revoked"))).toEqual([]);
    expect(world.outputs(world.engine.live("y"))).toMatchObject({
      ...{ token: "B", previousToken: "A" },
      previous: { fingerprint: "A", fate: "letExpire" },
    });
    expect(world.alive()).toBe("AB");
  });

  const OTHER = "acme/shop/prod/private/another-label";
  it.each([
    ["that the class tells", { label: OTHER, formerLabel: labelOf(kind.name, "x") }, labelOf(kind.name, "x")],
    [
      "of 8 digits, below a component",
      { label: "acme/shop/prod/private/0123456789abcdef-x" },
      "acme/shop/prod/private/01234567-x",
    ],
  ])("is carried where the state has the label of version 0.1.0 %s", async (_, labels, former) => {
    await start();
    const of = world.handlers(kind.name);
    const { id, inputs, outputs } = world.engine.live("x");
    const state = { ...outputs, label: former };
    await of.diff(id, state, { ...inputs, label: former, channelIds: UNKNOWN });
    await of.delete(id, state);
    const { args } = declare(kind, { channelIds: [3] });
    const { inputs: checked, failures } = await of.check({}, { ...args, ...labels });
    expect(failures).toEqual([]);
    expect(checked).not.toHaveProperty("formerLabel");
    const { outs } = await of.create(checked);
    expect(outs).toMatchObject({ previous: { fingerprint: outputs["fingerprint"], fate: "letExpire" } });
  });

  it("and is spared in the end is no such one", async () => {
    await start();
    const of = world.handlers(kind.name);
    const { id, inputs, outputs } = world.engine.live("x");
    await of.diff(id, outputs, { ...inputs, channelIds: UNKNOWN });
    const { inputs: checked } = await of.check(inputs, {
      ...program()[0]!.args,
      label: labelOf(kind.name, "x"),
    });
    expect((await of.diff(id, outputs, { ...checked, __provider: outputs["__provider"] })).replaces).toEqual(
      [],
    );
    await of.delete(id, outputs);
    expect(world.alive()).toBe("");
  });
});

describe("an update that ends between the delete and the successor", () => {
  const interrupted = async (change: Readonly<Record<string, unknown>> = {}) => {
    await start(change);
    failMints();
    const up = await world.up(program(change), FIRST);
    expect(up.errors).toHaveLength(1);
    expect(world.engine.entries).toMatchObject([{ pendingReplacement: true }]);
    world.emulator.faults.clear();
  };

  it("leaves the token alive", async () => {
    await interrupted();
    expect(world.alive()).toBe("A");
  });

  it("is finished by the next one, whose token names the old one by the rules of `overlap`", async () => {
    await interrupted();
    const up = await world.up(program());
    expect(up.calls).toEqual(["check x", "diff x", "check x", "create x", "delete x"]);
    expect(up).toMatchObject({ requests: ["POST abc123"], errors: [] });
    expect(world.outputs()).toMatchObject({
      token: "B",
      previous: { fate: "letExpire" },
      previousToken: "A",
    });
    expect(world.alive()).toBe("AB");
  });

  it("is finished as well where the token changes by then, and revokes the old one where it did more", async () => {
    await interrupted();
    const up = await world.up(program({ channelIds: [1] }));
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(world.outputs()).toMatchObject({ token: "B", previous: { fingerprint: "A", fate: "revoke" } });
  });

  it("is finished by one that deletes the dependency first once more", async () => {
    await interrupted();
    const up = await world.up(program({ channelIds: [3] }), FIRST);
    expect(up).toMatchObject({ requests: ["POST abc123"], errors: [] });
    expect(world.outputs()).toMatchObject({ token: "B", previousToken: "A" });
  });

  it('does not keep a revoked one where overlap is "never"', async () => {
    await interrupted({ overlap: "never" });
    expect(world.alive()).toBe("");
    const up = await world.up(program({ overlap: "never" }));
    expect(up.errors).toEqual([]);
    expect(world.outputs()).toMatchObject({ token: "B", previous: { fate: "revoke" } });
    expect(world.alive()).toBe("B");
  });

  it("is forced where the next one replaces by force, which revokes", async () => {
    await interrupted();
    expect((await world.up(program(), { replace: ["x"] })).requests).toEqual([
      "POST abc123",
      "DELETE abc123 A",
    ]);
    expect(world.outputs()).not.toHaveProperty("previous");
  });

  it.each([
    ["destroy", () => world.destroy()],
    ["removal", () => world.up([])],
  ])("is out of reach of a %s, which Pulumi does not tell us of", async (_, end) => {
    await interrupted();
    expect(await end()).toMatchObject({ calls: [], requests: [] });
    expect(world.engine.entries).toEqual([]);
    expect(world.alive()).toBe("A");
  });

  it("is not looked at by a refresh, and finished afterwards", async () => {
    await interrupted();
    expect((await world.refresh()).calls).toEqual([]);
    expect((await world.up(program())).requests).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({ token: "B", previousToken: "A" });
  });
});

describe("a token that Pulumi deletes before its own successor exists, as a transform in the engine can ask for", () => {
  it("is not revoked: the update fails, and nothing is sent", async () => {
    await start();
    const of = world.handlers(kind.name);
    const { id, inputs, outputs } = world.engine.live("x");
    const news = {
      ...declare(kind, { channelIds: [3] }).args,
      label: labelOf(kind.name, "x"),
      __provider: "code",
    };
    const { inputs: changed } = await of.check(inputs, news);
    expect((await of.diff(id, outputs, changed)).replaces).toContain("channelIds");
    await of.check({}, news);
    await expect(of.delete(id, outputs)).rejects.toThrow(
      /deleteBeforeReplace would leave no token in between/,
    );
    expect(world.alive()).toBe("A");
  });
});

it("a forced replacement revokes what has the label of version 0.1.0 still, whatever onDelete says", async () => {
  await start({ onDelete: "letExpire" });
  const of = world.handlers(kind.name);
  const { id, outputs } = world.engine.live("x");
  const former = "acme/shop/prod/private/01234567-x";
  const { args } = declare(kind, { onDelete: "letExpire" });
  const { inputs } = await of.check({}, { ...args, label: "acme/shop/prod/private/0123456789abcdef-x" });
  await of.create(inputs);
  await of.delete(id, { ...outputs, label: former });
  expect(world.alive()).toBe("B");
});
