import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";

const { homepage } = createRequire(import.meta.url)("../../package.json");
/** The address of the repository. Links to files that are no pages of the site lead there. */
export const REPOSITORY = homepage.replace(/#.*/, "");

const INDEX = "docs/README.md";

/** The groups of the menu, in its order, and the pages of each. */
const GROUPS = [
  { title: "Start here", has: (path) => path === INDEX },
  { title: "Tutorial", has: (path) => path.startsWith("docs/tutorial/") },
  { title: "How-to guides", has: (path) => path.startsWith("docs/how-to/") },
  { title: "Reference", has: (path) => path.startsWith("docs/") && !path.startsWith("docs/explanation/") },
  { title: "Explanation", has: (path) => path.startsWith("docs/explanation/") },
  { title: "Project", has: () => true },
];
export const GROUP_TITLES = GROUPS.map(({ title }) => title);

const IMAGE = /\.(png|svg)$/;

/** Pages outside of docs/. */
const OTHERS = ["emulator/README.md", "SECURITY.md", "CHANGELOG.md"];

/** The paths of all pages but README.md, which is the first page: in the order of the index, then by their names. */
export function pagePaths(root) {
  const found = readdirSync(join(root, "docs"), { recursive: true })
    .map((name) => posix.join("docs", name.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(".md"))
    .sort();
  const text = existsSync(join(root, INDEX)) ? readFileSync(join(root, INDEX), "utf8") : "";
  const place = (path) => {
    const at = text.indexOf(`(${posix.relative("docs", path)}`);
    return at === -1 ? Infinity : at;
  };
  return [...found, ...OTHERS].sort((a, b) => Math.sign(place(a) - place(b)) || 0);
}

/**
 * Copies README.md and the pages into `folder`, each at its own path, with its title and its group in front. Links between
 * pages stay relative, those to other files lead to the repository: what is no page would be downloaded as it is.
 */
export function copyPages(root, folder) {
  const paths = pagePaths(root);
  const isPage = new Set(["README.md", ...paths]);
  for (const path of isPage) {
    const text = relink(plainHeadings(readFileSync(join(root, path), "utf8")), (target) => {
      const { file, anchor } = fileOf(path, target) ?? {};
      if (file === undefined) return target;
      const page = [file, posix.join(file, "README.md")].find((each) => isPage.has(each));
      const within = posix.relative(posix.dirname(path), page ?? file) + anchor;
      // A file that is not there is told as a broken link of the site.
      if (page !== undefined || !existsSync(join(root, file))) return within;
      if (!IMAGE.test(file)) return `${REPOSITORY}/${kindOf(join(root, file))}/main/${file}${anchor}`;
      copyInto(folder, file, (to) => cpSync(join(root, file), to));
      return within;
    });
    const isFirst = path === "README.md";
    const head = isFirst ? "" : frontMatter({ title: titleOf(path, text), group: groupOf(path) });
    // The first page has the name of the package as its title already.
    copyInto(folder, path, (to) => writeFileSync(to, head + (isFirst ? text.replace(TITLE, "") : text)));
  }
  return paths;
}

/** Which file of the repository a link means, by its address there or from the page; undefined if it means none. */
function fileOf(page, target) {
  const ADDRESS = new RegExp(
    `^(?:${REPOSITORY}/(?:blob|raw|tree)/main/([^#]*)|(?![a-z]+:|#)([^#]+))(#.*)?$`,
    "i",
  );
  const [, absolute, relative, anchor = ""] = ADDRESS.exec(target) ?? [];
  const file = absolute ?? (relative && posix.join(posix.dirname(page), relative));
  return file === undefined ? undefined : { file: file.replace(/\/$/, ""), anchor };
}

/** Changes the targets of links and images. */
function relink(text, change) {
  const CODE = /(^```.*?^```$|^~~~.*?^~~~$|`[^`\n]+`)/ms;
  const LINK = /(\]\(<?|^\[[^\]\n]+\]: |\b(?:src|srcset|href)=")([^\s)>"]+)/gm;
  return outside(CODE, text, (part) => part.replace(LINK, (_, before, target) => before + change(target)));
}

/** TypeDoc leaves code in a heading out of its anchor, GitHub does not. */
function plainHeadings(text) {
  const BLOCK = /(^```.*?^```$|^~~~.*?^~~~$)/ms;
  return outside(BLOCK, text, (part) => part.replace(/^##+ .*$/gm, (heading) => heading.replaceAll("`", "")));
}

function outside(code, text, change) {
  return text
    .split(code)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join("");
}

const TITLE = /^# (.+)$/m;

function titleOf(path, text) {
  const [, title] = TITLE.exec(text) ?? [];
  if (title === undefined) throw new Error(`${path} has no title: a line that begins with "# "`);
  return title.replaceAll("`", "");
}

function groupOf(path) {
  return GROUPS.find(({ has }) => has(path)).title;
}

function frontMatter(values) {
  const lines = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  return `---\n${lines.join("")}---\n\n`;
}

function kindOf(file) {
  return statSync(file).isDirectory() ? "tree" : "blob";
}

function copyInto(folder, path, write) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  write(join(folder, path));
}
