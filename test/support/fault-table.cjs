const { existsSync, readdirSync, readFileSync } = require("node:fs");
const { join, relative, sep } = require("node:path");

const groups = require("../faults/catalogue.json");
const { report } = require("../faults/report.cjs");

const ROOT = join(__dirname, "..", "..");
const PLACES = { folder: join(ROOT, "test"), document: join(ROOT, "docs", "faults.md") };

/**
 * What is wrong with docs/faults.md after a run of jest, one line each. Nothing unless everything ran and passed: only
 * then is it known which row no test shows.
 */
function faultProblems(results, { testNamePattern }, { folder, document } = PLACES) {
  const { numFailedTests, numRuntimeErrorTestSuites, testResults, wasInterrupted } = results;
  const ran = new Set(testResults.map(({ testFilePath }) => testFilePath));
  const isWhole = !testNamePattern && !wasInterrupted && testFiles(folder).every((file) => ran.has(file));
  if (!isWhole || numFailedTests + numRuntimeErrorTestSuites > 0) return [];

  const { text, problems } = reportOn(testResults, folder);
  const isCurrent = existsSync(document) && readFileSync(document, "utf8") === text;
  return isCurrent ? problems : [...problems, "docs/faults.md is not what the tests show: npm run faults"];
}

/** Files go without folder and ending: `client/mint`. */
function reportOn(testResults, folder = PLACES.folder) {
  const tests = testResults.flatMap(({ testFilePath, testResults: own }) => {
    const path = relative(folder, testFilePath).replace(/\.test\.ts$/, "");
    return own.map(({ ancestorTitles, title, status }) => ({
      title: [...ancestorTitles, title].join(" "),
      file: path.split(sep).join("/"),
      passed: status === "passed",
    }));
  });
  return report(groups, tests);
}

function testFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => join(folder, path));
}

module.exports = { ROOT, PLACES, faultProblems, reportOn };
