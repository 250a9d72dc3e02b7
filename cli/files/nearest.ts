import { dirname, join } from "node:path";

import type { System } from "../system";

/** The path of a file with one of these names, in the folder or in the nearest folder above it. */
export async function nearest(
  system: Pick<System, "files">,
  folder: string,
  ...names: readonly string[]
): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    try {
      await system.files.read(path);
      return path;
    } catch {
      // It may be further up.
    }
  }
  return dirname(folder) === folder ? undefined : nearest(system, dirname(folder), ...names);
}
