import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { strykerPlugins as jestPlugins } from "@stryker-mutator/jest-runner";

/** In the sandbox: a worker that starts later has not seen the first run. */
const TESTS_FILE = "stryker-tests.json";

/**
 * Stryker's own runner loads every related test file for every mutant, and goes on after a failure. This one loads the
 * files whose tests reach the mutant, the quickest first, and stops after a failure.
 */
function createTestRunner(injector) {
  const [plugin] = jestPlugins;
  const runner = injector.injectFunction(plugin.factory);
  const adapter = runner.jestTestAdapter;
  const runJest = adapter.run.bind(adapter);
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
      let result;
      for (const portion of portionsOf(filesFor(options))) {
        testFiles = portion;
        result = await runner.mutantRun(options);
        testFiles = undefined;
        if (result.status !== "survived") break;
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

/** A mutant in a constant has no `testFilter`: any test may notice it. The file named like the source comes first. */
function filesFor({ testFilter, activeMutant }) {
  const wanted = testFilter && new Set(testFilter);
  const files = JSON.parse(readFileSync(TESTS_FILE, "utf8"))
    .filter(({ ids }) => !wanted || ids.some((id) => wanted.has(id)))
    .map(({ fileName }) => fileName);
  const own = `${basename(activeMutant.fileName, ".ts")}.test.ts`;
  return [
    ...files.filter((file) => basename(file) === own),
    ...files.filter((file) => basename(file) !== own),
  ];
}

/** The first file by itself, then a few, then the rest: a start of jest costs as much as a small file. */
function portionsOf(files) {
  return [files.slice(0, 1), files.slice(1, 5), files.slice(5)].filter(
    (portion, at) => at === 0 || portion.length > 0,
  );
}
