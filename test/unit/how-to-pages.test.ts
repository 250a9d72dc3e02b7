import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { EXIT } from "../../cli/exit-codes";
import { parseYaml, readYaml, type Workflow } from "../support/workflow";

const ROOT = join(__dirname, "..", "..");
const PAGES = join(ROOT, "docs", "how-to");
const SCHEDULE = "rotate-on-a-schedule.md";

/** The fenced blocks of a language, without the indentation of a list that they stand in. */
function blocksOf(page: string, language: string): readonly string[] {
  const fences = new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^\\1\`\`\`$`, "gm");
  return [...readFileSync(join(PAGES, page), "utf8").matchAll(fences)].map(([, indent = "", text = ""]) =>
    text.replace(new RegExp(`^${indent}`, "gm"), ""),
  );
}

/** Why a shell does not take the text; empty if it does. */
function syntaxErrorOf(text: string, shell = "sh"): string {
  const { status, stderr } = spawnSync(shell, ["-n"], { input: text, encoding: "utf8" });
  return status === 0 ? "" : stderr;
}

/** What the first column of the tables of messages quotes, without what stands for a value. */
function messagesIn(page: string): readonly string[] {
  const messages: string[] = [];
  let isTable = false;
  for (const line of readFileSync(join(PAGES, page), "utf8").split("\n")) {
    const [, first = ""] = /^\| (.*?) \|/.exec(line) ?? [];
    if (!line.startsWith("|")) isTable = false;
    else if (isTable) messages.push(...[...first.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text));
    else isTable = /^(message|what you see)/.test(first);
  }
  return messages.flatMap((text) =>
    text.split(/\.\.\.|<[^>]+>|^adopt: /).flatMap((part) => part.replace(/^[:, ]+|[:, ]+$/g, "") || []),
  );
}

const sources = ["provider", "cli"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8")),
);

describe.each(readdirSync(PAGES))("docs/how-to/%s", (page) => {
  it("has commands that a shell takes", () => {
    for (const text of blocksOf(page, "sh")) expect([text, syntaxErrorOf(text)]).toEqual([text, ""]);
  });

  it("has YAML and JSON that parse", () => {
    for (const text of blocksOf(page, "yaml")) expect(parseYaml(text)).toEqual(expect.any(Object));
    for (const text of blocksOf(page, "json")) expect(JSON.parse(text)).toEqual(expect.any(Object));
  });
});

it.each(["adopt-tokens.md", "leaked-token.md"])("%s never has a token among the arguments of a command", (page) => {
  for (const text of blocksOf(page, "sh")) {
    // `printf` is built into the shell: its arguments are shown to nobody.
    const commands = text.split(/[|;&\n]+/).filter((command) => !/^\s*printf /.test(command));
    for (const command of commands) expect(command).not.toMatch(/\$\{?TOKEN|eyJ/);
  }
}); // prettier-ignore

it.each(["adopt-tokens.md", "change-the-api-account.md", "leaked-token.md"])("%s quotes messages that the code has", (page) => {
  const messages = messagesIn(page);
  expect(messages.length).toBeGreaterThan(4);
  const unknown = messages.filter((text) => !sources.some((source) => source.includes(text)));
  expect(unknown).toEqual([]);
}); // prettier-ignore

interface GitlabJob {
  readonly image: { readonly name: string; readonly entrypoint: readonly string[] };
  readonly rules: readonly { readonly if: string }[];
  readonly resource_group: string;
  readonly interruptible: boolean;
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
}

interface PulumiProgram {
  readonly runtime: string;
  readonly resources: Readonly<
    Record<string, { readonly type: string; readonly properties: Readonly<Record<string, unknown>> }>
  >;
}

const [gitlabText = "", deploymentsText = ""] = blocksOf(SCHEDULE, "yaml");
const { "rotate-tokens": job } = parseYaml(gitlabText) as { readonly "rotate-tokens": GitlabJob };
const script = job.script.join("\n");
const recipe = blocksOf(SCHEDULE, "sh").find((text) => text.includes("--urns-due")) ?? "exit 9";

/** The labels of each outer `case` on the exit code. */
function codesIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/case "\$code" in\n([^]*?)^\s*esac$/gm)].map(([, body = ""]) =>
    [...body.matchAll(/^ {2}(\d|\*)\)/gm)].map(([, label = ""]) => label),
  );
}

describe("the job for GitLab", () => {
  it("treats the exit codes of the command, and takes every other one for a failure", () => {
    const answers = [EXIT.ok, EXIT.up, EXIT.person].map(String);
    expect(codesIn(script)).toEqual([
      [...answers, "*"],
      [...answers, "*"],
    ]);
    const github = readYaml(join(ROOT, "examples", "workflows", "rotate.yml")) as Workflow;
    const ofGithub = github.jobs["rotate"]?.steps.find(({ run }) => run?.includes("status"))?.run ?? "";
    expect(codesIn(ofGithub)).toEqual(codesIn(script));
  });

  it("runs when scheduled or by hand, one at a time, and holds no credential", () => {
    expect(job.rules.map((rule) => rule.if)).toEqual([
      '$CI_PIPELINE_SOURCE == "schedule"',
      '$CI_PIPELINE_SOURCE == "web"',
    ]);
    expect([job.resource_group, job.interruptible, job.image.entrypoint]).toEqual([
      expect.any(String),
      false,
      [""],
    ]);
    expect(Object.keys(job.variables)).toEqual(["PULUMI_STACK"]);
    expect(job.script[0]).toBe("npm ci");
  });

  it.each(["sh", "bash"])("is written for any shell: %s", (shell) => {
    for (const step of job.script) expect(syntaxErrorOf(step, shell)).toBe("");
  });
});

describe("what the page's commands do with an answer of status", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "how-to-"));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  interface Answers {
    /** Of `status`, one after the other. */
    readonly codes: readonly number[];
    /** What `status --urns-due` prints, and its exit code. */
    readonly out?: readonly string[];
    readonly error?: string;
    readonly dueCode?: number;
    readonly pulumiCode?: number;
  }

  function command(name: string, text: string): void {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }

  /** The exit code, the arguments of `pulumi` if it ran, and what was printed. */
  function ended(shell: readonly string[], text: string, answers: Answers) {
    const { codes, out = [], error = "", dueCode = 3, pulumiCode = 0 } = answers;
    codes.forEach((code, at) => {
      writeFileSync(join(folder, `code-${at}`), `${code}`);
    });
    writeFileSync(join(folder, "out"), out.map((line) => `${line}\n`).join(""));
    writeFileSync(join(folder, "error"), error);
    const status = "exec --no -- pulumi-bigcommerce-tokens status";
    const next = `for at in 0 1; do f="${folder}/code-$at"; [ -f "$f" ] && c=$(cat "$f") && rm "$f" && exit "$c"; done; exit 8`;
    command("npm", `case "$*" in
      ci) ;;
      "${status} --urns-due") cat "${folder}/out"; cat "${folder}/error" >&2; exit ${dueCode} ;;
      "${status}") ${next} ;;
      *) exit 9 ;;
    esac`);
    command("pulumi", `printf '%s\\n' "$@" >> "${join(folder, "ran")}"; exit ${pulumiCode}`);
    const [file = "", ...args] = shell;
    const env = { PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter) };
    const { status: code, stdout } = spawnSync(file, [...args, text], { cwd: folder, env, encoding: "utf8" });
    const ran = readdirSync(folder).includes("ran")
      ? readFileSync(join(folder, "ran"), "utf8").trimEnd().split("\n")
      : undefined;
    return { code, ran, stdout };
  } // prettier-ignore

  /** GitLab's runner takes bash where the image has it. */
  const RUNNERS = [["bash", "-e", "-o", "pipefail", "-c"], ["sh", "-e", "-c"]] as const; // prettier-ignore
  const TARGETS = [
    "--target=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/bigcommerce:PrivateToken::a b $HOME *",
    "--target-dependents",
  ];
  const UP = ["up", "--yes"];
  const OMITTED = '"d" is omitted, and `pulumi up` needs --target: it is protected\n';

  describe.each(RUNNERS.map((runner) => [runner[0], runner] as const))("the job for GitLab, in %s", (_, runner) => {
    it.each<[string, readonly number[], number, readonly string[] | undefined, RegExp]>([
      ["nothing is open: no update", [0], 0, undefined, /^Nothing is due\.\n$/],
      ["an update settles it", [2, 0], 0, UP, /^$/],
      ["an update does not settle it", [2, 2], 2, UP, /^An update did not settle it\./],
      ["a person is needed after the update", [2, 3], 3, UP, /^A person is needed\./],
      ["an update settles what none was to try", [3, 0], 0, UP, /^$/],
      ["a person is needed before and after", [3, 3], 3, UP, /^A person is needed\./],
      ["status fails", [1], 1, undefined, /^The tokens are not known/],
      ["there is no status", [127], 1, undefined, /^The tokens are not known/],
      ["status fails after the update", [2, 1], 1, UP, /^The tokens are not known/],
    ])("%s", (_what, codes, code, ran, output) => {
      expect(ended(runner, script, { codes })).toEqual({ code, ran, stdout: expect.stringMatching(output) as string });
    });

    it("names the others, each as one argument, where a plain update would fail", () => {
      const answers = { codes: [3, 3], out: TARGETS, error: OMITTED };
      expect(ended(runner, script, answers)).toMatchObject({ code: 3, ran: [...UP, ...TARGETS] });
    });

    it("updates nothing where a plain update would fail and there are no others", () => {
      expect(ended(runner, script, { codes: [3, 3], error: OMITTED })).toMatchObject({ code: 3, ran: undefined });
    });

    it.each([[{ codes: [2] }], [{ codes: [3] }], [{ codes: [3], out: TARGETS, error: OMITTED }]])(
      "fails where the update does: %j",
      (answers) => {
        const { code, ran } = ended(runner, script, { ...answers, pulumiCode: 255 });
        expect(code).not.toBe(0);
        expect(ran?.slice(0, 2)).toEqual(UP);
      },
    );
  }); // prettier-ignore

  describe("the script for another scheduler", () => {
    const TYPED = ["sh", "-c"];

    it("updates what it can where status ends with 3, and ends with 3 all the same", () => {
      const { code, ran } = ended(TYPED, recipe, { codes: [], out: TARGETS, dueCode: EXIT.person });
      expect([code, ran?.slice(0, 2)]).toEqual([EXIT.person, ["up", "--yes"]]);
    });

    it("updates nothing where status ends with 3 and prints no target", () => {
      const { code, ran } = ended(TYPED, recipe, { codes: [], out: [], dueCode: EXIT.person });
      expect([code, ran]).toEqual([EXIT.person, undefined]);
    });

    it.each([EXIT.ok, EXIT.error])("updates nothing where status ends with %i, and ends alike", (dueCode) => {
      expect(ended(TYPED, recipe, { codes: [], out: TARGETS, dueCode })).toMatchObject({ code: dueCode, ran: undefined });
    }); // prettier-ignore

    it("hands on each target as one argument where it ends with 2", () => {
      const answers = { codes: [], out: TARGETS, dueCode: EXIT.up };
      expect(ended(TYPED, recipe, answers)).toMatchObject({ code: 0, ran: [...UP, ...TARGETS] });
      expect(ended(TYPED, recipe, { ...answers, pulumiCode: 255 }).code).not.toBe(0);
    });

    it("never updates the whole stack, not even where the list is empty against its exit code", () => {
      expect(ended(TYPED, recipe, { codes: [], dueCode: EXIT.up }).ran).toBeUndefined();
    });
  });
});

/** Inputs in the schema of Pulumi's provider pulumiservice 1.3.0. */
const PULUMISERVICE: Readonly<Record<string, readonly string[]>> = {
  "pulumiservice:DeploymentSettings": [
    ...["agentPoolId", "cacheOptions", "executorContext", "github", "operationContext", "organization"],
    ...["project", "sourceContext", "stack", "vcs"],
  ],
  "pulumiservice:DeploymentSchedule": [
    ...["organization", "project", "pulumiOperation", "scheduleCron", "stack", "timestamp"],
  ],
};
const GIT_SOURCE = ["branch", "commit", "gitAuth", "repoDir", "repoUrl"];

describe("the program for Pulumi Deployments", () => {
  const { runtime, resources } = parseYaml(deploymentsText) as PulumiProgram;

  it("has only inputs that the provider has", () => {
    expect(runtime).toBe("yaml");
    expect(Object.values(resources).map(({ type }) => type)).toEqual(Object.keys(PULUMISERVICE));
    for (const { type, properties } of Object.values(resources)) {
      expect(PULUMISERVICE[type]).toEqual(expect.arrayContaining(Object.keys(properties)));
    }
    const { git } = resources["settings"]?.properties["sourceContext"] as { git: object };
    expect(GIT_SOURCE).toEqual(expect.arrayContaining(Object.keys(git)));
  });

  it("schedules updates of the stack that it sets up", () => {
    const { settings, schedule } = resources;
    for (const name of ["organization", "project", "stack"]) {
      expect(schedule?.properties[name]).toBe(settings?.properties[name]);
    }
    expect(schedule?.properties["pulumiOperation"]).toBe("update");
    expect(schedule?.properties["scheduleCron"]).toMatch(/^\d+ \d+ \* \* \*$/);
  });
});
