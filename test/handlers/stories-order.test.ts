import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS } from "./support/bigcommerce";
import type { DeleteOrder } from "./support/engine";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const NARROW = { channelIds: [1] };
const WIDE = { channelIds: [1, 2, 3] };

let world: World;
afterEach(() => world.close());

const ORDERS: readonly DeleteOrder[] = ["newest first", "oldest first", "at once"];

describe.each(ORDERS)("whatever order the engine deletes in (%s)", (deleteOrder) => {
  const kind = KINDS.private;
  beforeEach(async () => {
    world = await startWorld({ deleteOrder });
  });

  it("replaced, a dependant fails, the resource is removed before the next up: each is revoked once", async () => {
    await world.up([declare(kind)]);
    await world.up([declare(kind, WIDE)], { dependantFails: true });
    const removal = await world.up([]);
    expect(removal.errors).toEqual([]);
    expect([...removal.requests].sort()).toEqual(["DELETE abc123 A", "DELETE abc123 B"]);
    expect(world.alive()).toBe("");
    expect(world.engine.entries).toEqual([]);
  });

  it("replaced, a dependant fails, the resource is removed before the next up, with onDelete letExpire: both are left", async () => {
    const args = { onDelete: "letExpire" };
    await world.up([declare(kind, args)]);
    await world.up([declare(kind, { ...args, ...WIDE })], { dependantFails: true });
    const removal = await world.up([]);
    expect(removal.requests).toEqual([]);
    expect(world.alive()).toBe("AB");
  });

  it("a StorefrontToken x becomes a PrivateToken x: the first one is removed, by its onDelete", async () => {
    await world.up([declare(KINDS.storefront)]);
    const up = await world.up([declare(KINDS.private)]);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    await world.up([declare(KINDS.private, { onDelete: "letExpire" })]);
    const back = await world.up([declare(KINDS.storefront)]);
    expect(back.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("BC");
  });

  it("two tokens of one kind do not take part in each other's ends", async () => {
    const [x, y] = [declare(kind), declare(kind, { onDelete: "letExpire" }, { name: "y" })];
    await world.up([x, y]);
    const up = await world.up([declare(kind, NARROW)]);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(world.alive()).toBe("BC");
  });

  it("[R7] a removal that fails keeps the token, and the next run ends it", async () => {
    await world.up([declare(kind)]);
    world.emulator.faults.push({ kind: "reset-before", method: "DELETE", times: Infinity });
    const removal = await world.up([]);
    expect(removal.errors).toHaveLength(1);
    expect(removal.errors[0]?.message).toContain("stays in the state");
    expect(world.engine.entries).toHaveLength(1);
    world.emulator.faults.clear();
    expect((await world.up([])).requests).toEqual(["DELETE abc123 A"]);
    expect(world.engine.entries).toEqual([]);
  });

  it("rotate, narrow while the predecessor lives, the revoke fails, destroy: each is revoked, and nothing is left", async () => {
    await world.up([declare(kind)]);
    world.advance(61);
    await world.up([declare(kind)]);
    world.emulator.faults.push({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    await world.up([declare(kind, NARROW)]);
    world.emulator.faults.clear();
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect([...destroy.requests].sort()).toEqual(["DELETE abc123 A", "DELETE abc123 B", "DELETE abc123 C"]);
    expect(world.alive()).toBe("");
    expect(world.engine.entries).toEqual([]);
  });

  it("a dependant fails twice, two replacements: every token but the last is ended once", async () => {
    await world.up([declare(kind)]);
    await world.up([declare(kind, WIDE)], { dependantFails: true });
    await world.up([declare(kind, NARROW)], { dependantFails: true });
    const next = await world.up([declare(kind, NARROW)]);
    expect([...next.requests].sort()).toEqual(["DELETE abc123 A", "DELETE abc123 B"]);
    expect(world.alive()).toBe("C");
    expect(world.engine.entries).toHaveLength(1);
  });

  it("a token that only its own account can revoke stays as a token of its own, and is only warned of as a predecessor", async () => {
    await world.up([declare(kind)]);
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.colleague;
    await world.up([declare(kind, WIDE)], { dependantFails: true });
    const removal = await world.up([]);
    expect(removal.errors).toHaveLength(1);
    expect(removal.errors[0]?.message).toMatch(/stays in the state/);
    expect(removal.lines.filter((line) => /^warning: \S+: token A /.test(line))).toHaveLength(1);
    expect(world.engine.entries.map(({ outputs }) => outputs["fingerprint"])).toEqual([
      world.token("A").fingerprint,
    ]);
    expect(world.alive()).toBe("A");
  });
});
