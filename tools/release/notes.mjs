import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** `node tools/release/notes.mjs v0.2.0`: the tag's section of CHANGELOG.md, if package.json has its version and it has a date. */
try {
  const [tag = "", folder = ROOT] = process.argv.slice(2);
  const read = (name) => readFileSync(join(folder, name), "utf8");
  const { version } = JSON.parse(read("package.json"));
  if (tag !== `v${version}`)
    throw new Error(`the tag is ${tag || "missing"}, and package.json has ${version}`);
  process.stdout.write(`${notesOf(version, read("CHANGELOG.md"))}\n`);
} catch (error) {
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
}

function notesOf(version, changelog) {
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((text) => text.startsWith(`## ${version} `));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section "## ${version} - <date>"`);
  const [heading, ...lines] = section.split("\n");
  if (!/^## \S+ - \d{4}-\d{2}-\d{2}$/.test(heading)) throw new Error(`"${heading}" has no date`);
  return lines.join("\n").trim();
}
