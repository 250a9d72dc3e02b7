import { table } from "../../cli/render/table";
import { fitTo, widthOf } from "../../cli/render/width";
import { printed } from "./fake-system";

const COLUMNS = [{ title: "name", least: 6 }, { title: "kind" }, { title: "origins", least: 8 }];
const ROWS = [
  [{ text: "a long name" }, { text: "private" }, { text: "https://shop.example.com" }],
  [{ text: "web" }, { text: "storefront" }, { text: "-", tone: "bad" as const }],
];
const WIDTH_IN_FULL = "a long name".length + "storefront".length + "https://shop.example.com".length + 4;

const lines = (columns?: number, colour = false) =>
  printed(table(COLUMNS, ROWS, columns === undefined ? {} : { columns }), colour).split("\n").slice(0, -1); // prettier-ignore

it("is as wide as it needs to be where there is no terminal", () => {
  expect(lines()).toEqual([
    "name         kind        origins",
    "a long name  private     https://shop.example.com",
    "web          storefront  -",
  ]);
});

it.each([WIDTH_IN_FULL, WIDTH_IN_FULL - 1, 40, 30, 28])("fits a terminal of %d columns", (columns) => {
  const found = lines(columns);
  expect(found).toHaveLength(3);
  expect(Math.max(...found.map((line) => line.length))).toBeLessThanOrEqual(columns);
  for (const line of found.slice(1)) expect(line).toMatch(/private|storefront/);
});

it("is cut where it is widest, and says that it was", () => {
  expect(lines(40)[1]).toBe("a long name  private     https://shop.e…");
});

it("becomes a paragraph a row where not even that fits", () => {
  expect(lines(26)).toEqual([
    "a long name",
    "  kind private",
    "  origins https://shop.example.com",
    "",
    "web",
    "  kind storefront",
    "  origins -",
  ]);
});

it("puts what fits on one line of a paragraph", () => {
  const uncut = COLUMNS.map(({ title }) => ({ title }));
  expect(printed(table(uncut, ROWS, { columns: 29 }))).toMatch(/\nweb\n  kind storefront · origins -\n$/);
});

it("breaks what is longer than a line between its words, and puts nothing behind it", () => {
  const columns = [{ title: "resource" }, { title: "detail" }, { title: "by" }];
  const row = ["web", "its revocation was due, but nothing here proves it", "Ann"].map((text) => ({ text }));
  expect(printed(table(columns, [row], { columns: 30 })).split("\n")).toEqual([
    "web",
    "  detail its revocation was",
    "    due, but nothing here",
    "    proves it",
    "  by Ann",
    "",
  ]);
});

it("has colours on a terminal alone, and none at the ends of lines", () => {
  expect(lines(80, false).join("")).not.toContain("\x1b");
  expect(lines(80, true)[2]).toBe("web          storefront  \x1b[31m-\x1b[0m");
});

it.each([
  ["an escape sequence", "a\x1b[2Jb"],
  ["a line break", "a\nb"],
  ["a change of direction", "a\u202eb"],
])("%s in a cell does nothing to the terminal", (_, text) => {
  const all = printed(table([{ title: "x" }], [[{ text }]], {}));
  expect(all.split("\n")).toHaveLength(3);
  expect(all).not.toMatch(/[^\P{C}\n]/u);
});

it.each([
  ["ascii", 5],
  ["Zürich", 6],
  ["店舗", 4],
  ["e\u0301", 1],
  ["👩‍💻", 2],
])("%s takes %d columns", (text, width) => {
  expect(widthOf(text)).toBe(width);
  expect(widthOf(fitTo(text, 3))).toBe(3);
});
