import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const CHANGELOG = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "release-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function notes(tag: string, manifest: string, changelog: string): string {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version: manifest }));
  writeFileSync(join(folder, "CHANGELOG.md"), changelog);
  const script = join(ROOT, "tools", "release", "notes.mjs");
  try {
    return execFileSync(process.execPath, [script, tag, folder], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

const TWO =
  "# Changelog\n\n## 0.2.0 - 2027-01-02\n\n- new\n\nTokens\n\n- more\n\n## 0.1.0 - 2026-01-02\n\n- old\n";

it("are the section of the tag's version", () => {
  expect(notes("v0.2.0", "0.2.0", TWO)).toBe("- new\n\nTokens\n\n- more\n");
  expect(notes("v0.1.0", "0.1.0", TWO)).toBe("- old\n");
});

it.each([
  ["the manifest has another version", "v0.2.1", "0.2.0", TWO, "the tag is v0.2.1, and package.json has 0.2.0"],
  ["the changelog lacks the version", "v0.3.0", "0.3.0", TWO, 'CHANGELOG.md has no section "## 0.3.0 - <date>"'],
  ["a longer version is there", "v0.2", "0.2", TWO, 'CHANGELOG.md has no section "## 0.2 - <date>"'],
  ["it is not dated", "v0.2.0", "0.2.0", "## 0.2.0 - unreleased\n\n- new\n", '"## 0.2.0 - unreleased" has no date'],
])("are refused if %s", (_, tag, manifest, changelog, message) => {
  expect(notes(tag, manifest, changelog)).toBe(`release: ${message}\n`);
}); // prettier-ignore

describe("CHANGELOG.md", () => {
  const headings = [...CHANGELOG.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);

  it("has a date for each version but the coming one, newest first", () => {
    const [coming, ...released] = headings;
    expect(coming).toMatch(/^\d+\.\d+\.\d+ - (unreleased|\d{4}-\d{2}-\d{2})$/);
    for (const heading of released) expect(heading).toMatch(/^\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}$/);
    const dates = released.map((heading) => heading?.split(" - ")[1]);
    expect(dates).toEqual([...dates].sort().reverse());
  });

  it("has a section for the version of package.json", () => {
    expect(headings.map((heading) => heading?.split(" ")[0])).toContain(version);
  });
});
