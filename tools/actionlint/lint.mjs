import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { run } from "../engine/run.mjs";
import { ensureActionlint } from "./actionlint.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Those that run here, and those that readers copy. */
const FOLDERS = [
  ...[".github/workflows", "examples/workflows"],
  ...readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}/.github/workflows`),
];
/** They would judge only where they are installed. */
const NO_OTHER_LINTERS = ["-shellcheck=", "-pyflakes="];

/** `npm run actionlint`, or `npm run actionlint -- FILE`. */
try {
  const given = process.argv.slice(2);
  const files = given.length > 0 ? given : workflows();
  const linter = await ensureActionlint();
  const { code, stdout, stderr } = await run(linter, ["-no-color", ...NO_OTHER_LINTERS, ...files], {
    cwd: ROOT,
    env: process.env,
  });
  process.stdout.write(code === 0 ? `ok: ${files.join(", ")}\n` : stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`actionlint: ${error.message}\n`);
  process.exitCode = 1;
}

function workflows() {
  return FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
}
