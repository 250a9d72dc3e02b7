import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Places {
  readonly folder: string;
  readonly document: string;
}
const { faultProblems } = jest.requireActual<{
  faultProblems: (results: object, config: object, places: Places, how?: string) => string[];
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

  it("is compared, and not touched, where everything ran and passed", () => {
    const problems = faultProblems(results(), {}, places, undefined);
    expect(problems).toContain("docs/faults.md is not what the tests show: npm run faults");
    expect(problems).toContain("H2 is shown by no test that passed");
    expect(problems.join()).not.toContain("H1 ");
    expect(existsSync(places.document)).toBe(false);
  });

  it("is written where that is asked for, and agrees from then on", () => {
    faultProblems(results(), {}, places, "write");
    expect(readFileSync(places.document, "utf8")).toMatch(/^\| H1 \|.*\| 2 tests: a\/one, b\/two \|$/m);
    const problems = faultProblems(results(), {}, places, undefined);
    expect(problems.filter((problem) => problem.startsWith("docs/"))).toEqual([]);
  });

  it.each<[string, () => object, object]>([
    ["a file was left out", () => ({ testResults: results().testResults.slice(1) }), {}],
    ["tests were chosen by name", () => ({}), { testNamePattern: "mint" }],
    ["the run was interrupted", () => ({ wasInterrupted: true }), {}],
    ["a test failed", () => ({ numFailedTests: 1 }), {}],
    ["a file could not be run", () => ({ numRuntimeErrorTestSuites: 1 }), {}],
  ])("is neither compared nor written where %s", (_, change, config) => {
    expect(faultProblems(results(change()), config, places, "write")).toEqual([]);
    expect(existsSync(places.document)).toBe(false);
  });
});
