import { DAY, declare, type Declared } from "../support/program";
import { HOST, itOnClasses, ORGANIZATION, Stack } from "../support/stack";

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

  it("[R16] protect lets nothing be revoked: a due token fails the update and stays", async () => {
    await start(token("safe", {}, "{ protect: true }"));
    // The engine does not tell a plugin.
    expect(stack.output.includes("a protected token cannot be rotated")).toBe(HOST === "dynamic");
    const old = await fingerprint("safe");
    stack.advance(61 * DAY);
    expect(await stack.upFails()).toContain("protect");
    expect(stack.live()).toContain(old);
    expect(await fingerprint("safe")).toBe(old);
    await stack.ok("state", "unprotect", "--yes", await stack.urn("safe"));
  });

  it("[E2,E3] refresh and up --refresh change and send nothing while no token is due; then the up rotates by fate", async () => {
    await start(token("server"), token("pinned", {}, '{ ignoreChanges: ["expiresAt"] }'));
    const old = await fingerprint("server");
    const before = stack.live();
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.up("--refresh");
    expect(stack.requests()).toEqual([]);
    expect((await stack.tokens()).map(({ outputs }) => outputs["fingerprint"]).sort()).toEqual(
      [...before].sort(),
    );

    stack.advance(61 * DAY);
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(stack.requests()).toEqual([]);
    await stack.up("--refresh");
    expect(stack.requests()).toEqual(["POST"]);
    expect(stack.live()).toEqual([...before, await fingerprint("server")]);
    expect(stack.live()).toContain(old);
  });

  itOnClasses("[E13] a changed provider text is an in-place update without a request", async () => {
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

describe("one update with other names, places and options", () => {
  let stack: Stack;
  let output: string;
  const first: Record<string, unknown> = {};
  const fingerprint = async (name: string) => (await stack.token(name)).outputs["fingerprint"];
  const renamed = (from: string) => `{ aliases: [{ name: "${from}" }] }`;
  const inside = (name: string) =>
    token(name, {}, "{ parent: shop, aliases: [{ parent: pulumi.rootStackResource }] }");
  const replaceOnChanges = '{ replaceOnChanges: ["overlap", "*"] }';

  beforeAll(async () => {
    const names = ["before", "beforeChange", "one", "two"];
    stack = await Stack.start(
      declare(token("kept", {}, replaceOnChanges), ...names.map((name) => token(name))),
    );
    await stack.up();
    for (const name of ["kept", ...names]) first[name] = await fingerprint(name);
    stack.requests();
    stack.program(
      [
        'const shop = new pulumi.ComponentResource("my:shop:Shop", "shop");',
        declare(
          token("kept", { overlap: "never" }, replaceOnChanges),
          token("after", {}, renamed("before")),
          token("afterChange", { channelIds: [1, 2] }, renamed("beforeChange")),
          ...[inside("one"), inside("two")],
        ),
      ].join("\n"),
    );
    output = await stack.up();
  });
  afterAll(() => stack.close());

  it("[E6] mints for nothing but what changed, and revokes nothing", () => {
    expect(stack.requests()).toEqual(["POST", ...(HOST === "plugin" ? ["POST", "DELETE"] : [])]);
    const { kept, ...others } = first;
    expect(stack.live()).toEqual(expect.arrayContaining(Object.values(others)));
    expect(stack.live().includes(String(kept))).toBe(HOST === "dynamic");
  });

  it("[E6] replaceOnChanges replaces where Pulumi knows what changed, which no class tells it", async () => {
    expect(output).toMatch(HOST === "plugin" ? /PrivateToken kept replaced/ : /PrivateToken kept updated/);
    expect((await fingerprint("kept")) === first["kept"]).toBe(HOST === "dynamic");
  });

  it("[E6] an alias rename changes the label only", async () => {
    const { outputs } = await stack.token("after");
    expect(outputs).toMatchObject({
      ...{ fingerprint: first["before"], label: `${ORGANIZATION}/shop/dev/private/after` },
    });
  });

  it("[E6] an alias rename together with a change replaces by fate, and does not take the old token for a removed one", async () => {
    const { outputs } = await stack.token("afterChange");
    expect(outputs["previous"]).toMatchObject({ fingerprint: first["beforeChange"], fate: "letExpire" });
  });

  it("[E6] tokens of one component do not wait for one another, and a move into it changes their labels only", async () => {
    for (const name of ["one", "two"]) {
      const { dependencies, outputs } = await stack.token(name);
      expect(dependencies ?? []).toEqual([]);
      expect(outputs["fingerprint"]).toBe(first[name]);
      expect(outputs["label"]).toMatch(new RegExp(`^${ORGANIZATION}/shop/dev/private/[0-9a-f]{16}-${name}$`));
    }
  });
});
