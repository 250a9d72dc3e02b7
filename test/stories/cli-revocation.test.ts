import { fingerprint } from "../../provider/domain/fingerprint";
import { commandLine, type CommandLineOptions } from "../support/command-line";
import { forgedFrom } from "../support/forged";
import { DAY, declare, type Declared } from "../support/program";
import { ORGANIZATION, Stack } from "../support/stack";

const token = (name: string, args: Readonly<Record<string, unknown>> = {}): Declared => ({
  ...{ kind: "PrivateToken", name },
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
});
const MANIFEST = JSON.stringify({
  ...{ name: "program", private: true, main: "index.js" },
  dependencies: { "pulumi-bigcommerce-tokens": "*" },
});

interface Plan {
  readonly tokens: readonly {
    readonly resource: string;
    readonly what: string;
    readonly ends: readonly { readonly fingerprint: string; readonly end: string }[];
  }[];
  readonly recorded: number;
}

let stack: Stack;
beforeAll(async () => {
  const files = { "package.json": MANIFEST };
  const program = declare(
    token("due"),
    token("narrow", { channelIds: [1, 2] }),
    token("gone"),
    token("window"),
  );
  stack = await Stack.start(program, { files });
  await stack.up();
});
afterAll(() => stack.close());

/** Previews and values need the passphrase, as an update does. */
const run = (args: readonly string[], { stdin }: CommandLineOptions = {}) => {
  const { PULUMI_CONFIG_PASSPHRASE } = stack.environment();
  return commandLine(stack, args, {
    env: { PULUMI_CONFIG_PASSPHRASE },
    ...(stdin !== undefined && { stdin }),
  });
};
const plan = async (...args: readonly string[]): Promise<Plan> => {
  const { code, stdout, stderr } = await run(["preview", "--format", "json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Plan;
};

// Each step goes on from the one before.
it("an update does what preview said: what it mints, what it revokes, and what goes on working", async () => {
  stack.advance(65 * DAY);
  stack.program(declare(token("due"), token("narrow"), token("window", { rotateBefore: "10d" }), token("fresh")));
  const before = stack.live();
  const { tokens, recorded } = await plan();
  expect(tokens.map(({ resource, what }) => `${resource} ${what}`)).toEqual([
    ...["due rotate", "fresh mint", "gone remove", "narrow replace"],
  ]);
  expect(recorded).toBe(1);

  stack.requests();
  await stack.up();
  const minted = tokens.filter(({ what }) => what !== "remove").length;
  expect(stack.requests().filter((method) => method === "POST")).toHaveLength(minted);
  const ended = tokens.flatMap(({ ends }) => ends).filter(({ end }) => end === "revoked");
  const after = stack.live();
  expect(before.filter((each) => !after.includes(each)).sort()).toEqual(ended.map((each) => each.fingerprint).sort());
}); // prettier-ignore

it("preview reads a file of the CLI's own making, and says that nothing is left to do", async () => {
  const made = await stack.ok("preview", "--json", "--show-replacement-steps", "--show-sames");
  const { code, stdout } = await run(["preview", "--file", "-"], { stdin: made });
  expect([code, stdout]).toEqual([0, "An update now: no token is minted, rotated, replaced or removed.\n"]);
});

it("preview tells of a forced replacement, and fails in one line where the program does", async () => {
  const urn = await stack.urn("fresh");
  const { tokens } = await plan("--", "--replace", urn);
  expect(tokens).toEqual([
    expect.objectContaining({
      ...{ urn, what: "replace", reasons: [{ kind: "forced" }] },
      ends: [expect.objectContaining({ end: "revoked" })],
    }),
  ]);
  const { code, stdout, stderr } = await run(["preview", "--stack", "nope"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: pulumi preview [^\n]* no stack named 'nope' found\n$/);
});

it("retire shows the predecessor, then revokes it; the next update has nothing to say against it", async () => {
  const { previous } = (await stack.token("due")).outputs as { previous: { fingerprint: string } };
  const due = previous.fingerprint;
  expect((await run(["retire"])).stdout).toContain(due);
  expect(stack.live()).toContain(due);
  const { code } = await run(["retire", "--yes"]);
  expect(code).toBe(0);
  expect(stack.live()).not.toContain(due);
  await stack.ok("up", "--yes", "--skip-preview", "--expect-no-changes");
});

it("revoke ends a leaked token by its fingerprint, proves it, and names the way to another", async () => {
  const { outputs } = await stack.token("fresh");
  const fingerprint = String(outputs["fingerprint"]);
  const { code, stdout } = await run(["revoke", "--fingerprint", fingerprint]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nrefused +\S+ +the store's GraphQL API answers "Unknown JWT token"\n/);
  expect(stack.live()).not.toContain(fingerprint);
  const [, urn = ""] = /--replace (\S+)/.exec(stdout) ?? [];
  await stack.up("--replace", urn);
  expect((await stack.token("fresh")).outputs["fingerprint"]).not.toBe(fingerprint);
});

describe("revoke of a token on standard input", () => {
  /** Neither a store nor a passphrase. */
  const pipe = (stdin: string, ...args: readonly string[]) =>
    commandLine(stack, ["revoke", ...args], { stdin, env: { BIGCOMMERCE_STORE_HASH: undefined } });
  const tokenOf = async (name: string) => {
    const print = (await stack.token(name)).outputs["fingerprint"];
    return stack.emulator.issued.find((each) => each.fingerprint === print)!;
  };
  const names = ["fresh", "web", "agent"] as const;

  beforeAll(async () => {
    const shared = { channelIds: [1], lifetime: "90d" };
    const web: Declared = { kind: "StorefrontToken", name: "web", args: { ...shared, allowedCorsOrigins: ["https://shop.example"] } };
    const agent: Declared = { kind: "ImpersonationToken", name: "agent", args: shared };
    stack.program(declare(token("due"), token("narrow"), token("window", { rotateBefore: "10d" }), token("fresh"), web, agent));
    await stack.up();
    stack.requests();
  }); // prettier-ignore

  it.each(names)("refuses a text with the id of %s, which works on, and sends nothing", async (name) => {
    const issued = await tokenOf(name);
    const forged = forgedFrom(issued.token);
    const { code, stdout, stderr } = await pipe(forged, "--store", stack.store);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toContain(
      `${fingerprint(forged)}: nothing was sent, because this is not the token whose id it claims: that id belongs to the token of ${name} in stack organization/shop/dev. Who uses that token, and how to revoke it: npm exec --no -- pulumi-bigcommerce-tokens inspect --fingerprint ${issued.fingerprint}`,
    );
    expect(stack.live()).toContain(issued.fingerprint);
    expect(stack.requests()).toEqual([]);
  });

  it("refuses the forged text where no state holds the id, by the word of GraphQL", async () => {
    const issued = await tokenOf("fresh");
    await stack.ok("stack", "init", "empty", "--no-select");
    const { code, stderr } = await pipe(forgedFrom(issued.token), "--store", stack.store, "--stack", "empty");
    expect(code).toBe(1);
    expect(stderr).toMatch(/its signature is invalid: it is no token of BigCommerce\n$/);
    expect(stack.live()).toContain(issued.fingerprint);
    expect(stack.requests()).toEqual(["POST"]);
  });

  it("refuses a --store that the state contradicts", async () => {
    const issued = await tokenOf("fresh");
    const { code, stdout, stderr } = await pipe(issued.token, "--store", "def456");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`token ${issued.fingerprint} belongs to store ${stack.store}, not to def456\n`);
    expect(stack.live()).toContain(issued.fingerprint);
    expect(stack.requests()).toEqual([]);
  });

  it.each(names)("revokes %s by its id in the store that the state tells, and names its resource", async (name) => {
    const issued = await tokenOf(name);
    const { code, stdout, stderr } = await pipe(issued.token);
    expect(code).toBe(0);
    expect(stderr).toMatch(new RegExp(`^${issued.fingerprint} is the token of ${name} [^\\n]+\\n$`));
    expect(stdout).toMatch(new RegExp(`\\ntoken ${issued.fingerprint} · \\w+ · store ${stack.store} · [^\\n]* · ${ORGANIZATION}/shop/dev/\\w+/${name} · `));
    expect(stdout).toMatch(/\nasked .* by its jti, with the credential from [^\n]+\n/);
    expect(stdout).toMatch(/\n {4}pulumi up --stack organization\/shop\/dev --replace \S+\n$/);
    expect(stack.live()).not.toContain(issued.fingerprint);
    expect(stack.requests()).toEqual(["DELETE", "POST"]);
  }); // prettier-ignore
});

it("orphans finds what an update that was killed left behind, and nothing while one runs", async () => {
  const label = String((await stack.token("fresh")).outputs["label"]);
  const path = `/stores/${stack.store}/v3/storefront/api-token-private`;
  const headers = { "X-Auth-Token": stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "", Accept: "application/json", "Content-Type": "application/json" };
  const body = { channel_ids: [1], scopes: ["Customer"], expires_at: 0, name: `${label}#${"0af1".repeat(8)}` };
  await fetch(`${stack.emulator.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const lost = stack.emulator.issued.at(-1)?.jti ?? "";

  stack.advance(DAY);
  const { code, stdout } = await run(["orphans"]);
  expect(code).toBe(3);
  expect(stdout).toContain(lost);
  expect(stdout).toContain("1 orphan of organization/shop/dev:");

  stack.program(declare(token("slow")));
  stack.emulator.faults.push({ kind: "delay", ms: 6_000 });
  const running = stack.begin("up", "--yes", "--skip-preview");
  const isUnderWay = () => stack.emulator.requests.some(({ status, fault }) => fault === "delay" && status === undefined);
  while (!isUnderWay()) await new Promise((resolve) => setTimeout(resolve, 50));
  const refused = await run(["orphans"]);
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/an update of organization\/shop\/dev is running/);
  expect((await running.ended).code).toBe(0);
}); // prettier-ignore
