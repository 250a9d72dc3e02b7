import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { DAY, declare } from "../support/program";
import { run } from "../support/run";
import { Stack } from "../support/stack";

const ROOT = join(__dirname, "..", "..");
const read = (...path: readonly string[]) => readFileSync(join(ROOT, ...path), "utf8");
const { load } = createRequire(require.resolve("@pulumi/pulumi"))("js-yaml") as {
  load: (text: string) => unknown;
};

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly env?: unknown }>>;
}

const TEXT = read("examples", "workflows", "rotate.yml");
const workflow = load(TEXT) as Workflow;
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

/** `npm` that ends with this code, and `pulumi` that tells its arguments, one a line. */
function fakes(code: number, printed = "", pulumiCode = 0): void {
  const exec = "exec --no -- pulumi-bigcommerce-tokens status";
  command("npm", `case "$*" in "${exec}"*) printf %b '${printed}'; exit ${code} ;; esac\nexit 9`);
  command("pulumi", `printf '%s\\n' "$@" >> "${join(folder, "ran")}"\nexit ${pulumiCode}`);
}

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

  it.each([
    [0, 0, undefined, /Nothing is due/],
    [2, 0, ["up", "--yes"], /^$/],
    [3, 3, undefined, /::error title=A person is needed::/],
    [1, 1, undefined, /::error title=The tokens are not known::/],
    [127, 1, undefined, /::error title=The tokens are not known::/],
  ])("where status ends with %i, the step ends with %i", async (says, code, ran, output) => {
    fakes(says);
    const ended = await shell(ACTIONS, rotate);
    expect([ended.code, given()]).toEqual([code, ran]);
    expect(ended.output).toMatch(output);
  });

  it("fails where the update does", async () => {
    fakes(2, "", 255);
    expect((await shell(ACTIONS, rotate)).code).toBe(255);
  });
});

describe("README's way to rotate only what is due", () => {
  const recipe = /^```sh\n([^`]*--urns-due[^`]*)```$/m.exec(read("README.md"))?.[1] ?? "exit 9";
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

      stack.advance(31 * DAY);
      const late = await inProgram(ACTIONS, rotate);
      expect([late.code, stack.requests()]).toEqual([3, []]);
    } finally {
      await stack.close();
    }
  }); // prettier-ignore
});
