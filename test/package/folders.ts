import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const ROOT = join(__dirname, "..", "..");

/** Folders for the tests of one file; all are removed after its last test. */
export function useFolders(): {
  /** Outside of every project: nothing resolves in it that a test does not put there. */
  readonly bare: () => string;
  /** Below the folder into which npm installed the tarball, as a program's folder would be. */
  readonly installed: () => string;
} {
  const made: string[] = [];
  const make = (parent: string) => {
    const folder = mkdtempSync(join(parent, "package-"));
    made.push(folder);
    return folder;
  };
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return { bare: () => make(tmpdir()), installed: () => make(required("TEST_FRESH")) };
}

/** Makes a package of one project resolvable in another, as `npm link` does. */
export function link(folder: string, name: string, target: string): void {
  const path = join(folder, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "dir");
}

export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run this file through jest's project "engine"`);
  return value;
}
