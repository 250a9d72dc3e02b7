import { KINDS } from "../../provider/domain/kinds";
import { CASES } from "./support/cases";
import { declare, RIGHTS } from "./support/samples";
import { startWorld, type World } from "./support/world";

const REVOKED =
  /^acme\/shop\/prod\/\w+\/x: will be replaced: token A will be revoked at the end of this update \(.*60 s.*\)$/;
const LEFT = /^acme\/shop\/prod\/\w+\/x: will be replaced: token A works until 2026-10-30T00:00:00Z$/;

const CHANGES = [
  ["a channel is added", { channelIds: [1, 2, 3] }, true],
  ["a channel is taken away", { channelIds: [1] }, false],
  ["a channel gives way to another", { channelIds: [1, 3] }, false],
  ["its end comes later", { lifetime: null, expiresAt: "2027-06-01T00:00:00Z" }, true],
  ["its end comes earlier", { lifetime: null, expiresAt: "2026-09-01T00:00:00Z" }, false],
  ["it no longer ends", { lifetime: null, expiresAt: "never" }, true],
  ["its store changes", { storeHash: "other9" }, false],
] as const;

let world: World;
afterEach(() => world.close());

describe.each(CASES)("a token that a change replaces: $title", ({ kind, generation }) => {
  beforeEach(async () => {
    world = await startWorld({ generation });
    await world.up([declare(kind)]);
  });

  it.each(CHANGES)(
    "[E5] when %s, ends by whether its successor covers it: %j -> left is %s",
    async (_, change, left) => {
      const preview = await world.preview([declare(kind, change)]);
      expect(preview.requests).toEqual([]);
      expect(preview.lines.filter((line) => line.startsWith("acme"))).toEqual([
        expect.stringMatching(left ? LEFT : REVOKED),
      ]);

      const up = await world.up([declare(kind, change)]);
      expect(up.errors).toEqual([]);
      expect(up.calls.slice(-2)).toEqual(["create x", "delete x"]);
      const store = "storeHash" in change ? change.storeHash : "abc123";
      expect(up.requests).toEqual([`POST ${store}`, ...(left ? [] : ["DELETE abc123 A"])]);
      const old = left
        ? "valid until 2026-10-30T00:00:00Z"
        : String.raw`will be revoked at the end of this update \(.*60 s.*\)`;
      const fresh = String.raw`new B (expires 20\S+T00:00:00Z|never expires)`;
      expect(up.lines.filter((line) => line.startsWith("acme"))).toEqual([
        expect.stringMatching(
          new RegExp(`^acme/shop/prod/${kind.name}/x: replaced, old A ${old}, ${fresh}$`),
        ),
      ]);
      expect(up.lines.at(-1)).toBe(
        `${left ? "left to expire" : "revoke accepted"} acme/shop/prod/${kind.name}/x A 2026-10-30T00:00:00Z`,
      );
      expect(world.outputs()).toMatchObject({
        token: "B",
        previous: { fate: left ? "letExpire" : "revoke" },
      });
      expect("previousToken" in world.outputs()).toBe(left);
      expect(world.alive()).toBe(left ? "AB" : "B");
    },
  );

  it.each([
    ["never", "a channel is added", { channelIds: [1, 2, 3] }, false],
    ["always", "a channel is taken away", { channelIds: [1] }, true],
  ] as const)("by overlap %s given with the change, when %s", async (overlap, _, change, left) => {
    await world.up([declare(kind, { ...change, overlap })]);
    expect(world.alive()).toBe(left ? "AB" : "B");
  });

  it("by the new overlap and not the old one", async () => {
    await world.up([declare(kind, { overlap: "never" })]);
    const up = await world.up([declare(kind, { channelIds: [1], overlap: "always" })]);
    expect(up.requests).toEqual(["POST abc123"]);
  });

  it("[U8,U9,U10] not at all where only the order or a repetition changes, or what is no right of the token", async () => {
    const rights = Object.fromEntries(kind.rights.map((right) => [right, [...RIGHTS[right].all].reverse()]));
    const same = await world.up([declare(kind, { channelIds: [2, 1, 2], ...rights })]);
    expect(same.calls).toEqual(["check x", "diff x"]);
    const record = await world.up([declare(kind, { overlap: "always", onDelete: "letExpire" })]);
    expect(record.calls).toEqual(["check x", "diff x", "update x"]);
    expect(record.requests).toEqual([]);
    expect(world.outputs()).toMatchObject({ token: "A", overlap: "always", onDelete: "letExpire" });
  });

  it("without an end is revoked, whatever overlap says, and says so", async () => {
    const endless = { lifetime: null, expiresAt: "never" };
    await world.up([declare(kind, endless)], { replace: ["x"] });
    const up = await world.up([declare(kind, { ...endless, channelIds: [1, 2, 3] })]);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 B"]);
    expect(up.lines.at(-1)).toBe(`revoke accepted acme/shop/prod/${kind.name}/x B never`);

    const back = await world.up([declare(kind, { channelIds: [1, 2, 3], overlap: "always" })]);
    expect(back.requests).toEqual(["POST abc123", "DELETE abc123 C"]);
    expect(world.outputs()).not.toHaveProperty("previousToken");
  });
});

const OF_RIGHTS = Object.values(KINDS).flatMap((kind) => kind.rights.map((right) => ({ kind, right })));

describe.each(OF_RIGHTS)("$right of a $kind.name token", ({ kind, right }) => {
  beforeEach(async () => {
    world = await startWorld();
  });
  const { all, some } = RIGHTS[right];

  it("taken away: the old token is revoked", async () => {
    await world.up([declare(kind, { [right]: all })]);
    const up = await world.up([declare(kind, { [right]: some })]);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
  });

  it("added: the old token is left", async () => {
    await world.up([declare(kind, { [right]: some })]);
    const up = await world.up([declare(kind, { [right]: all })]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(world.outputs()["previous"]).toMatchObject({ [right]: some });
  });
});

it.each([
  ["none -> some", null, RIGHTS.allowedCorsOrigins.some],
  ["some -> none", RIGHTS.allowedCorsOrigins.some, []],
])("origins %s: another kind of right, so the old token is revoked", async (_, before, after) => {
  world = await startWorld();
  await world.up([declare(KINDS.storefront, { allowedCorsOrigins: before })]);
  const up = await world.up([declare(KINDS.storefront, { allowedCorsOrigins: after })]);
  expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
});

it("[U9] no origins and an empty list of origins are the same", async () => {
  world = await startWorld();
  await world.up([declare(KINDS.storefront, { allowedCorsOrigins: null })]);
  const up = await world.up([declare(KINDS.storefront, { allowedCorsOrigins: [] })]);
  expect(up.calls).toEqual(["check x", "diff x"]);
});
