import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { sectionOf, sectionsOf } from "../support/page";

const ROOT = join(__dirname, "..", "..");
const block = (page: string, section: string, language: string) =>
  sectionOf(sectionsOf(page), section).blocks.find((each) => each.language === language)?.text;

/** Where the programs stand that other tests run. */
const PROGRAMS = ["examples", "test/plugin/programs"];
const FIRST_PROGRAM = "Write the first program";

it.each([
  ["yaml", "yaml/Pulumi.yaml", /^resources:\n( .*\n)+/m],
  ["python", "python/__main__.py", /^import [^]*^\)\n/m],
  ["ts", "typescript/index.ts", /^import [^]*^\}\);\n/m],
])("use-the-plugin.md declares in %s what a test runs", (language, file, declaration) => {
  const texts = PROGRAMS.map((folder) => join(ROOT, folder, file))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8"));
  const [declared = "nothing"] = declaration.exec(block("how-to/use-the-plugin.md", FIRST_PROGRAM, language) ?? "") ?? [];
  expect(texts.join("\n")).toContain(declared);
}); // prettier-ignore

it.each([
  ["1. ", "ts", "index.ts"],
  ["2. ", "js", "server.mjs"],
])('impersonation-token.md shows under "%s" the example, which a test runs', (section, language, file) => {
  const example = readFileSync(join(ROOT, "examples", "impersonation", file), "utf8");
  expect(block("how-to/impersonation-token.md", section, language)).toBe(example);
});

it.each([
  ...["emulator-in-ci", "impersonation-token", "move-from-curl", "move-from-pulumi-command"],
  ...["upgrade-from-0.1", "use-the-plugin"],
])("docs/how-to/%s.md links only headings of its own that exist", (name) => {
  const sections = sectionsOf(`how-to/${name}.md`);
  const anchors = sections.map(({ heading }) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  const links = sections.flatMap(({ text }) => [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link));
  expect(links.filter((link) => !anchors.includes(link ?? ""))).toEqual([]);
});
