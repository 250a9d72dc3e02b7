import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Caught, catchAt, killAt, until } from "../support/crash";
import { Losses, recorded } from "../support/crash-losses";
import { scoped, UP } from "../support/crash-points";
import { declare } from "../support/program";
import type { Ran } from "../support/run";
import { Stack } from "../support/stack";

const RETURNING = { step: "create:returning" };
const MINTED = { fault: { kind: "hang-after", method: "POST" } } as const;
const LOCKED = "the stack is currently locked by 1 lock(s)";

/** An up that cannot write its state. The engine tries for a minute, during which the other tests run. */
let doomed: { stack: Stack; losses: Losses; states: string; ended: Promise<Ran> };

beforeAll(async () => {
  const stack = await Stack.start(scoped(1));
  const caught = await catchAt(stack, RETURNING, ...UP);
  const states = join(stack.folder, "state", ".pulumi", "stacks", "shop");
  renameSync(states, `${states}-aside`);
  writeFileSync(states, "");
  await caught.release();
  doomed = { stack, losses: new Losses(stack), states, ended: caught.ended };
});
afterAll(async () => {
  await doomed.ended;
  await doomed.stack.close();
});

describe("an engine", () => {
  let stack: Stack;
  let losses: Losses;

  beforeEach(async () => {
    stack = await Stack.start(scoped(1));
    losses = new Losses(stack);
  });
  afterEach(() => stack.close());

  /** An up that the provider has answered, which the CLI has not read. */
  async function answered(): Promise<Caught> {
    const caught = await catchAt(stack, RETURNING, ...UP);
    process.kill(caught.cli, "SIGSTOP");
    await caught.release();
    return caught;
  }

  it("[K4] killed before its checkpoint leaves one token behind, and a pending create until refresh --clear-pending-creates", async () => {
    const caught = await answered();
    await caught.kill("CLI");
    expect(recorded(stack)).toEqual({ tokens: [], pending: ["creating"] });
    losses.expectMore(1);

    expect(await stack.upFails()).toContain(LOCKED);
    await stack.ok("cancel", "--yes");
    const output = await stack.up();
    expect(output).toContain("interrupted while creating");
    losses.expectNamed(output);
    losses.expectRestLive();

    expect(recorded(stack).pending).toEqual(["creating"]);
    await stack.ok("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
    expect(recorded(stack).pending).toEqual([]);
    expect(await stack.up("--expect-no-changes")).not.toContain("interrupted");
  });

  it("[K3] that has the answer loses nothing where the provider is killed by then", async () => {
    const caught = await answered();
    const killed = caught.kill("provider");
    process.kill(caught.cli, "SIGCONT");
    await killed;
    expect(stack.emulator.issued).toHaveLength(1);
    losses.expectMore(0);
    losses.expectRestLive();
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "[K7] asked once by %s to end lets the running create finish, records its token, and ends with 1",
    async (signal) => {
      const caught = await catchAt(stack, { fault: { kind: "delay", ms: 1000, method: "POST" } }, ...UP);
      process.kill(caught.cli, signal);
      const { code, output } = await caught.ended;
      expect(code).toBe(1);
      expect(output).toContain("update canceled");
      expect(recorded(stack).pending).toEqual([]);
      losses.expectMore(0);
      losses.expectRestLive();
      await stack.up("--expect-no-changes");
      expect(stack.emulator.issued).toHaveLength(1);
    },
  );

  it("[K7] asked twice leaves one token behind and no lock, and the next up mints", async () => {
    const caught = await catchAt(stack, MINTED, ...UP);
    process.kill(caught.cli, "SIGINT");
    await until(() => caught.printed().includes("cancelling"));
    await caught.kill("CLI", "SIGINT");
    expect(recorded(stack)).toEqual({ tokens: [], pending: ["creating"] });
    losses.expectMore(1);
    losses.expectNamed(await stack.up());
    losses.expectRestLive();
  });

  it("[K7] that loses its terminal (SIGHUP) leaves one token behind, and its lock", async () => {
    const caught = await catchAt(stack, MINTED, ...UP);
    await caught.kill("CLI", "SIGHUP");
    expect(recorded(stack)).toEqual({ tokens: [], pending: ["creating"] });
    losses.expectMore(1);
    expect(await stack.upFails()).toContain(LOCKED);
  });

  it("[K9] refuses a second up of the same stack by the lock, and that one sends nothing", async () => {
    const caught = await catchAt(stack, { step: "create:entered" }, ...UP);
    expect(await stack.upFails()).toContain(LOCKED);
    expect(stack.emulator.requests).toEqual([]);
    await caught.release();
    expect((await caught.ended).code).toBe(0);
    expect(stack.emulator.issued).toHaveLength(1);
    losses.expectMore(0);
  });

  it.each([
    { row: "K2", how: "in the second of two creates", skip: undefined, orphans: 1 },
    { row: "E21", how: "there, with PULUMI_SKIP_CHECKPOINTS=true,", skip: "true", orphans: 2 },
  ])("[$row] killed $how leaves $orphans behind, and the next up mints", async ({ skip, orphans }) => {
    const token = (name: string, opts = "{}") =>
      declare({
        kind: "PrivateToken",
        name,
        args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
        opts,
      });
    stack.program(`${token("first")}\n${token("second", "{ dependsOn: first }")}`);
    stack.env["PULUMI_SKIP_CHECKPOINTS"] = skip;
    await killAt(stack, "CLI", { fault: { ...MINTED.fault, after: 1 } }, ...UP);
    losses.expectMore(orphans);
    stack.env["PULUMI_SKIP_CHECKPOINTS"] = undefined;
    losses.expectNamed(await stack.up());
    losses.expectRestLive();
  });
});

describe("a state that cannot be written", () => {
  it("[K11] after the mint fails the up, and leaves one token behind", async () => {
    const { code, output } = await doomed.ended;
    const { stack, losses } = doomed;
    rmSync(doomed.states);
    renameSync(`${doomed.states}-aside`, doomed.states);
    expect(code).not.toBe(0);
    expect(output).toContain("failed to save snapshot");
    losses.expectMore(1);
    losses.expectNamed(await stack.up());
    losses.expectRestLive();
  });
});
