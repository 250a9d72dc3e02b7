import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/**
 * Once for all stories: makes sure of the engine, packs the package, and installs the tarball into a fresh folder.
 * Stories live in folders below it, and find it the way any program finds its packages.
 */
export default function setup(): void {
  const engine = execFileSync("node", ["tools/engine/ensure.mjs"], { cwd: ROOT, encoding: "utf8" });
  const fresh = mkdtempSync(join(tmpdir(), "bigcommerce-tokens-fresh-"));
  try {
    process.env["TEST_TARBALL"] = installPacked(fresh);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  process.env["TEST_ENGINE"] = engine.trim().split("\n").at(-1);
  process.env["TEST_FRESH"] = fresh;
}

/** Packs the package and installs it into the folder; returns the tarball. */
function installPacked(fresh: string): string {
  const npm = (args: string[], cwd: string) =>
    execFileSync("npm", args, { cwd, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  npm(["pack", "--silent", "--pack-destination", fresh], ROOT);
  const tarball = readdirSync(fresh).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error("npm pack made no tarball");
  writeFileSync(join(fresh, "package.json"), JSON.stringify({ name: "fresh", private: true }));
  npm(
    [
      "install",
      `./${tarball}`,
      ...["@pulumi/pulumi", "typescript", "ts-node"].map((name) => `${name}@${installedVersion(name)}`),
      ...["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"],
    ],
    fresh,
  );
  return join(fresh, tarball);
}

export function installedVersion(name: string): string {
  const text = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
