import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCE = "provider/homepage.ts";
const PLACEHOLDER = "https://example.invalid/";
const USAGE = "node tools/homepage.mjs https://<host>/<owner>/<repository>";

/** The address of the repository as the sources have it. */
function present() {
  const [, address] = /HOMEPAGE = "([^"]+)"/.exec(readFileSync(join(ROOT, SOURCE), "utf8")) ?? [];
  if (address === undefined) throw new Error(`${SOURCE} holds no HOMEPAGE`);
  return address;
}

/** `npm publish` runs this first. */
function requireAddress() {
  const address = present();
  if (!address.startsWith(PLACEHOLDER)) return;
  throw new Error(`the address of the repository is still ${address}: run \`${USAGE}\` before you publish`);
}

/** Writes the address into package.json, its source file, every tracked Markdown page and the repository's forms. */
async function write(given) {
  const address = given.replace(/\/$/, "");
  if (!/^https:\/\/[\w.-]+(\/[\w.-]+)+$/.test(address)) throw new Error(`usage: ${USAGE}`);
  const { format, resolveConfig } = await import("prettier");
  const old = present();
  const pages = execFileSync("git", ["ls-files", "-z", "*.md", ".github"], { cwd: ROOT, encoding: "utf8" });
  for (const name of ["package.json", SOURCE, ...pages.split("\0").filter(Boolean)]) {
    const filepath = join(ROOT, name);
    const text = readFileSync(filepath, "utf8");
    if (!text.includes(old)) continue;
    // The columns of a table are as wide as its addresses.
    const config = await resolveConfig(filepath);
    writeFileSync(filepath, await format(text.replaceAll(old, address), { ...config, filepath }));
    process.stdout.write(`${name}\n`);
  }
}

try {
  const [given = ""] = process.argv.slice(2);
  if (given === "--check") requireAddress();
  else await write(given);
} catch (error) {
  process.stderr.write(`homepage: ${error.message}\n`);
  process.exitCode = 1;
}
