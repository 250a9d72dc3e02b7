import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const { goalRows, goalTable, cycleTables, replacePart } = jest.requireActual<{
  goalRows: (
    results: object,
  ) => { what: string; goal: string; value: string; detail: string; met: boolean }[];
  goalTable: (rows: object[]) => string;
  cycleTables: (results: object) => { title: string; text: string }[];
  replacePart: (document: string, name: string, text: string) => string;
}>("../../bench/report.cjs");

const PHASES = ["up", "preview", "no-change up", "refresh", "destroy"];
const each = (seconds: number) => Object.fromEntries(PHASES.map((phase) => [phase, seconds]));
const measured = (noop: number, ours: number) => ({
  noop: each(noop),
  "by-hand": each(20),
  ours: each(ours),
});

describe("a goal of the benchmark", () => {
  const verdict = (ours: number) =>
    goalRows({ cycles: { typescript: { 200: measured(10, ours) } } }).find(({ what }) =>
      what.startsWith("up"),
    );

  it("is met at its figure, and missed above it", () => {
    expect(verdict(7.5)).toMatchObject({ goal: "<= 0.75", value: "0.75", met: true });
    expect(verdict(7.6)).toMatchObject({ value: "0.76", met: false, detail: "7.6 s of 10.0 s" });
  });

  it("is judged by the figure that is printed", () => {
    expect(verdict(7.54)).toMatchObject({ value: "0.75", met: true });
  });

  it("is not there where nothing was measured for it", () => {
    expect(goalRows({ cycles: { typescript: { 50: measured(10, 5) } } })).toEqual([]);
    expect(goalRows({ cycles: { typescript: { 200: { ours: each(5) } } } })).toEqual([]);
  });

  it("is stricter by default than for programs without TypeScript", () => {
    const rows = goalRows({ cycles: { typescript: { 200: measured(10, 9.2) }, javascript: { 200: measured(10, 9.2) } } });
    const isMet = ({ what, met }: (typeof rows)[number]) => met && !what.startsWith("refresh");
    expect(rows.filter(isMet).map(({ what }) => what)).toEqual(
      rows.filter(({ what }) => what.includes("typescript: false")).map(({ what }) => what),
    );
  });

  it("on growth compares what one more token adds", () => {
    const rows = goalRows({ cycles: { typescript: { 50: measured(5, 4), 500: measured(14, 17.5) } } });
    expect(rows.map(({ value, met }) => [value, met])).toEqual(rows.map(() => ["1.50", false]));
    expect(rows[0]?.detail).toBe("30 ms of 20 ms a token");
  });

  it("on memory is what the package takes over the no-op", () => {
    const process = {
      noop: { megabytes: 120, bytes: 6_000 },
      ours: { megabytes: 151, bytes: 2_300, firstCheck: 60, checkAndDiff: 0.31 },
    };
    expect(goalRows({ process }).map(({ value, met }) => [value, met])).toEqual([
      ["0.31 ms", false],
      ["60 ms", true],
      ["31 MB", false],
      ["2.30 kB", true],
    ]);
  });

  it("on `status` is a share of the export's time", () => {
    const commandLine = { node: 0.04, help: 0.121, status: 1.6, export: 1 };
    expect(goalRows({ commandLine }).map(({ value, met }) => [value, met])).toEqual([
      ["121 ms", false],
      ["1.60", false],
    ]);
  });

  it("that was missed stays in the table", () => {
    const [, , met, missed] = goalTable(goalRows({ commandLine: { node: 0, help: 0.1, status: 2, export: 1 } })).split("\n");
    expect(met).toMatch(/\| met \|$/);
    expect(missed).toMatch(/\| 2\.00 \| 2\.00 s of 1\.00 s \| \*\*missed\*\* \|$/);
  });
}); // prettier-ignore

describe("the benchmark's table of seconds", () => {
  it("has a row for each phase, with the package's share of the others", () => {
    const [first] = cycleTables({ cycles: { typescript: { 50: { ...measured(10, 5), runs: 2 } } } });
    expect(first?.title).toBe("50 tokens, Pulumi's default options, the best of 2 runs");
    expect(first?.text.split("\n")[2]).toBe("| up | 10.0 s | 20.0 s | 5.0 s | 0.50 | 0.25 |");
    expect(first?.text.split("\n")).toHaveLength(2 + PHASES.length);
  });

  it("has no shares where only the package was measured", () => {
    const [first] = cycleTables({ cycles: { quota: { 1: { ours: each(5), runs: 1 } } } });
    expect(first?.title).toBe("1 token, BigCommerce answers 150 requests in 30 s, one run");
    expect(first?.text.split("\n")[2]).toBe("| up | 5.0 s |");
  });
});

describe("the benchmark's document", () => {
  const DOCUMENT = "by hand\n<!-- bench a -->\nold\n<!-- end of bench a -->\nmore by hand\n<!-- bench b -->\nother\n<!-- end of bench b -->\n"; // prettier-ignore

  it("keeps all text that was written by hand, and the figures of the other run", () => {
    expect(replacePart(DOCUMENT, "a", "new\n")).toBe(
      DOCUMENT.replace("old", "\nnew\n"),
    );
  }); // prettier-ignore

  it("is not written where its marks are missing or in the wrong order", () => {
    expect(() => replacePart(DOCUMENT, "c", "new")).toThrow("<!-- bench c -->");
    expect(() => replacePart("<!-- end of bench a --> <!-- bench a -->", "a", "new")).toThrow("no part");
  });

  it.each(["default", "full"])("docs/performance.md has the part of a %s run", (name) => {
    const text = readFileSync(join(ROOT, "docs/performance.md"), "utf8");
    expect(replacePart(text, name, "figures")).toContain("figures");
  });
});
