import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `npm run flakes -- [paths] [options]
Runs tests several times, files and tests in random order, and tells which failed. The tests of a story on the real engine
keep their order, because each goes on from the one before.

paths              as for jest; default: all tests of the projects
--runs N           default 3; every third run is beside a busy loop on each core
--project NAME     of jest.config.cjs, may be repeated; default: unit and faults
--seed N           of the first run, each later one has the next number; default: random
--busy             every run is beside the busy loops
--workers N        as for jest
--config FILE      as for jest
`;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const JEST = fileURLToPath(import.meta.resolve("jest/bin/jest"));
const SEQUENCER = fileURLToPath(new URL("random-files.cjs", import.meta.url));
const PROJECTS = ["unit", "faults"];
/** Of these projects only the files are in random order. */
const ORDERED = ["engine", "plugin"];
const BUSY_EVERY = 3;
const MAX_SEED = 2 ** 31 - 1;
const MAX_MESSAGE_LINES = 30;
/** Ends with its parent, however that ends. */
const BUSY_LOOP = "const parent = process.ppid; while (process.ppid === parent);";

const { values, positionals: paths } = optionsOf(process.argv.slice(2));
if (values.help) process.stdout.write(HELP);
else process.exitCode = (await runAll()) ? 0 : 1;

function optionsOf(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        runs: { type: "string", default: "3" },
        project: { type: "string", multiple: true },
        seed: { type: "string" },
        busy: { type: "boolean", default: false },
        workers: { type: "string" },
        config: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}`);
    process.exit(1);
  }
}

/** True if no test failed in any run. */
async function runAll() {
  const runs = wholeNumber("runs", 1, 10_000);
  const first =
    values.seed === undefined ? randomInt(MAX_SEED - runs) : wholeNumber("seed", 0, MAX_SEED - runs);
  let failedRuns = 0;
  const told = new Set();
  for (let run = 1; run <= runs; run += 1) {
    const seed = first + run - 1;
    const isBusy = values.busy || run % BUSY_EVERY === 0;
    const began = performance.now();
    const { passed, failures } = await besideBusyLoops(isBusy, () => runOnce(seed));
    const load = isBusy ? `, beside ${availableParallelism()} busy loops` : "";
    const seconds = Math.round((performance.now() - began) / 1_000);
    print(
      `run ${run} of ${runs}, seed ${seed}${load}: ${passed} passed, ${failures.length} failed (${seconds} s)`,
    );
    if (failures.length > 0 || passed === 0) failedRuns += 1;
    for (const failure of failures) tell(failure, seed, isBusy, told);
  }
  print(`${failedRuns} of ${runs} runs failed`);
  return failedRuns === 0;
}

function tell({ file, title, message }, seed, isBusy, told) {
  print(`  ${file}: ${title}`);
  print(`    again: ${replay(file, seed, isBusy)}`);
  if (!told.has(file + title))
    print(
      message
        .split("\n")
        .slice(0, MAX_MESSAGE_LINES)
        .map((line) => `    ${line}`)
        .join("\n"),
    );
  told.add(file + title);
}

/** The order of a file's tests follows from the seed alone, so the file is run by itself. */
function replay(file, seed, isBusy) {
  const given = ["project", "config"].flatMap((name) =>
    [values[name] ?? []].flat().map((value) => `--${name} ${value}`),
  );
  return [
    "npm run flakes --",
    file,
    "--runs 1",
    `--seed ${seed}`,
    ...(isBusy ? ["--busy"] : []),
    ...given,
  ].join(" ");
}

async function runOnce(seed) {
  const folder = mkdtempSync(join(tmpdir(), "flakes-"));
  const file = join(folder, "results.json");
  try {
    const printed = await jest([
      ...paths,
      ...(values.config === undefined
        ? ["--selectProjects", ...(values.project ?? PROJECTS)]
        : ["--config", values.config]),
      ...(values.workers === undefined ? [] : ["--maxWorkers", values.workers]),
      ...(values.project?.some((name) => ORDERED.includes(name)) ? [] : ["--randomize"]),
      ...["--seed", String(seed), "--testSequencer", SEQUENCER],
      ...["--json", "--outputFile", file],
    ]);
    return outcomeOf(file, printed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What jest printed. Its exit code says no more than its results. */
function jest(args) {
  return new Promise((resolve, reject) => {
    let printed = "";
    const child = spawn(process.execPath, [JEST, ...args], {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.on("data", (text) => (printed += text));
    child.on("error", reject);
    child.on("close", () => resolve(printed));
  });
}

function outcomeOf(file, printed) {
  let results;
  try {
    results = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {
      passed: 0,
      failures: [{ file: paths.join(" "), title: "jest did not finish", message: printed }],
    };
  }
  const failures = results.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const path = name.startsWith(ROOT) ? relative(ROOT, name) : name;
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && status === "failed") return [{ file: path, title: "did not run", message }];
    return failed.map(({ fullName, failureMessages }) => ({
      file: path,
      title: fullName,
      message: failureMessages.join("\n"),
    }));
  });
  return { passed: results.numPassedTests, failures };
}

async function besideBusyLoops(isBusy, run) {
  const loops = isBusy
    ? Array.from({ length: availableParallelism() }, () =>
        spawn(process.execPath, ["-e", BUSY_LOOP, String(process.pid)]),
      )
    : [];
  try {
    return await run();
  } finally {
    await Promise.all(loops.map(ended));
  }
}

function ended(loop) {
  return new Promise((resolve) => {
    loop.once("close", resolve);
    loop.kill();
  });
}

function wholeNumber(name, least, most) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  process.stderr.write(`--${name} is a whole number from ${least} to ${most}\n`);
  process.exit(1);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
