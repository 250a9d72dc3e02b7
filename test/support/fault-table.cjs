const { existsSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join, relative, sep } = require("node:path");

const groups = require("../faults/catalogue.json");
const { report } = require("../faults/report.cjs");

const ROOT = join(__dirname, "..", "..");
const PLACES = { folder: join(ROOT, "test"), document: join(ROOT, "docs", "faults.md") };

/**
 * What is wrong with docs/faults.md after a run of jest, one line each. Nothing unless everything ran and passed: only
 * then is it known which row no test shows. `npm run faults` writes the document instead of comparing it.
 */
function faultProblems(
  results,
  { testNamePattern },
  { folder, document } = PLACES,
  how = process.env.FAULTS,
) {
  const { numFailedTests, numRuntimeErrorTestSuites, testResults, wasInterrupted } = results;
  const ran = new Set(testResults.map(({ testFilePath }) => testFilePath));
  const isWhole = !testNamePattern && !wasInterrupted && testFiles(folder).every((file) => ran.has(file));
  if (!isWhole || numFailedTests + numRuntimeErrorTestSuites > 0) return [];

  const { text, problems } = report(groups, testsOf(testResults, folder));
  if (how === "write") writeFileSync(document, text);
  const isCurrent = existsSync(document) && readFileSync(document, "utf8") === text;
  return isCurrent ? problems : [...problems, "docs/faults.md is not what the tests show: npm run faults"];
}

function testFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => join(folder, path));
}

/** Files go without folder and ending: `client/mint`. */
function testsOf(testResults, folder) {
  return testResults.flatMap(({ testFilePath, testResults: own }) => {
    const path = relative(folder, testFilePath).replace(/\.test\.ts$/, "");
    return own.map(({ ancestorTitles, title, status }) => ({
      title: [...ancestorTitles, title].join(" "),
      file: path.split(sep).join("/"),
      passed: status === "passed",
    }));
  });
}

module.exports = { faultProblems };
