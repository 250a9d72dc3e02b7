import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { COMPILER_FLAGS, folderOf, goEnvironment } from "../engine/go-build.mjs";
import { which } from "../engine/installed.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA = join(ROOT, "dist", "plugin", "schema.json");
const OUTPUT = join(ROOT, "sdk");
const LANGUAGES = ["go", "nodejs", "python"];

/** `npm run sdk`, or `npm run sdk -- python`: what users of the plugin import, from its schema. */
function generate(languages) {
  const unknown = languages.find((language) => !LANGUAGES.includes(language));
  if (unknown !== undefined) throw new Error(`no SDK for "${unknown}": there are ${LANGUAGES.join(", ")}`);
  if (!existsSync(SCHEMA)) throw new Error("no dist/plugin/schema.json: npm run build makes it");
  const go = which("go", process.env);
  if (!go) throw new Error("Go is not on PATH: the generators are Go modules");
  for (const language of languages) rmSync(join(OUTPUT, language), { recursive: true, force: true });
  run(go, ["run", ...COMPILER_FLAGS, "./sdk", SCHEMA, OUTPUT, ...languages], {
    cwd: folderOf("cli"),
    env: goEnvironment(process.env),
  });
  if (languages.includes("nodejs")) compile(join(OUTPUT, "nodejs"));
  // Its pyproject.toml names a README that the generator writes elsewhere.
  if (languages.includes("python")) copyReadme(join(OUTPUT, "python"));
  for (const language of languages) process.stdout.write(`${join(OUTPUT, language)}\n`);
}

/** The folder `bin` is the package: at run time its code reads its version from a package.json beside itself. */
function compile(folder) {
  const require = createRequire(import.meta.url);
  run(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", folder]);
  copyFileSync(join(folder, "package.json"), join(folder, "bin", "package.json"));
}

function copyReadme(folder) {
  copyFileSync(join(folder, "pulumi_bigcommerce", "README.md"), join(folder, "README.md"));
}

/** Standard output is for the folders. */
function run(command, args, options) {
  const { status } = spawnSync(command, args, { stdio: ["ignore", 2, 2], ...options });
  if (status !== 0) throw new Error(`${command} failed`);
}

try {
  const languages = process.argv.slice(2);
  generate(languages.length > 0 ? languages : LANGUAGES);
} catch (error) {
  process.stderr.write(`sdk: ${error.message}\n`);
  process.exitCode = 1;
}
