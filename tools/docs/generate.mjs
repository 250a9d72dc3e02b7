import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { commandLine } from "./command-line.mjs";
import { errors } from "./errors.mjs";
import { loadSources } from "./sources.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGES = { "docs/reference/errors.md": errors, "docs/reference/command-line.md": commandLine };
/** Between these lines a page is written from the sources; the rest is written by hand. */
const PART = /^<!-- begin generated -->\n[^]*?^<!-- end generated -->$/gm;

/** A page with its generated parts written anew. `write` takes the heading before a part. */
function written(page, write) {
  return page.replace(PART, (_, at) => {
    const heading =
      page
        .slice(0, at)
        .match(/^#+ .*$/gm)
        ?.at(-1) ?? "";
    return `<!-- begin generated -->\n\n${write(heading.replace(/^#+ |`/g, "")).trim()}\n\n<!-- end generated -->`;
  });
}

/** `npm run docs:pages` writes the pages. `--check [folder]` only tells which of them it would change. */
const [option, folder = ROOT] = process.argv.slice(2);
const isCheck = option === "--check";
const sources = await loadSources();
for (const [path, writerOf] of Object.entries(PAGES)) {
  const file = join(folder, path);
  const page = readFileSync(file, "utf8");
  const { write, problems } = await writerOf(sources);
  const fresh = written(page, write);
  for (const problem of problems()) tell(`${path}: ${problem}`);
  if (fresh === page) continue;
  if (isCheck) tell(`${path} is not what its sources make of it: run \`npm run docs:pages\``);
  else writeFileSync(file, fresh);
}

function tell(problem) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
