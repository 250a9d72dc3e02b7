import { execFileSync } from "node:child_process";
import { join, posix } from "node:path";

/** Where the repository will be. Links of the README are absolute, because npm shows it as well. */
export const REPOSITORY = "https://example.invalid/pulumi-bigcommerce-tokens";

/** A Markdown file. */
export interface Page {
  readonly headings: readonly string[];
  readonly links: readonly { readonly url: string; readonly line: number }[];
  readonly html: readonly { readonly value: string; readonly line: number }[];
  /** Without code blocks and generated parts. Absent if the markers of generated parts do not come in pairs. */
  readonly words?: number;
}

/** Pages by their paths. */
export type Pages = ReadonlyMap<string, Page>;

export function readPages(texts: Readonly<Record<string, string>>): Pages {
  const parser = join(__dirname, "markdown-pages.mjs");
  const printed = execFileSync(process.execPath, [parser], {
    input: JSON.stringify(Object.values(texts)),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const pages = JSON.parse(printed) as readonly Page[];
  return new Map(Object.keys(texts).flatMap((path, at) => (pages[at] ? [[path, pages[at]]] : [])));
}

/** `path:line: link: what is wrong`, for each link to a file or anchor that the repository does not have. */
export function brokenLinks(pages: Pages, files: readonly string[]): string[] {
  const existing = new Set([...files, ...files.flatMap(foldersOf)]);
  return [...pages].flatMap(([path, page]) =>
    linksOf(page).flatMap(({ url, line }) => {
      const problem = problemOf(targetOf(path, url), pages, existing);
      return problem === undefined ? [] : [`${path}:${line}: ${url}: ${problem}`];
    }),
  );
}

/** The files of the repository to which a page links. */
export function linkedFiles(path: string, page: Page): string[] {
  return linksOf(page).flatMap(({ url }) => targetOf(path, url)?.path ?? []);
}

/** Names in a page to which links can lead, by GitHub's rules: https://github.com/gjtorikian/html-pipeline, TableOfContentsFilter. */
export function anchorsOf({ headings, html }: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  const counts = new Map<string, number>();
  for (const heading of headings) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{Nd}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  for (const [, name = ""] of attributes(html, "id|name")) anchors.add(name);
  return anchors;
}

interface Target {
  readonly path: string;
  readonly anchor: string;
}

function linksOf({ links, html }: Page): Page["links"] {
  const inHtml = html.flatMap(({ value, line }) =>
    [...attributes([{ value }], "href|src|srcset")].flatMap(([, urls = ""]) =>
      urls.split(",").map((url) => ({ url: url.trim().split(" ")[0] ?? "", line })),
    ),
  );
  return [...links, ...inHtml];
}

function attributes(html: readonly { readonly value: string }[], names: string) {
  const text = html.map(({ value }) => value.replace(/<!--.*?-->/gs, "")).join("\n");
  return text.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, "g"));
}

/** Where in the repository a link leads. Undefined if it leads elsewhere. */
function targetOf(from: string, url: string): Target | undefined {
  const [, where = "", anchor = ""] = /^([^#]*)#?(.*)$/s.exec(url) ?? [];
  if (where === "") return { path: from, anchor };
  const [, branch] = new RegExp(`^${REPOSITORY}/(?:blob|raw|tree)/(.*)$`, "s").exec(where) ?? [];
  if (branch !== undefined) {
    // Another branch is a path that no repository has.
    return { path: branch.startsWith("main/") ? pathOf(branch.slice("main/".length)) : branch, anchor };
  }
  if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(where)) return undefined;
  return { path: where.startsWith("/") ? where : pathOf(posix.join(posix.dirname(from), where)), anchor };
}

function pathOf(text: string): string {
  return decodeURIComponent(text).replace(/\/$/, "");
}

function problemOf(
  target: Target | undefined,
  pages: Pages,
  existing: ReadonlySet<string>,
): string | undefined {
  if (!target) return undefined;
  const { path, anchor } = target;
  if (!existing.has(path)) return "no such file";
  if (anchor === "") return undefined;
  const page = pages.get(path);
  if (!page) return "an anchor in what is no Markdown file";
  return anchorsOf(page).has(anchor) ? undefined : "no such anchor";
}

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}
