import { readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { ROOT } from "./bundle.mjs";

/** The folders of the output that hold a file for each source. */
const FOLDERS = ["dist/provider", "dist/emulator"].map((folder) => join(ROOT, folder));
const RELATIVE = /(?:\bfrom |\bimport |\bimport\(|\brequire\()"(\.[^"]*)"/g;

/** What no entry of the package leads to is bundled into a program, or is the type of something that is. */
const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const entries = Object.values(exports)
  .map((target) => join(ROOT, target.default ?? target))
  .filter((path) => path.endsWith(".js"));
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name)),
);

for (const extension of [".d.ts", ".js"]) {
  const present = new Set(files.filter((path) => path.endsWith(extension)));
  const starts = entries.map((path) => path.replace(/\.js$/, extension));
  const reached = reachedFrom(starts, { present, extension });
  for (const path of present) if (!reached.has(path)) rmSync(path);
}
for (const folder of FOLDERS) removeEmpty(folder);

function reachedFrom(starts, { present, extension }) {
  const reached = new Set();
  const open = [...starts];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    if (!present.has(file)) throw new Error(`${file} is missing`);
    reached.add(file);
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(RELATIVE)) {
      const target = join(dirname(file), specifier);
      if (target.endsWith(".json")) continue;
      open.push(
        [`${target}${extension}`, join(target, `index${extension}`)].find((path) => present.has(path)) ??
          target,
      );
    }
  }
  return reached;
}

function removeEmpty(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
