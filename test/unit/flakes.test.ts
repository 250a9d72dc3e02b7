import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const TOOL = join(ROOT, "tools/flakes/flakes.mjs");

interface Test {
  readonly path: string;
}
const RandomFiles = jest.requireActual<
  new (options: { globalConfig: { seed: number } }) => { sort: (tests: readonly Test[]) => readonly Test[] }
>("../../tools/flakes/random-files.cjs");

describe("the order of test files", () => {
  const files = Array.from({ length: 20 }, (_, index) => ({
    path: `test/${String.fromCharCode(97 + index)}`,
  }));
  const ordered = (seed: number, tests: readonly Test[] = files) =>
    new RandomFiles({ globalConfig: { seed } }).sort(tests).map(({ path }) => path);

  it("follows from the seed alone", () => {
    expect(ordered(5, [...files].reverse())).toEqual(ordered(5));
  });

  it("holds each file once, and differs from seed to seed", () => {
    const orders = [1, 2, 3, 4].map((seed) => ordered(seed));
    for (const order of orders) expect([...order].sort()).toEqual(files.map(({ path }) => path));
    expect(new Set(orders.map((order) => order.join())).size).toBe(4);
  });
});

describe("npm run flakes", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "flakes-test-"));
    writeFileSync(join(folder, "jest.config.cjs"), "module.exports = { testEnvironment: 'node' };");
    writeFileSync(
      join(folder, "ordered.test.js"),
      `let ran = 0;
       it.each([1, 2, 3, 4, 5, 6, 7, 8])("test %i", (place) => { ran += 1; expect(ran).toBe(place); });`,
    );
    writeFileSync(join(folder, "broken.test.js"), "throw new Error('no test here');");
    writeFileSync(
      join(folder, "sound.test.js"),
      `it("passes", () => {
         const rows = require("node:child_process").execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" });
         require("node:fs").writeFileSync(${JSON.stringify(join(folder, "processes"))}, rows);
       });`,
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const flakes = (...args: string[]) =>
    spawnSync(process.execPath, [TOOL, ...args], { cwd: ROOT, encoding: "utf8" });
  const failedIn = (output: string) =>
    [...output.matchAll(/^ {2}(\S+: .*)$/gm)].map(([, test]) => test).sort();

  it("tells what failed, and its command fails again in the same way", () => {
    const config = join(folder, "jest.config.cjs");
    const { stdout, status } = flakes("--config", config, "--runs", "1", "--seed", "7");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^run 1 of 1, seed 7: \d+ passed, \d+ failed \(\d+ s\)$/m);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("1 of 1 runs failed");
    const failed = failedIn(stdout);
    expect(failed).toContain(`${join(folder, "broken.test.js")}: did not run`);

    const ofOrder = failed.filter((test) => test?.includes("ordered.test.js"));
    expect(ofOrder.length).toBeGreaterThan(0);
    const [, again = ""] = /again: npm run flakes -- (.*ordered\.test\.js .*)$/m.exec(stdout) ?? [];
    expect(failedIn(flakes(...again.split(" ")).stdout)).toEqual(ofOrder);
  });

  it("runs tests beside a busy loop for each core, which ends with the run", () => {
    const config = join(folder, "jest.config.cjs");
    const { stdout, status, pid } = flakes("sound", "--config", config, "--runs", "1", "--busy");
    expect(stdout).toMatch(/^run 1 of 1, seed \d+, beside \d+ busy loops: 1 passed, 0 failed/);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("0 of 1 runs failed");
    expect(status).toBe(0);
    const loopsIn = (rows: string) =>
      rows.split("\n").filter((row) => row.includes("process.ppid") && row.endsWith(` ${pid}`)).length;
    expect(loopsIn(readFileSync(join(folder, "processes"), "utf8"))).toBe(availableParallelism());
    expect(loopsIn(execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" }))).toBe(0);
  });

  it("refuses an option that it does not know, and a number that is none", () => {
    expect(flakes("--run", "3")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("--runs N") as string,
    });
    expect(flakes("--runs", "many")).toMatchObject({
      status: 1,
      stderr: "--runs is a whole number from 1 to 10000\n",
    });
  });
});
