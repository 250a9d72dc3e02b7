import { dirname, join } from "node:path";

import { decode } from "../files/read-text";
import type { System } from "../system";

/** A Pulumi project, as far as its file is plain YAML. */
interface Project {
  readonly folder: string;
  readonly name: string | undefined;
  /** The program's folder or file, relative to the project's folder. */
  readonly main: string | undefined;
}

/** The project of the working folder, by the project file there or in the nearest folder above. */
export async function findProject(system: Pick<System, "files" | "cwd">): Promise<Project | undefined> {
  const file = await nearest(system, system.cwd, "Pulumi.json", "Pulumi.yaml", "Pulumi.yml");
  if (file === undefined) return undefined;
  const text = decode(await system.files.read(file));
  const name = /^name:[ \t]*(["']?)([\w.-]+)\1[ \t]*(#.*)?\r?$/m.exec(text)?.[2];
  return { folder: dirname(file), name, main: mainIn(text) };
}

function mainIn(text: string): string | undefined {
  const value = /^main:(.*)$/m.exec(text)?.[1]?.trim() ?? "";
  const bare = value.replace(/^["']/, "").replace(/["']$/, "").trim();
  return bare === "" || /["'#]/.test(bare) ? undefined : bare;
}

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
