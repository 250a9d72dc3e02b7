import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { run } from "./run.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Builds the package, unless the build is there and newer than every source. */
export async function ensureBuilt({ voice, stop }) {
  // What a build makes last.
  const entry = join(ROOT, "dist", "cli", "main.js");
  const built = existsSync(entry) ? statSync(entry).mtimeMs : 0;
  if (newestSource() <= built) return;
  voice.command("npm run build");
  await run("npm", ["run", "--silent", "build"], { cwd: ROOT, env: process.env, stop });
}

/** Copies the program into `folder`/program and installs the packed package there, as a user would. */
export async function installProgram(folder, { voice, stop }) {
  const program = join(folder, "program");
  cpSync(fileURLToPath(new URL("program", import.meta.url)), program, { recursive: true });
  const npm = (args, cwd, onLine) => run("npm", args, { cwd, env: npmEnvironment(), stop, onLine });
  voice.command("npm pack");
  // Built already, and a second build could meet whoever else is reading it.
  await npm(["pack", "--ignore-scripts", "--pack-destination", folder], ROOT);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  const peers = ["@pulumi/pulumi", "typescript"].map((name) => `${name}@${versionHere(name)}`);
  voice.command(`npm install <tarball> ${peers.join(" ")}`);
  await npm(["install", `../${tarball}`, ...peers, ...QUIET], program, (line) => {
    if (/^added \d+ packages/.test(line)) voice.quote(line);
  });
  return program;
}

const QUIET = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];

function newestSource() {
  const times = ["provider", "emulator", "cli"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => statSync(join(ROOT, folder, name)).mtimeMs),
  );
  return Math.max(...times);
}

function versionHere(name) {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

/** What `npm run` says about this package must not reach the npm of another folder. */
function npmEnvironment() {
  const own = /^npm_(package|lifecycle|config_(local_prefix|prefix))|^INIT_CWD$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
