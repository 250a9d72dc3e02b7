import { commandLine, type CommandLineOptions } from "../support/command-line";
import { DAY, declare } from "../support/program";
import { Stack } from "../support/stack";

const PROGRAM = declare(
  { kind: "PrivateToken", name: "server", args: { channelIds: [1, 2], scopes: ["Customer"], lifetime: "90d" } },
  { kind: "StorefrontToken", name: "web", args: { channelIds: [1], allowedCorsOrigins: ["https://a.example"], lifetime: "30d" } },
  { kind: "ImpersonationToken", name: "support", args: { channelIds: [1], expiresAt: "never" } },
); // prettier-ignore
const MANIFEST = JSON.stringify({
  ...{ name: "program", private: true, main: "index.js" },
  dependencies: { "pulumi-bigcommerce-tokens": "*" },
});

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start(PROGRAM, { files: { "package.json": MANIFEST } });
  await stack.up();
});
afterAll(() => stack.close());

const run = (args: readonly string[], options?: CommandLineOptions) => commandLine(stack, args, options);

/** Name, state and what the store says, of each row. */
async function rows(...args: readonly string[]) {
  const { code, stdout } = await run(["status", "--json", ...args]);
  const { tokens } = JSON.parse(stdout) as { tokens: readonly Record<string, string>[] };
  return {
    code,
    rows: tokens.map(({ resource, role, state, inTheStore }) =>
      [resource, role, state, ...(inTheStore === undefined ? [] : [inTheStore])].join(", "),
    ),
  };
}

// Each step goes on from the one before.
it("status reads a stack without its passphrase", async () => {
  const { code, stdout, stderr } = await run(["status", "--wide"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const live = stack.emulator.issued.map(({ fingerprint }) => fingerprint);
  expect(live).toHaveLength(3);
  for (const fingerprint of live) expect(stdout).toContain(fingerprint);
  expect(stdout).toMatch(/^3 tokens in dev: 2 ok, 1 never expires\. A `pulumi up` now would rotate none\.$/m);
});

it("an up with the arguments of --urns-due rotates what is due, and that alone", async () => {
  stack.advance(22 * DAY);
  const due = await run(["status", "--urns-due"]);
  expect(due.code).toBe(2);
  const targets = due.stdout.trim().split("\n");
  expect(targets).toEqual([`--target=${await stack.urn("web")}`, "--target-dependents"]);

  stack.requests();
  await stack.up(...targets);
  expect(stack.requests()).toEqual(["POST"]);
  expect(await rows()).toEqual({
    code: 0,
    rows: [
      ...["server, current, ok", "support, current, never expires", "web, current, ok"],
      "web, predecessor, left to expire",
    ],
  });
});

it("inspect knows a token and a predecessor from standard input", async () => {
  const [first, second] = stack.emulator.issued.filter(({ type }) => type === "simple");
  const stories = [
    [first, "previous token of web (storefront), stack dev: left to expire"],
    [second, "web (storefront), stack dev: ok"],
  ] as const;
  for (const [issued, owner] of stories) {
    const { code, stdout } = await run(["inspect"], { stdin: `TOKEN="Bearer ${issued?.token ?? ""}"\n` });
    expect([code, stdout]).toEqual([0, expect.stringContaining(`held by       ${owner}\n`)]);
    expect(stdout).toContain(`fingerprint   ${issued?.fingerprint ?? ""}\n`);
  }
});

it("status --live tells what the store says, and what was revoked behind the stack's back", async () => {
  const server = stack.emulator.issued.find(({ type }) => type === "private");
  const credential = stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "";
  await fetch(`${stack.emulator.url}/stores/abc123/v3/storefront/api-token`, {
    method: "DELETE",
    headers: { "X-Auth-Token": credential, "Sf-Api-Token": server?.token ?? "", Accept: "application/json" },
  });
  expect(await rows("--live")).toEqual({
    code: 3,
    rows: [
      ...["server, current, ok, revoked outside", "support, current, never expires, live"],
      ...["web, current, ok, live", "web, predecessor, left to expire, live"],
    ],
  });
});

it("doctor finds nothing wrong", async () => {
  const { code, stdout } = await run(["doctor"]);
  expect(stdout).not.toMatch(/BAD/);
  expect(stdout).toMatch(/ok {3}generation 2/);
  expect(code).toBe(0);
});

it("a token whose revocation failed is tried again by the next update", async () => {
  stack.emulator.faults.push({ kind: "status", status: 403, method: "DELETE", times: Infinity });
  stack.program(PROGRAM.replace("[1,2]", "[2]"));
  await stack.upFails();
  stack.emulator.faults.clear();
  const found = await rows("--stack", "organization/shop/dev");
  expect(found.code).toBe(2);
  expect(found.rows).toEqual(expect.arrayContaining(["server, current, ok", "server, pending delete, pending delete"]));
}); // prettier-ignore

it("what only the history knows is found there, with its updates", async () => {
  stack.program(declare());
  await stack.up();
  expect(await rows()).toEqual({ code: 0, rows: [] });
  const first = stack.emulator.issued.find(({ type }) => type === "private");
  const { stdout } = await run(["inspect"], { stdin: first?.token ?? "" });
  expect(stdout).toMatch(
    /held by {7}server \(private\), stack shop\/dev, formerly: in its states from update 1 \(.*\) to update 3 \(.*\), as a pending delete/,
  );
});

it("--all reads every stack of the backend, and a stack that does not exist is one line of error", async () => {
  await stack.ok("stack", "init", "organization/shop/prod");
  const { code, stdout } = await run(["status", "--all"], { env: { PULUMI_STACK: undefined } });
  expect([code, stdout]).toEqual([0, "no tokens in 2 stacks. A `pulumi up` now would rotate none.\n"]);
  const nope = await run(["status", "--stack", "nope"]);
  expect(nope).toEqual({
    ...{ code: 1, stdout: "" },
    stderr:
      "pulumi-bigcommerce-tokens: pulumi stack export --stack nope failed: no stack named 'nope' found\n",
  });
});

it("the emulator listens until it is asked to end", async () => {
  const { code, stdout } = await run(["emulator"], { endWhen: (text) => text.endsWith("}\n") });
  expect(code).toBe(0);
  const { url, storeHash } = JSON.parse(stdout) as Record<string, string>;
  expect([url, storeHash]).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), "abc123"]);
});
