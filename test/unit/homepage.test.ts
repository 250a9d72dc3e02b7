import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { HOMEPAGE } from "../../provider/homepage";
import { run, runOk } from "../support/run";

const ROOT = join(__dirname, "..", "..");
const PLACEHOLDER = "https://example.invalid/pulumi-bigcommerce-tokens";
const ADDRESS = "https://git.example.com/acme/tokens";

let copy: string;
const env = () => ({ PATH: process.env["PATH"], HOME: copy, npm_config_update_notifier: "false" });
const read = (path: string) => readFileSync(join(copy, path), "utf8");
const manifest = () => JSON.parse(read("package.json")) as Record<string, unknown>;
const homepage = (argument: string) =>
  run("node", ["tools/homepage.mjs", argument], { cwd: copy, env: env() });
/** With `--force` npm asks no registry for the versions that are published. */
const publish = () => run("npm", ["publish", "--dry-run", "--force"], { cwd: copy, env: env() });

beforeEach(async () => {
  copy = mkdtempSync(join(tmpdir(), "homepage-"));
  for (const path of ["provider/homepage.ts", "tools/homepage.mjs", "package.json", ".prettierrc.json"]) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    // As it was before the repository had an address.
    const text = readFileSync(join(ROOT, path), "utf8").replaceAll(HOMEPAGE, PLACEHOLDER);
    writeFileSync(join(copy, path), text);
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const { scripts, ...rest } = manifest();
  // A build of the copy would prove nothing here.
  const { prepublishOnly = "" } = scripts as Record<string, string>;
  // The second part refuses to publish a folder at all.
  const [own] = prepublishOnly.split(" && ");
  writeFileSync(
    join(copy, "package.json"),
    JSON.stringify({ ...rest, scripts: { prepublishOnly: own } }, undefined, 2),
  );
  writeFileSync(join(copy, "page.md"), `[a](${PLACEHOLDER}/a), [b](${PLACEHOLDER}/b)\n`);
  writeFileSync(join(copy, "other.md"), "A page without the address.\n");
  await runOk("git", ["init", "--quiet"], { cwd: copy, env: env() });
  await runOk("git", ["add", "*.md"], { cwd: copy, env: env() });
  writeFileSync(join(copy, "untracked.md"), `${PLACEHOLDER}\n`);
});
afterEach(() => {
  rmSync(copy, { recursive: true, force: true });
});

it("nothing is published while the address of the repository is the placeholder", async () => {
  const { code, output } = await publish();
  expect(code).not.toBe(0);
  expect(output).toMatch(
    /^homepage: the address of the repository is still https:\/\/example\.invalid\/\S+: run `node tools\/homepage\.mjs https:.*` before you publish$/m,
  );
});

it.each(["", "git.example.com/acme/tokens", "http://git.example.com/acme/tokens", "https://git.example.com", "https://git.example.com/a b"])(
  "writes nothing for what is no https address of a repository: %p",
  async (address) => {
    const before = read("package.json");
    const { code, output } = await homepage(address);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^homepage: usage: [^\n]+\n$/) });
    expect(read("package.json")).toBe(before);
  },
); // prettier-ignore

it("the script writes the address into the manifest, its source and every tracked page, and the package can be published", async () => {
  const { code, output } = await homepage(`${ADDRESS}/`);
  expect({ code, output }).toEqual({ code: 0, output: "package.json\nprovider/homepage.ts\npage.md\n" });
  expect(read("page.md")).toBe(`[a](${ADDRESS}/a), [b](${ADDRESS}/b)\n`);
  expect(read("untracked.md")).toBe(`${PLACEHOLDER}\n`);
  expect(read("provider/homepage.ts")).toContain(`export const HOMEPAGE = "${ADDRESS}";`);
  expect(manifest()).toMatchObject({
    homepage: `${ADDRESS}#readme`,
    repository: { type: "git", url: `git+${ADDRESS}.git` },
    bugs: { url: `${ADDRESS}/issues` },
  });
  const published = await publish();
  expect(published.output).not.toMatch(/^homepage: /m);
  expect(published.code).toBe(0);
}, 60_000);

it("a later address takes the place of an earlier one", async () => {
  expect((await homepage(ADDRESS)).code).toBe(0);
  expect(read("page.md")).toContain(ADDRESS);
  expect((await homepage("https://git.example.com/acme/renamed")).code).toBe(0);
  expect(read("page.md")).not.toContain(ADDRESS);
});
