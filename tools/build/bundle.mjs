import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A program in one file, which loads faster than many, and beside it the terms of what was bundled into it. */
export async function bundle(entry, outfile, { external = [], define = {} } = {}) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.20",
    format: "cjs",
    // Only the first request loads axios.
    external: ["axios", ...external],
    define,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  writeFileSync(join(ROOT, dirname(outfile), "licenses.txt"), licences(Object.keys(metafile.inputs)));
}

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
