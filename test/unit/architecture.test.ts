import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { KINDS } from "../../provider/domain/kinds";

const ROOT = join(__dirname, "../..");
const DOCUMENT = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
const { PARTS, refusingPart } = jest.requireActual<{
  PARTS: Readonly<Record<string, readonly string[]>>;
  refusingPart: (file: string, target: string) => string | undefined;
}>("../../tools/lint/imports.cjs");

const [, picture = ""] = /```mermaid\n(.*?)```/s.exec(DOCUMENT) ?? [];
/** The paths that stand in the boxes of the picture, by the boxes' names. */
const boxes = new Map(
  [...picture.matchAll(/(\w+)\["([^"]+)"\]/g)].map(([, name = "", path = ""]) => [name, path]),
);
/** What imports what, as the picture shows it; dotted arrows stand for something else. */
const arrows = [...picture.matchAll(/(\w+)(?:\["[^"]*"\])? --> (\w+)/g)].flatMap(([, from = "", to = ""]) => {
  const [own, target] = [boxes.get(from), boxes.get(to)];
  return own === undefined || target === undefined ? [] : [{ own, target }];
});

/** A file of a part. */
function fileIn(path: string): string {
  return path.endsWith(".ts") ? path : join(path.replace("*", "status"), "any.ts");
}

describe("ARCHITECTURE.md", () => {
  it("names only files and folders that are there", () => {
    const named = [...DOCUMENT.matchAll(/[`"]((?:provider|cli|emulator|test|tools)\/[^`"\s]+)[`"]/g)]
      .map(([, path = ""]) => path.replace(/\/\*$/, ""))
      .filter((path) => !path.includes("<"));
    expect(named).toContain("provider/domain/kinds.ts");
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("draws no import that the linter refuses", () => {
    expect(arrows.length).toBeGreaterThan(15);
    expect(
      arrows.filter(({ own, target }) => refusingPart(fileIn(own), fileIn(target)) !== undefined),
    ).toEqual([]);
  });

  it("draws every folder that has rules of its own for its imports", () => {
    const folders = Object.keys(PARTS).filter((part) => !part.endsWith(".ts"));
    const inside = ["cli/commands/emulator", "cli/commands/audit/html/page"];
    expect([...boxes.values()]).toEqual(
      expect.arrayContaining(folders.filter((part) => !inside.includes(part))),
    );
  });
});

describe("a kind of token is data", () => {
  // The shortest path takes the header DELETE of every kind.
  const NAMES = Object.values(KINDS)
    .flatMap(({ name, className, family }) => [name, className, family])
    .filter((name) => name !== KINDS.storefront.family);
  /** A text that is a kind's name or path, or an entry of the table of kinds. */
  const NAMED = new RegExp(`["'\`](${NAMES.join("|")})["'\`]|\\bKINDS\\b`, "g");
  const COMMENT = /\/\*.*?\*\/|\/\/[^\n]*/gs;
  const namedIn = (text: string) => text.replace(COMMENT, "").match(NAMED) ?? [];

  it.each(["provider/handlers", "provider/host", "provider/bigcommerce", "provider/settings"])(
    "%s names none: what it does for one kind it does for all",
    (folder) => {
      const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".ts"));
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        const text = readFileSync(join(ROOT, folder, file), "utf8");
        expect({ file, named: namedIn(text) }).toEqual({ file, named: [] });
      }
    },
  );

  it("nor does what decides about a token, besides the table of kinds itself", () => {
    const files = readdirSync(join(ROOT, "provider/domain")).filter((name) => name.endsWith(".ts"));
    const naming = files.filter(
      (file) => namedIn(readFileSync(join(ROOT, "provider/domain", file), "utf8")).length > 0,
    );
    expect(naming).toEqual(["kinds.ts"]);
  });

  it("and a name of one would be found", () => {
    expect(namedIn('if (kind.name === "private") return KINDS.storefront;')).toHaveLength(2);
  });
});
