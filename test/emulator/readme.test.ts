import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as ts from "typescript";

import * as emulator from "../../emulator/index";

const ROOT = join(__dirname, "../..");
const readme = readFileSync(join(ROOT, "emulator/README.md"), "utf8");
const snippets = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? "");
const IMPORT = 'import { startEmulator } from "pulumi-bigcommerce-tokens/emulator";';

it("starts with what the emulator does not do", () => {
  expect([...readme.matchAll(/^## (.*)$/gm)][0]![1]).toBe("What it does not do");
});

it("has one program, the one that is type-checked beside this test", () => {
  const checked = readFileSync(join(__dirname, "readme-program.mts"), "utf8");
  const ownImport = checked.replace("../../emulator/index.js", "pulumi-bigcommerce-tokens/emulator");
  expect(snippets).toEqual([ownImport.slice(ownImport.indexOf("import"))]);
});

it("has a program that runs and prints what it did", async () => {
  const { outputText } = ts.transpileModule(snippets[0]!.replace(IMPORT, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const printed: unknown[][] = [];
  const AsyncFunction = (async () => {
    // The constructor has no name of its own.
  }).constructor as new (...texts: string[]) => (...args: unknown[]) => Promise<void>;
  const run = new AsyncFunction("startEmulator", "console", outputText.replace(/^export \{\};$/m, ""));
  await run(emulator.startEmulator, { log: (...args: unknown[]) => printed.push(args) });
  expect(printed).toEqual([[200, 1, "/stores/abc123/v3/storefront/api-token-private"]]);
});

it.each([
  ["options.ts", "EmulatorOptions"],
  ["entities.ts", "IssuedToken"],
  ["entities.ts", "RecordedRequest"],
  ["index.ts", "Emulator"],
])("names every member that %s declares in %s", (file, name) => {
  const members = membersOf(join(ROOT, "emulator", file), name);
  expect(members.length).toBeGreaterThan(3);
  expect(members.filter((member) => !new RegExp(`\`${member}\\b`).test(readme))).toEqual([]);
});

it("names every kind of fault", () => {
  const source = readFileSync(join(ROOT, "emulator/faults.ts"), "utf8");
  const kinds = new Set([...source.matchAll(/readonly kind: "([\w-]+)"/g)].map((match) => match[1]!));
  expect(kinds.size).toBeGreaterThan(9);
  expect([...kinds].filter((kind) => !new RegExp(`\\| \`${kind}\` +\\|`).test(readme))).toEqual([]);
});

it("lists every guess that the code marks, and no other", () => {
  const files = ["emulator", "emulator/routes"].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).flatMap((name) =>
      name.endsWith(".ts") ? [join(ROOT, folder, name)] : [],
    ),
  );
  const code = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const marked = new Set(
    [...code.matchAll(/Guess: (.*?)\.(?: \*\/)?$/gm)].map((match) => match[1]!.toLowerCase()),
  );
  const section = readme.slice(readme.indexOf("\n## Guesses\n"));
  const listed = [...section.matchAll(/^- (.*)$/gm)].map((match) => match[1]!.toLowerCase());
  expect(marked.size).toBeGreaterThan(20);
  expect(code.match(/Guess/g)!.length).toBe([...code.matchAll(/Guess: (.*?)\.(?: \*\/)?$/gm)].length);
  expect([...marked].filter((guess) => !listed.some((line) => begins(line, guess)))).toEqual([]);
  expect(listed.filter((line) => ![...marked].some((guess) => begins(line, guess)))).toEqual([]);
});

function begins(line: string, guess: string): boolean {
  return line.startsWith(guess) && /^[.:]/.test(line.slice(guess.length));
}

function membersOf(path: string, name: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  const declared = source.statements.find(
    (node) => ts.isInterfaceDeclaration(node) && node.name.text === name,
  );
  const members = declared ? (declared as ts.InterfaceDeclaration).members : [];
  return members.map((member) => member.name?.getText(source) ?? "");
}
