import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { Stryker } from "@stryker-mutator/core";

import gates from "./gates.cjs";
import { assess, isOpen, listedIn, table } from "./report.cjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
/** A result for each mutant and test, for the next run. */
const REPORTS = "reports/mutation";
const USAGE =
  "usage: npm run mutation -- <file or folder>... [--tests unit,client,handlers] [--force] [--concurrency 1]\n";

/** A mutant with which a test file does not even load makes the tests fail as well. */
const FATES = {
  Killed: "noticed",
  RuntimeError: "noticed",
  Timeout: "endless",
  Survived: "unnoticed",
  NoCoverage: "unreached",
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Folders or files in test/, the quickest first. Each meets the mutants that none before it noticed. */
    tests: { type: "string", default: "unit,client,handlers" },
    /** Without it, a result of the last run counts as long as the source and its tests are the same. */
    force: { type: "boolean", default: false },
    concurrency: { type: "string", default: "1" },
  },
});

process.chdir(ROOT);
const files = positionals.flatMap(sourcesIn);
if (files.length === 0) {
  process.stderr.write(USAGE);
  process.exit(1);
}
const began = Date.now();
const mutants = await testMutants();
// A folder's gate is for all its files.
const isWhole = ({ path }) =>
  positionals.some((given) => `${path}/`.startsWith(`${relative(ROOT, resolve(given))}/`));
const listed = listedIn(readFileSync("docs/mutation.md", "utf8"));
const { counts, open, problems } = assess(mutants, listed, gates.filter(isWhole));
print([
  ...open.map(tell),
  ...mutants.filter(({ fate }) => fate === "endless").map(tell),
  ...["", table(counts), "", `${Math.round((Date.now() - began) / 60_000)} minutes, tests: ${options.tests}`],
  ...problems,
]);
process.exitCode = problems.length === 0 ? 0 : 1;

async function testMutants() {
  mkdirSync(REPORTS, { recursive: true });
  const found = new Map();
  for (const tests of options.tests.split(",")) {
    const left = [...found.values()].filter(isOpen);
    if (found.size > 0 && left.length === 0) break;
    print([`test/${tests}: ${found.size === 0 ? `${files.length} files` : `${left.length} mutants`}`]);
    const results = await runStryker(tests, found.size === 0 ? files : left.map(({ range }) => range));
    const isFirst = found.size === 0;
    for (const mutant of results.map(mutantOf).filter(({ file }) => files.includes(file))) {
      // A range holds the mutants inside of it as well, and a file of results those of earlier runs.
      const known = found.get(mutant.key);
      const isNews = known ? isOpen(known) && mutant.fate !== "unreached" : isFirst;
      if (isNews) found.set(mutant.key, mutant);
    }
  }
  return [...found.values()];
}

/** Stryker does not see that a new test may notice a constant: what no test noticed is run again. */
function forgetOpen(file) {
  if (!existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, "utf8"));
  for (const source of Object.values(report.files)) {
    source.mutants = source.mutants.filter(({ status }) => status === "Killed" || status === "Timeout");
  }
  writeFileSync(file, JSON.stringify(report));
}

function runStryker(tests, mutate) {
  const incrementalFile = `${REPORTS}/${tests.replaceAll("/", "-")}.json`;
  forgetOpen(incrementalFile);
  // The workers inherit it.
  process.env["MUTATION_TESTS"] = tests;
  return new Stryker({
    mutate,
    testRunner: "in-process",
    plugins: ["./tools/mutation/test-runner.mjs"],
    coverageAnalysis: "perTest",
    incremental: true,
    incrementalFile,
    force: options.force,
    concurrency: Number(options.concurrency),
    // A busy machine must not look like an endless loop.
    ...{ timeoutMS: 60_000, timeoutFactor: 10, dryRunTimeoutMinutes: 30 },
    // jest transpiles without types.
    disableTypeChecks: false,
    ignorePatterns: ["/dist", "/reports"],
    reporters: ["progress-append-only"],
    logLevel: "warn",
    warnings: { slow: false },
    allowEmpty: true,
    // Outside of the project, so that no other tool finds the copy.
    ...{ tempDirName: join(tmpdir(), "pulumi-bigcommerce-tokens-mutation"), cleanTempDir: "always" },
  }).runMutationTest();
}

function mutantOf({ fileName, location: { start, end }, mutatorName, replacement, status, statusReason }) {
  const file = relative(ROOT, resolve(fileName));
  const source = readFileSync(file, "utf8").split("\n");
  const lines = source.slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  const range = `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
  return {
    ...{ file, range, key: `${range} ${mutatorName} ${replacement}`, fate: FATES[status] ?? status },
    ...{ line: source[start.line - 1], original: lines.join("\n"), replacement, why: statusReason },
  };
}

/** In the form of the list in docs/mutation.md. */
function tell({ file, range, fate, line, original, replacement, why }) {
  const at = range.slice(file.length + 1).split("-")[0];
  const because = fate === "endless" && why !== undefined ? ` (${why.split("\n")[0]})` : "";
  return [
    `${fate}${because}: ${file}:${at}`,
    `- ${span(line)}`,
    `  - ${span(original)} → ${span(replacement)}:`,
  ].join("\n");
}

/** A code span of Markdown in one line. */
function span(code) {
  const text = code.replace(/\s+/g, " ").trim();
  if (!text.includes("`")) return `\`${text}\``;
  return `\`\` ${text} \`\``;
}

function sourcesIn(path) {
  const name = relative(ROOT, resolve(path));
  if (!statSync(name).isDirectory()) return [name];
  return readdirSync(name, { recursive: true })
    .filter((entry) => entry.endsWith(".ts"))
    .map((entry) => join(name, entry));
}

function print(lines) {
  process.stdout.write(`${lines.join("\n")}\n`);
}
