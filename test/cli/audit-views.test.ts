import { cli } from "./fake-system";
import { historyFiles, type Recorded } from "./histories";
import { day, NOW, token } from "./states";

const NASTY = "a|b <img src=x> [l](https://evil.example) @ann www.evil.example GH-7\x1b[31m";
const UPDATES: readonly Recorded[] = [
  { day: -30, tokens: [token("a"), token(NASTY)], message: NASTY, environment: { "git.author": NASTY } },
  { day: -5, tokens: [token("a")], changes: { delete: 1 }, message: "second\n\nlong text" },
];

async function shown(format: string, updates = UPDATES, options = {}, ...args: string[]): Promise<string> {
  const files = historyFiles(updates);
  const told = await cli(["audit", "--history", "h", "--format", format, ...args], { now: NOW, files, ...options }); // prettier-ignore
  expect({ code: told.code, stderr: told.stderr }).toEqual({ code: 0, stderr: "" });
  return told.stdout;
}

it("a table names update, time, what, resource, token, evidence, author, message and detail", async () => {
  const [head, first] = (await shown("table", UPDATES.map((each) => ({ ...each, message: "m", environment: { "git.author": "Ann", "git.head": "0123456789", "git.dirty": "true" } })))).split("\n"); // prettier-ignore
  expect(head?.split(/ {2,}/)).toEqual([
    ...["update", "time (UTC)", "what", "resource", "token", "evidence", "by", "message", "detail"],
  ]);
  expect(first?.split(/ {2,}/)).toEqual([
    ...["#1", "2026-12-11 12:00", "minted", "a", "6130303030303030", "confirmed", "Ann 0123456+", "m"],
    `works until ${day(60)}`,
  ]);
});

it("is cut to the terminal, and shows no control character", async () => {
  for (const columns of [40, 80, 150, 200]) {
    const lines = (await shown("table", UPDATES, { columns })).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.join("")).not.toContain("\x1b");
  }
});

it("says so where nothing happened", async () => {
  expect(await shown("table", [{ day: -3, tokens: [] }])).toBe("0 events in 1 update.\n");
  expect(await shown("table", [{ day: -3, tokens: [] }], {}, "--live-between", "2d", "1d")).toBe(
    "No token was valid then.\n",
  );
});

it("counts what was alive, and what may have been", async () => {
  expect(await shown("table", UPDATES, {}, "--live-between", "4d", "3d")).toMatch(
    /2 tokens were valid then; 1 of them only if a revocation that was due or reported did not happen\.\n$/,
  );
});

it("markdown has one row an event, and nothing from outside becomes markup", async () => {
  const text = await shown("markdown");
  const rows = text.split("\n").filter((line) => line.startsWith("| `#"));
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(10);
  expect(text).toContain("### Tokens of shop/dev");
});
