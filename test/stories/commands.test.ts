import { declare, type Declared } from "../support/program";
import { itOnClasses, Stack, TYPE_PREFIX } from "../support/stack";

const NAMES = ["one", "two", "three", "four"];
const token = (name: string, args: Readonly<Record<string, unknown>> = {}, opts?: string): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1, 2], scopes: ["Customer"], lifetime: "90d", ...args },
  ...(opts !== undefined && { opts }),
});

const urn = (name: string) => `urn:pulumi:dev::shop::${TYPE_PREFIX}PrivateToken::${name}`;

describe("flags of pulumi up and destroy", () => {
  let stack: Stack;
  afterEach(() => stack.close());
  const narrowed = (...names: string[]) =>
    declare(...NAMES.map((name) => token(name, names.includes(name) ? { channelIds: [1] } : {})));
  /** The channels of every token that was ever minted, by the end that it came to. */
  const ledger = () =>
    stack.emulator.issued
      .map(({ channelIds, revokedAt }) => `${channelIds.join()} ${revokedAt === undefined ? "live" : "dead"}`)
      .sort();

  it("[E17] choose what is done and how much at once, and not how often", async () => {
    stack = await Stack.start(narrowed());
    await stack.up("--parallel", "16");
    expect(stack.requests()).toEqual(["POST", "POST", "POST", "POST"]);
    const minted = Object.fromEntries(
      (await stack.tokens()).map(({ urn, outputs }) => [urn.split("::").at(-1), outputs["fingerprint"]]),
    );

    stack.program(narrowed(...NAMES));
    await stack.up("--target", urn("one"));
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).not.toContain(minted["one"]);

    await stack.up("--exclude", urn("two"), "--parallel", "1");
    expect(stack.requests()).toEqual(["POST", "POST", "DELETE", "DELETE"]);
    expect(stack.live()).toContain(minted["two"]);

    await stack.up("--continue-on-error");
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(ledger()).toEqual(
      [...Array<string>(4).fill("1 live"), ...Array<string>(4).fill("1,2 dead")].sort(),
    );

    await stack.destroy("--target", urn("one"));
    expect(stack.requests()).toEqual(["DELETE"]);
    await stack.destroy("--parallel", "16");
    expect(stack.requests()).toEqual(["DELETE", "DELETE", "DELETE"]);
    expect(stack.live()).toEqual([]);
  });

  it.each([[["--parallel", "16", "--continue-on-error"]]])(
    "[E17] with %s one that is refused is minted by the next up, and the others are not minted again",
    async (flags) => {
      stack = await Stack.start(narrowed());
      const refusal = {
        kind: "status",
        status: 422,
        method: "POST",
        body: { status: 422, title: "no" },
      } as const;
      stack.emulator.faults.push({ ...refusal, after: 3 });
      expect(await stack.upFails(...flags)).toContain("[REJECTED");
      expect(stack.emulator.issued).toHaveLength(3);
      await stack.up(...flags);
      expect(stack.emulator.issued).toHaveLength(4);
      expect(stack.live()).toHaveLength(4);
      expect(stack.requests()).toEqual(Array(5).fill("POST"));
    },
  );
});

describe("how long an operation may take", () => {
  let stack: Stack;
  afterEach(() => stack.close());

  itOnClasses(
    "[E16] is not what customTimeouts say, which Pulumi passes to no dynamic provider, but BIGCOMMERCE_TIMEOUT_S",
    async () => {
      const custom = '{ customTimeouts: { create: "1s", delete: "1s" } }';
      stack = await Stack.start(declare(token("slow", {}, custom)), { generation: 1 });
      stack.emulator.faults.push({ kind: "delay", ms: 2_500, method: "POST" });
      await stack.up();
      expect(stack.requests()).toEqual(["POST"]);

      stack.env["BIGCOMMERCE_TIMEOUT_S"] = "1";
      stack.emulator.faults.push({ kind: "delay", ms: 2_500, method: "DELETE", times: Infinity });
      const output = await stack.fails("destroy", "--yes", "--skip-preview");
      expect(output).toContain("BIGCOMMERCE_TIMEOUT_S sets how many seconds an operation may take");
      expect(await stack.tokens()).toHaveLength(1);

      delete stack.env["BIGCOMMERCE_TIMEOUT_S"];
      stack.emulator.faults.clear();
      await stack.destroy();
      expect(stack.live()).toEqual([]);
    },
  );
});
