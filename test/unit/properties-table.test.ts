import { join } from "node:path";

import ts from "typescript";

import { parseInputs } from "../../provider/domain/inputs";
import { KINDS } from "../../provider/domain/kinds";
import {
  inputsOf,
  ON_DELETE,
  outputsOf,
  OVERLAPS,
  type Property,
  REPLACING,
  SCOPES,
  SECRET_OUTPUTS,
} from "../../provider/domain/properties";

const kinds = Object.values(KINDS);
const SAMPLES: Readonly<Record<string, unknown>> = {
  channelIds: [1],
  expiresAt: "2999-01-01T00:00:00Z",
  lifetime: "90d",
  rotateBefore: "30d",
  adopt: undefined,
  storeHash: "abc123",
  allowedCorsOrigins: ["https://shop.example.com"],
};

describe("the table of properties", () => {
  describe.each(kinds.map((kind) => [kind.name, kind] as const))("of %s tokens", (_, kind) => {
    const reasons = (news: Readonly<Record<string, unknown>>, property: string) =>
      parseInputs(kind, { label: "l", ...news }).failures.filter((failure) => failure.property === property);

    it("names the inputs that are parsed, and those that are required", () => {
      for (const [name, { isRequired }] of Object.entries(inputsOf(kind))) {
        expect(reasons({ [name]: SAMPLES[name] }, name).map(({ reason }) => reason)).not.toContainEqual(
          expect.stringContaining("there is no such property"),
        );
        if (isRequired) expect(reasons({}, name)).not.toEqual([]);
      }
      for (const name of ["token", "fingerprint", "previous", "other"]) {
        expect(reasons({ [name]: "x" }, name)).toEqual([
          expect.objectContaining({ reason: expect.stringContaining("there is no such property") as string }),
        ]);
      }
    });

    it("lists the words that an input may have", () => {
      for (const [name, { type }] of Object.entries(inputsOf(kind))) {
        const words = wordsOf(type);
        if (!words) continue;
        const given = (word: string) => (typeof type === "object" && "listOf" in type ? [word] : word);
        for (const word of words) expect(reasons({ [name]: given(word) }, name)).toEqual([]);
        expect(reasons({ [name]: given("another") }, name)).not.toEqual([]);
      }
    });

    it("is what the class declares", () => {
      const declared = membersOf(`${kind.className}Args`);
      expect([...declared.keys()].sort()).toEqual(Object.keys(inputsOf(kind)).sort());
      const outputs = membersOf(kind.className);
      expect(Object.keys(outputsOf(kind)).sort()).toEqual([...outputs.keys()].sort());
      for (const [name, { isRequired }] of Object.entries(outputsOf(kind))) {
        // The class tells an output that may be absent by its type.
        expect([name, /\bundefined\b/.test(outputs.get(name) ?? "")]).toEqual([name, isRequired !== true]);
      }
    });
  });

  it("names what BigCommerce signs, and what is secret", () => {
    expect([...REPLACING].sort()).toEqual([
      "allowedCorsOrigins",
      "channelIds",
      "expiresAt",
      "scopes",
      "storeHash",
    ]);
    expect([...SECRET_OUTPUTS].sort()).toEqual(["previousToken", "token"]);
    expect([OVERLAPS, ON_DELETE, SCOPES]).toEqual([
      ["auto", "always", "never"],
      ["revoke", "letExpire"],
      ["Unauthenticated", "Customer", "B2B"],
    ]);
  });
});

function wordsOf(type: Property["type"]): readonly string[] | undefined {
  if (typeof type === "object" && "listOf" in type) return wordsOf(type.listOf);
  return Array.isArray(type) ? (type as readonly string[]) : undefined;
}

const FILES = ["arguments.ts", "storefront-token.ts", "private-token.ts", "impersonation-token.ts"].map(
  (name) => join(__dirname, "..", "..", "provider", "resources", name),
);
const program = ts.createProgram(FILES, {
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
});

/** The own members of a type or a class, with their types as text: what Pulumi's classes have themselves is left out. */
function membersOf(name: string): ReadonlyMap<string, string> {
  const checker = program.getTypeChecker();
  for (const file of FILES) {
    const source = program.getSourceFile(file);
    const symbol = source && checker.getSymbolAtLocation(source);
    const exported = symbol && checker.getExportsOfModule(symbol).find((each) => each.name === name);
    if (!exported) continue;
    const type = checker.getDeclaredTypeOfSymbol(exported);
    const variants = type.isUnion() ? type.types : [type];
    const members = variants.flatMap((variant) => variant.getProperties());
    const own = members.filter((member) => isOurs(member));
    return new Map(own.map((member) => [member.name, checker.typeToString(checker.getTypeOfSymbol(member))]));
  }
  throw new Error(`${name} is not exported`);
}

function isOurs(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((each) => {
    const path = each.getSourceFile().fileName;
    const isPrivate =
      ts.canHaveModifiers(each) &&
      (ts.getModifiers(each) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ProtectedKeyword);
    return path.includes("/provider/resources/") && !isPrivate;
  });
}
