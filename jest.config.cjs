const ts = { "^.+\\.ts$": ["ts-jest", { tsconfig: "tsconfig.json", diagnostics: false }] };
const project = (displayName, folders, rest = {}) => ({
  displayName,
  testEnvironment: "node",
  transform: ts,
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/sdk/"],
  testPathIgnorePatterns: ["/node_modules/", ...ignored],
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  ...rest,
});

/** They start a shell or `ps`, or are about what files may be used for, which Windows does not have. */
const POSIX = ["cli/shell", "cli/starting", "unit/flakes", "unit/shared-record"];
const ignored = process.platform === "win32" ? POSIX.map((name) => `/test/${name}\\.test\\.ts$`) : [];

/**
 * Stories of every kind that run on the plugin as well, but for those that say otherwise (`itOnOneHost`).
 * `npm run test:plugin` runs all but those of `ON_CLASSES`.
 */
const ON_BOTH = [
  ...["accounts", "adopt", "changes", "drift", "faults", "forced", "leaks", "life", "pending", "rotation"],
  ...["stores", "verify"],
];
/** Stories of the classes alone: of their versions, of documents and examples that use them; and what runs on both by itself. */
const ON_CLASSES = [
  ...["agency", "cli-demo", "cli-page", "demo", "emulator-in-ci", "examples", "languages", "moves", "readme"],
  ...["tutorial", "upgrade", "workflows", "engine-conformance", "random-histories"],
];
const engine = {
  setupFiles: ["<rootDir>/test/support/engine-ready.ts"],
  setupFilesAfterEnv: ["<rootDir>/test/support/engine-cleanup.ts"],
  globalSetup: "<rootDir>/test/support/engine-setup.ts",
  globalTeardown: "<rootDir>/test/support/engine-teardown.ts",
};
const stories = process.env.TEST_HOST === "plugin" ? `!(${ON_CLASSES.join("|")})` : `{${ON_BOTH.join(",")}}`;

/** `npm run check` runs the first project; `npm test` runs all. */
module.exports = {
  reporters: ["default", "<rootDir>/test/support/total-reporter.cjs"],
  testSequencer: "<rootDir>/test/support/sequencer.cjs",
  maxWorkers: 3,
  testTimeout: 300_000,
  projects: [
    project("unit", ["unit", "client", "emulator", "handlers", "cli", "recorded"]),
    project("faults", ["faults"]),
    project("engine", ["package", "engine", "stories", "plugin"], engine),
    project("plugin", [], {
      ...engine,
      setupFiles: ["<rootDir>/test/support/plugin-host.ts", ...engine.setupFiles],
      testMatch: [`<rootDir>/test/stories/${stories}.test.ts`],
    }),
  ],
};
