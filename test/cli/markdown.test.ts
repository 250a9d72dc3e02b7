import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { escaped } from "../../cli/render/markdown";
import { cli } from "./fake-system";
import { historyFiles } from "./histories";
import { day, NOW, printOf, token } from "./states";

interface Read {
  readonly nodes: readonly { readonly type: string; readonly value?: string }[];
  /** How many cells each row has. */
  readonly rows: readonly number[];
  /** What each cell says. */
  readonly cells: readonly string[];
}

function read(markdown: string): Read {
  const parser = join(__dirname, "../support/markdown.mjs");
  return JSON.parse(
    execFileSync(process.execPath, [parser], { input: markdown, encoding: "utf8", maxBuffer: 2 ** 26 }),
  ) as Read;
}

/** What a table, a heading and a list of plain text consist of. */
const PLAIN = new Set([
  ...["root", "heading", "paragraph", "table", "tableRow", "tableCell", "list", "listItem"],
  ...["text", "inlineCode", "strong", "html"],
]);
/** What GitHub makes links of in text that is no code, whatever stood there for it in the source. */
const LINKED =
  /@\w|#\d|\bGH-\d|[a-z]-\d|!\d|:\/\/|www\.|[\w.+-]+@[\w-]+\.|\b[0-9a-f]{7,40}\b|:[a-z+_-]\w*:|\$|&\w+;/i;

function expectPlain(markdown: string, cells: number): void {
  const { nodes, rows } = read(markdown);
  expect(nodes.filter(({ type }) => !PLAIN.has(type))).toEqual([]);
  expect(nodes.filter(({ type, value }) => type === "html" && value !== "<br>")).toEqual([]);
  const texts = nodes.filter(({ type }) => type === "text").map(({ value = "" }) => value);
  expect(texts.filter((text) => LINKED.test(text))).toEqual([]);
  expect(new Set(rows)).toEqual(new Set([cells]));
}

/** No blanks at the ends of words, so that each is a word of its own. */
const HOSTILE = [
  ...["@ann", "&#64;ann", "&commat;ann", "x@org/team", "\\@ann", "ann@example.com", "mailto:ann@example.com"],
  ...["#1", "\\#1", "&#35;1", "o/r#1", "GH-1", "gh-1", "JIRA-1", "!1", "o/r!1", "o/r@0123456789abcdef"],
  ...["https://evil.example", "HTTP://evil.example", "ftp://evil.example", "www.evil.example", "WWW.evil.example"],
  ...["https&#58;//evil.example", "https\\://evil.example", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ...["0123456", "[l](https://evil.example)", "[l](//evil.example)", "![i](/x)", "[l][r]", "[^1]", "<https://evil.example>"],
  ...["<img src=x>", "<b>", "</td>", "<!--", "&lt;b&gt;", "a|b", "a\\|b", "a\\\\|b", "|", "\\", "`|`", "``", "`a``b`"],
  ...["`", "a`", "*a*", "**a**", "_a_", "~a~", "~~a~~", "$x$", "$$x$$", ":+1:", ":smile:", "- [ ]", "---", "1."],
  ...["http://a|b@c`d", "\n", "\n| a | b |\n", "a\r\n\r\n# h", "\u202e@ann", "%1", "^1", "$`1`$", "`\\`@ann`\\`"],
]; // prettier-ignore

const rowsOf = (lines: readonly string[]) => ["| a | b |", "| --- | --- |", ...lines].join("\n");

it("every hostile text is text or code in a cell, alone, before and behind each other", () => {
  const cells = HOSTILE.flatMap((one) => [one, ...HOSTILE.map((other) => `${one} ${other}`)]);
  expectPlain(rowsOf(cells.map((cell) => `| ${escaped(cell)} | x |`)), 2);
});

it("glued together they are, too", () => {
  const cells = HOSTILE.flatMap((one) => HOSTILE.map((other) => `${one}${other}`));
  expectPlain(rowsOf(cells.map((cell) => `| ${escaped(cell)} | x |`)), 2);
});

it("a cell says what the text said", () => {
  const words = HOSTILE.filter((word) => /^[^\n\r\u202e]+$/.test(word));
  const { cells } = read(rowsOf(words.map((word) => `| ${escaped(word)} | x |`)));
  expect(cells.slice(2).filter((_, at) => at % 2 === 0)).toEqual(words);
});

const ALL = HOSTILE.join(" ");

it("audit: no text from outside becomes a link, a mention, an image, HTML or another cell", async () => {
  const files = historyFiles([
    { day: -30, tokens: [token(ALL, { outputs: { scopes: [ALL], label: ALL } }), token("b", { outputs: { fingerprint: undefined }, id: ALL })], message: ALL, environment: { "git.author": ALL, "git.head": "da39a3ee5e6b4b0d3255bfef95601890afd80709" } },
    { day: -20, tokens: [token(ALL, { outputs: { scopes: [`x${ALL}`], label: ALL } })], message: ALL.replace(/[\n\r]/g, ""), changes: { replace: 1 }, environment: { "git.author": ALL } },
  ]); // prettier-ignore
  const told = async (...args: string[]) =>
    (await cli(["audit", "--history", "h", "--format", "markdown", ...args], { now: NOW, files })).stdout;
  expectPlain(await told(), 9);
  expectPlain(await told("--live-between", "2026-12-01", "2027-01-01"), 8);
});

it("preview: nor there", async () => {
  const type = "pulumi-nodejs:dynamic/bigcommerce:PrivateToken";
  const inputs = { label: ALL, storeHash: "abc123", channelIds: [1], scopes: [ALL], expiresAt: day(90), lifetime: ALL };
  const old = { type, id: ALL, inputs, outputs: { ...inputs, scopes: ["x"], fingerprint: printOf("a"), expiresAt: day(10) } };
  const steps = [
    { op: "replace", urn: `urn:pulumi:dev::shop::${type}::${ALL}`, oldState: old, newState: { type, inputs, outputs: inputs }, replaceReasons: ["scopes", "expiresAt"] },
    { op: "delete", urn: `urn:pulumi:dev::shop::${type}::x`, oldState: { ...old, outputs: { ...old.outputs, fingerprint: ALL } } },
  ];
  const text = JSON.stringify({ steps, changeSummary: {}, diagnostics: [{ message: `bigcommerce-tokens: warning: ${ALL.replace(/\s/g, " ")}\n`, severity: "info" }] });
  const { stdout } = await cli(["preview", "--file", "p", "--format", "markdown"], { now: NOW, files: { p: text } });
  expect(stdout).toMatch(/Warning/);
  expectPlain(stdout, 6);
}); // prettier-ignore
