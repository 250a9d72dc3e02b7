import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, sep } from "node:path";

import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";

import { createTestFiles } from "./test-files.cjs";

/** In the sandbox: a worker that starts later has not seen the first run. */
const TESTS_FILE = "stryker-tests.json";

/** They wait for connections of other processes, seconds each. */
const LEFT_OUT = ["test/client/proxy.test.ts", "test/client/tls.test.ts"];

/** A slower file is not run twice for a mutant that it does not notice. */
const MAX_REPEATED_MS = 2_000;

/**
 * Runs tests with jest's own parts in the worker's process, and keeps the loaded files: a mutant is a switch in loaded
 * code, so that a test takes milliseconds, where a start of jest takes a second. A failure counts if it comes again, and
 * if the test passes without the mutant. A mutant that no test notices meets them once more in freshly loaded files.
 */
function createTestRunner(getLogger) {
  const log = getLogger("test-runner");
  const stryker = (globalThis.__stryker__ ??= {});
  const files = createTestFiles();
  /** The test files that noticed mutants of a source file, the latest first. */
  const noticedBy = new Map();

  /** Runs some tests of a file with the mutant, or without any. Their failures. */
  const run = async (file, isWanted, mutant, isFresh = false) => {
    stryker.activeMutant = mutant?.activeMutant.id;
    stryker.hitLimit = mutant?.hitLimit;
    stryker.hitCount = mutant?.hitLimit === undefined ? undefined : 0;
    try {
      const runFile = () => files.run(file, isWanted);
      const results = await (isFresh ? files.afresh(file, runFile) : runFile());
      return results.filter(({ error }) => error !== undefined);
    } catch (error) {
      return [{ id: `${file}: loads`, error: String(error) }];
    } finally {
      stryker.activeMutant = undefined;
    }
  };
  const isEndless = () => stryker.hitCount > stryker.hitLimit;

  /** The failure that the mutant causes, if it does. */
  const failureBy = async (file, isWanted, mutant, isFresh) => {
    const failures = await run(file, isWanted, mutant, isFresh);
    if (isEndless()) return failures[0];
    const isThat =
      ({ id }) =>
      (test) =>
        test === id || id.endsWith(": loads");
    // A test of random values may notice the mutant once, and the next test each time.
    for (const failed of failures) {
      const [without] = await run(file, isThat(failed), undefined);
      if (without !== undefined) {
        // Something is left of an earlier run. In a fresh file nothing is, or the worker is of no use any more.
        files.drop(file);
        if (isFresh && (await run(file, isThat(failed), undefined)).length > 0)
          throw new Error(without.error);
        return isFresh ? undefined : failureBy(file, isWanted, mutant, true);
      }
      const again = await run(file, isThat(failed), mutant, isFresh);
      if (again.length > 0) return failed;
    }
    return undefined;
  };

  return {
    init: () => Promise.resolve(),
    capabilities: () => ({ reloadEnvironment: true }),
    async dryRun({ files: sources }) {
      const tests = [];
      for (const file of testFiles()) {
        try {
          if (!files.reaches(file, sources)) continue;
          const results = await files.run(
            file,
            () => true,
            (id) => (stryker.currentTestId = id),
          );
          const failed = results.find(({ error }) => error !== undefined);
          if (failed) throw new Error(`${failed.id}: ${failed.error}`);
          tests.push(...results.map((result) => ({ ...result, file })));
        } catch (error) {
          files.drop(file);
          log.warn(`left out, because it needs jest itself: ${file}: ${String(error).slice(0, 300)}`);
        } finally {
          stryker.currentTestId = undefined;
        }
      }
      writeFileSync(TESTS_FILE, JSON.stringify(byFile(tests)));
      return {
        status: "complete",
        mutantCoverage: stryker.mutantCoverage,
        tests: tests.map(({ id, name, ms, file }) => ({
          ...{ id, name, timeSpentMs: ms, fileName: join(process.cwd(), file), status: 0 },
        })),
      };
    },
    async mutantRun(mutant) {
      const { activeMutant, testFilter } = mutant;
      const wanted = testFilter && new Set(testFilter);
      const isWanted = (id) => wanted?.has(id) ?? true;
      const known = noticedBy.get(activeMutant.fileName) ?? [];
      const reaching = JSON.parse(readFileSync(TESTS_FILE, "utf8")).filter(({ ids }) => ids.some(isWanted));
      // Code that runs when a file is loaded is only switched by loading it.
      for (const isFresh of wanted ? [false, true] : [true]) {
        const files = reaching.filter(({ ms }) => !wanted || !isFresh || ms < MAX_REPEATED_MS);
        for (const file of inOrder(files, [...known, ...namedLike(activeMutant.fileName, files)])) {
          const failure = await failureBy(file, isWanted, mutant, isFresh);
          if (isEndless()) return { status: "timeout", reason: "more than 100 times the rounds" };
          if (failure === undefined) continue;
          noticedBy.set(activeMutant.fileName, [...new Set([file, ...known])]);
          return {
            ...{ status: "killed", killedBy: [failure.id], failureMessage: failure.error, nrOfTests: 1 },
          };
        }
      }
      return { status: "survived", nrOfTests: reaching.length };
    },
  };
}
createTestRunner.inject = tokens(commonTokens.getLogger);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "in-process", createTestRunner)];

/** Those of a folder of test/, or one file. */
function testFiles() {
  const folder = join("test", process.env.MUTATION_TESTS);
  if (folder.endsWith(".test.ts")) return [folder.split(sep).join("/")];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(folder, name).split(sep).join("/"))
    .filter((file) => !LEFT_OUT.includes(file))
    .sort();
}

/** The quickest files first. */
function byFile(tests) {
  const found = new Map();
  for (const { id, file, ms } of tests) {
    const known = found.get(file) ?? { file, ids: [], ms: 0 };
    found.set(file, { file, ids: [...known.ids, id], ms: known.ms + ms });
  }
  return [...found.values()].sort((a, b) => a.ms - b.ms);
}

function namedLike(source, entries) {
  const name = `/${basename(source, ".ts")}.test.ts`;
  return entries.map(({ file }) => file).filter((file) => file.endsWith(name));
}

function inOrder(entries, first) {
  const files = entries.map(({ file }) => file);
  return [...new Set([...first.filter((file) => files.includes(file)), ...files])];
}
