import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { DAY } from "../support/program";
import { run } from "../support/run";
import { Stack } from "../support/stack";
import { commandsOf, readYaml, type Workflow } from "../support/workflow";

const FOLDER = join(__dirname, "..", "..", "examples", "agency");
const FILES = ["index.ts", "package.json", "tsconfig.json", "Pulumi.oak.yaml", "Pulumi.elm.yaml"];
const WORKFLOW = join(".github", "workflows", "rotate.yml");

const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const workflow = () => readYaml(join(FOLDER, WORKFLOW)) as Workflow;
const job = () => workflow().jobs["rotate"]!;
const matrix = () => job().strategy!.matrix.include;
/** What Pulumi.<stack>.yaml says. */
const configOf = (stack: string) =>
  (readYaml(join(FOLDER, `Pulumi.${stack}.yaml`)) as { config: Record<string, unknown> }).config;

describe("the workflow of the agency", () => {
  it("has one job for each stack that has a file, with the store of that file", () => {
    const named = readdirSync(FOLDER).flatMap((name) => /^Pulumi\.(\w+)\.yaml$/.exec(name)?.[1] ?? []);
    expect(
      matrix()
        .map(({ stack }) => stack)
        .sort(),
    ).toEqual(named.sort());
    for (const { stack = "", store } of matrix()) {
      expect(configOf(stack)["bigcommerce:storeHash"]).toBe(store);
    }
    expect(new Set(matrix().map(({ store }) => store)).size).toBe(matrix().length);
  });

  it("keeps stores apart: no job ends another's, and each stack has one update at a time, which is never cut off", () => {
    const { strategy, concurrency } = job();
    expect(strategy?.["fail-fast"]).toBe(false);
    expect(concurrency).toEqual({ group: "pulumi-${{ matrix.stack }}", "cancel-in-progress": false });
  });

  it("pins the major version of each action, may only read the repository, and holds no credential", () => {
    for (const { uses } of job().steps) {
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    }
    expect(workflow().permissions).toEqual({ contents: "read" });
    for (const name of [...FILES, WORKFLOW]) expect(read(name)).not.toMatch(/secure:|eyJ|: [a-z0-9]{31}$/m);
  });

  it("installs what the lock file says, and lists what it needs", () => {
    const [install] = commandsOf(job(), matrix()[0]!, {});
    expect(install).toMatchObject({ script: "npm ci", isAlways: false });
    const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };
    const imported = [...read("index.ts").matchAll(/ from "([^"]+)"/g)].map(([, name]) => name);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(imported));
  });
});

describe("a night of the agency", () => {
  let stack: Stack;
  let secrets: Record<string, string>;
  beforeAll(async () => {
    const files = Object.fromEntries(FILES.map((name) => [name, read(name)]));
    stack = await Stack.start("", { pulumiYaml: read("Pulumi.yaml"), files });
    secrets = {
      BIGCOMMERCE_ACCESS_TOKEN_ABC123: String(stack.env["BIGCOMMERCE_ACCESS_TOKEN"]),
      BIGCOMMERCE_ACCESS_TOKEN_DEF456: stack.otherCredential,
    };
    const offline = { npm_config_offline: "true", npm_config_update_notifier: "false" };
    const own = { BIGCOMMERCE_ACCESS_TOKEN: undefined, BIGCOMMERCE_STORE_HASH: undefined };
    // Its types are checked with the repository's own.
    Object.assign(stack.env, offline, own, { PULUMI_NODEJS_TRANSPILE_ONLY: "true" });
    for (const { stack: name = "" } of matrix()) await of(name, () => stack.ok("stack", "init", name));
  });
  afterAll(() => stack.close());

  const of = async <T>(name: string, work: () => Promise<T>) => {
    stack.env["PULUMI_STACK"] = name;
    return work().finally(() => delete stack.env["PULUMI_STACK"]);
  };
  /** One job after its installation; `outputs` has what each command printed, those that were left out as undefined. */
  const runJob = async (entry: Record<string, string>, known = secrets) => {
    let isFailed = false;
    const outputs: (string | undefined)[] = [];
    for (const { script, env, isAlways } of commandsOf(job(), entry, known).slice(1)) {
      if (isFailed && !isAlways) {
        outputs.push(undefined);
        continue;
      }
      const options = { cwd: join(stack.folder, "program"), env: { ...stack.environment(), ...env } };
      const { code, output } = await run("bash", ["-e", "-c", script], options);
      stack.output += output;
      outputs.push(output);
      isFailed ||= code !== 0;
    }
    return { isFailed, outputs };
  };
  const [oak, elm] = [
    { stack: "oak", store: "abc123" },
    { stack: "elm", store: "def456" },
  ];
  const fingerprints = (name: string) =>
    of(name, async () => (await stack.tokens()).map(({ outputs }) => String(outputs["fingerprint"])));
  const minted = () => stack.emulator.issued.map(({ storeHash, clientId }) => `${storeHash} ${clientId}`);

  // Each step goes on from the one before.
  it("mints each store's tokens with that store's credential, and nothing in the night after", async () => {
    for (const entry of matrix()) {
      const { isFailed, outputs } = await runJob(entry);
      expect(isFailed).toBe(false);
      expect(outputs.at(-1)).toMatch(new RegExp(`server .* ok\n[^]*tokens in ${entry["stack"] ?? ""}: `));
    }
    expect(minted()).toEqual([
      ...["abc123 client-a", "abc123 client-a"],
      ...["def456 client-b", "def456 client-b"],
    ]);
    stack.requests();
    for (const entry of matrix()) expect((await runJob(entry)).isFailed).toBe(false);
    expect(stack.requests()).toEqual([]);
  });

  it("a store that fails fails its own job, which still shows what is live; another store's old tokens do not wait for it", async () => {
    const before = { oak: await fingerprints("oak"), elm: await fingerprints("elm") };
    stack.advance(61 * DAY);
    stack.emulator.faults.push({
      kind: "status",
      status: 403,
      path: /abc123/,
      method: "POST",
      times: Infinity,
    });
    const failed = await runJob(oak);
    expect(failed.isFailed).toBe(true);
    expect(failed.outputs[0]).toContain("(store abc123): answered 403");
    expect(failed.outputs[1]).toMatch(/server .* due/);
    expect(await fingerprints("elm")).toEqual(before.elm);

    await of("elm", () => stack.ok("config", "rm", "--path", "channelIds[1]"));
    stack.requests();
    expect((await runJob(elm)).isFailed).toBe(false);
    expect(stack.requests()).toEqual(["POST", "POST", "DELETE", "DELETE"]);
    expect(await fingerprints("oak")).toEqual(before.oak);
    expect(stack.live().sort()).toEqual([...before.oak, ...(await fingerprints("elm"))].sort());

    stack.emulator.faults.clear();
    expect((await runJob(oak)).isFailed).toBe(false);
    expect(stack.requests()).toEqual(["POST", "POST"]);
  });

  it.each([
    [
      "a matrix that names another store than the stack's file",
      { ...oak, store: "def456" },
      /abc123.*def456/,
    ],
    ["a store without its secret", { ...elm }, /no credential for store def456/],
  ])("%s fails before anything is sent, in the job's own words", async (_, entry, said) => {
    stack.advance(61 * DAY);
    stack.requests();
    const { BIGCOMMERCE_ACCESS_TOKEN_ABC123 = "" } = secrets;
    const { isFailed, outputs } = await runJob(entry, { BIGCOMMERCE_ACCESS_TOKEN_ABC123 });
    expect(isFailed).toBe(true);
    expect(outputs[0]).toMatch(said);
    expect(stack.requests()).toEqual([]);
  });
});
