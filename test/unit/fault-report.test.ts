interface Row {
  readonly id: string;
  readonly fault: string;
  readonly behaviour: string;
  readonly skipped?: string;
}
interface Group {
  readonly group: string;
  readonly title: string;
  readonly rows: readonly Row[];
}
interface Shown {
  readonly title: string;
  readonly file: string;
  readonly passed: boolean;
}

const { report } = jest.requireActual<{
  report: (groups: readonly Group[], tests: readonly Shown[]) => { text: string; problems: string[] };
}>("../faults/report.cjs");

const row = (id: string, rest: Partial<Row> = {}): Row => ({
  ...{ id, fault: `fault ${id}`, behaviour: `behaviour ${id}` },
  ...rest,
});
const shown = (title: string, file = "client/one", passed = true): Shown => ({ title, file, passed });

const GROUPS: readonly Group[] = [
  { group: "H", title: "Mint", rows: [row("H1"), row("H12", { fault: "a | b" })] },
  { group: "S", title: "Leaks", rows: [row("S5", { skipped: "nobody can" })] },
];

describe("the table of faults", () => {
  it("names for each row the files that show it, however many tests they have", () => {
    const tests = [
      shown("[H1] works", "stories/b"),
      shown("[H1,H12] both"),
      shown("a describe [H1] before its test"),
      shown("without a row"),
    ];
    const { text, problems } = report(GROUPS, tests);
    expect(problems).toEqual([]);
    const lines = text.split("\n");
    expect(lines).toContain("| H1 | fault H1 | behaviour H1 | client/one, stories/b |");
    expect(lines).toContain("| H12 | a \\| b | behaviour H12 | client/one |");
    expect(lines).toContain("| S5 | fault S5 | behaviour S5 | skipped: nobody can |");
    expect(lines).toContain("3 rows: 2 shown, 1 skipped.");
    expect(lines.filter((line) => line.startsWith("## "))).toEqual(["## Mint", "## Leaks"]);
  });

  it("is the same in whatever order the tests end", () => {
    const tests = [shown("[H1] a", "z"), shown("[H12] b", "a"), shown("[H1] c", "b")];
    expect(report(GROUPS, [...tests].reverse())).toEqual(report(GROUPS, tests));
  });

  it.each<[string, Shown[], string]>([
    ["a row that no test shows", [shown("[H1] a")], "H12 is shown by no test"],
    [
      "a row whose test did not pass",
      [shown("[H1] a"), shown("[H12] b", "c", false)],
      "H12 is shown by no test",
    ],
    ["a row that is skipped and shown", [shown("[H1,H12,S5] a")], "S5 is shown by a test, and skipped"],
    [
      "a tag that names no row",
      [shown("[H1,H12] a"), shown("[H2] b")],
      "[H2] names no row of the catalogue: client/one: [H2] b",
    ],
    [
      "a tag with a space",
      [shown("[H1,H12] a"), shown("[H1, H12] b")],
      "[H1, H12] names no row of the catalogue",
    ],
    ["a tag in lower case", [shown("[H1,H12] a"), shown("[h1] b")], "[h1] names no row of the catalogue"],
    [
      "a tag of a test that did not pass",
      [shown("[H1,H12] a"), shown("[H3] b", "c", false)],
      "[H3] names no row of the catalogue",
    ],
  ])("complains of %s", (_, tests, complaint) => {
    const { problems } = report(GROUPS, tests);
    expect(problems).toEqual([expect.stringContaining(complaint)]);
  });

  it("takes no index and no address for a tag", () => {
    const titles = ["scopes[1] is refused", "http://[::1]:3000 is accepted", 'body ["a.b.c"] is none'];
    expect(report(GROUPS, [shown("[H1,H12] a"), ...titles.map((title) => shown(title))]).problems).toEqual(
      [],
    );
  });
});

describe("the catalogue of faults", () => {
  const groups = jest.requireActual<readonly Group[]>("../faults/catalogue.json");
  const rows = groups.flatMap((group) => group.rows);

  it("has every row once, under its letter and in order", () => {
    expect(rows).toHaveLength(220);
    for (const { group, rows: own } of groups) {
      const numbers = own.map(({ id }) => Number(id.slice(1)));
      expect(own.map(({ id }) => id)).toEqual(numbers.map((number) => `${group}${number}`));
      expect(new Set(numbers).size).toBe(own.length);
    }
    expect(new Set(groups.map(({ group }) => group)).size).toBe(groups.length);
  });

  it("says of every row what happens, and of a skipped one why", () => {
    for (const { fault, behaviour, skipped = "a reason" } of rows) {
      for (const text of [fault, behaviour, skipped]) expect(text).toMatch(/^\S[^\r\n]{2,}$/);
    }
  });
});
