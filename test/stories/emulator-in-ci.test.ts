import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { readSeed } from "../../cli/commands/emulator/seed";
import { Reader, sectionOf, sectionsOf } from "../support/page";
import { Stack } from "../support/stack";

const page = sectionsOf("how-to/emulator-in-ci.md");
const block = (beginning: string, language: string) =>
  sectionOf(page, beginning).blocks.find((each) => each.language === language)?.text ?? "";

let stack: Stack;
let reader: Reader;

beforeAll(async () => {
  stack = await Stack.start("");
  reader = new Reader(stack);
  // The package stands beside all stories, and a reader's in the program's folder.
  const modules = join(stack.folder, "program", "node_modules");
  mkdirSync(modules);
  symlinkSync(join(process.env["TEST_FRESH"] ?? "", "node_modules", ".bin"), join(modules, ".bin"));
  expect(reader.typeErrors(page)).toEqual([]);
  reader.save(block("", "ts"));
});
afterAll(() => stack.close());

const paste = (text: string) =>
  reader.follow({ heading: text.split(" ")[0] ?? "", blocks: [{ language: "sh", text }] });

it("the script of docs/how-to/emulator-in-ci.md mints, replaces and revokes on an emulator of its own", async () => {
  stack.write("ci.sh", block("The CI job", "sh"));
  const printed = await paste("sh ci.sh");
  expect(printed).toContain('{"data":{"site":{"settings":{"storeName":"Store abc123"}}}}');
  // Pulumi shows each line while it runs, and once more at the end.
  const effects = new Set(printed.match(/bigcommerce-tokens: (minted|revoke accepted) \S+ \S+/g));
  expect([...effects].map((line) => line.split(" ")[1])).toEqual(["minted", "minted", "revoke", "revoke"]);
  expect(printed).toMatch(/^server .* ok +live$/m);
  expect(await paste("ls")).not.toContain("Pulumi.emulated.yaml");
  expect(stack.emulator.requests).toEqual([]);
});

it("its test loses the answer of a mint, and one token stays alive", async () => {
  stack.write("tokens.test.mjs", block("Faults", "js"));
  expect(await paste("node --test tokens.test.mjs")).toMatch(/# pass 1\n# fail 0|pass 1\n.*fail 0/);
  expect(stack.emulator.requests).toEqual([]);
});

it("its seed starts an emulator with two stores", () => {
  const { stores } = readSeed(block("Stores", "json"), "seed.json", () => "chance");
  expect(stores.map(({ hash }) => hash)).toEqual(["abc123", "def456"]);
  expect(block("Stores", "sh")).toContain(`=${stores[1]?.accounts[0]?.accessToken ?? ""}\n`);
});
