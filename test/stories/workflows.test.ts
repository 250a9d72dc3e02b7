import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { DAY, declare, type Declared } from "../support/program";
import { run } from "../support/run";
import { Stack } from "../support/stack";
import { type Command, commandsOf, readYaml, type Workflow } from "../support/workflow";

const ROOT = join(__dirname, "..", "..");
const read = (...path: readonly string[]) => readFileSync(join(ROOT, ...path), "utf8");
const TEXT = read("examples", "workflows", "rotate.yml");
const workflow = readYaml(join(ROOT, "examples", "workflows", "rotate.yml")) as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const step = (words: string) => steps.find((each) => each.run?.includes(words))?.run ?? "exit 9";
const rotate = step("status");

/** As the runner of GitHub Actions starts a step, and as README's reader would type it. */
const ACTIONS = ["bash", "-e", "-c"];
const TYPED = ["sh", "-c"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workflow-"));
  mkdirSync(join(folder, "bin"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A command on the path, in the words of the shell. */
function command(name: string, text: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

const EXEC = "exec --no -- pulumi-bigcommerce-tokens status";

/** `npm` that ends with this code, and `pulumi` that tells its arguments, one a line. */
function fakes(code: number, printed = "", pulumiCode = 0): void {
  command("npm", `case "$*" in "${EXEC}"*) printf %b '${printed}'; exit ${code} ;; esac\nexit 9`);
  fakePulumi(pulumiCode);
}

function fakePulumi(code = 0): void {
  command("pulumi", `printf '%s\\n' "$@" >> "${join(folder, "ran")}"\nexit ${code}`);
}

/** `npm` whose `status` ends with one code after the other, and whose `--urns-due` prints this on each of its streams. */
function fakesInTurn(codes: readonly number[], urnsDue: { readonly out?: readonly string[]; readonly error?: string } = {}) {
  codes.forEach((code, at) => {
    writeFileSync(join(folder, `code-${at}`), `${code}`);
  });
  writeFileSync(join(folder, "out"), (urnsDue.out ?? []).map((line) => `${line}\n`).join(""));
  writeFileSync(join(folder, "error"), urnsDue.error ?? "npm warn something\n");
  const next = `for at in 0 1 2 3; do f="${folder}/code-$at"; [ -f "$f" ] && c=$(cat "$f") && rm "$f" && exit "$c"; done; exit 8`;
  command("npm", `case "$*" in
    "${EXEC} --urns-due") cat "${folder}/out"; cat "${folder}/error" >&2; exit 3 ;;
    "${EXEC}") ${next} ;;
  esac
  exit 9`);
  fakePulumi();
} // prettier-ignore

/** What `pulumi` was given; undefined where it was not run. */
function given(): readonly string[] | undefined {
  try {
    return readFileSync(join(folder, "ran"), "utf8").trimEnd().split("\n");
  } catch {
    return undefined;
  }
}

async function shell([file = "", ...args]: readonly string[], script: string, env: NodeJS.ProcessEnv = {}, cwd = folder) {
  const path = [join(folder, "bin"), env["PATH"] ?? process.env["PATH"]].join(delimiter);
  return run(file, [...args, script], { cwd, env: { ...env, PATH: path } });
} // prettier-ignore

describe("the workflow that rotates", () => {
  it("runs daily and by hand, one at a time, with the least rights and actions of a named major", () => {
    expect(workflow.on).toEqual({ schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }], workflow_dispatch: null }); // prettier-ignore
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow.concurrency).toEqual({ group: expect.any(String), "cancel-in-progress": false });
    const used = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(used.map((name) => name.split("@")[0])).toEqual([
      ...["actions/checkout", "actions/setup-node", "pulumi/actions"],
    ]);
    for (const name of used) expect(name).toMatch(/@v\d+$/);
  });

  it("hands secrets over in the environment of the one step that needs them", () => {
    expect(TEXT.match(/secrets\./g)).toHaveLength(2);
    for (const { run: script, env } of steps) {
      expect(script ?? "").not.toMatch(/\$\{\{/);
      if (script !== rotate) expect(env).toBeUndefined();
    }
    expect(Object.values(workflow.jobs).map(({ env }) => env)).toEqual([undefined]);
  });

  const TARGETS = [
    "--target=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/bigcommerce:PrivateToken::a b $HOME *",
    "--target=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/bigcommerce:PrivateToken::c",
    "--target-dependents",
  ];
  const OMITTED = '"d" is omitted, and `pulumi up` needs --target: it is protected\n';

  it.each<[string, readonly number[], number, readonly string[] | undefined, RegExp]>([
    ["nothing is open: no update", [0], 0, undefined, /^Nothing is due\.\n$/],
    ["an update settles it", [2, 0], 0, ["up", "--yes"], /^$/],
    [
      "an update does not settle it",
      [2, 2],
      2,
      ["up", "--yes"],
      /^::error title=An update did not settle it::[^\n]+\n$/,
    ],
    [
      "a person is needed after the update",
      [2, 3],
      3,
      ["up", "--yes"],
      /^::error title=A person is needed::[^\n]+\n$/,
    ],
    ["an update settles what none was to try", [3, 0], 0, ["up", "--yes"], /^$/],
    [
      "a person is needed before and after",
      [3, 3],
      3,
      ["up", "--yes"],
      /^::error title=A person is needed::/,
    ],
    [
      "an update settles only what a person had begun",
      [3, 2],
      2,
      ["up", "--yes"],
      /^::error title=An update did not settle it::/,
    ],
    ["status fails", [1], 1, undefined, /^::error title=The tokens are not known::[^\n]+\n$/],
    ["there is no status", [127], 1, undefined, /^::error title=The tokens are not known::/],
    [
      "status fails after the update",
      [2, 1],
      1,
      ["up", "--yes"],
      /^::error title=The tokens are not known::/,
    ],
  ])("%s", async (_, says, code, ran, output) => {
    fakesInTurn(says);
    const ended = await shell(ACTIONS, rotate);
    expect([ended.code, given()]).toEqual([code, ran]);
    expect(ended.output).toMatch(output);
  });

  it.each<[string, readonly string[], readonly string[] | undefined]>([
    ["names the others, each as one argument", TARGETS, ["up", "--yes", ...TARGETS]],
    ["does not run at all if there are no others", [], undefined],
  ])("where a plain update would fail on a token, the update %s", async (_, out, ran) => {
    fakesInTurn([3, 3], { out, error: `npm warn something\n${OMITTED}` });
    expect((await shell(ACTIONS, rotate)).code).toBe(3);
    expect(given()).toEqual(ran);
  });

  it.each([2, 3])("fails where the update does, after exit code %i", async (says) => {
    fakes(says, "", 255);
    expect((await shell(ACTIONS, rotate)).code).toBe(255);
    expect(given()).toEqual(["up", "--yes"]);
  });

  it("fails where the update of the others does", async () => {
    fakesInTurn([3, 3], { out: TARGETS, error: OMITTED });
    fakePulumi(255);
    expect((await shell(ACTIONS, rotate)).code).toBe(255);
  });
});

/** The commands of the only job, without the installation. */
function jobOf(...path: readonly string[]): readonly Command[] {
  const { rotate: job } = (readYaml(join(ROOT, ...path)) as Workflow).jobs;
  return commandsOf(job!, { stack: "dev", store: "abc123" }, {}).filter(({ script }) => script !== "npm ci");
}

/** What an update heals, each job leaves to `pulumi up`: it is shown with the first one. An old copy knows no `--urns-due`. */
describe.each<[string, readonly Command[], "all" | "without healing" | "old"]>([
  ["examples/workflows/rotate.yml", jobOf("examples", "workflows", "rotate.yml"), "all"],
  ["the agency's rotate.yml", jobOf("examples", "agency", ".github", "workflows", "rotate.yml"), "without healing"],
  ["a copy of rotate.yml from version 0.1.0", jobOf("test", "stories", "recorded", "rotate-0.1.0.yml"), "old"],
])("%s, on a real stack", (_, commands, scope) => {
  const server = (args: object = {}, opts?: string): Declared =>
    ({
      kind: "PrivateToken",
      name: "server",
      args: { channelIds: [1], scopes: ["Customer", "Unauthenticated"], lifetime: "30d", verify: true, ...args },
      ...(opts !== undefined && { opts }),
    });
  const web = { kind: "StorefrontToken", name: "web", args: { channelIds: [1], allowedCorsOrigins: ["https://a.example"], lifetime: "360d" } } as const;

  let stack: Stack;
  let bin: string;
  beforeAll(async () => {
    stack = await Stack.start(declare(server(), web));
    await stack.up();
    bin = join(mkdtempSync(join(tmpdir(), "workflow-")), "bin");
    mkdirSync(bin);
    // The package stands beside all stories, where npm does not look for it.
    const file = join(process.env["TEST_FRESH"] ?? "", "node_modules", ".bin", "pulumi-bigcommerce-tokens");
    writeFileSync(join(bin, "npm"), `#!/bin/sh\nshift 4; exec "${file}" "$@"\n`, { mode: 0o755 });
  });
  afterAll(async () => {
    rmSync(dirname(bin), { recursive: true, force: true });
    await stack.close();
  });

  /** The steps of one job as the runner starts them; the code of the first that fails. */
  const job = async () => {
    const ended = { code: 0, output: "" };
    for (const { script, env, isAlways } of commands) {
      if (ended.code !== 0 && !isAlways) continue;
      const own = stack.environment();
      const path = [bin, own["PATH"]].join(delimiter);
      const credential = { BIGCOMMERCE_ACCESS_TOKEN: own["BIGCOMMERCE_ACCESS_TOKEN"] };
      const ran = await run("bash", ["-e", "-c", script], {
        cwd: join(stack.folder, "program"),
        env: { ...own, ...env, ...credential, PULUMI_STACK: "dev", PATH: path },
      });
      stack.output += ran.output;
      ended.code ||= ran.code;
      ended.output += ran.output;
    }
    return ended;
  };
  const status = async () => {
    const options = { cwd: join(stack.folder, "program"), env: { ...stack.environment(), PATH: [bin, stack.environment()["PATH"]].join(delimiter) } };
    const { code, output } = await run("npm", ["exec", "--no", "--", "pulumi-bigcommerce-tokens", "status", "--json"], options);
    const { tokens } = JSON.parse(output) as { tokens: readonly { readonly resource: string; readonly state: string; readonly overdue: boolean; readonly role: string }[] };
    const open = tokens.filter(({ state }) => state !== "ok" && state !== "left to expire");
    return { code, open: open.map(({ resource, state, overdue }) => [resource, overdue ? "overdue" : state]) };
  };
  const fingerprint = async (name = "server") => String((await stack.token(name)).outputs["fingerprint"]);
  const heals = async (code: number, ...open: readonly (readonly string[])[]) => {
    expect(await status()).toEqual({ code, open });
    const ended = await job();
    expect([ended.code, ended.output]).toEqual([0, expect.not.stringContaining("::error")]);
    expect(await status()).toEqual({ code: 0, open: [] });
  };

  // Each step goes on from the one before.
  it("heals a token that is overdue", async () => {
    stack.advance(26 * DAY);
    const before = await fingerprint();
    await heals(2, ["server", "overdue"]);
    expect(await fingerprint()).not.toBe(before);
  });

  if (scope === "all") {
    it("heals a token that is gone", async () => {
      const before = await fingerprint();
      stack.emulator.forget(stack.emulator.issued.find((each) => each.fingerprint === before)!);
      await stack.ok("refresh", "--yes", "--skip-preview");
      await heals(2, ["server", "due"]);
      expect(await fingerprint()).not.toBe(before);
    });

    it("heals a token that has expired", async () => {
      stack.advance(40 * DAY);
      const before = await fingerprint();
      await heals(2, ["server", "expired"]);
      expect(await fingerprint()).not.toBe(before);
    });

    it("heals a token whose revocation failed", async () => {
      stack.emulator.faults.push({ kind: "status", status: 403, method: "DELETE", times: Infinity });
      stack.program(declare(server({ channelIds: [2] }), web));
      await stack.upFails();
      stack.emulator.faults.clear();
      await heals(2, ["server", "pending delete"]);
      expect(stack.live()).toEqual([await fingerprint("web"), await fingerprint()]);
    });

    it("heals a token that was not proven", async () => {
      const message = "GraphQL invalid credentials. JWT channel id doesn't match channel id of the URL";
      stack.emulator.faults.push({ kind: "status", status: 401, body: { errors: [{ message }] }, path: /graphql$/, times: Infinity });
      stack.program(declare(server({ channelIds: [1, 2] }), web));
      await stack.upFails();
      expect((await job()).code).not.toBe(0);
      stack.emulator.faults.clear();
      const before = await fingerprint();
      await heals(2, ["server", "unproven"], ["server", "pending delete"]);
      expect(await fingerprint()).toBe(before);
    });
  }

  it("fails where an update does, and rotates nothing then", async () => {
    stack.advance(21 * DAY);
    stack.emulator.faults.push({ kind: "status", status: 403, method: "POST", times: Infinity });
    const before = await fingerprint();
    expect((await job()).code).not.toBe(0);
    stack.emulator.faults.clear();
    expect(await fingerprint()).toBe(before);
    await heals(2, ["server", "due"]);
  });

  if (scope === "old") return;

  it("fails where a protected token is due, and rotates the others", async () => {
    stack.program(declare(server({}, "{ protect: true }"), { ...web, args: { ...web.args, lifetime: "30d" } }));
    await stack.up();
    stack.advance(21 * DAY);
    const [kept, rotated] = [await fingerprint(), await fingerprint("web")];
    expect(await status()).toEqual({ code: 3, open: [["server", "due"], ["web", "due"]] });
    const ended = await job();
    expect([ended.code, ended.output]).toEqual([3, expect.stringContaining("::error title=A person is needed::")]);
    expect(await fingerprint()).toBe(kept);
    expect(await fingerprint("web")).not.toBe(rotated);
    expect((await status()).code).toBe(3);
  });
}); // prettier-ignore

describe("the documented way to rotate only what is due", () => {
  const recipe =
    /^```sh\n([^`]*--urns-due[^`]*)```$/m.exec(read("docs/reference/command-line.md"))?.[1] ?? "exit 9";
  const urn = (name: string) => `--target=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/bigcommerce:PrivateToken::${name}`; // prettier-ignore
  const list = (...names: readonly string[]) => [...names.map(urn), "--target-dependents"];

  it.each([0, 1, 3])("runs no update where status ends with %i, whatever it printed", async (code) => {
    fakes(code, `${list("server").join("\\n")}\\n`);
    await shell(TYPED, recipe);
    expect(given()).toBeUndefined();
  });

  it.each([[["server"]], [["web * shop", "a;b", "$HOME"]]])("hands on %j, each as one argument", async (names) => {
    fakes(2, `${list(...names).join("\\n")}\\n`);
    expect((await shell(TYPED, recipe)).code).toBe(0);
    expect(given()).toEqual(["up", "--yes", ...list(...names)]);
  }); // prettier-ignore

  it("never updates the whole stack, not even where the list is empty against its exit code", async () => {
    fakes(2);
    await shell(TYPED, recipe);
    expect(given()).toBeUndefined();
  });

  it("on a real stack: does nothing, then rotates what is due and tells what depends on it; so does the workflow", async () => {
    const token = (name: string, lifetime: string, args: object = {}) =>
      ({ kind: "PrivateToken", name, args: { channelIds: [1], scopes: ["Customer"], lifetime, ...args } }) as const;
    const program = [
      declare(token("short", "30d"), token("long", "360d")),
      'new Consumer("shop", { value: short.fingerprint });',
    ];
    const stack = await Stack.start(program.join("\n"));
    try {
      // The package stands beside all stories, where npm does not look for it.
      const bin = join(process.env["TEST_FRESH"] ?? "", "node_modules", ".bin", "pulumi-bigcommerce-tokens");
      command("npm", `shift 4; exec "${bin}" "$@"`);
      const inProgram = async (shellOf: readonly string[], script: string) => {
        const ended = await shell(shellOf, script, stack.environment(), join(stack.folder, "program"));
        stack.output += ended.output;
        return ended;
      };
      await stack.up();
      stack.requests();
      await inProgram(TYPED, recipe);
      expect((await inProgram(ACTIONS, rotate)).code).toBe(0);
      expect(stack.requests()).toEqual([]);

      stack.advance(22 * DAY);
      const rotated = await inProgram(TYPED, recipe);
      expect({ code: rotated.code, sent: stack.requests() }).toEqual({ code: 0, sent: ["POST"] });
      expect(rotated.output).toMatch(/shop/);
      stack.advance(22 * DAY);
      expect((await inProgram(ACTIONS, rotate)).code).toBe(0);
      expect(stack.requests()).toEqual(["POST"]);

    } finally {
      await stack.close();
    }
  }); // prettier-ignore
});
