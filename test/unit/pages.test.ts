import { readFileSync } from "node:fs";
import { join } from "node:path";

import { sectionOf, sectionsOf } from "../support/page";

const ROOT = join(__dirname, "..", "..");
const block = (page: string, section: string, language: string) =>
  sectionOf(sectionsOf(page), section).blocks.find((each) => each.language === language)?.text;

/** Other tests run these files. */
it.each([
  ["how-to/use-the-plugin.md", "Write the first program", "yaml", "test/plugin/programs/yaml/Pulumi.yaml"],
  ["how-to/use-the-plugin.md", "Write the first program", "python", "test/plugin/programs/python/__main__.py"],
  ["how-to/use-the-plugin.md", "Write the first program", "ts", "test/plugin/programs/typescript/index.ts"],
  ["how-to/impersonation-token.md", "1. ", "ts", "examples/impersonation/index.ts"],
  ["how-to/impersonation-token.md", "2. ", "js", "examples/impersonation/server.mjs"],
])("%s shows under \"%s\" the %s program that stands in %s", (page, section, language, file) => {
  expect(block(page, section, language)).toBe(readFileSync(join(ROOT, file), "utf8"));
}); // prettier-ignore

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
