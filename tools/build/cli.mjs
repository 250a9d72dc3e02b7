import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUTPUT = "dist/cli";

/** What the page of `audit --format html` runs: the filter of its events. */
const page = await build({
  absWorkingDir: ROOT,
  entryPoints: ["cli/commands/audit/html/page/main.ts"],
  write: false,
  bundle: true,
  minify: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  legalComments: "none",
  logLevel: "warning",
});
const [{ text: pageScript }] = page.outputFiles;

/** One file, so that whoever only uses the provider installs and loads nothing of the command line. */
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ["cli/main.ts"],
  outfile: `${OUTPUT}/main.js`,
  bundle: true,
  platform: "node",
  target: "node20.20",
  format: "cjs",
  external: ["axios", "zod"],
  define: { PAGE_SCRIPT: JSON.stringify(pageScript) },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
writeFileSync(join(ROOT, OUTPUT, "licenses.txt"), licences(Object.keys(metafile.inputs)));

/** The terms of everything that was bundled, as they ask for. */
function licences(inputs) {
  const names = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  const packages = [...new Set(names.filter((name) => name !== undefined))].sort();
  return packages.map((name) => `${name}\n\n${licenceOf(name)}\n`).join("\n");
}

function licenceOf(name) {
  const folder = join(ROOT, "node_modules", name);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence file: it cannot be bundled`);
  return readFileSync(join(folder, file), "utf8").trim();
}
