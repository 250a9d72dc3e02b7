const ts = { "^.+\\.ts$": ["ts-jest", { tsconfig: "tsconfig.json", diagnostics: false }] };
const project = (displayName, folders) => ({
  displayName,
  testEnvironment: "node",
  transform: ts,
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
});

/** `npm run check` runs the first project; `npm test` runs both. */
module.exports = {
  projects: [
    project("unit", ["unit", "client", "emulator", "handlers"]),
    project("engine", ["package", "engine", "stories"]),
  ],
};
