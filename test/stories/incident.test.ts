import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { commandLine, type Said } from "../support/command-line";
import { DAY } from "../support/program";
import { run as runProcess } from "../support/run";
import { Stack } from "../support/stack";

/** A name that a shell would read in its own way. */
const NAME = "it's $HOME";
const LIFE = { channelIds: [1], scopes: ["Customer", "Unauthenticated"], lifetime: "90d" };
const program = (args: object = {}, opts = "{}") => `
const server = new PrivateToken(${JSON.stringify(NAME)}, ${JSON.stringify({ ...LIFE, ...args })}, ${opts});
new Consumer("deploy", { value: server.fingerprint });
exports.fingerprint = server.fingerprint;`;

let stack: Stack;
afterEach(() => stack.close());

const current = async () => (await stack.token(NAME)).outputs as { fingerprint: string; previous?: { fingerprint: string } }; // prettier-ignore
const textOf = (print: string) => stack.emulator.issued.find(({ fingerprint }) => fingerprint === print)?.token ?? ""; // prettier-ignore
const consumed = async () => (await stack.ok("stack", "output", "fingerprint")).trim();

const cli = (args: readonly string[], stdin = ""): Promise<Said> => commandLine(stack, args, { stdin });
const commandsIn = (stdout: string) =>
  stdout.split("\n").flatMap((line) => (line.startsWith("    ") ? [line.trim()] : []));

/** Runs a printed command as a person would: pasted into a shell, in the folder of the program. */
async function paste(command: string): Promise<string> {
  const isUpdate = command.startsWith("pulumi up");
  const words = isUpdate ? `${command} --yes --skip-preview --non-interactive` : command;
  const { code, output } = await runProcess("sh", ["-c", words], {
    ...{ cwd: join(stack.folder, "program"), env: stack.environment() },
  });
  stack.output += output;
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  return output;
}

/** What `audit` tells of a token, given what `revoke` and the updates printed. */
async function audited(print: string, ...logs: readonly string[]): Promise<readonly string[]> {
  const files = logs.map((text, at) => {
    const file = join(stack.folder, `log-${at}`);
    writeFileSync(file, text);
    return ["--events", file];
  });
  const { code, stdout } = await cli(["audit", "--format", "json", ...files.flat()]);
  expect(code).toBe(0);
  const { events } = JSON.parse(stdout) as {
    events: { what: string; evidence: string; token?: { fingerprint: string } }[];
  };
  return events
    .filter(({ token }) => token?.fingerprint === print)
    .map(({ what, evidence }) => `${what} (${evidence})`);
}

async function expectHealed(leaked: string): Promise<void> {
  const { fingerprint } = await current();
  expect(fingerprint).not.toBe(leaked);
  expect(await consumed()).toBe(fingerprint);
  expect(stack.live()).toContain(fingerprint);
  expect(stack.live()).not.toContain(leaked);
  const { code, stdout } = await cli(["status", "--live"]);
  expect({ code, stdout: code === 0 ? "" : stdout }).toEqual({ code: 0, stdout: "" });
  await stack.ok("up", "--yes", "--skip-preview", "--expect-no-changes");
}

it("a token found in a log: inspect names its resource, revoke warns and revokes, its command heals, audit knows", async () => {
  stack = await Stack.start(program());
  await stack.up();
  const { fingerprint: leaked } = await current();
  const urn = await stack.urn(NAME);

  const shown = await cli(["inspect"], textOf(leaked));
  expect(shown.stdout).toMatch(/\nheld by +it's \$HOME \(private\), stack dev: ok\nurn +urn:/);
  expect(shown.stdout).toContain(urn);

  const revoked = await cli(["revoke"], textOf(leaked));
  expect(revoked.code).toBe(0);
  expect(revoked.stderr).toContain(`in stack organization/shop/dev (${urn}): outputs and dependents hand it out`);
  expect(stack.live()).not.toContain(leaked);
  const [command = "", ...more] = commandsIn(revoked.stdout);
  expect([command, more]).toEqual([expect.stringMatching(/^pulumi up --stack organization\/shop\/dev --replace 'urn:/), []]);

  const updated = await paste(command);
  await expectHealed(leaked);
  expect(await audited(leaked, revoked.stderr + revoked.stdout)).toEqual(["minted (confirmed)", "revoked (reported)"]);
  expect(await audited(leaked, updated, revoked.stdout)).toEqual(["minted (confirmed)", "revoked (reported)"]);
}); // prettier-ignore

it("without an interruption: the command of inspect mints another one first, and revokes the leaked one last", async () => {
  stack = await Stack.start(program());
  await stack.up();
  const { fingerprint: leaked } = await current();
  const { stdout } = await cli(["inspect", "--fingerprint", leaked]);
  const seen = stack.requests().length;
  expect(seen).toBeGreaterThan(0);
  await paste(commandsIn(stdout).at(-1) ?? "");
  expect(stack.requests()).toEqual(["POST", "DELETE"]);
  await expectHealed(leaked);
});

it("a refresh comes before the update: the plain update heals, and audit calls the own revoke no drift", async () => {
  stack = await Stack.start(program());
  await stack.up();
  const { fingerprint: leaked } = await current();
  const revoked = await cli(["revoke"], textOf(leaked));
  stack.advance(301);
  await stack.ok("refresh", "--yes", "--skip-preview");
  await paste("pulumi up --stack dev");
  await expectHealed(leaked);
  expect(await audited(leaked, revoked.stdout)).toEqual(["minted (confirmed)", "revoked (reported)"]);
  expect(await audited(leaked)).toEqual(["minted (confirmed)", "drifted (confirmed)"]);
});

it("a new token that nothing uses yet leaked: its replacement leaves the previous one, which is in use", async () => {
  stack = await Stack.start(program({ verify: true }));
  await stack.up();
  const { fingerprint: inUse } = await current();
  stack.advance(61 * DAY);
  stack.emulator.faults.push({ kind: "status", status: 401, path: /graphql$/, times: Infinity, body: { errors: [{ message: "GraphQL invalid credentials. JWT channel id doesn't match channel id of the URL" }] } });
  await stack.upFails();
  stack.emulator.faults.clear();
  const { fingerprint: leaked } = await current();
  expect(await consumed()).toBe(inUse);

  const shown = await cli(["inspect"], textOf(leaked));
  const [revoke = "", settle = ""] = commandsIn(shown.stdout);
  expect(revoke).toMatch(new RegExp(`^npm exec --no -- pulumi-bigcommerce-tokens revoke --fingerprint ${leaked} --stack dev$`));
  expect(settle).toBe("pulumi up --stack dev --refresh");
  const revoked = await cli(["revoke", "--fingerprint", leaked, "--stack", "dev"]);
  expect(revoked.stderr).toMatch(/: no dependent has it\n/);
  expect(commandsIn(revoked.stdout)).toEqual(["pulumi up --stack organization/shop/dev --refresh"]);
  await paste(settle);
  expect((await current()).previous?.fingerprint).toBe(inUse);
  expect(stack.live()).toContain(inUse);
  await expectHealed(leaked);
}); // prettier-ignore

it("a protected token leaked: what is needed first is a command as well", async () => {
  stack = await Stack.start(program({}, "{ protect: true }"));
  await stack.up();
  const { fingerprint: leaked } = await current();
  const { stdout } = await cli(["inspect"], textOf(leaked));
  expect(stdout).toMatch(/\n {2}take protect out of the program, and lift it in the state: [^\n]+:\n/);
  const [, unprotect = "", replace = ""] = commandsIn(stdout);
  stack.program(program());
  await paste(unprotect);
  await paste(replace);
  await expectHealed(leaked);
});

it("the previous token leaked: it is revoked, and nothing is left to do", async () => {
  stack = await Stack.start(program());
  await stack.up();
  const { fingerprint: leaked } = await current();
  stack.advance(61 * DAY);
  await stack.up();
  const shown = await cli(["inspect"], textOf(leaked));
  expect(commandsIn(shown.stdout)).toEqual([
    expect.stringContaining(`revoke --fingerprint ${leaked} --stack dev`),
  ]);
  const revoked = await cli(["revoke", "--fingerprint", leaked, "--stack", "dev"]);
  expect(revoked.stdout).toMatch(/\n {2}nothing is left to do: the state names it until it expires\n$/);
  await expectHealed(leaked);
});
