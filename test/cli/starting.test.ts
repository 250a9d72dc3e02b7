import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createHost } from "../../cli/host";
import { runProgram } from "../../cli/program";
import { withLink } from "../../provider/error-links";
import { fakeSystem } from "./fake-system";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "starting-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** The command line with the real way to start a process, and this folder alone on PATH. */
async function told(...args: readonly string[]) {
  const { system, told: result } = fakeSystem(args);
  const { run } = createHost();
  await runProgram({
    ...system,
    run: (command, given, env) => run(command, given, { ...env, PATH: folder }),
  });
  return result();
}

const BROKEN: readonly (readonly [string, () => void])[] = [
  ["a file that may not be run", () => { writeFileSync(join(folder, "pulumi"), "#!/bin/sh\n", { mode: 0o600 }); }],
  ["a folder", () => { mkdirSync(join(folder, "pulumi")); }],
]; // prettier-ignore

describe.each(BROKEN)("where pulumi on PATH is %s", (_, lay) => {
  beforeEach(lay);

  it("a command fails with one line that says so", async () => {
    expect(await told("status", "--stack", "dev")).toMatchObject({
      ...{ code: 1, stdout: "" },
      stderr: "pulumi-bigcommerce-tokens: pulumi cannot be started: PATH leads to a file that may not be run (EACCES)\n",
    });
  }); // prettier-ignore

  it("the doctor reports it", async () => {
    const { code, stdout, stderr } = await told("doctor");
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    expect(stdout).toContain("BAD  pulumi cannot be started: PATH leads to a file that may not be run (EACCES)");
  }); // prettier-ignore
});

it.each([
  ["a NUL in a name", "\0secret", "an argument or an environment variable has a character that is not allowed there (ERR_INVALID_ARG_VALUE)"],
  ["an argument that is too long", "s".repeat(4_000_000), "the arguments and the environment are too long (E2BIG)"],
])("what cannot be handed to pulumi is one line, and is not repeated: %s", async (_, name, why) => {
  writeFileSync(join(folder, "pulumi"), "#!/bin/sh\n");
  chmodSync(join(folder, "pulumi"), 0o700);
  expect(await told("status", "--stack", name)).toMatchObject({
    ...{ code: 1, stdout: "" },
    stderr: `pulumi-bigcommerce-tokens: pulumi cannot be started: ${why}\n`,
  });
}); // prettier-ignore

it("a working folder that is gone is one line", () => {
  jest.spyOn(process, "cwd").mockImplementation(() => {
    throw Object.assign(new Error("ENOENT: no such file or directory, uv_cwd"), { code: "ENOENT" });
  });
  const written: unknown[] = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => written.push(text) > 0);
  const before = process.exitCode;
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be resolved in that folder
    require("../../cli/main");
  });
  const code = process.exitCode;
  process.exitCode = before;
  const message =
    "pulumi-bigcommerce-tokens: cannot find the working folder: it was deleted, or there is no permission to read it";
  expect([code, written]).toEqual([1, [`${withLink(message, "file_unreadable")}\n`]]);
});

describe("the width of the output", () => {
  const before = Object.getOwnPropertyDescriptor(process.stdout, "columns");
  afterEach(() => {
    delete process.env["COLUMNS"];
    if (before) Object.defineProperty(process.stdout, "columns", before);
    else delete (process.stdout as { columns?: number }).columns;
  });

  it.each([
    ["is the terminal's", 91, undefined, 91],
    ["is COLUMNS where the terminal does not know its own", 0, "70", 70],
    ["is unknown where the terminal says 0", 0, undefined, undefined],
  ])("%s", (_, columns, variable, expected) => {
    Object.defineProperty(process.stdout, "columns", { value: columns, configurable: true });
    if (variable !== undefined) process.env["COLUMNS"] = variable;
    expect(createHost().output.columns).toBe(expected);
  });
});
