import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { run, runOk } from "../support/run";

const ROOT = join(__dirname, "..", "..");
const env = process.env;

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});
function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "docs-site-test-"));
  made.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe("npm run docs", () => {
  let site: string;
  const page = (path: string) => readFileSync(join(site, path), "utf8");

  beforeAll(async () => {
    site = folderWith();
    const args = ["run", "--silent", "docs", "--", site];
    expect(await run("npm", args, { cwd: ROOT, env })).toEqual({
      code: 0,
      output: `${join(site, "index.html")}\n`,
    });
  });

  it("makes a page of each document, at its own path", () => {
    const documents = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name));
    expect(documents.length).toBeGreaterThan(0);
    for (const path of [...documents, "SECURITY.md", "CHANGELOG.md", "emulator/README.md"]) {
      const [, title = ""] = /^# (.+)$/m.exec(readFileSync(join(ROOT, path), "utf8")) ?? [];
      const [, first = ""] = /<h1[^>]*>(.*?)<\/h1>/s.exec(page(path.replace(/md$/, "html"))) ?? [];
      expect([path, first.replace(/<[^>]*>/g, "")]).toEqual([path, title.replaceAll("`", "")]);
    }
  });

  it("begins with the README, whose links lead to pages of the site", () => {
    const text = page("index.html");
    expect(text.replace(/<[^>]*>/g, "")).toContain("npm install pulumi-bigcommerce-tokens");
    expect(text).toMatch(/href="docs\/[\w/.-]+\.html/);
    expect(text).not.toMatch(/href="[^"]*\/(blob|raw)\/main\/docs\/[^"]*\.(md|png)/);
  });

  it("shows of each class its arguments with examples, in the types that a program writes", () => {
    for (const name of ["StorefrontToken", "PrivateToken", "ImpersonationToken"]) {
      expect(page(`classes/pulumi-bigcommerce-tokens.${name}.html`)).toContain("Example");
      const text = page(`interfaces/pulumi-bigcommerce-tokens.${name}Args.html`).replace(/<[^>]*>/g, "");
      expect(text).toMatch(/expiresAt\?:\s*Input&lt;string\s*\|\s*number&gt;/);
      expect(text).toMatch(/lifetime\?:\s*Input&lt;string&gt;/);
      expect(text).not.toMatch(/Refused|OutputInstance|MaybeLifetime/);
    }
    expect(page("functions/pulumi-bigcommerce-tokens_emulator.startEmulator.html")).toContain("Example");
  });
});

describe("the pages of the site", () => {
  let repository: string;
  beforeAll(async () => {
    repository = (await evaluate("pages.mjs", "REPOSITORY")) as string;
  });
  const OTHERS = { "SECURITY.md": "# S\n", "CHANGELOG.md": "# C\n", "emulator/README.md": "# E\n" };
  const copied = async (files: Readonly<Record<string, string>>) => {
    const [root, folder] = [folderWith({ ...OTHERS, ...files }), folderWith()];
    const order = await evaluate(
      "pages.mjs",
      `copyPages(${JSON.stringify(root)}, ${JSON.stringify(folder)})`,
    );
    return { order: order as string[], read: (path: string) => readFileSync(join(folder, path), "utf8") };
  };

  it("are in the order of the index, each with its title and its group", async () => {
    const { order, read } = await copied({
      "README.md": "# Package\n",
      "docs/README.md": "# All pages\n\n[second](how-to/b.md), [first](tutorial/a.md)\n",
      "docs/tutorial/a.md": "# The `a` page\n\n## `verify`\n",
      "docs/how-to/b.md": "# B\n",
      "docs/how-to/c.md": "# C\n",
    });
    expect(order).toEqual([
      ...["docs/how-to/b.md", "docs/tutorial/a.md", "docs/README.md", "docs/how-to/c.md"],
      ...["emulator/README.md", "SECURITY.md", "CHANGELOG.md"],
    ]);
    expect(read("docs/tutorial/a.md")).toBe(
      '---\ntitle: "The a page"\ngroup: "Tutorial"\n---\n\n# The `a` page\n\n## verify\n',
    );
    expect(read("docs/how-to/b.md")).toContain('group: "How-to guides"');
  });

  it("link to pages by relative links, to other files by the repository's address, and show images", async () => {
    const { read } = await copied({
      "README.md": `# P\n[a](${repository}/blob/main/docs/a.md#part) <img src="${repository}/raw/main/docs/i.png">\n`,
      "docs/a.md":
        "# A\n[x](../examples/x/index.ts) [d](../examples/x/) [p](../README.md) `[c](../examples/x)`\n\n```md\n[f](../examples/x)\n```\n",
      "docs/i.png": "",
      "examples/x/index.ts": "",
    });
    expect(read("README.md")).toBe('\n[a](docs/a.md#part) <img src="docs/i.png">\n');
    expect(read("docs/i.png")).toBe("");
    expect(read("docs/a.md")).toContain(
      `[x](${repository}/blob/main/examples/x/index.ts) [d](${repository}/tree/main/examples/x) [p](../README.md) ` +
        "`[c](../examples/x)`\n\n```md\n[f](../examples/x)\n```\n",
    );
  });

  it("are told with each link to a page, a file or a heading that is not there", async () => {
    const site = folderWith({
      "index.html":
        '<a href="a/b.html#here">1</a><a class="x" href="a/b.html#gone">2</a><a href="https://example.com/z">3</a>',
      "a/b.html":
        '<h2 id="here"></h2><a href="../index.html">4</a><a href="#here">5</a><a href="c.html?x=1">6</a><img src="i.png">',
    });
    const told = (await evaluate("links.mjs", `brokenLinks(${JSON.stringify(site)})`)) as string[];
    expect(told.sort()).toEqual([
      ...["a/b.html links to c.html?x=1", "a/b.html links to i.png", "index.html links to a/b.html#gone"].map(
        (text) => `${text}, which the site does not have`,
      ),
    ]);
  });
});

/** What an expression is in a module of the tool; its exports are in scope. */
async function evaluate(module: string, expression: string): Promise<unknown> {
  const [name = ""] = /^\w+/.exec(expression) ?? [];
  const url = pathToFileURL(join(ROOT, "tools", "docs", module)).href;
  const program = `import { ${name} } from ${JSON.stringify(url)};
    process.stdout.write(JSON.stringify(${expression}));`;
  return JSON.parse(await runOk("node", ["--input-type=module", "--eval", program], { cwd: ROOT, env }));
}
