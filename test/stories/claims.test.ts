import { DAY, declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const token = (args: Readonly<Record<string, unknown>> = {}): Declared => ({
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
});
const consumed = `${declare(token())}\nnew Consumer("consumer", { value: server.fingerprint });`;

describe("what a token says of itself", () => {
  let stack: Stack;
  const outputs = async () => (await stack.token("server")).outputs;
  const start = async (program: string) => {
    stack = await Stack.start(program);
  };
  afterEach(() => stack.close());

  it("[B12] an earlier end is recorded beside the one asked for, is said, and is what rotation follows", async () => {
    await start(declare(token()));
    const end = stack.emulator.clock.now() + 60 * DAY;
    stack.emulator.faults.push({ kind: "claims", claims: { eat: end } });
    expect(await stack.up()).toContain("earlier than requested");
    const first = await outputs();
    const at = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
    expect(first).toMatchObject({ effectiveExpiresAt: at(end), rotateAt: at(end - 30 * DAY) });

    stack.requests();
    await stack.up("--expect-no-changes");
    stack.advance(31 * DAY);
    expect(await stack.ok("preview", "--diff")).toMatch(/~ expiresAt\s*: "\S+" => "\S+"/);
    expect(stack.requests()).toEqual([]);
    await stack.up();
    expect(stack.requests()).toEqual(["POST"]);
    expect((await outputs())["previous"]).toMatchObject({
      fingerprint: first["fingerprint"],
      expiresAt: at(end),
    });
    await stack.up("--expect-no-changes");
  });

  it("a life too short to rotate is revoked and fails, instead of rotating on every update", async () => {
    await start(declare(token()));
    stack.emulator.faults.push({ kind: "claims", claims: { eat: stack.emulator.clock.now() + 20 * DAY } });
    expect(await stack.upFails()).toContain("it lives no longer than rotateBefore");
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).toEqual([]);
    expect(await stack.tokens()).toEqual([]);
  });

  it("[B14,E9] a token with more rights that could not be revoked is kept, holds up dependants, and is never minted again", async () => {
    await start(consumed);
    stack.emulator.faults.push({ kind: "claims", claims: { cid: [1, 2] } });
    stack.emulator.faults.push({ kind: "status", status: 403, method: "DELETE" });
    expect(await stack.upFails()).toContain("it is kept in the state");
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(await outputs()).toMatchObject({ verified: false });

    await stack.ok("refresh", "--yes", "--skip-preview");
    expect(await stack.upFails()).toContain("is not fit for use");
    expect(stack.requests()).toEqual([]);

    await stack.up("--replace", await stack.urn("server"));
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).toEqual([(await outputs())["fingerprint"]]);
    expect(await outputs()).not.toHaveProperty("verified");
  });

  it("[J1] no claims at all leave what was asked for, and the fingerprint as the id", async () => {
    await start(declare(token()));
    const none = Object.fromEntries(
      ["jti", "iat", "eat", "sub", "cid", "cors"].map((name) => [name, undefined]),
    );
    stack.emulator.faults.push({ kind: "claims", claims: none });
    await stack.up();
    const { id, outputs: state } = await stack.token("server");
    expect(id).toBe(stack.emulator.issued[0]?.fingerprint);
    expect(state).not.toHaveProperty("apiAccount");
    expect(state).not.toHaveProperty("effectiveExpiresAt");
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });
});
