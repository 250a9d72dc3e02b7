import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

/** The files of the same folders that each file imports. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** What the sources below some folders import of one another, types included. Paths are taken from the root. */
export function importsOf(root: string, folders: readonly string[]): Imports {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join(folder, path)),
  );
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
      const targets = importedFiles
        .filter(({ fileName }) => fileName.startsWith("."))
        .flatMap(({ fileName }) => {
          const path = join(file, "..", fileName);
          return files.filter((each) => each === `${path}.ts` || each === join(path, "index.ts"));
        });
      return [file, targets];
    }),
  );
}

/** One circle for each file that closes one, as `a.ts > b.ts > a.ts`; none if no file imports itself, however indirectly. */
export function circlesIn(imports: Imports): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(" > "));
      return;
    }
    if (done.has(file)) return;
    for (const target of imports.get(file) ?? []) follow(target, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) follow(file, []);
  return circles;
}
