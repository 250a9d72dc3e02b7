/** `run.mjs` adds `testMatch`. Nothing is skipped or slowed for reporters, and a hanging test fails after a minute. */
module.exports = {
  rootDir: "../..",
  roots: ["<rootDir>/provider", "<rootDir>/cli", "<rootDir>/emulator", "<rootDir>/test"],
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig: "tsconfig.json", diagnostics: false }] },
  testTimeout: 60_000,
  watchman: false,
};
