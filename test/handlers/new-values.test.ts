import { KINDS } from "../../provider/domain/kinds";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { storefront: kind } = KINDS;
const MANY = Array.from({ length: 1_500 }, (_, at) => at + 1);

let world: World;
afterEach(() => world.close());

const failuresOf = async (change: Readonly<Record<string, unknown>>, name = "x") => {
  world = await startWorld();
  const { failures, requests } = await world.up([declare(kind, change, { name })]);
  expect(requests).toEqual([]);
  return failures;
};
/** A state as a version made it that knew none of these rules. */
const withState = async (stored: Readonly<Record<string, unknown>>, name = "x") => {
  world = await startWorld();
  await world.up([declare(kind, { channelIds: [1] }, { name })]);
  const [entry] = world.engine.entries;
  const { inputs, outputs } = entry!;
  world.engine.entries = [
    { ...entry!, inputs: { ...inputs, ...stored }, outputs: { ...outputs, ...stored } },
  ];
};

describe("of a new resource", () => {
  it("more than 1,000 channels are refused, with whose rule it is", async () => {
    expect(await failuresOf({ channelIds: MANY })).toEqual([
      expect.stringMatching(/^channelIds: has more than 1000 channels, which is a limit of this package: /),
    ]);
  });

  it("1,000 channels are not", async () => {
    world = await startWorld();
    expect((await world.preview([declare(kind, { channelIds: MANY.slice(0, 1_000) })])).failures).toEqual([]);
  });

  it.each([`https://${"a".repeat(64)}.example`, `https://${"a.".repeat(126)}example`])(
    "an origin that no DNS name is long enough for is refused: %s",
    async (origin) => {
      expect(await failuresOf({ allowedCorsOrigins: ["https://a.example", origin] })).toEqual([
        expect.stringMatching(/^allowedCorsOrigins\[[01]\]: must have a host of at most 253 characters, /),
      ]);
    },
  );

  it.each([
    ["https://my_shop.example", 1],
    ["https://a..example", 1],
    ["https://a-.example", 1],
    ["http://[::1]:8080", 1],
    ["https://127.0.0.1", 1],
    ["http://localhost:3000", 0],
    ["https://xn--bcher-kva.example", 0],
    [`https://${"a".repeat(63)}.example`, 0],
  ])("an origin that BigCommerce's older rule refuses is warned of, in each run before it is minted: %s", async (origin, lines) => {
    world = await startWorld();
    const program = [declare(kind, { allowedCorsOrigins: [origin] })];
    for (const run of [await world.preview(program), await world.up(program)]) {
      expect(run.failures).toEqual([]);
      expect(run.advice.filter((line) => line.includes("BigCommerce's older rule refuses this"))).toHaveLength(lines);
    }
  }); // prettier-ignore

  it.each([
    ["star*", 'holds \\*, .*aliases: \\[\\{ name: "star\\*" \\}\\]'],
    ["a\nb", 'holds a control character, .*aliases: \\[\\{ name: "a\\\\nb" \\}\\]'],
    ["a\0b", 'holds a control character, .*aliases: \\[\\{ name: "a\\\\u0000b" \\}\\]'],
    ["a\u0085b", '.*aliases: \\[\\{ name: "a\\\\u0085b" \\}\\]'],
    ["a\u2028b", '.*aliases: \\[\\{ name: "a\\\\u2028b" \\}\\]'],
  ])("the name %j is refused in one printable line, with its cure", async (resourceName, said) => {
    const [line = "", ...more] = await failuresOf({ resourceName });
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^name: ${said}`));
    expect(line).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe("what a state holds already is accepted, and only that", () => {
  it("channels", async () => {
    await withState({ channelIds: MANY });
    expect(await world.up([declare(kind, { channelIds: [...MANY].reverse() })])).toMatchObject({
      ...{ failures: [], errors: [], requests: [] },
    });
    expect((await world.up([declare(kind, { channelIds: MANY.slice(1) })])).failures).toHaveLength(1);
  });

  it("origins", async () => {
    const host = "a".repeat(64);
    const origins = [`https://${host}.example`];
    await withState({ allowedCorsOrigins: origins });
    expect(
      (await world.up([declare(kind, { channelIds: [1], allowedCorsOrigins: origins })])).failures,
    ).toEqual([]);
    const more = [...origins, `https://b.${host}.example`];
    expect((await world.up([declare(kind, { channelIds: [1], allowedCorsOrigins: more })])).failures).toEqual(
      [expect.stringMatching(/^allowedCorsOrigins\[1\]: must have a host/)],
    );
  });

  it("a name, but not a new one of a resource that is renamed", async () => {
    const name = "star*";
    const args = { channelIds: [1], resourceName: name };
    await withState({}, name);
    expect(await world.up([declare(kind, args, { name })])).toMatchObject({ failures: [], requests: [] });
    const other = declare(kind, { ...args, resourceName: "moon*" }, { name: "moon*", alias: name });
    expect((await world.up([other])).failures).toEqual([expect.stringMatching(/^name: holds \*/)]);
    const cured = declare(kind, { channelIds: [1] }, { name: "star", alias: name });
    expect(await world.up([cured])).toMatchObject({ failures: [], requests: [] });
  });

  it("a name, but not one that only looks like it in a label", async () => {
    await withState({}, "st-ar");
    const args = { channelIds: [1], resourceName: "st\nar" };
    const other = declare(kind, args, { name: "st-ar-0123456789abcdef", alias: "st-ar" });
    expect((await world.up([other])).failures).toEqual([expect.stringMatching(/^name: holds a control/)]);
  });

  it("all of them, where the token is due", async () => {
    const origins = [`https://${"a".repeat(64)}.example`];
    const args = { channelIds: MANY, allowedCorsOrigins: origins, resourceName: "star*" };
    await withState({ channelIds: MANY, allowedCorsOrigins: origins }, "star*");
    world.advance(61);
    const preview = await world.preview([declare(kind, args, { name: "star*" })]);
    expect(preview).toMatchObject({ calls: ["check star*", "diff star*", "check star*"], failures: [] });
  });

  it("a name, with which the token is rotated, and which stands in no state", async () => {
    await withState({}, "star*");
    world.advance(61);
    const program = [declare(kind, { channelIds: [1], resourceName: "star*" }, { name: "star*" })];
    expect(await world.up(program)).toMatchObject({ failures: [], errors: [], requests: ["POST abc123"] });
    expect(world.engine.live("star*").inputs).not.toHaveProperty("resourceName");
    expect(world.engine.live("star*").outputs).not.toHaveProperty("resourceName");
  });
});
