const { spawnSync } = require("node:child_process");
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
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
    // The package is linked into its own node_modules; some files of tests look at it as they are read.
    const env = { ...process.env, TEST_FRESH: ROOT };
    const args = [jest, "--collectTests", "--json", "--outputFile", file];
    spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: "ignore" });
    return JSON.parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

write();
