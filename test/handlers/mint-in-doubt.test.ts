import { KINDS } from "../../provider/domain/kinds";
import { withLink } from "../../provider/error-links";
import { goodArgs } from "./support/samples";
import { startWorld, type World } from "./support/world";

const kind = KINDS.private;
const LABEL = "acme/shop/prod/private/x";

let world: World;
afterEach(() => world.close());

/** An engine whose onError hook asks the same process again: what each create comes to. */
async function createTwice(change: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
  const handlers = world.handlers(kind.name);
  const told: string[] = [];
  for (const args of [{}, change]) {
    const { inputs } = await handlers.check(
      {},
      { ...goodArgs(kind), ...args, label: LABEL, __provider: "code" },
    );
    await handlers.create(inputs).then(
      () => told.push("minted"),
      (error: unknown) => told.push((error as Error).message),
    );
  }
  return told;
}

const posts = () => world.emulator.requests.filter(({ method }) => method === "POST").length;

describe("a create that is asked again by the same process", () => {
  it("[E15] after a mint of which nobody knows sends nothing, and says how to go on", async () => {
    world = await startWorld({ generation: 1 });
    world.emulator.faults.push({ kind: "reset-after", method: "POST" });
    const [first, second] = await createTwice();
    expect(first).toMatch(/\[UNKNOWN\].*may exist/);
    expect(second).toMatch(/nothing was sent.*run `pulumi up` again, or set BIGCOMMERCE_ON_UNKNOWN=mint/);
    expect(posts()).toBe(1);
  });

  it("[E15] mints again where BIGCOMMERCE_ON_UNKNOWN=mint says so", async () => {
    world = await startWorld({ generation: 1 });
    world.env["BIGCOMMERCE_ON_UNKNOWN"] = "mint";
    world.emulator.faults.push({ kind: "reset-after", method: "POST" });
    expect((await createTwice())[1]).toBe("minted");
    expect(posts()).toBe(2);
  });

  it("[E15] mints for other inputs", async () => {
    world = await startWorld({ generation: 1 });
    world.emulator.faults.push({ kind: "reset-after", method: "POST" });
    expect((await createTwice({ channelIds: [3] }))[1]).toBe("minted");
  });

  it.each([
    ["was refused", { kind: "status", status: 422 }, 1],
    ["was found in the list and revoked, twice", { kind: "reset-after", times: 2 }, 2],
  ] as const)("[K14] mints where what came before %s", async (_, fault, first) => {
    world = await startWorld({ generation: 2 });
    world.emulator.faults.push({ ...fault, method: "POST" });
    expect((await createTwice())[1]).toBe("minted");
    expect(posts()).toBe(first + 1);
    expect(world.alive()).toHaveLength(1);
  });
});

it.each(["", "fail", "mint"])("BIGCOMMERCE_ON_UNKNOWN=%s passes check", async (value) => {
  world = await startWorld();
  world.env["BIGCOMMERCE_ON_UNKNOWN"] = value;
  expect((await world.preview([])).failures).toEqual([]);
  const { failures } = await world.handlers(kind.name).check({}, { ...goodArgs(kind), label: LABEL });
  expect(failures).toEqual([]);
});

it("another BIGCOMMERCE_ON_UNKNOWN fails check by its name", async () => {
  world = await startWorld();
  world.env["BIGCOMMERCE_ON_UNKNOWN"] = "always";
  const { failures } = await world.handlers(kind.name).check({}, { ...goodArgs(kind), label: LABEL });
  expect(failures.map(({ reason }) => reason)).toEqual([
    withLink("environment variable BIGCOMMERCE_ON_UNKNOWN must be fail or mint, or unset", "setting_invalid"),
  ]);
});
