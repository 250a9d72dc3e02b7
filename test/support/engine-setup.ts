import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

let preparation: ChildProcess | undefined;

/**
 * Once for all stories: begins what they need in a fresh folder. It goes on beside the tests of other projects, and each
 * file of this project waits for its end in `engine-ready.ts`. Stories live in folders below the fresh one, and find the
 * package the way any program finds its packages.
 */
export default function setup(): void {
  const fresh = mkdtempSync(join(tmpdir(), "bigcommerce-tokens-fresh-"));
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Package;
  process.env["TEST_FRESH"] = fresh;
  process.env["TEST_ENGINE"] = join(fresh, "engine");
  process.env["TEST_TARBALL"] = join(fresh, `${name}-${version}.tgz`);
  preparation = spawn(process.execPath, [join(__dirname, "prepare.mjs"), fresh], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // Not the terminal itself, in whose last lines jest shows what runs.
  preparation.stderr?.pipe(process.stderr, { end: false });
}

/** Ends the preparation if no test waits for it any more. */
export function endPreparation(): void {
  if (preparation?.pid === undefined || preparation.exitCode !== null) return;
  try {
    process.kill(-preparation.pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

interface Package {
  readonly name: string;
  readonly version: string;
}

export function installedVersion(name: string): string {
  const text = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as Package).version;
}
