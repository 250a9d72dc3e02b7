import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runOk } from "../support/run";
import { commandsOf, readYaml, type Workflow } from "../support/workflow";
import { required, ROOT, useFolders } from "./folders";

const VERSION = "12.3.4";
const { jobs } = readYaml(join(ROOT, ".github", "workflows", "release.yml")) as Workflow;
const commands = commandsOf(jobs["pack"]!, {}, {}).filter(({ script }) => script !== "npm ci");

const folders = useFolders();
const env = { ...process.env, GITHUB_REF_NAME: `v${VERSION}` };

/** The repository as far as a release needs it. Its build is there already. */
function checkout(homepage = "https://git.example.com/acme/tokens"): string {
  const folder = folders.bare();
  const installed = join(required("TEST_FRESH"), "node_modules", "pulumi-bigcommerce-tokens");
  cpSync(join(ROOT, "tools"), join(folder, "tools"), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  cpSync(join(installed, "dist"), join(folder, "dist"), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  mkdirSync(join(folder, "provider"));
  writeFileSync(join(folder, "provider", "homepage.ts"), `export const HOMEPAGE = "${homepage}";\n`);
  manifest.scripts["build"] = "node --version";
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, version: VERSION }, undefined, 2),
  );
  writeFileSync(
    join(folder, "CHANGELOG.md"),
    `# Changelog\n\n## ${VERSION} - 2027-01-02\n\n- What is new.\n`,
  );
  return folder;
}

it("makes the package, the plugin's archive, their checksums and the notes", async () => {
  const cwd = checkout();
  expect(commands.length).toBeGreaterThan(0);
  for (const { script } of commands) await runOk("bash", ["-e", "-c", script], { cwd, env });

  const release = join(cwd, "release");
  const [tarball, archive] = [
    `pulumi-bigcommerce-tokens-${VERSION}.tgz`,
    `pulumi-resource-bigcommerce-v${VERSION}.tar.gz`,
  ];
  expect(readdirSync(release).sort()).toEqual(["SHA256SUMS", "notes.md", tarball, archive]);
  expect(readFileSync(join(release, "notes.md"), "utf8")).toBe("- What is new.\n");
  const checked = await runOk("sha256sum", ["--check", "SHA256SUMS"], { cwd: release, env });
  expect(checked.trim().split("\n")).toEqual([`./${tarball}: OK`, `./${archive}: OK`]);
  const listed = await runOk("tar", ["-tvzf", archive], { cwd: release, env });
  expect(listed.trim().split("\n")).toEqual([
    expect.stringMatching(/^-rwxr-xr-x .* pulumi-resource-bigcommerce$/),
    expect.stringMatching(/ schema\.json$/),
    expect.stringMatching(/ licenses\.txt$/),
  ]);
});

it("makes nothing while the address of the repository is a placeholder", async () => {
  const cwd = checkout("https://example.invalid/pulumi-bigcommerce-tokens");
  const [first] = commands;
  await expect(runOk("bash", ["-e", "-c", first?.script ?? ""], { cwd, env })).rejects.toThrow(/homepage/);
});
