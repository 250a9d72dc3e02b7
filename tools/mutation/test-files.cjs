const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join, resolve, sep } = require("node:path");

const Module = require("node:module");
const ts = require("typescript");

// The parts of which jest itself consists.
const circus = require("jest-circus");
const { jestExpect } = createRequire(require.resolve("jest-circus"))("@jest/expect");
const { ModuleMocker } = createRequire(require.resolve("jest-circus"))("jest-mock");

const TEST_TIMEOUT_MS = 20_000;
const OPTIONS = {
  ...{ module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  ...{ esModuleInterop: true, isolatedModules: true },
};

/** The test files of the working directory, each loaded with its own copies of the sources, as jest does. */
function createTestFiles() {
  const root = process.cwd() + sep;
  const compiled = new Map();
  const loaded = new Map();
  const strays = [];
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.on(event, (error) => strays.push(error));
  }

  const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
  Object.assign(globalThis, { describe, it, test, beforeAll, beforeEach, afterAll, afterEach });
  globalThis.expect = jestExpect;
  const mocker = new ModuleMocker(globalThis);
  globalThis.__jestOf = (requireFromFile) => ({
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: () => mocker.restoreAllMocks(),
    requireActual: requireFromFile,
  });
  Module._extensions[".ts"] = (module, path) => {
    let text = compiled.get(path);
    if (text === undefined) {
      const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), {
        compilerOptions: OPTIONS,
        fileName: path,
      });
      text = path.startsWith(join(root, "test") + sep)
        ? `const jest = __jestOf(require);${outputText}`
        : outputText;
      compiled.set(path, text);
    }
    module._compile(text, path);
  };

  const own = () => Object.keys(require.cache).filter((path) => path.startsWith(root));
  /** Makes the modules of one file the ones that `require` finds. */
  const enter = (modules) => {
    for (const path of own()) delete require.cache[path];
    Object.assign(require.cache, modules);
  };
  const leave = () => Object.fromEntries(own().map((path) => [path, require.cache[path]]));

  const load = (file) => {
    const known = loaded.get(file);
    if (known) return known;
    enter({});
    circus.resetState();
    require(resolve(file));
    const entry = { state: circus.getState(), modules: leave() };
    entry.state.testTimeout = TEST_TIMEOUT_MS;
    loaded.set(file, entry);
    return entry;
  };

  return {
    /** Whether the file loads one of the sources, given by their whole paths. */
    reaches(file, sources) {
      const { modules } = load(file);
      return sources.some((source) => modules[source] !== undefined);
    },
    drop: (file) => void loaded.delete(file),
    /** Runs something with a copy of the file that is loaded for it alone. */
    async afresh(file, act) {
      const known = loaded.get(file);
      loaded.delete(file);
      try {
        return await act();
      } finally {
        loaded.delete(file);
        if (known) loaded.set(file, known);
      }
    },
    /** The results of the wanted tests: their ids, names and times, and the error of those that failed. */
    async run(file, isWanted, onStart = () => undefined) {
      const entry = load(file);
      enter(entry.modules);
      circus.setState(entry.state);
      strays.length = 0;
      const idOf = (name) => `${file}: ${name}`;
      Object.assign(entry.state, {
        ...{ testNamePattern: { test: (name) => isWanted(idOf(name)) }, unhandledErrors: [] },
        ...{ hasStarted: false, currentlyRunningTest: null },
      });
      const tests = testsIn(entry.state.rootDescribeBlock);
      for (const each of tests) Object.assign(each, { errors: [], status: null });
      const listener = ({ name, test: each }) => {
        if (name === "test_start") onStart(idOf(nameOf(each)));
        if (name === "test_done") onStart(undefined);
      };
      circus.addEventHandler(listener);
      try {
        await circus.run();
      } finally {
        circus.removeEventHandler(listener);
        entry.modules = leave();
      }
      const [stray] = [...strays, ...entry.state.unhandledErrors.flat()].filter(
        (error) => error !== undefined,
      );
      const results = tests
        .filter(({ status }) => status === "done")
        .map((each) => ({
          ...{ id: idOf(nameOf(each)), name: nameOf(each), ms: each.duration ?? 0 },
          ...(each.errors.length > 0 && { error: textOf(each.errors[0]) }),
        }));
      return stray === undefined ? results : [...results, { id: `${file}: loads`, error: textOf(stray) }];
    },
  };
}

function testsIn(block) {
  return block.children.flatMap((child) => (child.type === "test" ? [child] : testsIn(child)));
}

/** The titles from the outermost on. */
function nameOf({ name, parent }) {
  return parent?.parent ? `${nameOf(parent)} ${name}` : name;
}

function textOf(error) {
  const [first] = [error].flat();
  return String(first?.message ?? first);
}

module.exports = { createTestFiles };
