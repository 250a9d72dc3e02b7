import tseslint from "typescript-eslint";

const AMBIENT = "enters at provider/runtime.ts and is passed down, so that a test can replay it";

export default tseslint.config(
  { ignores: ["dist/", "coverage/", "node_modules/", "**/*.mjs", "**/*.cjs", "**/*.js"] },
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
    files: ["provider/**/*.ts"],
    ignores: ["provider/runtime.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: `The clock ${AMBIENT}.` },
        { object: "process", property: "env", message: `The environment ${AMBIENT}.` },
        { object: "Math", property: "random", message: `Chance ${AMBIENT}.` },
        { object: "performance", property: "now", message: `The clock ${AMBIENT}.` },
        { object: "AbortSignal", property: "timeout", message: `A timer ${AMBIENT}.` },
      ],
      "no-restricted-globals": [
        "error",
        { name: "setTimeout", message: `A timer ${AMBIENT}.` },
        { name: "setInterval", message: `A timer ${AMBIENT}.` },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: `The clock ${AMBIENT}.`,
        },
      ],
    },
  },
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
