import { createHash } from "node:crypto";

import type { Bar, PageData } from "../../cli/commands/audit/html/data";
import { layOut } from "../../cli/commands/audit/html/page/lanes";
import { cli } from "./fake-system";
import { historyFiles, type Recorded } from "./histories";
import { DAY, day, NOW, previous, printOf, token } from "./states";

const NASTY = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&`;

async function page(updates: readonly Recorded[], ...args: string[]): Promise<string> {
  const files = historyFiles(updates);
  const told = await cli(["audit", "--history", "h", "--format", "html", ...args], { now: NOW, files });
  expect({ code: told.code, stderr: told.stderr }).toEqual({ code: 0, stderr: "" });
  return told.stdout;
}

function dataIn(text: string): PageData {
  const [, json = "null"] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(text) ?? [];
  return JSON.parse(json) as PageData;
}

const days = (text: string) => Date.parse(text) / 1_000;

it("admits by its policy its own style and script, and nothing else from anywhere", async () => {
  const text = await page([{ day: -30, tokens: [token("a")] }]);
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
  const inside = (tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text)?.[1] ?? "";
  const hash = (content: string) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
  const readable = policy.replaceAll("&#39;", "'");
  expect(readable.split("; ").sort()).toEqual([
    ...["base-uri 'none'", "default-src 'none'", "form-action 'none'"],
    ...[`script-src ${hash(inside("script"))}`, `style-src ${hash(inside("style"))}`],
  ]);
  expect(text).not.toMatch(/https?:|src=|@import|url\(|<link/);
});

it("takes nothing from outside for markup, in a table or in its data", async () => {
  const text = await page([{ day: -30, tokens: [token(NASTY)], message: NASTY, environment: { "git.author": NASTY } }]); // prettier-ignore
  expect(text).not.toContain("alert(1)</script>");
  expect(text).not.toMatch(/<img|onerror="/);
  expect(text.match(/<script/g)).toHaveLength(2);
  expect(dataIn(text).lanes).toEqual([NASTY]);
});

it("is whole without a single token", async () => {
  const text = await page([{ day: -3, tokens: [] }]);
  expect(text).toContain("There is no token to draw.");
  expect(text).toContain("Nothing happened.");
  expect(dataIn(text)).toMatchObject({ bars: [], lanes: [], now: NOW });
});

it("lists every event in a table with a caption and titles, for readers without a script", async () => {
  const text = await page([{ day: -30, tokens: [token("a"), token("b")] }]);
  expect(text).toMatch(/<table id="events">\s*<caption>Events, oldest first/);
  expect(text.match(/<th scope="col">/g)).toHaveLength(8);
  expect(text.match(/<tr data-what="minted" data-evidence="confirmed">/g)).toHaveLength(2);
  const adopted = await page([{ day: -30, tokens: [token("a", { outputs: { adopted: printOf("a") } })] }]);
  expect(adopted).toContain('<td><b class="good">adopted</b></td>');
});

describe("a bar", () => {
  const barOf = async (outputs: Readonly<Record<string, unknown>>, ...updates: Recorded[]) => {
    const { bars } = dataIn(await page([{ day: -30, tokens: [token("a", { outputs })] }, ...updates]));
    return bars[0];
  };
  const gone: Recorded = { day: -5, tokens: [], changes: { delete: 1 } };

  it("goes from the issue to the expiry, and says from when on it is rotated", async () => {
    expect(await barOf({})).toEqual({
      ...{ token: printOf("a"), lane: 0, state: "live", from: days(day(-30)), to: days(day(60)) },
      ...{
        rotateAt: days(day(30)),
        title: expect.stringMatching(/^a, private token \w{16}; issued 2026-12-11/),
      },
    });
  });

  it("of a token that never expires is open", async () => {
    const bar = await barOf({ expiresAt: "never", lifetime: undefined, rotateBefore: undefined });
    expect(bar).toMatchObject({ isOpen: true, state: "live" });
    expect(bar?.to).toBeGreaterThan(NOW);
  });

  it("ends with an update that ended its token, and goes on dashed, because nothing proves it", async () => {
    expect(await barOf({}, gone)).toMatchObject({
      state: "unproven",
      to: days(day(-5)),
      maybeTo: days(day(60)),
    });
  });

  it("ends with the refresh that saw its token gone, for certain", async () => {
    const marked = token("a", { outputs: { gone: true } });
    const bar = await barOf({}, { day: -5, kind: "refresh", tokens: [marked], changes: { same: 2 } });
    expect(bar).toMatchObject({ state: "revoked", to: days(day(-5)) });
    expect(bar).not.toHaveProperty("maybeTo");
    expect(bar?.title).toMatch(/; seen to be gone at \S+ \(confirmed\);/);
  });

  it("of a token that was adopted begins with its issue, and says which update adopted it", async () => {
    const bar = await barOf({ adopted: printOf("a"), issuedAt: day(-200) });
    expect(bar).toMatchObject({
      from: days(day(-200)),
      title: expect.stringMatching(/; adopted in update 1;/),
    });
  });

  it("of a token left to expire says so, until it has expired", async () => {
    expect(await barOf({ onDelete: "letExpire" }, gone)).toMatchObject({
      state: "leaving",
      to: days(day(60)),
    });
    expect(await barOf({ expiresAt: day(-1) })).toMatchObject({ state: "expired", to: days(day(-1)) });
  });
});

it("two resources of one name get lanes of their own, which tell their kinds", async () => {
  const { lanes } = dataIn(await page([{ day: -30, tokens: [token("a"), token("a", { kind: "storefront", id: "x", outputs: { fingerprint: printOf("x") } })] }])); // prettier-ignore
  expect([...lanes].sort()).toEqual(["a (private)", "a (storefront)"]);
});

it("shows the span that was asked for, and who was alive in it", async () => {
  const text = await page([{ day: -30, tokens: [token("a")] }], "--live-between", "5d", "4d");
  expect(dataIn(text).span).toEqual([NOW - 5 * DAY, NOW - 4 * DAY]);
  expect(text).toMatch(/<table id="alive">/);
});

describe("the lanes", () => {
  const bar = (lane: number, from: number, to: number, maybeTo?: number): Bar => ({
    ...{ token: `${from}`, lane, state: "live", from, to, title: "" },
    ...(maybeTo !== undefined && { maybeTo }),
  });
  const rows = (bars: readonly Bar[], scale = 0) =>
    layOut({ lanes: ["a"], bars }, scale).bars.map(({ row }) => row);

  it.each<[string, readonly Bar[], readonly number[]]>([
    ["one after the other share a row", [bar(0, 0, 5), bar(0, 5, 9)], [0, 0]],
    ["overlapping ones have rows of their own", [bar(0, 0, 5), bar(0, 4, 9), bar(0, 5, 7)], [0, 1, 0]],
    ["what may still work keeps its row", [bar(0, 0, 2, 8), bar(0, 3, 9)], [0, 1]],
  ])("bars: %s", (_, bars, expected) => {
    expect(rows(bars)).toEqual(expected);
  });

  describe("in a picture of 32 days, 600 px wide", () => {
    const SCALE = (32 * DAY) / 600;
    const marked = (from: number, to: number): Bar => ({ ...bar(0, from, to), state: "revoked" });

    it.each<[string, readonly Bar[], readonly number[]]>([
      [
        "of the token that follows one revoked after two minutes carries no mark of it",
        [marked(0, 120), bar(0, 120, 30 * DAY)],
        [0, 1],
      ],
      [
        "revoked within minutes of each other each keep their marks",
        [marked(0, 120), marked(120, 240), bar(0, 240, 30 * DAY)],
        [0, 1, 2],
      ],
      ["far from the mark shares its row", [marked(0, 120), bar(0, 2 * DAY, 30 * DAY)], [0, 0]],
      ["without a mark needs no room after it", [bar(0, 0, 5 * DAY), bar(0, 5 * DAY, 30 * DAY)], [0, 0]],
    ])("a bar %s", (_, bars, expected) => {
      expect(rows(bars, SCALE)).toEqual(expected);
    });
  });

  it("need no more rows for marks where minutes are wide", () => {
    const first: Bar = { ...bar(0, 0, 120), state: "revoked" };
    expect(rows([first, bar(0, 300, 600)], 1)).toEqual([0, 0]);
  });

  it("follow one another, an empty one included", () => {
    const bars = [bar(0, 0, 5), bar(0, 1, 6), bar(2, 0, 5)];
    const { lanes, rows: all } = layOut({ lanes: ["a", "b", "c"], bars }, 0);
    expect(lanes.map(({ row, rows: own }) => [row, own])).toEqual([[0, 2], [2, 1], [3, 1]]); // prettier-ignore
    expect(all).toBe(4);
  });

  it("know where two tokens work, and not where one follows at once", () => {
    const spans = (...bars: Bar[]) =>
      layOut({ lanes: ["a"], bars }, 0).overlaps.map(({ from, to }) => [from, to]);
    expect(spans(bar(0, 0, 5), bar(0, 4, 9), bar(0, 9, 10))).toEqual([[4, 5]]);
    expect(spans(bar(0, 0, 9), bar(0, 2, 8), bar(0, 3, 5))).toEqual([[2, 8]]);
  });
});

it("a predecessor and its successor stand in one lane", async () => {
  const successor = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), issuedAt: day(-5), previous: previous("a", { expiresAt: day(60) }) } }); // prettier-ignore
  const { lanes, bars } = dataIn(await page([{ day: -30, tokens: [token("a")] }, { day: -5, tokens: [successor], changes: { replace: 1 } }])); // prettier-ignore
  expect(lanes).toEqual(["a"]);
  expect(bars.map(({ lane, state }) => [lane, state])).toEqual([[0, "leaving"], [0, "live"]]); // prettier-ignore
});
