import { dirname, join } from "node:path";

import type { System } from "../system";

/** A file of one of these names in the folder, or in the nearest above it. */
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
      // It may stand further up.
    }
  }
  return dirname(folder) === folder ? undefined : nearest(system, dirname(folder), ...names);
}
