import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { run } from "../support/run";
import { createMachine, type Machine } from "./fake-machine";

const ROOT = resolve(__dirname, "../..");
const VERSION = "1.7.12";
const FOLDER = `actionlint-${VERSION}`;

describe("npm run actionlint", () => {
  let folder: string;
  let hasGo: boolean;
  const lint = (...files: readonly string[]) =>
    run("npm", ["run", "--silent", "actionlint", "--", ...files], { cwd: ROOT, env: process.env });
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "actionlint-"));
    hasGo = await run("go", ["version"], { cwd: folder, env: process.env }).then(
      ({ code }) => code === 0,
      () => false,
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("finds nothing in the workflows of this repository and in those that readers copy", async () => {
    const { code, output } = await lint();
    if (!hasGo && output.includes("Go is not on PATH")) return;
    const [, files = ""] = /^ok: (.*)$/m.exec(output) ?? [];
    expect({ code, files: files.split(", ") }).toEqual({
      code: 0,
      files: [
        ...[
          ".github/workflows/ci.yml",
          ".github/workflows/codeql.yml",
          ".github/workflows/nightly.yml",
          ".github/workflows/release.yml",
        ],
        ...["examples/workflows/rotate.yml", "examples/agency/.github/workflows/rotate.yml"],
      ],
    });
  });

  it("finds an expression of something that GitHub does not have", async () => {
    const file = join(folder, "workflow.yml");
    writeFileSync(
      file,
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.nothing }}\n",
    );
    const { code, output } = await lint(file);
    if (!hasGo && output.includes("Go is not on PATH")) return;
    expect([code, output]).toEqual([1, expect.stringContaining('property "nothing" is not defined')]);
  });
});

describe("actionlint", () => {
  let machine: Machine;
  beforeEach(() => {
    machine = createMachine();
  });
  afterEach(() => machine.remove());
  const builds = () => machine.ran().filter((line) => line.includes("go build"));

  it("is built from its pinned module once, and cached by its version", async () => {
    machine.go({ version: VERSION });
    const first = await machine.ensure({ tool: "actionlint" });
    expect(first.stderr.trimEnd().split("\n")).toEqual([
      `actionlint: building actionlint ${VERSION} from Go modules, once: about 20 s on two cores. It is kept in ${join(machine.cache, FOLDER)}.`,
      expect.stringMatching(/^actionlint: built actionlint 1\.7\.12 in \d+ s$/),
    ]);
    const again = await machine.ensure({ tool: "actionlint" });
    expect([first.code, again]).toEqual([0, expect.objectContaining({ code: 0, stderr: "" })]);
    expect(builds()).toEqual([expect.stringMatching(/^actionlint GOFLAGS=-mod=readonly .*\/cmd\/actionlint$/)]);
    expect(readdirSync(machine.cache)).toEqual([FOLDER]);
  }); // prettier-ignore

  it("is not cached if the result says another version", async () => {
    machine.go({ version: "1.0.0" });
    const { code, stderr } = await machine.ensure({ tool: "actionlint" });
    expect([code, stderr]).toEqual([1, expect.stringContaining("the result says that its version is 1.0.0")]);
    expect(readdirSync(machine.cache)).toEqual([]);
  });

  it("says in one line what to install where there is no Go", async () => {
    const { code, stdout, stderr } = await machine.ensure({ tool: "actionlint" });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^actionlint: no actionlint \(Go is not on PATH\)\. Install Go [\d.]+ or newer .*\n$/,
    );
  });

  it("has the version that go.mod pins, built by the Go that the engine needs", () => {
    const [module, engine] = ["actionlint/go.mod", "engine/cli/go.mod"].map((path) =>
      readFileSync(join(ROOT, "tools", path), "utf8"),
    );
    expect(module).toContain(`github.com/rhysd/actionlint v${VERSION} `);
    expect(/^go (.*)$/m.exec(module!)?.[1]).toBe(/^go (.*)$/m.exec(engine!)?.[1]);
  });
});
