import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { strykerPlugins as jestPlugins } from "@stryker-mutator/jest-runner";

/** In the sandbox: a worker that starts later has not seen the first run. */
const TESTS_FILE = "stryker-tests.json";

/**
 * Stryker's own runner loads every related test file for every mutant, and goes on after a failure. This one loads the
 * files whose tests reach the mutant, and stops after a failure. The file that noticed the mutant before comes first.
 */
function createTestRunner(injector) {
  const [plugin] = jestPlugins;
  const runner = injector.injectFunction(plugin.factory);
  const adapter = runner.jestTestAdapter;
  const runJest = adapter.run.bind(adapter);
  /** The test files that noticed mutants of a source file, the latest first. */
  const noticedBy = new Map();
  let testFiles;
  adapter.run = (settings) => runJest({ ...settings, ...(testFiles && { testFiles }) });
  return {
    init: () => runner.init(),
    capabilities: () => runner.capabilities(),
    async dryRun(options) {
      const result = await runner.dryRun(options);
      if (result.status === "complete") writeFileSync(TESTS_FILE, JSON.stringify(filesOf(result.tests)));
      return result;
    },
    async mutantRun(options) {
      const { fileName } = options.activeMutant;
      const first = noticedBy.get(fileName) ?? [];
      const reaching = filesFor(options);
      let result;
      for (const portion of portionsOf(inOrder(reaching, first, fileName))) {
        testFiles = portion.map((file) => file.fileName);
        result = await runner.mutantRun(options);
        testFiles = undefined;
        if (result.status !== "survived") {
          const by = portion.filter(({ ids }) => ids.some((id) => result.killedBy?.includes(id)));
          noticedBy.set(fileName, [...new Set([...by.map((file) => file.fileName), ...first])]);
          break;
        }
      }
      return result;
    },
  };
}
createTestRunner.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "jest-by-file", createTestRunner)];

function filesOf(tests) {
  const files = new Map();
  for (const { id, fileName, timeSpentMs } of tests) {
    const file = files.get(fileName) ?? { fileName, ids: [], ms: 0 };
    files.set(fileName, { ...file, ids: [...file.ids, id], ms: file.ms + timeSpentMs });
  }
  return [...files.values()].sort((a, b) => a.ms - b.ms);
}

/** A mutant in a constant has no `testFilter`: any test may notice it. */
function filesFor({ testFilter }) {
  const wanted = testFilter && new Set(testFilter);
  const files = JSON.parse(readFileSync(TESTS_FILE, "utf8"));
  return wanted ? files.filter(({ ids }) => ids.some((id) => wanted.has(id))) : files;
}

/** The given ones first, then the one named like the source, then the quickest. */
function inOrder(files, first, source) {
  const own = `${basename(source, ".ts")}.test.ts`;
  const rank = ({ fileName }) => {
    const at = first.indexOf(fileName);
    return at >= 0 ? at : basename(fileName) === own ? first.length : Infinity;
  };
  return files
    .map((file, at) => ({ file, rank: rank(file), at }))
    .sort((a, b) => (a.rank === b.rank ? a.at - b.at : a.rank - b.rank))
    .map(({ file }) => file);
}

/** The first file by itself, then a few, then the rest: a start of jest costs as much as a small file. */
function portionsOf(files) {
  const [first, ...rest] = [files.slice(0, 1), files.slice(1, 5), files.slice(5)];
  return [first, ...rest.filter((portion) => portion.length > 0)];
}
