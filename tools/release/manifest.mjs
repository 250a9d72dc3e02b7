import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MANIFEST = join(ROOT, "package.json");
const KEPT = join(ROOT, "node_modules", ".cache", "release", "package.json");
const BETWEEN_LOOKS_MS = 20;

/**
 * `prepare` builds a clone when its dependencies are installed. npm lists it as an install script of the package, and packs
 * package.json as it stands on the disk: `prepack` takes it out, and `postpack` puts the file back.
 * npm omits `postpack` if packing fails or is interrupted. Then `restore-after` puts the file back, a process of its own.
 */
const STEPS = {
  prepack() {
    restore();
    const { status } = spawnSync("npm", ["run", "build"], { cwd: ROOT, stdio: "inherit", shell: true });
    if (status !== 0) throw new Error("the build failed");
    const text = readFileSync(MANIFEST, "utf8");
    mkdirSync(dirname(KEPT), { recursive: true });
    writeFileSync(KEPT, text);
    // The parent is npm itself, because the script in package.json begins with `exec`.
    const args = [fileURLToPath(import.meta.url), "restore-after", `${process.ppid}`];
    spawn(process.execPath, args, { detached: true, stdio: "ignore" }).unref();
    replace(withoutPrepare(text));
  },
  postpack: restore,
  // npm would describe the version by the manifest that `postpack` has put back.
  prepublishOnly() {
    throw new Error("publish the tarball that `npm pack` makes, not the folder: CONTRIBUTING.md, Releasing");
  },
  async "restore-after"(npm) {
    while (kept() !== undefined && isAlive(Number(npm))) await pause(BETWEEN_LOOKS_MS);
    restore();
  },
};

/** A change that somebody else made to the file in the meantime stays. */
function restore() {
  const text = kept();
  if (text !== undefined && readFileSync(MANIFEST, "utf8") === withoutPrepare(text)) replace(text);
  rmSync(KEPT, { force: true });
}

function kept() {
  try {
    return readFileSync(KEPT, "utf8");
  } catch {
    return undefined;
  }
}

function withoutPrepare(text) {
  const manifest = JSON.parse(text);
  delete manifest.scripts.prepare;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** By a rename, so that no other process reads half of it. */
function replace(text) {
  const next = join(dirname(KEPT), `next-${process.pid}.json`);
  writeFileSync(next, text);
  renameSync(next, MANIFEST);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

const [step, ...args] = process.argv.slice(2);
try {
  await STEPS[step](...args);
} catch (error) {
  process.stderr.write(`${step}: ${error.message}\n`);
  process.exitCode = 1;
}
