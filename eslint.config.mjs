import tseslint from "typescript-eslint";

import { directions } from "./tools/lint/imports.cjs";

/** Below the hosts nothing knows in which process it runs, nor how a host marks a provider. */
const HOSTS_ONLY = "is for the hosts alone (ARCHITECTURE.md).";
const HOSTLESS = {
  files: "provider/{domain,handlers,bigcommerce,settings}/**/*.ts",
  globals: [{ name: "process", message: `The process ${HOSTS_ONLY}` }],
  syntax: [
    {
      selector: ":matches(Identifier[name='__provider'], Literal[value='__provider'])",
      message: `__provider ${HOSTS_ONLY}`,
    },
  ],
};

/** Clock, chance, timers and environment enter in one file, and are passed down. */
function noAmbientWorld({ files, globals = [], syntax = [] }, ...entries) {
  const why = `enters at ${entries.join(" and ")} and is passed down, so that a test can replay it`;
  return {
    files: [files],
    ignores: entries,
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: `The clock ${why}.` },
        { object: "process", property: "env", message: `The environment ${why}.` },
        { object: "Math", property: "random", message: `Chance ${why}.` },
        { object: "performance", property: "now", message: `The clock ${why}.` },
        { object: "AbortSignal", property: "timeout", message: `A timer ${why}.` },
      ],
      "no-restricted-globals": [
        "error",
        { name: "setTimeout", message: `A timer ${why}.` },
        { name: "setInterval", message: `A timer ${why}.` },
        ...globals,
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: `The clock ${why}.`,
        },
        ...syntax,
      ],
    },
  };
}

export default tseslint.config(
  {
    ignores: [
      ...["dist/", "sdk/", "coverage/", "node_modules/", "**/*.mjs", "**/*.cjs", "**/*.js"],
      // They import a generated SDK.
      "test/plugin/programs/",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-console": "error",
    },
  },
  {
    files: ["provider/**/*.ts", "cli/**/*.ts", "emulator/**/*.ts"],
    plugins: { imports: { rules: { directions } } },
    rules: { "imports/directions": "error" },
  },
  noAmbientWorld(
    { files: "provider/**/*.ts" },
    "provider/runtime.ts",
    "provider/plugin.ts",
    "provider/system-clock.ts",
    "provider/resources/stack-traces.ts",
  ),
  noAmbientWorld(HOSTLESS, "provider/runtime.ts", "provider/system-clock.ts"),
  noAmbientWorld({ files: "cli/**/*.ts" }, "cli/host.ts"),
  {
    // Their text is stored in states: each method loads the runtime by its bare name, and nothing else.
    files: ["provider/lifecycle/*.ts"],
    rules: {
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["test/**/*.ts", "examples/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
