import { KINDS } from "../../provider/domain/kinds";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const WIDE = { channelIds: [1, 2, 3] };
const END = Date.parse("2026-10-30T00:00:00Z") / 1000;

let world: World;
const setClock = (seconds: number) => {
  world.emulator.clock.advance(seconds - world.emulator.clock.now());
};
afterEach(() => world.close());

describe.each(Object.values(KINDS))("an expired $name token", (kind) => {
  it("[R9] more than a day past: nothing is sent, and no credential is needed", async () => {
    world = await startWorld();
    await world.up([declare(kind)]);
    setClock(END + 86_401);
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.requests).toEqual([]);
    expect(destroy.lines).toContain(`expired acme/shop/prod/${kind.name}/x A 2026-10-30T00:00:00Z`);
    expect(world.engine.entries).toEqual([]);
  });

  it.each([
    ["accepted", 1],
    ["accepted", 2],
    ["refused", 1],
    ["refused", 2],
  ] as const)(
    "[R9] a day past and not more: it is sent once, and done whether it is %s (generation %i)",
    async (deadTokenRevocation, generation) => {
      world = await startWorld({ deadTokenRevocation, generation });
      await world.up([declare(kind)]);
      setClock(END + 86_400);
      const destroy = await world.destroy();
      expect(destroy.errors).toEqual([]);
      expect(destroy.requests).toEqual(["DELETE abc123 A"]);
      expect(destroy.lines.at(-1)).toMatch(
        deadTokenRevocation === "accepted" ? /^revoke accepted / : /^expired /,
      );
      expect(world.engine.entries).toEqual([]);
    },
  );
});

const kind = KINDS.private;

it.each([401, 403, 429, 500])(
  "[R9] a day past and not more: %i is no proof that it is gone",
  async (status) => {
    world = await startWorld();
    await world.up([declare(kind)]);
    setClock(END + 10);
    world.emulator.faults.push({ kind: "status", status, method: "DELETE", times: Infinity });
    expect((await world.destroy()).errors).toHaveLength(1);
    expect(world.engine.entries).toHaveLength(1);
  },
);

it.each([400, 404, 409, 422])(
  "[R9] a day past and not more: a refusal by %i counts as done",
  async (status) => {
    world = await startWorld();
    await world.up([declare(kind)]);
    setClock(END + 10);
    world.emulator.faults.push({ kind: "status", status, method: "DELETE", times: Infinity });
    expect((await world.destroy()).errors).toEqual([]);
    expect(world.engine.entries).toEqual([]);
  },
);

it("[C1,R9] is judged by BigCommerce's clock where it answers: a local clock two hours ahead proves nothing", async () => {
  world = await startWorld({ generation: 1, deadTokenRevocation: "refused" });
  await world.up([declare(kind)]);
  await world.revokeElsewhere("A");
  world.emulator.faults.push({ kind: "status", status: 500, path: "/graphql", times: Infinity });
  setClock(END - 3600);
  world.skew = 7200;
  expect((await world.destroy()).errors).toHaveLength(1);
  setClock(END);
  expect((await world.destroy()).errors).toEqual([]);
});

it("[R9] a predecessor that has expired needs no request and no credential, and is not written", async () => {
  world = await startWorld();
  const long = { storeHash: "other9", overlap: "always", lifetime: "360d", rotateBefore: "10d" };
  await world.up([declare(kind)]);
  await world.up([declare(kind, { ...WIDE, ...long })]);
  setClock(END);
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
  const next = await world.up([declare(kind, long)]);
  expect(next.errors).toEqual([]);
  expect(next.requests).toEqual(["POST other9"]);
  expect(next.lines).not.toContainEqual(expect.stringContaining("token A"));
  expect((await world.destroy()).requests).toEqual(["DELETE other9 B", "DELETE other9 C"]);
});

it("with onDelete letExpire is told as expired, not as left to expire", async () => {
  world = await startWorld();
  await world.up([declare(kind, { onDelete: "letExpire" })]);
  setClock(END);
  expect((await world.destroy()).lines.at(-1)).toMatch(/^expired /);
});
