import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Places {
  readonly folder: string;
  readonly document: string;
}
const { faultProblems, reportOn } = jest.requireActual<{
  faultProblems: (results: object, config: object, places: Places) => string[];
  reportOn: (testResults: readonly object[], folder: string) => { text: string };
}>("../support/fault-table.cjs");

describe("docs/faults.md after a run", () => {
  let folder: string;
  let places: Places;
  const results = (change = {}) => ({
    ...{ numFailedTests: 0, numRuntimeErrorTestSuites: 0, wasInterrupted: false },
    testResults: ["a/one", "b/two"].map((file) => ({
      testFilePath: join(folder, `${file}.test.ts`),
      testResults: [{ ancestorTitles: ["[H1] a describe"], title: "a test", status: "passed" }],
    })),
    ...change,
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "faults-"));
    places = { folder, document: join(folder, "faults.md") };
    for (const file of ["a/one.test.ts", "b/two.test.ts", "b/support.ts"]) {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), "");
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is compared where everything ran and passed, and so is every row", () => {
    const problems = faultProblems(results(), {}, places);
    expect(problems).toContain("docs/faults.md is not what the tests show: npm run faults");
    expect(problems).toContain("H2 is shown by no test that passed");
    expect(problems.join()).not.toContain("H1 ");
  });

  it("agrees where it was written from the same titles, and not where a file less shows a row", () => {
    const { text } = reportOn(results().testResults, folder);
    expect(text).toMatch(/^\| H1 \|.*\| a\/one, b\/two \|$/m);
    writeFileSync(places.document, text);
    const problemsOf = (change: object) =>
      faultProblems(results(change), {}, places).filter((problem) => problem.startsWith("docs/"));
    expect(problemsOf({})).toEqual([]);
    const [one, two] = results().testResults;
    const skipped = { ...two, testResults: [{ ...two?.testResults[0], status: "pending" }] };
    expect(problemsOf({ testResults: [one, skipped] })).toHaveLength(1);
  });

  it.each<[string, () => object, object]>([
    ["a file was left out", () => ({ testResults: results().testResults.slice(1) }), {}],
    ["tests were chosen by name", () => ({}), { testNamePattern: "mint" }],
    ["the run was interrupted", () => ({ wasInterrupted: true }), {}],
    ["a test failed", () => ({ numFailedTests: 1 }), {}],
    ["a file could not be run", () => ({ numRuntimeErrorTestSuites: 1 }), {}],
  ])("is nobody's business where %s", (_, change, config) => {
    expect(faultProblems(results(change()), config, places)).toEqual([]);
  });
});
