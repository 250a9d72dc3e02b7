import { version } from "../../package.json";
import { SECRET, SIGNATURE } from "../../provider/pulumi-values";
import { KINDS, NAMES, useWorld } from "./provider-world";
import type { Bag } from "./provider-process";

/** As the engine sends a value that a preview does not know yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
const DIFF_NONE = 1;
const DIFF_SOME = 2;

const world = useWorld();

describe.each(NAMES)("a %s", (kind) => {
  it("[E3] lives from check to delete, with complete outputs at every step", async () => {
    await world.configure();
    const { inputs, failures } = await world.provider.check({}, world.inputsOf(kind));
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      channelIds: [1, 2],
      storeHash: "abc123",
      __provider: world.inputsOf(kind)["__provider"],
    });
    for (const right of Object.values<readonly string[]>(KINDS[kind])) {
      expect(Object.values(inputs)).toContainEqual([...right].sort());
    }

    const { id, outputs } = await world.provider.create(inputs);
    const issued = world.emulator.issued[0];
    expect(id).toBe(issued?.jti);
    expect(outputs).toEqual({
      ...inputs,
      token: { [SIGNATURE]: SECRET, value: issued?.token },
      fingerprint: issued?.fingerprint,
      issuedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      rotateAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      apiAccount: "client-a",
      listName: issued?.name,
    });
    expect(issued?.name).toBe(`${String(inputs["label"])}#${issued?.name?.slice(-32) ?? ""}`);

    const again = await world.provider.check(inputs, world.inputsOf(kind, { channelIds: [1, 2, 1] }));
    expect(again).toEqual({ inputs, failures: [] });
    expect(await world.provider.diff(id, outputs, inputs)).toEqual({ changes: DIFF_NONE, replaces: [] });
    expect(await world.provider.read(id, outputs)).toEqual({ id, outputs });

    const changed = await world.provider.check(inputs, world.inputsOf(kind, { rotateBefore: "5d" }));
    expect(await world.provider.diff(id, outputs, changed.inputs)).toEqual({
      changes: DIFF_SOME,
      replaces: [],
    });
    const updated = await world.provider.update(id, outputs, changed.inputs);
    const { rotateAt, ...kept } = outputs;
    expect(updated).toMatchObject({ ...kept, rotateBefore: "5d" });
    expect(updated["rotateAt"]).not.toBe(rotateAt);

    await world.provider.delete(id, updated);
    const agents = new Set(world.emulator.requests.map(({ headers }) => headers["user-agent"]));
    expect([...agents]).toEqual([`pulumi-bigcommerce-tokens/${version}`]);
    expect(world.emulator.requests.map(({ method }) => method)).toEqual([
      ...["GET", "POST"],
      // The refresh asked the list.
      ...["GET", "DELETE"],
    ]);
    expect(world.emulator.issued[0]?.revokedAt).toBeDefined();
  });

  it("[E5] is replaced by a change of its channels, and its state then names its predecessor", async () => {
    await world.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf(kind));
    const { id, outputs } = await world.provider.create(inputs);
    const news = world.inputsOf(kind, { channelIds: [1] });
    const first = await world.provider.check(inputs, news);
    expect(await world.provider.diff(id, outputs, first.inputs)).toEqual({
      changes: DIFF_SOME,
      replaces: ["channelIds"],
    });
    const second = await world.provider.check({}, news);
    const successor = await world.provider.create(second.inputs);
    expect(successor.outputs["previous"]).toMatchObject({ id, fate: "revoke", channelIds: [1, 2] });
    await world.provider.delete(id, outputs);
    expect(world.emulator.issued.map(({ revokedAt }) => revokedAt !== undefined)).toEqual([true, false]);
  });
});

/** The code that states of 0.1.0 hold, as the SDK of that time wrote it. */
const recordedText = (kind: string) => `exports.handler = __f0;
const provider = require("pulumi-bigcommerce-tokens/lifecycle/${kind.replace("Token", "").toLowerCase()}");

function __f0() {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return () => provider;

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;

it.each(NAMES)("[E12] the code that a state of 0.1.0 holds of a %s loads, and deletes it", async (kind) => {
  await world.configure();
  const { inputs } = await world.provider.check({}, world.inputsOf(kind));
  const { id, outputs } = await world.provider.create(inputs);
  const state = { ...outputs, __provider: recordedText(kind) };
  await world.restart();
  await world.configure();
  expect(await world.provider.read(id, state)).toEqual({ id, outputs: state });
  await world.provider.delete(id, state);
  expect(world.emulator.issued[0]?.revokedAt).toBeDefined();
});

describe("what a preview does not know", () => {
  it("[U4,E1] passes check and diff, alone and inside lists, and nothing is sent", async () => {
    await world.configure();
    const known = await world.provider.check({}, world.inputsOf("PrivateToken"));
    const state = { ...known.inputs, issuedAt: "2026-01-01T00:00:00Z" };
    const unknowns: Bag[] = [
      ...[{ channelIds: UNKNOWN }, { channelIds: [1, UNKNOWN_NUMBER] }, { scopes: ["Customer", UNKNOWN] }],
      ...[{ lifetime: UNKNOWN }, { rotateBefore: UNKNOWN }, { storeHash: UNKNOWN }, { overlap: UNKNOWN }],
    ];
    for (const unknown of unknowns) {
      const { inputs, failures } = await world.provider.check(
        known.inputs,
        world.inputsOf("PrivateToken", unknown),
      );
      expect([unknown, failures]).toEqual([unknown, []]);
      expect(inputs).toMatchObject(unknown);
      const { changes } = await world.provider.diff("id", state, inputs);
      expect([unknown, changes]).toEqual([unknown, DIFF_SOME]);
    }
    expect(world.emulator.requests).toEqual([]);
  });

  it("includes the expiry, while the lifetime is not known", async () => {
    await world.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf("PrivateToken", { lifetime: UNKNOWN }));
    expect(inputs["expiresAt"]).toBe(UNKNOWN);
  });
});
