import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The links of a site to pages, files and headings that it does not have, one line each. TypeDoc sees not all of them. */
export function brokenLinks(site) {
  const files = readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html"));
  const pages = new Map(files.map((name) => [join(site, name), readFileSync(join(site, name), "utf8")]));
  const has = (page, target) => {
    const [, path, id = ""] = TARGET.exec(target);
    const file = path === "" ? page : join(dirname(page), decodeURIComponent(path));
    if (!existsSync(file)) return false;
    return id === "" || pages.get(file)?.includes(` id="${decodeURIComponent(id)}"`) !== false;
  };
  return [...pages].flatMap(([page, text]) => {
    const targets = new Set([...text.matchAll(LINK)].map(([, target]) => target));
    return [...targets]
      .filter((target) => !ELSEWHERE.test(target) && !has(page, target))
      .map((target) => `${relative(site, page)} links to ${target}, which the site does not have`);
  });
}

const LINK = /<(?:a|img|source|link|script)\b[^>]*? (?:href|src|srcset)="([^"]*)"/g;
const ELSEWHERE = /^(?:[a-z]+:|\/\/)/;
const TARGET = /^([^#?]*)(?:\?[^#]*)?(?:#(.*))?$/;
