import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { build } from "esbuild";

import { ROOT } from "../build/bundle.mjs";

const OUTPUT = join(ROOT, "node_modules", ".cache", "docs", "sources.cjs");

/** What the pages are made of, from the sources themselves: a build may be older. */
export async function loadSources() {
  mkdirSync(dirname(OUTPUT), { recursive: true });
  await build({
    stdin: {
      contents: `
        export { ERROR_GROUPS } from "./provider/error-codes";
        export { KINDS } from "./provider/domain/kinds";
        export { runProgram } from "./cli/program";`,
      resolveDir: ROOT,
    },
    outfile: OUTPUT,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["axios"],
    define: { PAGE_SCRIPT: '""' },
    logLevel: "warning",
  });
  return createRequire(import.meta.url)(OUTPUT);
}
