const { spawnSync } = require("node:child_process");
const { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");

const { PLACES, reportOn, ROOT } = require("../support/fault-table.cjs");

/**
 * Writes docs/faults.md from the titles of all tests, which takes half a minute because none of them is run.
 * Whether they pass, and whether the document agrees with those that do, is what `npm test` finds out.
 */
function write() {
  const { success, testResults } = collected();
  if (!success) throw new Error("a test file could not be read; `npx jest --collectTests` says which");
  const found = testResults.map(({ name, assertionResults }) => ({
    testFilePath: name,
    testResults: assertionResults,
  }));
  const { text, problems } = reportOn(found);
  mkdirSync(dirname(PLACES.document), { recursive: true });
  writeFileSync(PLACES.document, text);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function collected() {
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  try {
    const file = join(folder, "tests.json");
    const jest = require.resolve("jest/bin/jest");
    // Files of stories wait until a folder is ready, and some look at the package in it as they are read.
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "ready"), "");
    const env = { ...process.env, TEST_FRESH: folder };
    const args = [jest, "--collectTests", "--json", "--outputFile", file];
    spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: "ignore" });
    return JSON.parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

write();
