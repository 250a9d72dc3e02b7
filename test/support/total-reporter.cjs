const { writeSync } = require("node:fs");

const { faultProblems } = require("./fault-table.cjs");

/** Ends the run with one line that a person or a script can read; jest's own summary always comes last otherwise. */
module.exports = class TotalReporter {
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
    this.problems = [];
  }

  onRunComplete(_contexts, results) {
    const {
      numPassedTests: passed,
      numPendingTests: skipped,
      numFailedTests,
      numRuntimeErrorTestSuites,
    } = results;
    this.problems = faultProblems(results, this.globalConfig);
    for (const problem of this.problems) writeSync(2, `${problem}\n`);
    const failed = numFailedTests + numRuntimeErrorTestSuites + this.problems.length;
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
    process.once("exit", () => writeSync(1, line));
  }

  /** What makes jest fail the run although every test passed. */
  getLastError() {
    return this.problems.length > 0 ? new Error(this.problems.join("\n")) : undefined;
  }
};
