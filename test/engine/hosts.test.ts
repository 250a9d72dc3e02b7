import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import { createMachine, HELPERS, type Machine, PINNED } from "./fake-machine";
import { until } from "./until";

const TOOLS = resolve(__dirname, "../../tools/engine");
const YAML = "pulumi-language-yaml";
const PYTHON = ["pulumi-language-python", "pulumi-language-python-exec"];
const ENGINE_AND_YAML = [`pulumi-${PINNED}`, `${YAML}-1.25.0`];

// Generous, because the suites share two cores; the tests themselves wait for events.
jest.setTimeout(30_000);

let machine: Machine;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.remove());

describe("the host of a language", () => {
  it("is built only for somebody who asks for it, and then once", async () => {
    machine.engine(machine.cached);
    machine.go();
    await machine.ensure();
    expect(builds()).toEqual([]);
    const { code, stdout } = await machine.ensure({ languages: ["yaml"] });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${machine.cached}\n` });
    expect(builds()).toEqual([expect.stringMatching(/^yaml .* github\.com\/pulumi\/pulumi-yaml\/cmd\/\S+$/)]);
    const again = await machine.ensure({ languages: ["yaml"] });
    expect(again).toMatchObject({ code: 0, stdout: `${machine.cached}\n`, stderr: "" });
    expect(builds()).toHaveLength(1);
  });

  it("stands beside the engine, and is cached by its own version", async () => {
    machine.engine(machine.cached);
    machine.go({ program: "echo the host runs" });
    await machine.ensure({ languages: ["yaml"] });
    expect(execFileSync(join(machine.cached, YAML), { encoding: "utf8" })).toBe("the host runs\n");
    expect(realpathSync(join(machine.cached, YAML))).toBe(join(machine.cache, `${YAML}-1.25.0`, YAML));
    expect(readdirSync(machine.cache)).toEqual(expect.arrayContaining(ENGINE_AND_YAML));
    expect(readdirSync(machine.cache)).toHaveLength(2);
  });

  it("has its script beside it, where the language needs one", async () => {
    machine.engine(machine.cached);
    machine.go();
    await machine.ensure({ languages: ["python"] });
    const [host, script] = PYTHON.map((name) => realpathSync(join(machine.cached, name)));
    expect(script).toBe(`${host}-exec`);
    execFileSync(script!);
  });

  it("is built after an engine that is not there yet", async () => {
    machine.go();
    const { code, stdout } = await machine.ensure({ languages: ["yaml", "python"] });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${machine.cached}\n` });
    expect(builds().map((line) => line.split("/").at(-1))).toEqual([
      HELPERS[0],
      "pulumi",
      YAML,
      "pulumi-language-python",
    ]);
    expect(readdirSync(machine.cached)).toEqual(expect.arrayContaining(["pulumi", YAML, ...PYTHON]));
  });

  it("is not built beside a release that has its own", async () => {
    machine.engine(machine.cached, PINNED, [...HELPERS, YAML]);
    machine.go();
    expect((await machine.ensure({ languages: ["yaml"] })).stderr).toBe("");
    expect(builds()).toEqual([]);
  });

  it("is not built for a Pulumi on PATH that has its own", async () => {
    machine.engine(machine.path, "4.0.0", [...HELPERS, ...PYTHON]);
    machine.engine(machine.cached);
    machine.go();
    const { stdout } = await machine.ensure({ languages: ["python"] });
    expect(stdout).toBe(`${machine.path}\n`);
    expect(builds()).toEqual([]);
  });

  it("stands beside the cached engine, where the Pulumi on PATH has none", async () => {
    machine.engine(machine.path);
    machine.engine(machine.cached);
    machine.go();
    const { stdout, stderr } = await machine.ensure({ languages: ["yaml"] });
    expect(stdout).toBe(`${machine.cached}\n`);
    expect(stderr).toContain(`is not used: no ${YAML} beside it or on PATH`);
    expect(existsSync(join(machine.cached, YAML))).toBe(true);
    expect((await machine.ensure()).stdout).toBe(`${machine.path}\n`);
  });

  it("takes the place of another version's", async () => {
    machine.engine(machine.cached);
    machine.executable(join(machine.cache, `${YAML}-1.0.0`), YAML);
    symlinkSync(`../${YAML}-1.0.0/${YAML}`, join(machine.cached, YAML));
    machine.go();
    await machine.ensure({ languages: ["yaml"] });
    expect(realpathSync(join(machine.cached, YAML))).toBe(join(machine.cache, `${YAML}-1.25.0`, YAML));
  });

  it("is built once by calls at once", async () => {
    machine.engine(machine.cached);
    machine.go({ before: `while [ ! -e ${machine.root}/go-on ]; do /bin/sleep 0.02; done` });
    const first = machine.ensure({ languages: ["yaml"] });
    await until(() => builds().length === 1);
    const later = machine.ensure({
      languages: ["yaml"],
      onStderr: (text) => {
        if (text.includes(`another process is getting ${YAML} already; waiting for it`))
          machine.executable(machine.root, "go-on");
      },
    });
    for (const { code, stdout } of [await first, await later])
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${machine.cached}\n` });
    expect(builds()).toHaveLength(1);
  });

  it("says what is built, where it is kept, and how long it took", async () => {
    machine.engine(machine.cached);
    machine.go();
    const { stderr } = await machine.ensure({ languages: ["yaml"] });
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(
        new RegExp(
          `^engine: building ${YAML} 1\\.25\\.0 from Go modules, once: about 2 minutes on two cores\\. ` +
            `It is kept in ${machine.cache}/${YAML}-1\\.25\\.0; with Pulumi 3\\.226\\.0 or newer on PATH it is not needed\\.$`,
        ),
      ),
      expect.stringMatching(new RegExp(`^engine: built ${YAML} 1\\.25\\.0 in \\d+ s$`)),
    ]);
  });

  it.each([
    [
      "the compiler fails",
      { before: "echo no space left >&2; exit 1" },
      "go build of yaml failed: no space left",
    ],
    [
      "the result does not run",
      { program: "echo bad instruction >&2; exit 3" },
      "does not run: bad instruction",
    ],
  ])("leaves nothing behind when %s, and says what to install", async (_, go, reason) => {
    machine.engine(machine.cached);
    machine.go(go);
    const { code, stdout, stderr } = await machine.ensure({ languages: ["yaml"] });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      new RegExp(`^engine: no ${YAML} \\(.*${reason}\\)\\. Install Pulumi .*, or Go `),
    );
    expect(readdirSync(machine.cache)).toEqual([`pulumi-${PINNED}`]);
    expect(readdirSync(machine.cached)).not.toContain(YAML);
  });

  it("is refused in one line for a language that has none here", async () => {
    const { code, stdout, stderr } = await machine.ensure({ languages: ["yaml", "ruby"] });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: `engine: no host for programs in "ruby": there are yaml and python; Node.js needs no argument\n`,
    });
    expect(existsSync(machine.cache)).toBe(false);
  });

  it("has the version that is pinned in the go.mod of its module", () => {
    const [yaml, host, hosts] = ["yaml/go.mod", "host/go.mod", "hosts.mjs"].map((file) =>
      readFileSync(join(TOOLS, file), "utf8"),
    );
    expect([...hosts!.matchAll(/version: "(.+)"/g)].map(([, version]) => version)).toEqual([
      /pulumi\/pulumi-yaml v(\S+)/.exec(yaml!)?.[1],
      /pulumi\/pulumi\/sdk\/v3 v(\S+)/.exec(host!)?.[1],
    ]);
  });
});

function builds(): readonly string[] {
  return machine.ran().filter((line) => line.includes("go build"));
}
