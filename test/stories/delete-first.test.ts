import { commandLine } from "../support/command-line";
import { ORGANIZATION, Stack } from "../support/stack";

const PASSPHRASE = { PULUMI_CONFIG_PASSPHRASE: "a passphrase for a test" };

/** A resource that is deleted before it is replaced, and gives the tokens their channel. */
const program = (version: number, channel: number, onDelete = "revoke") => `
class Site extends pulumi.dynamic.Resource {
  constructor(name, props) {
    super({
      diff: async (id, olds, news) => ({
        changes: olds.version !== news.version,
        replaces: olds.version !== news.version ? ["version"] : [],
        deleteBeforeReplace: true,
      }),
      create: async (inputs) => ({ id: "site-" + inputs.version, outs: { version: inputs.version, channel: inputs.given } }),
    }, name, { channel: undefined, ...props });
  }
}
const site = new Site("site", { version: ${version}, given: ${channel} });
const args = { scopes: ["Customer"], lifetime: "90d" };
new PrivateToken("web", { ...args, channelIds: [site.channel] });
new PrivateToken("follower", { ...args, channelIds: [1], onDelete: "${onDelete}" }, { replaceWith: [site] });
`;

const LEFT =
  /token ([0-9a-f]{16}) works until \S+, because a resource that it depends on is deleted before it is replaced/g;

describe("a token whose dependency is deleted before it is replaced", () => {
  let stack: Stack;
  const fingerprintOf = async (name: string) => (await stack.token(name)).outputs["fingerprint"] as string;

  beforeAll(async () => {
    stack = await Stack.start(program(1, 1, "letExpire"));
    await stack.up();
    stack.requests();
  });
  afterAll(() => stack.close());

  it("is left, says the preview and the update, and named by its successor, which covers less", async () => {
    const [web, follower] = [await fingerprintOf("web"), await fingerprintOf("follower")];
    stack.program(program(2, 2));
    expect([...(await stack.ok("preview")).matchAll(LEFT)].map(([, name]) => name)).toContain(web);
    const { stdout } = await commandLine(stack, ["preview", "--json"], { env: PASSPHRASE });
    const { tokens } = JSON.parse(stdout) as { tokens: readonly Record<string, unknown>[] };
    expect(tokens.find(({ resource }) => resource === "web")).toMatchObject({
      reasons: expect.arrayContaining([expect.objectContaining({ kind: "deleted first" })]) as unknown[],
      ends: [expect.objectContaining({ fingerprint: web, end: "left to expire" })],
    });
    const up = await stack.up();
    // Pulumi prints what is said as it is said, and once more at the end.
    expect(new Set([...up.matchAll(LEFT)].map(([, name]) => name))).toEqual(new Set([web]));
    expect(up).toContain(`left to expire ${ORGANIZATION}/shop/dev/private/web ${web}`);
    const { outputs } = await stack.token("web");
    expect(outputs).toMatchObject({ channelIds: [2], previous: { fingerprint: web, fate: "letExpire" } });
    expect(outputs["previousToken"]).toMatchObject({ ciphertext: expect.any(String) as string });
    // What is replaced with the dependency, though nothing of it changes, goes by onDelete: the one it was made with.
    expect(stack.requests()).toEqual(["POST", "POST"]);
    expect(stack.live()).toEqual(expect.arrayContaining([web, follower]));
  });

  it("lives on where the update ends in between, is carried by the next one, and is out of a destroy's reach", async () => {
    const [web, follower] = [await fingerprintOf("web"), await fingerprintOf("follower")];
    stack.emulator.faults.push({ kind: "status", status: 422, method: "POST", times: 2 });
    stack.program(program(3, 2));
    await stack.upFails();
    expect(stack.live()).toContain(web);
    expect(stack.live()).not.toContain(follower);
    stack.emulator.faults.clear();
    stack.requests();

    await stack.up();
    const { outputs } = await stack.token("web");
    expect(outputs).toMatchObject({ previous: { fingerprint: web, fate: "letExpire" } });
    expect(stack.live()).toEqual(expect.arrayContaining([web, outputs["fingerprint"]]));

    stack.emulator.faults.push({ kind: "status", status: 422, method: "POST", times: 2 });
    stack.program(program(4, 2));
    await stack.upFails();
    stack.emulator.faults.clear();
    stack.requests();
    await stack.destroy();
    expect(stack.requests()).toEqual([]);
    expect(stack.live()).toContain(outputs["fingerprint"]);
  });

  it("is shown by status after such an update, with the command that ends it", async () => {
    stack.program(program(1, 1));
    await stack.up();
    const web = await fingerprintOf("web");
    stack.emulator.faults.push({ kind: "status", status: 422, method: "POST", times: 2 });
    stack.program(program(2, 1));
    await stack.upFails();
    stack.emulator.faults.clear();
    const { code, stdout } = await commandLine(stack, ["status"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(new RegExp(`web .*interrupted replacement`));
    expect(stdout).toContain(`revoke --fingerprint ${web}`);

    const revoked = await commandLine(stack, ["revoke", "--fingerprint", web, "--wait", "0"], {
      env: PASSPHRASE,
    });
    expect(revoked.code).toBe(0);
    expect(stack.live()).not.toContain(web);
    await stack.destroy();
  });
});

describe("a resource that such an update left without a token", () => {
  const alone = (version: number, channel: number) =>
    program(version, channel)
      .replace(/^new PrivateToken\("follower".*\n/m, "")
      .replace('lifetime: "90d"', '$&, overlap: "never"');

  it("is shown by status, and minted anew by an update with the arguments of --urns-due", async () => {
    const stack = await Stack.start(alone(1, 1));
    try {
      await stack.up();
      stack.emulator.faults.push({ kind: "status", status: 422, method: "POST", times: 2 });
      stack.program(alone(2, 1));
      await stack.upFails();
      stack.emulator.faults.clear();
      expect(stack.live()).toEqual([]);
      const { code, stdout } = await commandLine(stack, ["status"]);
      expect([code, stdout]).toEqual([
        2,
        expect.stringMatching(/\nweb \w{16}: .*: the next `pulumi up` mints the new one\n/),
      ]);
      const due = await commandLine(stack, ["status", "--urns-due"]);
      await stack.up(...due.stdout.trim().split("\n"));
      expect(stack.live()).toHaveLength(1);
      expect((await commandLine(stack, ["status"])).code).toBe(0);
    } finally {
      await stack.close();
    }
  });
});

describe("a targeted destroy of the dependency", () => {
  it.each([
    [undefined, []],
    ["revoke", ["DELETE"]],
  ])("with BIGCOMMERCE_ON_DELETE=%s sends %j for the token", async (override, sent) => {
    const stack = await Stack.start(program(1, 1));
    await stack.up();
    stack.requests();
    stack.env["BIGCOMMERCE_ON_DELETE"] = override;
    const [, site = ""] = /(urn:pulumi:dev::shop::\S+::site)"/.exec(await stack.ok("stack", "export")) ?? [];
    await stack.destroy("--target", site, "--target-dependents");
    // The follower is destroyed with it, and goes by onDelete.
    expect(stack.requests()).toEqual([...sent, "DELETE"]);
    expect(stack.live()).toHaveLength(sent.length === 0 ? 1 : 0);
    await stack.close();
  });
});
