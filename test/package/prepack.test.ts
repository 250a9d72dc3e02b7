import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { begin, run } from "../support/run";
import { ROOT, useFolders } from "./folders";

const MANIFEST = readFileSync(join(ROOT, "package.json"), "utf8");

const folders = useFolders();
let folder: string;
beforeEach(() => {
  folder = clone();
});

/** The repository as far as packing goes: its manifest and its scripts. The build makes one file, and notes that it ran. */
function clone(build = 'require("fs").writeFileSync("dist/provider/index.js", "")'): string {
  const made = folders.bare();
  mkdirSync(join(made, "dist", "provider"), { recursive: true });
  cpSync(join(ROOT, "tools", "release"), join(made, "tools", "release"), { recursive: true });
  writeFileSync(join(made, "build.cjs"), build);
  const manifest = JSON.parse(MANIFEST) as { scripts: Record<string, string> };
  manifest.scripts["build"] = "node build.cjs";
  // Its first part has a test of its own.
  manifest.scripts["prepublishOnly"] = manifest.scripts["prepublishOnly"]?.split(" && ").at(-1) ?? "";
  writeFileSync(join(made, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return made;
}

const read = () => readFileSync(join(folder, "package.json"), "utf8");
/** All that git would see. */
const files = () =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !/^(node_modules|dist)(\/|$)|\.tgz$/.test(path))
    .sort();
const pack = (...args: readonly string[]) => ["pack", "--silent", ...args];
/** The npm that runs the tests may be told to print nothing. */
const options = () => ({ cwd: folder, env: { ...process.env, npm_config_loglevel: "error" } });
const hasPrepare = () => read().includes('"prepare"');

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

it("builds, packs a manifest without `prepare`, and leaves the clone's as it was", async () => {
  const [before, names] = [read(), files()];
  expect(await run("npm", pack(), options())).toMatchObject({ code: 0 });
  expect([read(), files()]).toEqual([before, names]);

  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const { output } = await run("tar", ["-xzOf", tarball, "package/package.json"], options());
  const { scripts, ...rest } = JSON.parse(before) as { scripts: Record<string, string> };
  const { prepare, ...others } = scripts;
  expect(prepare).toBe("npm run build");
  expect(JSON.parse(output)).toEqual({ ...rest, scripts: others });
  const listed = await run("tar", ["-tzf", tarball], options());
  expect(listed.output).toContain("package/dist/provider/index.js");
});

it("leaves the clone as it was if the tarball cannot be written", async () => {
  const [before, names] = [read(), files()];
  const { code, output } = await run(
    "npm",
    ["pack", "--pack-destination", join(folder, "nowhere")],
    options(),
  );
  expect([code, output]).toEqual([expect.any(Number), expect.stringContaining("ENOENT")]);
  expect(code).not.toBe(0);
  await until(hasPrepare);
  expect([read(), files()]).toEqual([before, names]);
});

it.each(["SIGKILL", "SIGINT"] as const)("leaves the clone as it was if %s ends npm while it packs", async (signal) => {
  const [before, names] = [read(), files()];
  const packing = begin("npm", pack(), options());
  await until(() => !hasPrepare());
  process.kill(-packing.pid!, signal);
  await packing.ended;
  await until(hasPrepare);
  expect([read(), files()]).toEqual([before, names]);
}); // prettier-ignore

it("changes nothing if the build fails, and packs nothing", async () => {
  folder = clone("process.exitCode = 1");
  const [before, names] = [read(), files()];
  expect((await run("npm", pack(), options())).code).not.toBe(0);
  expect([read(), files()]).toEqual([before, names]);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tgz"))).toEqual([]);
});

it("publishes no folder, whose manifest npm would read again after packing", async () => {
  const { code, output } = await run("npm", ["publish", "--dry-run"], options());
  expect([code, output]).toEqual([1, expect.stringContaining("publish the tarball that `npm pack` makes")]);
});

it("keeps what somebody else changed in the manifest meanwhile", async () => {
  const packing = begin("npm", pack(), options());
  await until(() => !hasPrepare());
  writeFileSync(join(folder, "package.json"), MANIFEST.replace('"version": "', '"version": "9'));
  await packing.ended;
  expect(read()).toContain('"version": "9');
});
