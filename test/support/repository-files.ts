import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "..", "..");

/** The paths of what is or may be committed; of a copy without git, of all but what is installed or built. */
export function repositoryFiles(): string[] {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { status, stdout } = spawnSync("git", list, { cwd: ROOT, encoding: "utf8" });
  const paths = status === 0 ? stdout.split("\0") : filesBelow("");
  return paths.filter((path) => path !== "" && existsSync(join(ROOT, path)));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !["node_modules", "dist", ".git"].includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
    });
}
