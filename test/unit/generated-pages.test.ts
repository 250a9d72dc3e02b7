import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ERRORS } from "../../provider/error-codes";
import { run } from "../support/run";

const ROOT = join(__dirname, "..", "..");
const ERROR_PAGE = "docs/reference/errors.md";
const COMMAND_PAGE = "docs/reference/command-line.md";

const check = (...folder: readonly string[]) =>
  run("node", ["tools/docs/generate.mjs", "--check", ...folder], { cwd: ROOT, env: process.env });

it("the pages on errors and on the command line are what `npm run docs:pages` writes", async () => {
  expect(await check()).toEqual({ code: 0, output: "" });
});

it("each code has the heading that its messages point to", () => {
  const headings = readFileSync(join(ROOT, ERROR_PAGE), "utf8").match(/^## [a-z_]+$/gm) ?? [];
  expect(headings.map((line) => line.slice(3)).sort()).toEqual(Object.keys(ERRORS).sort());
});

describe("in a copy of the pages", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pages-"));
    cpSync(join(ROOT, "docs", "reference"), join(folder, "docs", "reference"), { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const change = (path: string, from: string, to: string) => {
    const text = readFileSync(join(folder, path), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(folder, path), text.replace(from, to));
  };

  it("another text by hand is nobody's business, another one in a generated part is told, with the command", async () => {
    change(COMMAND_PAGE, "# Command line", "# The command line");
    expect((await check(folder)).code).toBe(0);
    change(ERROR_PAGE, "**Fix:** Check the network.", "**Fix:** Wait.");
    const told = `${ERROR_PAGE} is not what its sources make of it: run \`npm run docs:pages\`\n`;
    expect(await check(folder)).toEqual({ code: 1, output: told });
  });

  it("a command without a section is told, and so is a section without a command", async () => {
    change(COMMAND_PAGE, "\n## doctor\n", "\n## physician\n");
    const { code, output } = await check(folder);
    expect(code).toBe(1);
    expect(output).toContain('there is no command "physician"');
    expect(output).toContain('"doctor" has no generated part below a heading of its own');
  });
});
