import { DAY, declare, type Declared, inDays } from "../support/program";
import { Stack } from "../support/stack";

const token = (name: string, args: Readonly<Record<string, unknown>> = {}, opts?: string): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
  ...(opts !== undefined && { opts }),
});

describe("Pulumi's own options and commands", () => {
  let stack: Stack;
  const fingerprint = async (name: string) => String((await stack.token(name)).outputs["fingerprint"]);
  const start = async (...tokens: Declared[]) => {
    stack = await Stack.start(declare(...tokens));
    await stack.up();
    stack.requests();
  };
  afterEach(() => stack.close());

  it("[E6] ignoreChanges pins the expiry until a replacement for another reason starts a new lifetime", async () => {
    const pin = '{ ignoreChanges: ["expiresAt"] }';
    await start(token("pinned", {}, pin));
    const { outputs: first } = await stack.token("pinned");
    await stack.up();
    stack.advance(70 * DAY);
    await stack.up();
    expect(stack.requests()).toEqual([]);
    const { outputs: pinned } = await stack.token("pinned");
    expect(pinned).toMatchObject({ fingerprint: first["fingerprint"], expiresAt: first["expiresAt"] });
    expect(pinned).not.toHaveProperty("lifetime");
    expect(pinned).not.toHaveProperty("rotateAt");

    stack.program(declare(token("pinned", { channelIds: [1, 2] }, pin)));
    await stack.up();
    expect(stack.requests()).toEqual(["POST"]);
    const { outputs: fresh } = await stack.token("pinned");
    expect(Date.parse(String(fresh["expiresAt"])) / 1000 - stack.emulator.clock.now()).toBeGreaterThan(
      89 * DAY - 1,
    );
    expect(fresh["previous"]).toMatchObject({ fingerprint: first["fingerprint"], fate: "letExpire" });
  });

  it("[E6] replaceOnChanges replaces nothing of its own accord", async () => {
    const opts = '{ replaceOnChanges: ["overlap", "*"] }';
    await start(token("kept", {}, opts));
    const old = await fingerprint("kept");
    stack.program(declare(token("kept", { overlap: "never" }, opts)));
    expect(await stack.up()).toContain("1 updated");
    expect(stack.requests()).toEqual([]);
    expect(await fingerprint("kept")).toBe(old);
  });

  it("[R16] protect lets nothing be revoked: a due token fails the update and stays", async () => {
    await start(token("safe", {}, "{ protect: true }"));
    expect(stack.output).toContain("a protected token cannot be rotated");
    const old = await fingerprint("safe");
    stack.advance(61 * DAY);
    expect(await stack.upFails()).toContain("protect");
    expect(stack.live()).toContain(old);
    expect(await fingerprint("safe")).toBe(old);
    await stack.ok("state", "unprotect", "--yes", await stack.urn("safe"));
  });

  it("[E6] an alias rename sends nothing and changes the label only", async () => {
    await start(token("before"));
    const old = await fingerprint("before");
    stack.program(declare(token("after", {}, '{ aliases: [{ name: "before" }] }')));
    await stack.up();
    expect(stack.requests()).toEqual([]);
    const { outputs } = await stack.token("after");
    expect(outputs).toMatchObject({ fingerprint: old, label: "organization/shop/dev/private/after" });
  });

  it("[E6] an alias rename together with a change replaces by fate, and does not take the old token for a removed one", async () => {
    await start(token("before"));
    const old = await fingerprint("before");
    stack.program(declare(token("after", { channelIds: [1, 2] }, '{ aliases: [{ name: "before" }] }')));
    await stack.up();
    expect(stack.requests()).toEqual(["POST"]);
    expect(stack.live()).toEqual([old, await fingerprint("after")]);
  });

  it("[E6] tokens of one component do not wait for one another, and a move into it with an alias sends nothing", async () => {
    await start(token("one"), token("two"));
    const inside = (name: string) =>
      token(name, {}, "{ parent: shop, aliases: [{ parent: pulumi.rootStackResource }] }");
    stack.program(
      `const shop = new pulumi.ComponentResource("my:shop:Shop", "shop");\n${declare(inside("one"), inside("two"))}`,
    );
    await stack.up();
    expect(stack.requests()).toEqual([]);
    for (const { dependencies, outputs } of await stack.tokens()) {
      expect(dependencies ?? []).toEqual([]);
      expect(outputs["label"]).toMatch(/^organization\/shop\/dev\/private\/[0-9a-f]{16}-(one|two)$/);
    }
  });

  it("[E2,E3] refresh and up --refresh change nothing and send nothing while no token is due", async () => {
    await start(token("server"), token("pinned", {}, '{ ignoreChanges: ["expiresAt"] }'));
    const old = await stack.tokens();
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.up("--refresh");
    expect(stack.requests()).toEqual([]);
    const outputs = (resources: typeof old) =>
      resources.map((one) => String(one.outputs["fingerprint"])).sort();
    expect(outputs(await stack.tokens())).toEqual(outputs(old));
  });

  it("[E3] refresh decides no rotation, and up --refresh rotates a due token by its fate", async () => {
    await start(token("server"));
    const old = await fingerprint("server");
    stack.advance(61 * DAY);
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(stack.requests()).toEqual([]);
    await stack.up("--refresh");
    expect(stack.requests()).toEqual(["POST"]);
    expect(stack.live()).toEqual([old, await fingerprint("server")]);
  });

  it("a due token that is removed in an up --refresh ends by onDelete", async () => {
    await start(token("gone"), token("left", { onDelete: "letExpire" }));
    const left = await fingerprint("left");
    stack.advance(61 * DAY);
    stack.program("");
    await stack.up("--refresh");
    expect(stack.requests()).toEqual(["DELETE"]);
    expect(stack.live()).toEqual([left]);
  });

  it("a fixed expiry that moves with the clock is refused in one line", async () => {
    await start(token("moving", { lifetime: undefined, expiresAt: inDays(30) }));
    stack.advance(DAY);
    stack.program(declare(token("moving", { lifetime: undefined, expiresAt: inDays(31) })));
    const output = await stack.fails("preview");
    expect(output).toMatch(/expiresAt moves with the clock.*say lifetime/);
    expect(output).not.toMatch(/\n\s+at /);
    expect(stack.requests()).toEqual([]);
  });

  it("[E13] a changed provider text is an in-place update without a request", async () => {
    await start(token("server"));
    const old = await fingerprint("server");
    const exported = await stack.ok("stack", "export");
    stack.write(
      "state.json",
      exported.replaceAll('require(\\"pulumi-bigcommerce-tokens', 'require(  \\"pulumi-bigcommerce-tokens'),
    );
    await stack.ok("stack", "import", "--file", "state.json");
    expect(await stack.up()).toContain("1 updated");
    expect(stack.requests()).toEqual([]);
    const { outputs } = await stack.token("server");
    expect(outputs["fingerprint"]).toBe(old);
    expect(outputs["__provider"]).not.toContain("require(  ");
  });
});
