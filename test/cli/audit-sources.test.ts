import { readHistory } from "../../cli/pulumi/history";
import { readUpdate } from "../../cli/pulumi/updates";
import { cli, type FakeSystemOptions } from "./fake-system";
import { audited, historyFiles, outline, type Recorded, type ToldAudit } from "./histories";
import { DAY, day, exported, NOW, printOf, token } from "./states";

const UPDATES: readonly Recorded[] = [
  { day: -40, tokens: [token("a")], changes: { create: 2 } },
  { day: -20, tokens: [token("a"), token("b", { outputs: { issuedAt: day(-20) } })], changes: { create: 1 } },
  { day: -5, tokens: [token("b", { outputs: { issuedAt: day(-20) } })], changes: { delete: 1 } },
];
const STORY = ["minted a (confirmed)", "minted b (confirmed)", "ended a (inferred)"];

async function told(args: readonly string[], options: FakeSystemOptions): Promise<ToldAudit> {
  const { code, stdout, stderr } = await cli(["audit", "--format", "json", ...args], {
    now: NOW,
    ...options,
  });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ToldAudit;
}

async function refused(args: readonly string[], options: FakeSystemOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await cli(["audit", ...args], { now: NOW, ...options });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: [^\n]+\n$/);
  return stderr;
}

describe("a history folder", () => {
  it.each(["h", "h/", "h/shop/dev", "h/.pulumi", "h/.pulumi/history"])("is found from %s", async (given) => {
    const root = given.replace(/\/$/, "");
    const folder = root.endsWith("dev")
      ? root
      : `${root.replace(/\/\.pulumi.*/, "")}/.pulumi/history/shop/dev`;
    expect(outline(await told(["--history", given], { files: historyFiles(UPDATES, { folder }) }))).toEqual(
      STORY,
    );
  });

  it("is read compressed, in part or whole", async () => {
    const files = { ...historyFiles(UPDATES.slice(0, 2)), ...historyFiles(UPDATES.slice(2), { gzip: true }) };
    expect(outline(await told(["--history", "h"], { files }))).toEqual(STORY);
  });

  it("is read a few states ahead, and no further", async () => {
    const files = historyFiles(Array.from({ length: 50 }, (_, day) => ({ day, tokens: [] })));
    let reads = 0;
    const counted = {
      names: async () => Promise.resolve(Object.keys(files).map((path) => path.slice(2))),
      read: async (path: string) => {
        reads += 1;
        return Promise.resolve(files[path] ?? new Uint8Array());
      },
    };
    const places: number[] = [];
    for await (const { update } of readHistory(counted, "h")) {
      places.push(update.number);
      if (update.number === 10) break;
    }
    expect(places).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(reads).toBeLessThanOrEqual(2 * 14);
  });

  it("of several stacks needs to be told which, and lists them", async () => {
    const folders = ["h/history/shop/dev", "h/history/shop/live", "h/history/old"];
    const files = Object.assign({}, ...folders.map((folder) => historyFiles(UPDATES, { folder })));
    expect(await refused(["--history", "h"], { files })).toContain("--stack: old, shop/dev, shop/live");
    expect(await refused(["--history", "h", "--stack", "de"], { files })).toContain("no history of stack de");
    for (const stack of ["live", "shop/live", "organization/shop/live", "old"]) {
      expect(outline(await told(["--history", "h", "--stack", stack], { files }))).toEqual(STORY);
    }
  });

  it.each<[string, Readonly<Record<string, string | Uint8Array>>, RegExp]>([
    ["is absent", {}, /h: the folder does not exist/],
    ["holds no history", { "h/x.txt": "" }, /it has no history of a stack/],
    [
      "has a truncated state",
      { "h/dev-1.checkpoint.json": '{"version":3,"checkpoint":{' },
      /dev-1.*truncated/,
    ],
    ["has another version", { "h/dev-1.checkpoint.json": '{"version":9,"checkpoint":{}}' }, /version 9/],
    [
      "has a damaged archive",
      { "h/dev-1.checkpoint.json.gz": "no gzip" },
      /dev-1\.checkpoint\.json\.gz: it is trunc/,
    ],
  ])("that %s is told in one line", async (_, files, why) => {
    expect(await refused(["--history", "h"], { files })).toMatch(why);
  });
});

describe("without --history", () => {
  const backend = (url: string, stacks: readonly unknown[]) => (args: readonly string[]) => ({
    stdout: JSON.stringify(args[0] === "whoami" ? { user: "u", url } : stacks),
  });
  const dev = { name: "organization/shop/dev", current: true };
  const other = { name: "organization/other/dev", current: false };
  const files = historyFiles(UPDATES, { folder: "/home/ann/b/.pulumi/history/shop/dev" });

  it.each<[string, string, readonly string[]]>([
    ["the selected stack", "file:///home/ann/b", []],
    ["a named one", "file:///home/ann/b?metadata=skip", ["--stack", "shop/dev"]],
    ["one in a home folder", "file://~/b", ["--stack", "organization/shop/dev"]],
  ])("reads the folder of a file backend: %s", async (_, url, args) => {
    const options = { files, pulumi: backend(url, [dev, other]), env: { HOME: "/home/ann" } };
    expect(outline(await told(args, options))).toEqual(STORY);
  });

  describe("of two stacks of one name", () => {
    const root = "/home/ann/b/.pulumi/history";
    const both = { ...files, ...historyFiles(UPDATES.slice(0, 1), { folder: `${root}/other/dev` }) };
    const here = { name: "dev", current: false };
    const live = { name: "organization/shop/live", current: true };

    it.each<[string, readonly unknown[], readonly string[], readonly string[]]>([
      ["is the one of the project at hand", [here, other], ["--stack", "dev"], STORY],
      ["is the one that is selected", [{ ...here, current: true }, other], [], STORY],
      [
        "is the one beside what is selected",
        [live, other, { ...dev, current: false }],
        ["--stack", "dev"],
        STORY,
      ],
      [
        "is the other one, by its full name",
        [here, other],
        ["--stack", "organization/other/dev"],
        STORY.slice(0, 1),
      ],
      ["is the other one, by its project", [here, other], ["--stack", "other/dev"], STORY.slice(0, 1)],
      ...["organization/shop/dev", "organization/dev", "shop/dev"].map(
        (name): [string, readonly unknown[], readonly string[], readonly string[]] => [
          `is the one of the project at hand, though listed by its last name: ${name}`,
          ...([[here, other], ["--stack", name], STORY] as const),
        ],
      ),
    ])("the one that is meant %s", async (_, stacks, args, story) => {
      const options = { files: both, pulumi: backend("file:///home/ann/b", stacks) };
      expect(outline(await told(args, options))).toEqual(story);
    });

    it("a name of another project is not taken for that of the project at hand", async () => {
      const options = { files: both, pulumi: backend("file:///home/ann/b", [here]) };
      expect(await refused(["--stack", "organization/gone/dev"], options)).toMatch(
        /it has no history of stack gone\/dev; it has those of other\/dev, shop\/dev/,
      );
    });

    it("the history of the other is not told for that of one without", async () => {
      const alone = historyFiles(UPDATES, { folder: `${root}/other/dev` });
      const options = { files: alone, pulumi: backend("file:///home/ann/b", [here, other]) };
      expect(await refused(["--stack", "dev"], options)).toContain("it has no history of stack dev;");
    });
  });

  it.each<[string, string, readonly unknown[], readonly string[], RegExp]>([
    ["no stack is selected", "file:///b", [other], [], /no stack is selected/],
    ["there is no such stack", "file:///b", [dev], ["--stack", "live"], /there is no stack live/],
    [
      "two projects have such a stack",
      "file:///b",
      [{ ...dev, current: false }, other],
      ["--stack", "dev"],
      /several stacks.*other\/dev/,
    ],
    ["the backend is a bucket", "s3://bucket", [dev], [], /cannot read a history in s3: .*--history/],
  ])("says so where %s", async (_, url, stacks, args, why) => {
    expect(await refused(args, { files, pulumi: backend(url, stacks) })).toMatch(why);
  });

  it("says so where there is no pulumi", async () => {
    expect(await refused([])).toContain("there is no pulumi on PATH");
  });

  it("asks Pulumi Cloud for each version, oldest first, all pages of its history, and skips what has no state", async () => {
    const versions = Array.from({ length: 102 }, (_, at) => at + 1);
    const asked: string[] = [];
    const entry = (version: number) => ({
      ...{
        version,
        kind: version === 50 ? "preview" : "update",
        result: version === 102 ? "in-progress" : "succeeded",
      },
      startTime: day(-41),
      ...(version !== 102 && { endTime: day(-41) }),
      environment: { "git.head": "abc", "git.author": "Ann" },
    });
    const pulumi = (args: readonly string[]) => {
      if (args[0] === "whoami") return { stdout: '{"user":"ann","url":"https://app.pulumi.com/ann"}' };
      expect(args.slice(-2)).toEqual(["--stack", "acme/shop/dev"]);
      if (args[1] === "history") {
        const page = Number(args[args.indexOf("--page") + 1]) - 1;
        return {
          stdout: JSON.stringify(
            [...versions]
              .reverse()
              .slice(page * 100, page * 100 + 100)
              .map(entry),
          ),
        };
      }
      const version = args[args.indexOf("--version") + 1] ?? "";
      asked.push(version);
      return { stdout: exported(...(Number(version) < 101 ? [token("a")] : [])) };
    };
    const { events } = await told(["--stack", "acme/shop/dev"], { pulumi });
    expect(asked).toEqual(versions.filter((each) => each !== 50 && each !== 102).map(String));
    expect(events.map(({ what, update }) => [what, update?.number])).toEqual([
      ["minted", 1],
      ["ended", 101],
    ]);
  });
});

describe("an update", () => {
  it("has the place in its folder for a number, where the backend counts none", () => {
    expect(readUpdate({ kind: "update", version: 0, result: "succeeded", startTime: 5 }, 3)).toEqual({
      ...{ number: 3, kind: "update", result: "succeeded", startedAt: 5 },
    });
  });

  it.each([null, 5, [], { version: 1 }])("is none: %j", (value) => {
    expect(readUpdate(value, 1)).toBeUndefined();
  });
});

describe("a span", () => {
  it.each([
    [["--since", "2026-12-21"], STORY.slice(1)],
    [["--since", "2026-12-21T13:00:00Z"], STORY.slice(2)],
    [["--until", "2026-12-21"], STORY.slice(0, 2)],
    [["--until", "2026-12-20"], STORY.slice(0, 1)],
    [["--since", "21d", "--until", "19d"], STORY.slice(1, 2)],
    [["--since", "2026-12-21", "--until", "2026-12-21"], STORY.slice(1, 2)],
  ])("%j", async (args, story) => {
    expect(outline(await audited(UPDATES, args))).toEqual(story);
  });

  it.each([
    [["--since", "yesterday"], /--since: give a date/],
    [["--until", "2026-13-01"], /--until: give a date/],
    [["--until", "2026-02-30"], /--until: give a date/],
    [["--since", "2026-02-30T08:00:00Z"], /--since: give a date/],
    [["--since", "2026-12-02", "--until", "2026-12-01"], /--since must be an earlier date than --until/],
    [["--since", "1d", "--until", "2d"], /--since must be an earlier date than --until/],
    [["--since", "2026-12-01T08:00:00"], /with its zone/],
    [["--live-between", "2026-12-01"], /takes two dates/],
    [["--live-between", "2026-12-02", "2026-12-01"], /earlier date first/],
    [["--live-between", "5d", "4d", "--since", "3d"], /excludes --since and --until/],
    [["--format", "pdf"], /Allowed choices are/],
  ])("that is none is told in one line: %j", async (args, why) => {
    expect(await refused(["--history", "h", ...args], { files: historyFiles(UPDATES) })).toMatch(why);
  });
});

describe("--live-between", () => {
  const alive = async (args: readonly string[], updates = UPDATES) =>
    (await audited(updates, ["--live-between", ...args])).alive?.map(
      ({ resource, isSure, from, until }) => [resource, isSure, from, until] as const,
    );

  it("names every token alive in it, issued earlier included", async () => {
    expect(await alive(["2026-12-25", "2026-12-26"])).toEqual([
      ["a", true, day(-30), day(60)],
      ["b", true, day(-20), day(60)],
    ]);
    expect(await alive(["2026-12-12", "2026-12-13"])).toEqual([["a", true, day(-30), day(60)]]);
    expect(await alive(["2026-11-12", "2026-11-13"])).toEqual([]);
  });

  it("keeps a token whose revocation nothing proves, and says that it is unsure", async () => {
    expect(await alive(["2027-01-08", "2027-01-09"])).toEqual([
      ["a", false, day(-30), day(60)],
      ["b", true, day(-20), day(60)],
    ]);
  });

  it("is sure of a token that was ended within it", async () => {
    expect((await alive(["2027-01-04", "2027-01-09"]))?.map(([, isSure]) => isSure)).toEqual([true, true]);
  });

  it("leaves out one whose revocation was accepted, and one that had expired", async () => {
    const message = `bigcommerce-tokens: revoke accepted acme/shop/dev/private/a ${printOf("a")} ${day(60)}`;
    const event = {
      sequence: 7,
      timestamp: NOW - 5 * DAY,
      diagnosticEvent: { message, severity: "info#err" },
    };
    const files = { "up.log": JSON.stringify(event) };
    const { alive: left } = await audited(UPDATES, ["--live-between", "4d", "3d", "--events", "up.log"], {
      files,
    });
    expect(left?.map(({ resource }) => resource)).toEqual(["b"]);
    expect(await alive(["2027-03-12", "2027-03-13"])).toEqual([]);
  });
});

describe("audit diff", () => {
  const files = {
    "a.json": exported(token("a"), token("b")),
    "b.json": exported(token("b"), token("c", { outputs: { issuedAt: day(-1) } })),
  };

  it("tells what happened between two exports, in no update", async () => {
    const result = await told(["diff", "a.json", "b.json"], { files });
    expect(outline(result)).toEqual(["minted c (confirmed)", "ended a (inferred)"]);
    expect(result.events.map(({ update }) => update)).toEqual([undefined, undefined]);
  });

  it("of the same export is nothing", async () => {
    expect(outline(await told(["diff", "a.json", "a.json"], { files }))).toEqual([]);
  });

  it("reads one of them from standard input", async () => {
    expect(outline(await told(["diff", "-", "b.json"], { files, stdin: files["a.json"] }))).toHaveLength(2);
  });

  it.each([
    [["diff", "a.json", "gone.json"], /gone.json: the file does not exist/],
    [["diff", "a.json"], /missing required argument/],
    [["diff", "a.json", "b.json", "--stack", "dev"], /takes no --stack/],
    [["--events", "gone.log", "diff", "a.json", "b.json"], /gone.log: the file does not exist/],
  ])("%j is told in one line", async (args, why) => {
    expect(await refused(args, { files })).toMatch(why);
  });
});
