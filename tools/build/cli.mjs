import { build } from "esbuild";

import { bundle, ROOT } from "./bundle.mjs";

/** What the page of `audit --format html` runs: the filter of its events. */
const page = await build({
  absWorkingDir: ROOT,
  entryPoints: ["cli/commands/audit/html/page/main.ts"],
  write: false,
  bundle: true,
  minify: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  legalComments: "none",
  logLevel: "warning",
});
const [{ text: pageScript }] = page.outputFiles;

/** The package has it already, for tests: it is loaded from there. */
const emulator = {
  name: "emulator",
  setup({ onResolve }) {
    onResolve({ filter: /\/emulator$/ }, ({ kind }) =>
      kind === "require-call" ? { path: "../emulator/index.js", external: true } : undefined,
    );
  },
};

/** One file beside the emulator, so that whoever only uses the provider loads nothing of the command line. */
await bundle("cli/main.ts", "dist/cli/main.js", {
  define: { PAGE_SCRIPT: JSON.stringify(pageScript) },
  plugins: [emulator],
});
