/**
 * What the package takes beside a provider that does nothing and one written by hand, on the real engine:
 * `npm run bench`, or `npm run bench -- --full`. Prints tables and JSON, and writes them into docs/performance.md.
 * To measure less, without writing: `--only cycles,process,cli`, `--tokens 50`, `--runs 1`, `--variants noop,ours`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import prettier from "prettier";

import { measureCommandLine } from "./command-line.mjs";
import { best } from "./cycle.mjs";
import { measureProcess } from "./provider-process.mjs";
import report from "./report.cjs";
import { install, ROOT, versionOf } from "./workspace.mjs";

const DOCUMENT = join(ROOT, "docs", "performance.md");
const ALL = ["noop", "by-hand", "ours"];
/** The number of tokens of the goals. */
const GOAL_TOKENS = 200;
const PROCESS_TOKENS = 100;

const { values: options } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    only: { type: "string" },
    tokens: { type: "string" },
    runs: { type: "string" },
    variants: { type: "string" },
  },
});
const isNarrowed = ["only", "tokens", "runs", "variants"].some((name) => options[name] !== undefined);
const parts = options.only?.split(",") ?? ["cycles", "process", "cli"];
/** Fewer where a run takes long, or where no goal is. */
const RUNS = { [GOAL_TOKENS]: 3 };
const runsOf = (tokens) => Number(options.runs ?? RUNS[tokens] ?? 2);
const variants = options.variants?.split(",") ?? ALL;
const numbers = options.tokens?.split(",").map(Number) ?? [1, 50, GOAL_TOKENS];

const started = Date.now();
const say = (text) =>
  process.stderr.write(`bench: ${Math.round((Date.now() - started) / 1_000)} s, ${text}\n`);

/** What `--full` adds. A hand-written provider gives up at the quota, so it is not there. */
const MORE = [
  { scenario: "typescript", tokens: 500, variants: ["noop", "ours"] },
  { scenario: "javascript", tokens: GOAL_TOKENS, isTyped: false },
  { scenario: "plugin", tokens: GOAL_TOKENS, variants: ["ours", "plugin"], runs: 2 },
  {
    scenario: "latency",
    tokens: GOAL_TOKENS,
    store: { latencyMs: 100 },
    variants: ["by-hand", "ours"],
    runs: 1,
  },
  {
    scenario: "quota",
    tokens: GOAL_TOKENS,
    store: { quota: { requests: 150, windowMs: 30_000 } },
    variants: ["ours"],
    runs: 1,
  },
];
const CYCLES = [
  ...numbers.map((tokens) => ({ scenario: "typescript", tokens })),
  ...(options.full ? MORE : []),
];

const installed = await install();
say(`installed in ${installed.folder}`);
try {
  const results = { machine: machine(), cycles: {} };
  if (parts.includes("cycles")) {
    for (const { scenario, ...cycle } of CYCLES) {
      const runs = runsOf(cycle.tokens);
      const given = { variants, runs, say, ...cycle };
      const measured = { ...(await best(installed, given)), runs: given.runs };
      results.cycles[scenario] = { ...results.cycles[scenario], [cycle.tokens]: measured };
    }
  }
  if (parts.includes("process")) {
    say("the provider's process");
    const of = (variant) => measureProcess(installed, { variant, tokens: PROCESS_TOKENS });
    results.process = { noop: await of("noop"), ours: await of("ours") };
  }
  if (parts.includes("cli")) {
    say("the command line");
    results.commandLine = await measureCommandLine(installed, { runs: 5 });
  }
  const text = await shown(results);
  process.stdout.write(`${text}\n${JSON.stringify(results)}\n`);
  if (!isNarrowed) await write(text);
} finally {
  rmSync(installed.folder, { recursive: true, force: true });
}
say("done");

/** The figures of a default run and those of a full one stand beside each other until they are measured again. */
async function write(text) {
  const name = options.full ? "full" : "default";
  const document = report.replacePart(readFileSync(DOCUMENT, "utf8"), name, text);
  writeFileSync(DOCUMENT, document);
}

async function shown(results) {
  const rows = report.goalRows(results);
  const text = [
    machineLine(results.machine),
    ...(rows.length > 0 ? [report.goalTable(rows)] : []),
    ...report.cycleTables(results).flatMap(({ title, text: table }) => [`**${title}**`, table]),
  ].join("\n\n");
  return prettier.format(text, { ...(await prettier.resolveConfig(DOCUMENT)), parser: "markdown" });
}

function machine() {
  const [{ model }] = cpus();
  return {
    command: ["npm run bench", ...(options.full ? ["-- --full"] : [])].join(" "),
    commit: execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim(),
    date: new Date(started).toISOString().slice(0, 10),
    cores: cpus().length,
    model,
    node: process.version,
    pulumi: execFileSync(join(installed.engine, "pulumi"), ["version"], { encoding: "utf8" }).trim(),
    sdk: versionOf("@pulumi/pulumi"),
  };
}

function machineLine({ command, commit, date, cores, model, node, pulumi, sdk }) {
  return (
    `\`${command}\` on ${date}, commit ${commit}: ${cores} cores (${model}), Node.js ${node}, ` +
    `Pulumi ${pulumi}, @pulumi/pulumi ${sdk}.`
  );
}
