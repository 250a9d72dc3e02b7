import { spawn } from "node:child_process";

/**
 * What was found before about files that are the same, by their content. The linter has no such place: what it says
 * of a file depends on the types of others, which its cache does not know.
 */
const CACHE = "node_modules/.cache/static-checks";
const types = (name) => `tsc --incremental --tsBuildInfoFile ${CACHE}/${name}.tsbuildinfo`;

/** Format and types beside the linter, which takes as long as both; a failure is told whole, the others' too. */
const COLUMNS = [
  [
    `prettier --check . --cache --cache-strategy content --cache-location ${CACHE}/prettier`,
    types("all"),
    `${types("page")} -p cli/commands/audit/html/page`,
  ],
  ["eslint ."],
];

/** The commands are names of this repository's own tools, which npm has put on PATH. */
function run(command) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, { shell: true });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("close", (code) => {
      process.stdout.write(code === 0 ? `ok: ${command}\n` : `failed: ${command}\n${output}`);
      resolve(code === 0);
    });
  });
}

async function column(commands) {
  let ok = true;
  for (const command of commands) ok = (await run(command)) && ok;
  return ok;
}

const passed = await Promise.all(COLUMNS.map(column));
process.exitCode = passed.every(Boolean) ? 0 : 1;
