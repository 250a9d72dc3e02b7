import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";

import { runOk } from "../support/run";
import { compile, NODENEXT, programOf } from "./compiler";
import { required, useFolders } from "./folders";

interface Member {
  readonly name: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly optional: boolean;
}

const folders = useFolders();
const [entry = "", emulatorEntry = ""] = ["provider", "emulator"].map((folder) =>
  join(
    required("TEST_FRESH"),
    ...["node_modules", "pulumi-bigcommerce-tokens", "dist", folder, "index.d.ts"],
  ),
);
const program = programOf([entry, emulatorEntry], NODENEXT);
const checker = program.getTypeChecker();
const [entryModule, emulatorModule] = [entry, emulatorEntry].map((file) => {
  const source = program.getSourceFile(file);
  return source && checker.getSymbolAtLocation(source);
});

const COMMON = [
  ...["channelIds", "expiresAt", "lifetime", "rotateBefore", "overlap", "onDelete", "adopt", "verify"],
  "storeHash",
];
describe.each([
  ["StorefrontTokenArgs", [...COMMON, "allowedCorsOrigins"]],
  ["PrivateTokenArgs", [...COMMON, "scopes"]],
  ["ImpersonationTokenArgs", COMMON],
])("%s", (exported, names) => {
  const members = membersOf(exported);
  it("has the inputs of its kind", () => {
    expect(members.map(({ name }) => name).sort()).toEqual([...names].sort());
  });
  it("says of every input what it is, and when it fails", () => {
    for (const { name, text, tags } of members) {
      expect([name, text]).toEqual([name, expect.stringMatching(/\w{3,} .*\./s)]);
      expect([name, tags]).toEqual([
        name,
        expect.arrayContaining([expect.stringMatching(/^throws `pulumi preview` fails/)]),
      ]);
    }
  });
  it("says of every input that may be left out what happens then", () => {
    for (const { name, text } of members.filter(({ optional }) => optional)) {
      expect([name, text]).toEqual([name, expect.stringMatching(/default|same as none/i)]);
    }
  });
  it("links what BigCommerce decides to BigCommerce's documentation", () => {
    const own = ["rotateBefore", "overlap", "onDelete"];
    for (const { name, tags } of members.filter((member) => !own.includes(member.name))) {
      expect([name, tags]).toEqual([
        name,
        expect.arrayContaining([expect.stringMatching(/^see .*docs\.bigcommerce\.com/s)]),
      ]);
    }
  });
});

const OUTPUTS = [
  ...["token", "fingerprint", "issuedAt", "expiresAt", "effectiveExpiresAt", "rotateAt", "apiAccount"],
  ...["previous", "previousToken", "label", "storeHash", "channelIds", "overlap", "onDelete", "apiUrl"],
];
it.each([
  ["StorefrontToken", [...OUTPUTS, "allowedCorsOrigins"]],
  ["PrivateToken", [...OUTPUTS, "scopes"]],
  ["ImpersonationToken", OUTPUTS],
])("%s says of every output what it is", (exported, names) => {
  const members = membersOf(exported);
  expect(members.map(({ name }) => name).sort()).toEqual([...names].sort());
  expect(members.filter(({ text }) => text === "").map(({ name }) => name)).toEqual([]);
});

it("the emulator says of everything that it exports, and of every member of it, what it is", () => {
  const exported = (emulatorModule ? checker.getExportsOfModule(emulatorModule) : []).map((symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  );
  const members = exported
    .filter(({ flags }) => flags & ts.SymbolFlags.Interface)
    .flatMap((symbol) => checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)));
  expect(members.length).toBeGreaterThan(40);
  const silent = [...exported, ...members].filter(
    (symbol) => symbol.getDocumentationComment(checker).length === 0,
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

describe("the examples in comments", () => {
  const examples = examplesIn(program.getSourceFiles().filter(({ fileName }) => isOwn(fileName)));
  const ofEmulator = Object.entries(examples).filter(([, text]) => text.includes("startEmulator"));

  it("stand at each class, at the options that need one, and at what starts and controls the emulator", () => {
    const places = [
      ...["StorefrontToken", "PrivateToken", "ImpersonationToken"],
      ...["expiresAt", "lifetime", "rotateBefore", "overlap", "adopt", "verify", "storeHash"],
      ...["startEmulator", "advance", "push"],
    ];
    expect(Object.keys(examples).sort()).toEqual(places.sort());
  });

  it("are whole programs that compile", () => {
    const errors = compile(folders.installed(), examples, NODENEXT, "module", "");
    expect(errors).toEqual(Object.fromEntries(Object.keys(examples).map((place) => [place, []])));
  });

  it.each(ofEmulator)("of the emulator run, and print what they say: %s", async (_, text) => {
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext } });
    const file = join(folders.installed(), "example.mjs");
    writeFileSync(file, outputText);
    const printed = await runOk("node", [file], { cwd: dirname(file), env: { PATH: process.env["PATH"] } });
    const said = [...text.matchAll(/^console\.log\(.*\/\/ (.*)$/gm)].map(([, line = ""]) => `${line}\n`);
    expect(printed).toBe(said.join(""));
  });
});

/** The program in each `@example`, by the name of what it stands at. */
function examplesIn(sources: readonly ts.SourceFile[]): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === "example")) {
      const [, text] = /^```ts\n(.*)\n```$/s.exec(ts.getTextOfJSDocComment(tag.comment) ?? "") ?? [];
      const name = (node as Partial<ts.NamedDeclaration>).name?.getText() ?? "";
      if (text === undefined || name in found)
        throw new Error(`${name} has an example without a place or a fence`);
      found[name] = text;
    }
    ts.forEachChild(node, visit);
  };
  sources.forEach(visit);
  return found;
}

function isOwn(fileName: string): boolean {
  return fileName.includes("pulumi-bigcommerce-tokens/dist");
}

/** Members that the package itself declares, with what an editor shows of them. */
function membersOf(exported: string): Member[] {
  const symbol = entryModule && checker.getExportsOfModule(entryModule).find(({ name }) => name === exported);
  if (!symbol) throw new Error(`${exported} is not exported`);
  const type = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol));
  const parts = type.isUnion() ? type.types : [type];
  const found = new Map<string, Member>();
  for (const member of parts.flatMap((part) => checker.getPropertiesOfType(part))) {
    const own = member.declarations?.every((declaration) => isOwn(declaration.getSourceFile().fileName));
    // The arm of the union that forbids a property has nothing to say about it.
    const forbidden = checker
      .typeToString(checker.getTypeOfSymbol(member))
      .split(" | ")
      .every((each) => each === "undefined" || each.startsWith("Refused<"));
    if (!own || forbidden) continue;
    found.set(member.name, {
      name: member.name,
      text: ts.displayPartsToString(member.getDocumentationComment(checker)),
      tags: member.getJsDocTags(checker).map((tag) => `${tag.name} ${ts.displayPartsToString(tag.text)}`),
      optional: (member.flags & ts.SymbolFlags.Optional) !== 0,
    });
  }
  return [...found.values()];
}
