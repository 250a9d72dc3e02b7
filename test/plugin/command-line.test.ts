import { commandLine } from "../support/command-line";
import { DAY, declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const server: Declared = {
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
};
const wider: Declared = { ...server, args: { ...server.args, channelIds: [1, 2] } };

const PASSPHRASE = { PULUMI_CONFIG_PASSPHRASE: "a passphrase for a test" };

describe("the command line on a stack with the plugin's tokens", () => {
  let stack: Stack;
  let first: string;
  const told = async (...args: string[]) => {
    const { stdout, stderr, code } = await commandLine(stack, args, { env: PASSPHRASE });
    expect(stderr).toBe("");
    return { code, told: JSON.parse(stdout) as Record<string, unknown> };
  };

  beforeAll(async () => {
    stack = await Stack.start(declare(server), { host: "plugin" });
    await stack.up();
    first = String((await stack.token("server")).outputs["fingerprint"]);
    stack.program(declare(wider));
    await stack.up();
  });
  afterAll(() => stack.close());

  it("status shows them, and the previous token that was left", async () => {
    const { told: status } = await told("status", "--stack", "dev", "--json");
    const fresh = (await stack.token("server")).outputs["fingerprint"];
    expect(JSON.stringify(status)).toContain(String(fresh));
    expect(JSON.stringify(status)).toContain(first);
  });

  it("inspect finds the resource that holds a token", async () => {
    const { told: found } = await told("inspect", "--fingerprint", first, "--stack", "dev", "--json");
    expect(found["heldBy"]).toEqual([expect.objectContaining({ urn: await stack.urn("server") })]);
  });

  it("preview says what becomes of each", async () => {
    stack.program(declare(server));
    const { told: plan } = await told("preview", "--stack", "dev", "--json");
    expect(JSON.stringify(plan)).toContain("server");
    stack.program(declare(wider));
  });

  it("audit tells the whole life from states, and what a log adds is reported", async () => {
    stack.write("up.log", stack.output);
    const { told: audit } = await told("audit", "--stack", "dev", "--events", "up.log", "--json");
    const text = JSON.stringify(audit);
    expect(text).toContain(first);
    expect(text).toContain("bigcommerce:index:PrivateToken::server");
  });

  it("orphans finds what an interrupted update left under the plugin's label", async () => {
    const headers = {
      "X-Auth-Token": stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "",
      "Content-Type": "application/json",
    };
    const name = `-/shop/dev/private/server#${"0af1".repeat(8)}`;
    const body = { channel_ids: [1], scopes: ["Customer"], expires_at: 0, name };
    await fetch(`${stack.emulator.url}/stores/abc123/v3/storefront/api-token-private`, {
      ...{ method: "POST", headers, body: JSON.stringify(body) },
    });
    stack.advance(DAY);
    const lost = stack.emulator.issued.at(-1)?.jti;
    const { code, told: found } = await told("orphans", "--stack", "dev", "--json");
    expect(code).toBe(3);
    expect(found["orphans"]).toEqual([
      expect.objectContaining({ jti: lost, label: "-/shop/dev/private/server" }),
    ]);
    const { stdout } = await commandLine(stack, ["orphans", "--stack", "dev"]);
    // A file backend has no organizations, so that the label is this stack's.
    expect(stdout).toContain(`orphans --revoke --jti ${lost}`);
  });

  it("retire revokes the previous token", async () => {
    stack.requests();
    const { told: retired } = await told("retire", "--stack", "dev", "--yes", "--json");
    expect(JSON.stringify(retired)).toContain(first);
    expect(stack.live()).not.toContain(first);
  });

  it("doctor finds nothing amiss with them", async () => {
    const { stdout } = await commandLine(stack, ["doctor", "--stack", "dev"]);
    expect(stdout).toContain("abc123");
  });
});
