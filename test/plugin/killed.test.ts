import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const tokens = (count: number): string =>
  declare(
    ...Array.from({ length: count }, (_, index): Declared => ({
      ...{ kind: "PrivateToken", name: `server${index}` },
      args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
    })),
  );

let stack: Stack;
afterEach(() => stack.close());

/** The plugin processes below the CLI. */
function pluginsOf(pid: number): readonly number[] {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  return rows.flatMap((row) => {
    const [, own, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return Number(parent) === pid && args.includes("pulumi-resource-bigcommerce") ? [Number(own)] : [];
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

describe("a plugin that ends in the middle of an update", () => {
  beforeEach(async () => {
    stack = await Stack.start(tokens(1), { host: "plugin", latencyMs: 1_000, ownProcess: true });
  });

  it("[K2] by SIGKILL, once BigCommerce has the request: the next up finds the lost token and revokes it", async () => {
    const running = stack.begin("up", "--yes", "--skip-preview");
    await until(() => stack.emulator.requests.some(({ method }) => method === "POST"));
    for (const plugin of pluginsOf(running.pid ?? 0)) process.kill(plugin, "SIGKILL");
    expect((await running.ended).code).not.toBe(0);
    expect(await stack.tokens()).toEqual([]);
    const [lost] = await allMinted();
    await stack.up();
    const { outputs } = await stack.token("server0");
    expect(stack.live()).toContain(outputs["fingerprint"]);
    expect(outputs["fingerprint"]).not.toBe(lost);
  });

  it("by Ctrl-C: what was begun is recorded, and nothing is pending", async () => {
    stack.program(tokens(4));
    const running = stack.begin("up", "--yes", "--skip-preview");
    await until(() => stack.emulator.requests.filter(({ method }) => method === "POST").length >= 4);
    process.kill(running.pid ?? 0, "SIGINT");
    await running.ended;
    await allMinted();
    const held = (await stack.tokens()).map(({ outputs }) => outputs["fingerprint"]);
    expect([...held].sort()).toEqual([...stack.live()].sort());
    expect(held).toHaveLength(4);
  });

  /** After the answers on their way have come. */
  async function allMinted(): Promise<readonly string[]> {
    await sleep(1_500);
    return stack.emulator.issued.map(({ fingerprint }) => fingerprint);
  }
});
