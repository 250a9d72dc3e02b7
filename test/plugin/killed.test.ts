import { setTimeout as sleep } from "node:timers/promises";

import { catchAt, killAt, until } from "../support/crash";
import { Losses, recorded } from "../support/crash-losses";
import { UP } from "../support/crash-points";
import { declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const tokens = (count: number): string =>
  declare(
    ...Array.from({ length: count }, (_, index): Declared => ({
      ...{ kind: "PrivateToken", name: `server${index}` },
      args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
    })),
  );

/** `npm run test:plugin` runs the crash stories of the classes on the plugin as well. */
describe("a plugin in the middle of an update", () => {
  let stack: Stack;
  let losses: Losses;
  beforeEach(async () => {
    stack = await Stack.start(tokens(1), { host: "plugin" });
    losses = new Losses(stack);
  });
  afterEach(() => stack.close());

  it("[K2] that is killed once BigCommerce has minted leaves one token behind, which the next up names", async () => {
    await killAt(stack, "provider", { fault: { kind: "hang-after", method: "POST" } }, ...UP);
    expect(recorded(stack).tokens).toEqual([]);
    losses.expectMore(1);
    losses.expectNamed(await stack.up());
    losses.expectRestLive();
  });

  it("that is told to end by Ctrl-C records what was begun", async () => {
    stack.program(tokens(4));
    stack.emulator.faults.push({ kind: "delay", ms: 1_000, method: "POST", times: Infinity });
    const running = stack.begin(...UP);
    await until(() => stack.emulator.requests.filter(({ method }) => method === "POST").length >= 4);
    process.kill(running.pid ?? 0, "SIGINT");
    await running.ended;
    // An answer on its way would come by then.
    await sleep(1_500);
    const { tokens: held, pending } = recorded(stack);
    expect([held.length, pending]).toEqual([4, []]);
    losses.expectMore(0);
    losses.expectRestLive();
  });

  it("[K8] does not end by a rejection that nobody handles: its token is recorded", async () => {
    const caught = await catchAt(stack, { step: "create:POST:answered", how: "reject" }, ...UP);
    expect((await caught.ended).code).toBe(0);
    expect(recorded(stack).tokens).toHaveLength(1);
    losses.expectMore(0);
    losses.expectRestLive();
  });
});
