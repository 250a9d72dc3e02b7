import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Fate = "noticed" | "endless" | "unnoticed" | "unreached";

interface Code {
  readonly file: string;
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
}
interface Mutant extends Code {
  readonly fate: Fate;
}
interface Listed extends Code {
  readonly reason: string;
}
interface Gate {
  readonly path: string;
  readonly percent: number;
}
interface Count {
  readonly path: string;
  readonly score: number;
}

const { assess, listedIn, table } = jest.requireActual<{
  assess: (
    mutants: readonly Mutant[],
    listed: readonly Listed[],
    gates: readonly Gate[],
  ) => { counts: readonly Count[]; open: readonly Mutant[]; problems: readonly string[] };
  listedIn: (document: string) => readonly Listed[];
  table: (counts: readonly Count[]) => string;
}>("../../tools/mutation/report.cjs");
const GATES = jest.requireActual<readonly Gate[]>("../../tools/mutation/gates.cjs");

const ROOT = join(__dirname, "../..");
const DOCUMENT = readFileSync(join(ROOT, "docs/mutation.md"), "utf8");

const mutant = (fate: Fate, change: Partial<Mutant> = {}): Mutant => ({
  ...{ file: "provider/a/one.ts", line: "  return a || b;", original: "a || b", replacement: "true", fate },
  ...change,
});
const mutants = (...fates: readonly Fate[]) => fates.map((fate) => mutant(fate));
const listed = (change: Partial<Listed> = {}): Listed => ({
  ...{ file: "provider/a/one.ts", line: "return a || b;", original: "a || b", replacement: "true" },
  reason: "b is never false",
  ...change,
});

describe("the list of mutants that stay", () => {
  it("names file, line, code, replacement and reason", () => {
    const document = [
      ...["# Title", "- no mutant", "", "### `provider/a/one.ts`", ""],
      ...["- `return a || b;`", "  - `a || b` → `true`: b is never false"],
      ...["- `` const text = `x ${a}`; ``", "  - `` `x ${a}` `` → ``` `` ```: see above: no reader"],
      ...["## Next", "  - `a` → `b`: not below a file"],
    ].join("\n");
    expect(listedIn(document)).toEqual([
      listed(),
      listed({
        ...{ line: "const text = `x ${a}`;", original: "`x ${a}`", replacement: "``" },
        reason: "see above: no reader",
      }),
    ]);
  });

  it.each([
    ["without a reason", "- `a;`\n  - `a` → `b`:"],
    ["without a line of code", "  - `a` → `b`: why"],
  ])("refuses a mutant %s", (_, text) => {
    expect(() => listedIn(`### \`provider/a/one.ts\`\n${text}`)).toThrow("No mutant with a reason");
  });
});

describe("a run", () => {
  it("counts a listed mutant neither for nor against the score", () => {
    const { counts, open, problems } = assess(mutants("noticed", "unnoticed", "unreached"), [listed()], []);
    expect(counts[0]).toEqual({
      ...{ path: "provider/a/one.ts", mutants: 3, noticed: 1, endless: 0, listed: 2, open: 0, score: 100 },
    });
    expect(open).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each<[string, Partial<Mutant>]>([
    ["file", { file: "provider/a/two.ts" }],
    ["line", { line: "return !(a || b);" }],
    ["code", { original: "a" }],
    ["replacement", { replacement: "false" }],
  ])("calls a mutant open if the list names another %s", (_, change) => {
    expect(assess([mutant("unnoticed", change)], [listed()], []).open).toHaveLength(1);
  });

  it("fails below a gate, for a file and for a folder, and names a share that it never rounds up", () => {
    const all = [...Array<Fate>(2_999).fill("noticed"), "unnoticed" as const].map((fate) => mutant(fate));
    const gates = (percent: number) => [
      { path: "provider/a/one.ts", percent },
      { path: "provider/a", percent },
    ];
    expect(assess(all, [], gates(100)).problems).toEqual([
      "provider/a/one.ts: 99.9 % of the mutants are noticed. The gate is 100 %.",
      "provider/a: 99.9 % of the mutants are noticed. The gate is 100 %.",
    ]);
    expect(assess(all, [], gates(99)).problems).toEqual([]);
  });

  it("asks nothing of files that were not run", () => {
    const elsewhere = listed({ file: "provider/ab/three.ts" });
    const gates = [{ path: "provider/ab", percent: 100 }];
    expect(assess(mutants("unnoticed"), [elsewhere], gates).problems).toEqual([]);
  });

  it("fails if a listed mutant is noticed after all", () => {
    const { problems } = assess(mutants("noticed"), [listed()], []);
    expect(problems).toEqual(["provider/a/one.ts: listed, but noticed or gone: a || b in return a || b;"]);
  });

  it("counts tests that never end as noticed, and tells how many", () => {
    const { counts } = assess(mutants("endless", "noticed", "unnoticed", "unnoticed"), [], []);
    expect(counts[0]).toMatchObject({ noticed: 2, endless: 1, open: 2, score: 50 });
    expect(table(counts)).toMatch(/^\| provider\/a\/one.ts \| 4 \| 2 \| 1 \| 0 \| 2 \| 50.0 % \|$/m);
    expect(table(counts)).toMatch(/^\| together \| 4 \|/m);
  });
});

describe("docs/mutation.md and the gates", () => {
  it("list only code that is there", () => {
    const gone = listedIn(DOCUMENT).filter(({ file, line }) => {
      const code = readFileSync(join(ROOT, file), "utf8").split("\n");
      return !code.some((text) => text.replace(/\s+/g, " ").trim() === line);
    });
    expect(gone).toEqual([]);
  });

  it("name only files and folders that are there", () => {
    expect(GATES.map(({ path }) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
