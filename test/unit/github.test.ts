import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { readYaml } from "../support/workflow";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

const ROOT = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const workflowOf = (path: string) => readYaml(join(ROOT, path)) as Workflow;
const stepsOf = (path: string) => Object.values(workflowOf(path).jobs).flatMap(({ steps = [] }) => steps);

const OWN = readdirSync(join(ROOT, ".github", "workflows")).map((name) => `.github/workflows/${name}`);
const EXAMPLES = ["examples/workflows/rotate.yml", "examples/agency/.github/workflows/rotate.yml"];
const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };

it("there are workflows for changes, nights, releases and the search for security faults", () => {
  const names = OWN.map((path) => path.split("/").at(-1));
  expect(names).toEqual(["ci.yml", "codeql.yml", "nightly.yml", "release.yml"]);
});

describe.each([...OWN, ...EXAMPLES])("%s", (path) => {
  const commands = stepsOf(path).flatMap(({ run }) => (run === undefined ? [] : [run]));

  it("has commands that bash can parse", () => {
    // There it may be the bash of a Linux that is not installed.
    if (process.platform === "win32") return;
    for (const command of commands) {
      const { status, stderr } = spawnSync("bash", ["-n", "-c", command], { encoding: "utf8" });
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: "" });
    }
  });

  it("puts no expression of GitHub's into a command, where it could be code", () => {
    for (const command of commands) expect(command).not.toContain("${{");
  });

  it("runs no longer than said, with the rights said, and does not leave its token in the work tree", () => {
    const { permissions, jobs } = workflowOf(path);
    expect(permissions).toEqual({ contents: "read" });
    for (const { uses, "timeout-minutes": timeout } of Object.values(jobs)) {
      if (uses === undefined) expect(timeout).toBeGreaterThan(0);
    }
    for (const { uses, with: options } of stepsOf(path)) {
      if (uses?.startsWith("actions/checkout@")) expect(options).toMatchObject({ "persist-credentials": false });
    }
  }); // prettier-ignore
});

describe.each(OWN)("%s", (path) => {
  it("pins each action by a commit, beside its version", () => {
    const used = [...read(path).matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(([, text = ""]) => text);
    expect(used.length).toBeGreaterThan(0);
    for (const text of used) {
      if (text.startsWith("./")) expect(existsSync(join(ROOT, text))).toBe(true);
      else expect(text).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it("says which runs replace or wait for each other", () => {
    expect(workflowOf(path).concurrency?.group).toMatch(/./);
  });

  it("runs only scripts and files that are there", () => {
    const commands = stepsOf(path).flatMap(({ run }) => run?.split("\n") ?? []);
    const names = commands.flatMap((line) => [
      ...[...line.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => name),
      ...(/\bnpm test\b/.test(line) ? ["test"] : []),
    ]);
    for (const name of names) expect(Object.keys(scripts)).toContain(name);
    const files = commands.flatMap((line) => [...line.matchAll(/\bnode (\S+)/g)].map(([, file = ""]) => file));
    for (const file of files) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
  }); // prettier-ignore

  it("uses one version of each action, as the other workflows do", () => {
    const pinned = OWN.flatMap((each) => [...read(each).matchAll(/uses: ([\w-]+\/[\w-]+)\S*@(\S+)/g)]);
    const commits = new Map<string, Set<string>>();
    for (const [, action = "", commit = ""] of pinned) {
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
    for (const [action, found] of commits) expect([action, found.size]).toEqual([action, 1]);
  });
});

describe("a release", () => {
  const { jobs } = workflowOf(".github/workflows/release.yml");
  const rights = Object.entries(jobs).map(([name, { permissions }]) => [name, permissions]);

  it("gives each job only the rights that it needs", () => {
    expect(rights).toEqual([
      ["ci", undefined],
      ["pack", undefined],
      ["publish", { "id-token": "write" }],
      ["attach", { contents: "write" }],
    ]);
  });

  it("installs, builds and runs nothing of the repository with the right to publish or to write", () => {
    for (const name of ["publish", "attach"]) {
      for (const { uses, run } of jobs[name]?.steps ?? []) {
        expect(uses ?? "").not.toMatch(/checkout/);
        expect(run ?? "").not.toMatch(/npm (ci|install|run)|\bnode /);
      }
    }
  });

  it("publishes the tarball, with its provenance", () => {
    const commands = jobs["publish"]?.steps?.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(commands).toEqual(["npm publish --provenance --access public ./release/*.tgz"]);
  });
});

describe("an issue", () => {
  const FOLDER = ".github/ISSUE_TEMPLATE";
  const FORMS = readdirSync(join(ROOT, FOLDER)).filter((name) => name !== "config.yml");
  const TYPES = ["checkboxes", "dropdown", "input", "markdown", "textarea"];

  interface Form {
    readonly name: string;
    readonly description: string;
    readonly body: readonly {
      readonly type: string;
      readonly id?: string;
      readonly attributes: { readonly label?: string; readonly value?: string; readonly options?: readonly unknown[] };
    }[];
  } // prettier-ignore

  it.each(FORMS)("has a form that GitHub accepts: %s", (name) => {
    const { name: title, description, body } = readYaml(join(ROOT, FOLDER, name)) as Form;
    expect([title, description]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
    expect(body.map(({ type }) => type).filter((type) => !TYPES.includes(type))).toEqual([]);
    const asked = body.filter(({ type }) => type !== "markdown");
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length);
    for (const { type, id, attributes } of body) {
      if (type === "markdown") expect(attributes.value).toMatch(/./);
      else expect([id, attributes.label]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.stringMatching(/./)]);
      if (["checkboxes", "dropdown"].includes(type)) expect(attributes.options?.length).toBeGreaterThan(0);
    }
  }); // prettier-ignore

  it("asks for a command that there is, and warns of pasting a token", () => {
    const bug = read(`${FOLDER}/bug.yml`);
    expect(bug).toContain("pulumi-bigcommerce-tokens doctor");
    expect(bug).toMatch(/Paste no token and no credential/);
  });

  it("about security is not written in public", () => {
    const config = readYaml(join(ROOT, FOLDER, "config.yml")) as {
      readonly blank_issues_enabled: boolean;
      readonly contact_links: readonly { readonly url: string }[];
    };
    expect(config.blank_issues_enabled).toBe(false);
    expect(config.contact_links.map(({ url }) => url)).toEqual([
      expect.stringMatching(/\/pulumi-bigcommerce-tokens\/blob\/main\/SECURITY\.md$/),
    ]);
  });
});

it("dependabot looks at the packages and at the actions", () => {
  const { version, updates } = readYaml(join(ROOT, ".github", "dependabot.yml")) as {
    readonly version: number;
    readonly updates: readonly { readonly "package-ecosystem": string; readonly directory: string }[];
  };
  expect(version).toBe(2);
  expect(updates.map((each) => [each["package-ecosystem"], each.directory])).toEqual([
    ["npm", "/"],
    ["github-actions", "/"],
  ]);
});
