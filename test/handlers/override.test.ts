import { KINDS } from "../../provider/domain/kinds";
import { declare, SECRET } from "./support/samples";
import { startWorld, type World } from "./support/world";

const NARROW = { channelIds: [1] };
const WIDE = { channelIds: [1, 2, 3] };

let world: World;
const override = (value: string | undefined) => {
  world.env["BIGCOMMERCE_ON_DELETE"] = value;
};
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe.each(Object.values(KINDS))("BIGCOMMERCE_ON_DELETE for a $name token", (kind) => {
  const RUNS = [
    ["removed, with onDelete revoke", { onDelete: "revoke" }, () => world.up([]), "revoke"],
    ["removed, with onDelete letExpire", { onDelete: "letExpire" }, () => world.up([]), "letExpire"],
    ["narrowed", {}, () => world.up([declare(kind, NARROW)]), "revoke"],
    ["widened", {}, () => world.up([declare(kind, WIDE)]), "letExpire"],
    [
      "widened with overlap never",
      {},
      () => world.up([declare(kind, { ...WIDE, overlap: "never" })]),
      "revoke",
    ],
    ["forced", {}, () => world.up([declare(kind)], { replace: ["x"] }), "revoke"],
    [
      "without an end, and replaced",
      { lifetime: null, expiresAt: "never" },
      () => world.up([declare(kind)]),
      "revoke",
    ],
    ["without an end, and removed", { lifetime: null, expiresAt: "never" }, () => world.up([]), "revoke"],
  ] as const;

  describe.each(["revoke", "letExpire"] as const)("= %s", (value) => {
    it.each(RUNS)("decides the end of a token that is %s", async (_, args, run) => {
      await world.up([declare(kind, args)]);
      override(value);
      const result = await run();
      expect(result.errors).toEqual([]);
      expect(result.requests.filter((sent) => sent.startsWith("DELETE"))).toEqual(
        value === "revoke" ? ["DELETE abc123 A"] : [],
      );
      expect(
        result.lines.filter((line) => line.startsWith(`warning: BIGCOMMERCE_ON_DELETE=${value} `)),
      ).toHaveLength(1);
    });

    it("decides for a live predecessor too", async () => {
      await world.up([declare(kind, { onDelete: "letExpire" })]);
      await world.up([declare(kind, { ...WIDE, onDelete: "letExpire" })]);
      override(value);
      const destroy = await world.destroy();
      expect(destroy.requests).toEqual(value === "revoke" ? ["DELETE abc123 A", "DELETE abc123 B"] : []);
    });

    it.each([
      ["widened", WIDE, "letExpire"],
      ["narrowed", NARROW, "revoke"],
    ] as const)(
      "is what preview and up say of a token that is %s, and not written into its fate",
      async (_, change, fate) => {
        await world.up([declare(kind)]);
        override(value);
        const revoked = "will be revoked at the end of this update";
        const preview = await world.preview([declare(kind, change)]);
        const up = await world.up([declare(kind, change)]);
        const [planned, done] = value === "revoke" ? [revoked, revoked] : ["works until", "valid until"];
        expect(preview.lines).toContainEqual(expect.stringContaining(`will be replaced: token A ${planned}`));
        expect(up.lines).toContainEqual(expect.stringContaining(`replaced, old A ${done}`));
        expect(world.outputs()["previous"]).toMatchObject({ fate });
      },
    );
  });

  it.each(RUNS)("unset again: a token that is %s ends as ever", async (_, args, run, end) => {
    await world.up([declare(kind, args)]);
    override("");
    const result = await run();
    expect(result.requests.filter((sent) => sent.startsWith("DELETE"))).toHaveLength(
      end === "revoke" ? 1 : 0,
    );
    expect(result.lines).not.toContainEqual(expect.stringContaining("BIGCOMMERCE_ON_DELETE"));
  });

  it("does not send anything for one that expired more than a day ago", async () => {
    await world.up([declare(kind)]);
    override("revoke");
    world.advance(92);
    expect((await world.destroy()).requests).toEqual([]);
  });

  it("[R11] = letExpire needs no credential", async () => {
    await world.up([declare(kind)]);
    override("letExpire");
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    expect((await world.destroy()).errors).toEqual([]);
    expect(world.engine.entries).toEqual([]);
  });

  it("= anything else fails check and delete by name, unquoted, and nothing is sent", async () => {
    await world.up([declare(kind)]);
    override(SECRET);
    const up = await world.up([declare(kind, NARROW)]);
    expect(up.failures).toEqual([
      expect.stringMatching(/^environment variable BIGCOMMERCE_ON_DELETE must be revoke or letExpire/),
    ]);
    const destroy = await world.destroy();
    expect(destroy.errors[0]?.message).toMatch(/BIGCOMMERCE_ON_DELETE must be revoke or letExpire/);
    for (const text of [...up.failures, ...destroy.errors.map(String)]) expect(text).not.toContain(SECRET);
    expect([...up.requests, ...destroy.requests]).toEqual([]);
    expect(world.alive()).toBe("A");
  });
});

it("= revoke asks for the old store's credential before a new store mints", async () => {
  const kind = KINDS.private;
  await world.up([declare(kind)]);
  override("revoke");
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
  const moved = await world.up([declare(kind, { storeHash: "other9", overlap: "always" })]);
  expect(moved.errors[0]?.message).toMatch(/no credential for store abc123/);
  expect(moved.requests).toEqual([]);
});
