import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
  anchorsOf,
  brokenLinks,
  linkedFiles,
  type Page,
  readPages,
  REPOSITORY,
} from "../support/markdown-links";
import { repositoryFiles, ROOT } from "../support/repository-files";

/** A page has fewer words. */
const MAX_WORDS = 1_500;
const INDEX = "docs/README.md";

const files = repositoryFiles();
const markdown = files.filter((path) => path.endsWith(".md"));
const pages = readPages(
  Object.fromEntries(markdown.map((path) => [path, readFileSync(join(ROOT, path), "utf8")])),
);
const documents = [...pages].filter(([path]) => path.startsWith("docs/") && path !== INDEX);

describe("the documents", () => {
  it("are there", () => {
    expect(markdown).toEqual(expect.arrayContaining(["README.md", INDEX, "docs/reference/warnings.md"]));
  });

  it("are short: each page has fewer than 1,500 words beside code and generated parts", () => {
    const written = documents.filter(([path]) =>
      /^docs\/(tutorial|how-to|reference|explanation)\//.test(path),
    );
    const long = written.flatMap(([path, { words }]) => {
      if (words === undefined) return [`${path}: its markers of generated parts do not come in pairs`];
      return words < MAX_WORDS ? [] : [`${path}: ${words} words`];
    });
    expect(written.length).toBeGreaterThan(0);
    expect(long).toEqual([]);
  });

  it("are all in the index", () => {
    const named = linkedFiles(INDEX, pages.get(INDEX)!);
    expect(documents.map(([path]) => path).filter((path) => !named.includes(path))).toEqual([]);
  });

  it("link to files and anchors that are there, and so does every Markdown file", () => {
    expect(brokenLinks(pages, files)).toEqual([]);
  });
});

describe("a page", () => {
  const read = (text: string): Page => readPages({ "a.md": text }).get("a.md")!;

  it("has the anchors that GitHub makes of its headings, and those in its HTML", () => {
    const text = [
      ...[
        "# `audit --events`: Logs & more!",
        "## Über_uns",
        "## Same",
        "## [Same](x)",
        "## Same",
        "# a <b>b</b>",
      ],
      '<a id="kept"></a>',
    ].join("\n\n");
    expect([...anchorsOf(read(text))]).toEqual([
      ...["audit---events-logs--more", "über_uns", "same", "same-1", "same-2", "a-b", "kept"],
    ]);
  });

  it("has as many words as people read, without code blocks, HTML and generated parts", () => {
    const table = "| a b | c |\n| --- | --- |\n| `d e` | [f g](x) |";
    const generated = "<!-- begin generated -->\n\nmore words\n\n<!-- end generated -->";
    const text = `# Two words\n\n- three *more* words\n\n${table}\n\n\`\`\`sh\nnot these\n\`\`\`\n\n${generated}\n`;
    expect(read(text).words).toBe(12);
    expect(read(`${text}<!-- begin generated -->\n`)).not.toHaveProperty("words");
    expect(read(`<!-- end generated -->\n\n${text}`)).not.toHaveProperty("words");
  });
});

const GOOD = [
  "[a](#own)",
  "[a](how/b.md#there)",
  "[a](how/b.md)",
  "[a](../cli)",
  "[a](../cli/)",
  "![a](an%20image.png)",
  "[a][b]\n\n[b]: how/b.md",
  '<img src="an%20image.png">',
  "[a](https://example.com/#x)",
  "<mailto:a@example.com>",
  "`[a](none.md)`",
  '<!-- <a href="none.md"> -->',
  `[a](${REPOSITORY}/blob/main/docs/how/b.md#there)`,
  `[a](${REPOSITORY}/tree/main/docs)`,
  `![a](${REPOSITORY}/raw/main/docs/an%20image.png)`,
  `[a](${REPOSITORY}/issues)`,
];
const BROKEN: readonly (readonly [link: string, problem: string])[] = [
  ["[a](none.md)", "none.md: no such file"],
  ["[a](how/B.md)", "how/B.md: no such file"],
  ["[a](/docs/how/b.md)", "/docs/how/b.md: no such file"],
  ["[a](../../x.md)", "../../x.md: no such file"],
  ["[a](#other)", "#other: no such anchor"],
  ["[a](how/b.md#own)", "how/b.md#own: no such anchor"],
  ["[a](../cli/main.ts#L1)", "../cli/main.ts#L1: an anchor in what is no Markdown file"],
  ["[a][b]\n\n[b]: none.md", "none.md: no such file"],
  ['<a href="none.md">', "none.md: no such file"],
  [`[a](${REPOSITORY}/blob/main/none.md)`, `${REPOSITORY}/blob/main/none.md: no such file`],
  [`[a](${REPOSITORY}/blob/v1/docs/a.md)`, `${REPOSITORY}/blob/v1/docs/a.md: no such file`],
];

describe("a link", () => {
  const links = [...GOOD, ...BROKEN.map(([link]) => link)];
  const pathOf = (link: string) => `docs/${links.indexOf(link)}.md`;
  const texts = Object.fromEntries(links.map((link) => [pathOf(link), `# Own\n\n${link}`]));
  const samples = readPages({ ...texts, "docs/how/b.md": "# There" });
  const broken = brokenLinks(samples, [
    ...samples.keys(),
    ...["docs/a.md", "docs/an image.png", "cli/main.ts"],
  ]);
  const problemsOf = (link: string) => broken.filter((problem) => problem.startsWith(`${pathOf(link)}:`));

  it.each(GOOD)("is taken for good: %s", (link) => {
    expect(problemsOf(link)).toEqual([]);
  });

  it.each(BROKEN)("is found broken: %s", (link, problem) => {
    const line = link.includes("\n\n") ? 5 : 3;
    expect(problemsOf(link)).toEqual([`${pathOf(link)}:${line}: ${problem}`]);
  });
});
