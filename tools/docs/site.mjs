import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { Application, KindRouter } from "typedoc";

import { brokenLinks } from "./links.mjs";
import { copyPages, GROUP_TITLES, REPOSITORY } from "./pages.mjs";
import { allowUnions, plainTypes } from "./types.mjs";

const { version } = createRequire(import.meta.url)("../../package.json");
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Makes the site of the public API's comments and of the pages. False if there is any warning. */
async function makeSite(site, copies) {
  const pages = copyPages(ROOT, copies);
  const app = await Application.bootstrap({
    name: "pulumi-bigcommerce-tokens",
    customCss: fileURLToPath(new URL("site.css", import.meta.url)),
    customFooterHtml: `Version ${version}`,
    tsconfig: join(ROOT, "tsconfig.build.json"),
    entryPoints: ["provider", "emulator"].map((folder) => join(ROOT, folder, "index.ts")),
    readme: join(copies, "README.md"),
    projectDocuments: pages.map((path) => join(copies, path)),
    router: "pages",
    sort: ["alphabetical-ignoring-documents"],
    groupOrder: [...GROUP_TITLES, "API", "Classes", "Interfaces", "*"],
    navigation: { includeGroups: true, includeCategories: false, includeFolders: false },
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    disableGit: true,
    sourceLinkTemplate: `${REPOSITORY}/blob/main/{path}#L{line}`,
    highlightLanguages: LANGUAGES,
    ignoredHighlightLanguages: ["mermaid"],
    validation: { notExported: true, invalidLink: true, invalidPath: true },
    // `npm run check` tells them.
    skipErrorChecking: true,
    logLevel: "Warn",
    treatWarningsAsErrors: true,
  });
  app.renderer.defineRouter("pages", routerOf(copies));
  plainTypes(app.converter);
  allowUnions(app.logger);
  const project = await app.convert();
  if (!project) return false;
  app.validate(project);
  await app.generateDocs(project, site);
  for (const line of brokenLinks(site)) app.logger.error(line);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

/** Pages keep their paths: `docs/how-to/many-stores.md` is `docs/how-to/many-stores.html`. */
function routerOf(copies) {
  return class extends KindRouter {
    getIdealBaseName(reflection) {
      if (!reflection.isDocument()) return super.getIdealBaseName(reflection);
      const file = reflection.project.files.getReflectionPath(reflection);
      return relative(copies, file).replaceAll("\\", "/").replace(/\.md$/, "");
    }
  };
}

const LANGUAGES = [
  ...["sh", "bash", "console", "diff", "http", "json", "yaml", "toml", "html", "markdown"],
  ...["typescript", "ts", "javascript", "js", "python", "go", "csharp"],
];

/** `npm run docs`, or `npm run docs -- FOLDER`: whatever is in the folder goes first. */
const site = resolve(process.argv[2] ?? join(ROOT, "site"));
const copies = mkdtempSync(join(tmpdir(), "docs-site-"));
try {
  if (await makeSite(site, copies)) process.stdout.write(`${join(site, "index.html")}\n`);
  else process.exitCode = 1;
} finally {
  rmSync(copies, { recursive: true });
}
