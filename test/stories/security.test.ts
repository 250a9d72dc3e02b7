import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { leaksIn } from "../support/leaks";
import { DAY, declare, type Declared } from "../support/program";
import { HOST, Stack } from "../support/stack";

const ARGS = { channelIds: [1], scopes: ["Customer"], lifetime: "90d" };
const SERVER: Declared = { kind: "PrivateToken", name: "server", args: ARGS };
const OTHER: Declared = { kind: "PrivateToken", name: "other", args: { ...ARGS, storeHash: "def456" } };
const TRANSFORMATION =
  "pulumi.runtime.registerStackTransformation(({ props, opts }) => ({ props, opts: { ...opts, additionalSecretOutputs: [] } }));";

const [, NOT_PROMISED = ""] = readFileSync(join(__dirname, "../../SECURITY.md"), "utf8").split(
  "## What is not promised",
);

/** What a test shows here must be said there. */
function said(what: string): void {
  expect(NOT_PROMISED).toContain(what);
}

describe("what Pulumi and Node.js show when they are told to, as SECURITY.md says", () => {
  let stack: Stack;
  const temporary = () => join(stack.folder, "tmp");
  const credential = () => String(stack.env["BIGCOMMERCE_ACCESS_TOKEN"]);
  const leaks = (text: string) => ({
    tokens: leaksIn(text, stack.emulator.issued.map(({ token }) => token)) > 0, // prettier-ignore
    configuration: leaksIn(text, [stack.otherCredential]) > 0,
    environment: leaksIn(text, [credential()]) > 0,
  });
  const withEnv = async <T>(env: Record<string, string>, act: () => Promise<T>): Promise<T> => {
    Object.assign(stack.env, env);
    try {
      return await act();
    } finally {
      for (const name of Object.keys(env)) stack.env[name] = undefined;
    }
  };

  beforeAll(async () => {
    const program = `${declare(SERVER, OTHER)} exports.token = server.token;`;
    stack = await Stack.start(program, { ownProcess: true });
    const secret = ["--secret", "--path", "bigcommerce:stores.def456.accessToken", stack.otherCredential];
    await stack.ok("config", "set", ...secret);
    await stack.up();
  });
  afterEach(() => {
    // What leaked was looked at; `close` would find it.
    stack.output = "";
    for (const name of readdirSync(temporary())) rmSync(join(temporary(), name), { recursive: true });
  });
  afterAll(() => stack.close());

  it.each([
    ["pulumi up --json`", "up --yes --skip-preview --json"],
    ["`--debug`", "up --yes --skip-preview --debug"],
    ["`--debug`", "preview --debug"],
    ["`-v=3` and above", "up --yes --skip-preview -v=3 --logtostderr"],
    ["pulumi stack output --show-secrets`", "stack output --show-secrets"],
    ["pulumi stack export --show-secrets`", "stack export --show-secrets"],
  ])("[S1] tokens, but no credential: %s (%s)", async (what, command) => {
    const shown = leaks(await stack.ok(...command.split(" ")));
    // The configuration is a part of the state.
    const configuration = command.startsWith("stack export");
    expect(shown).toEqual({ tokens: true, configuration, environment: false });
    said(what);
  });

  it("[S1] tokens and the configuration's credentials: `-v=9` and above", async () => {
    const output = await stack.up("-v=11", "--logtostderr");
    expect(leaks(output)).toEqual({ tokens: true, configuration: true, environment: false });
    said("`-v=9` and above");
  });

  it("[S1,S5] tokens in event logs; with the configuration's credentials in logs, traces and calls", async () => {
    const file = (name: string) => join(temporary(), name);
    const output = await withEnv({ PULUMI_DEBUG_GRPC: file("calls"), PULUMI_DEBUG_COMMANDS: "true" }, () =>
      stack.up(
        ...["--replace", "**server", "-v=9", "--event-log", file("events")],
        ...["--tracing", `file:${file("trace")}`, "--otel-traces", `file://${file("otel")}`],
      ),
    );
    expect(leaks(output)).toEqual({ tokens: false, configuration: false, environment: false });
    const [log = ""] = readdirSync(temporary()).filter((name) => name.includes(".log.INFO."));
    const shown = (name: string) => leaks(readFileSync(file(name), "latin1"));
    expect(shown("events")).toEqual({ tokens: true, configuration: false, environment: false });
    for (const name of ["calls", "trace", "otel", log]) {
      expect({ name, ...shown(name) }).toEqual({
        name,
        tokens: true,
        configuration: true,
        environment: false,
      });
    }
    for (const what of ["PULUMI_DEBUG_GRPC", "--event-log", "--tracing", "--otel-traces"])
      said(`\`${what}\``);
  });

  it("[S6] credentials on standard error: `NODE_DEBUG=http`", async () => {
    const output = await withEnv({ NODE_DEBUG: "http" }, () => stack.up("--replace", "**server"));
    // The engine hides what a plugin writes there.
    expect(leaks(output).environment).toBe(HOST === "dynamic");
    said("`NODE_DEBUG=http`");
  });

  it("[S1] tokens that a program prints", async () => {
    stack.program(`${declare(SERVER, OTHER)} server.token.apply((token) => console.log(token));`);
    expect(leaks(await stack.up()).tokens).toBe(true);
    said("A program that prints a token is not stopped");
  });
});

it("[E8] a transformation that empties additionalSecretOutputs puts no token into the state in clear text, ever", async () => {
  const verified: Declared = { kind: "PrivateToken", name: "verified", args: { ...ARGS, verify: true } };
  const program = (...more: readonly Declared[]) =>
    `${TRANSFORMATION} ${declare(SERVER, ...more)} exports.token = server.token;`;
  const stack = await Stack.start(program());
  try {
    const hidden = async (name: string, output: string) => {
      expect((await stack.token(name)).outputs[output]).toMatchObject({
        ciphertext: expect.any(String) as string,
      });
    };
    await stack.up();
    await hidden("server", "token");
    // An update of the record, a refresh, and a rotation, which keeps the predecessor's token.
    stack.program(`${TRANSFORMATION} ${declare({ ...SERVER, args: { ...ARGS, onDelete: "letExpire" } })}`);
    await stack.up("--refresh");
    await stack.ok("refresh", "--yes");
    await hidden("server", "token");
    stack.advance(61 * DAY);
    await stack.up();
    await hidden("server", "previousToken");
    // A create that fails after the mint, and the update that settles it.
    stack.emulator.faults.push({
      kind: "status",
      status: 401,
      body: { errors: [{ message: "JWT is expired" }] },
      path: "/graphql",
    });
    stack.program(program(verified));
    await stack.upFails();
    await hidden("verified", "token");
    stack.emulator.faults.clear();
    await stack.up();
    expect((await stack.token("verified")).outputs).toMatchObject({ verified: true });
    await hidden("verified", "token");
  } finally {
    // Searches the state, its backups and its history for tokens.
    await stack.close();
  }
}, 300_000);

it("[E8] options of the program that leave additionalSecretOutputs out, or empty it, change nothing", async () => {
  const options = ["{}", "{ additionalSecretOutputs: [] }", '{ additionalSecretOutputs: ["id"] }'];
  const tokens = options.map((opts, at) => declare({ ...SERVER, name: `t${at}`, opts }));
  const stack = await Stack.start(tokens.join("\n"));
  try {
    await stack.up();
    expect((await stack.tokens()).map(({ outputs }) => typeof outputs["token"])).toEqual(
      options.map(() => "object"),
    );
  } finally {
    await stack.close();
  }
});

/** The plugin's provider resource holds every credential encrypted. */
const PLAIN_FILES =
  HOST === "plugin" ? /secrets stand in .*\/history\// : /secrets stand in .*stacks\/shop\/dev\.json/;

it("[S3] a credential that was set without --secret stands in the configuration and in the state in clear text", async () => {
  const stack = await Stack.start(declare(OTHER));
  const plain = ["--plaintext", "--path", "bigcommerce:stores.def456.accessToken", stack.otherCredential];
  await stack.ok("config", "set", ...plain);
  await stack.up();
  stack.output = "";
  await expect(stack.close()).rejects.toThrow(PLAIN_FILES);
  said("without `--secret`");
});
