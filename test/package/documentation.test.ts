import { join } from "node:path";

import ts from "typescript";

import { NODENEXT, programOf } from "./compiler";
import { required } from "./folders";

interface Member {
  readonly name: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly optional: boolean;
}

const entry = join(
  required("TEST_FRESH"),
  ...["node_modules", "pulumi-bigcommerce-tokens", "dist", "provider", "index.d.ts"],
);
const program = programOf([entry], NODENEXT);
const checker = program.getTypeChecker();
const source = program.getSourceFile(entry);
const entryModule = source && checker.getSymbolAtLocation(source);

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
        expect.arrayContaining([expect.stringMatching(/^throws check fails/)]),
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

/** Members that the package itself declares, with what an editor shows of them. */
function membersOf(exported: string): Member[] {
  const symbol = entryModule && checker.getExportsOfModule(entryModule).find(({ name }) => name === exported);
  if (!symbol) throw new Error(`${exported} is not exported`);
  const type = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol));
  const parts = type.isUnion() ? type.types : [type];
  const found = new Map<string, Member>();
  for (const member of parts.flatMap((part) => checker.getPropertiesOfType(part))) {
    const own = member.declarations?.every((declaration) =>
      declaration.getSourceFile().fileName.includes("pulumi-bigcommerce-tokens"),
    );
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
