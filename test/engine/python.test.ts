import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { createMachine, type Machine, PINNED } from "./fake-machine";
import { until } from "./until";

// Generous, because the suites share two cores; the tests themselves wait for events.
jest.setTimeout(30_000);

const NAME = /^python-3\.12-[0-9a-f]{8}$/;

let machine: Machine;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.remove());

describe("the virtual environment for Python programs", () => {
  it("is made once, and named after Python's version and that of the requirements", async () => {
    python();
    const first = await machine.ensure({ tool: "python" });
    const [name] = readdirSync(machine.cache);
    expect(name).toMatch(NAME);
    expect(first).toMatchObject({ code: 0, stdout: `${join(machine.cache, name!)}\n` });
    expect(installs()).toHaveLength(1);
    const second = await machine.ensure({ tool: "python" });
    expect(second).toMatchObject({ code: 0, stdout: first.stdout, stderr: "" });
    expect(installs()).toHaveLength(1);
  });

  it("has scripts that name the folder in which it is kept", async () => {
    python();
    const { stdout } = await machine.ensure({ tool: "python" });
    expect(readFileSync(join(stdout.trim(), "bin", "pip"), "utf8")).toBe(`#!${stdout.trim()}/bin/python3\n`);
  });

  it("says what it installs, where it is kept, and how long it took", async () => {
    python();
    const { stdout, stderr } = await machine.ensure({ tool: "python" });
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(new RegExp(`^python: installing Pulumi's SDK .*is kept in ${stdout.trim()}\\.$`)),
      expect.stringMatching(/^python: installed Pulumi's SDK for Python in \d+ s$/),
    ]);
  });

  it("is made again when its Python was removed", async () => {
    python("old");
    await machine.ensure({ tool: "python", path: [join(machine.root, "old")] });
    rmSync(join(machine.root, "old"), { recursive: true });
    python("new");
    const { code, stdout } = await machine.ensure({ tool: "python", path: [join(machine.root, "new")] });
    expect(code).toBe(0);
    expect(existsSync(join(stdout.trim(), "bin", "python3"))).toBe(true);
    expect(readdirSync(machine.cache)).toEqual([expect.stringMatching(NAME)]);
  });

  it("is made once by calls at once", async () => {
    python("path", `while [ ! -e ${machine.root}/go-on ]; do /bin/sleep 0.02; done`);
    const first = machine.ensure({ tool: "python" });
    await until(() => installs().length === 1);
    const later = machine.ensure({
      tool: "python",
      onStderr: (text) => {
        if (text.includes("another process is getting Pulumi's SDK for Python already"))
          machine.executable(machine.root, "go-on");
      },
    });
    expect((await later).stdout).toBe((await first).stdout);
    expect(installs()).toHaveLength(1);
  });

  it("has the SDK at the engine's version, and all that it needs at one version each", () => {
    const file = resolve(__dirname, "../../tools/python/requirements.txt");
    const lines = readFileSync(file, "utf8").split("\n");
    const requirements = lines.filter((line) => line !== "" && !line.startsWith("#"));
    expect(requirements).toContain(`pulumi==${PINNED}`);
    expect(requirements.filter((line) => !/^[\w-]+==[\w.]+$/.test(line))).toEqual([]);
  });

  it("leaves nothing behind when the installation fails", async () => {
    python("path", "echo 'No matching distribution found' >&2; exit 1");
    const { code, stdout, stderr } = await machine.ensure({ tool: "python" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trimEnd().split("\n").at(-1)).toBe(
      "python: -m pip install failed: No matching distribution found",
    );
    expect(readdirSync(machine.cache)).toEqual([]);
  });

  it("says in one line what to install where there is no Python", async () => {
    expect(await machine.ensure({ tool: "python" })).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "python: no python3 on PATH: install Python 3.10 or newer\n",
    });
  });
});

/** A `python3` of version 3.12 that notes its calls; its pip does `install`. */
function python(folder = "path", install = ""): void {
  machine.executable(
    join(machine.root, folder),
    "python3",
    `echo "python3 $*" >> ${machine.root}/ran
    case "$2" in
      *version_info*) echo 3.12 ;;
      venv) /bin/mkdir -p "$3/bin"
        /bin/ln -s "$0" "$3/bin/python3"
        echo "#!$3/bin/python3" > "$3/bin/pip" ;;
      pip) ${install || ":"} ;;
    esac`,
  );
}

function installs(): readonly string[] {
  return machine.ran().filter((line) => line.includes("-m pip install"));
}
