import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A program in one file, which loads faster than many, and beside it the terms of what was bundled into it. A standalone one
 * is an executable file that needs nothing beside it. With `keepNames`, an internal error names the function that it comes from.
 */
export async function bundle(
  entry,
  outfile,
  { external = [], define = {}, plugins = [], isStandalone = false, keepNames = false } = {},
) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.20",
    format: "cjs",
    // Only the first request loads axios.
    external: isStandalone ? [] : ["axios", ...external],
    minify: true,
    keepNames,
    ...(isStandalone && { banner: { js: "#!/usr/bin/env node" } }),
    define,
    plugins,
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
  const files = readdirSync(folder);
  const read = (pattern) => {
    const file = files.find((each) => pattern.test(each));
    return file === undefined ? undefined : readFileSync(join(folder, file), "utf8").trim();
  };
  // Some packages have their terms at the end of their README.
  const terms =
    read(/^licen[cs]e(?:\.|$)/i) ?? /^(?:#+ )?License\n[\s\S]*/m.exec(read(/^readme/i) ?? "")?.[0];
  if (terms === undefined) throw new Error(`${name} has no licence: it cannot be bundled`);
  return terms;
}
