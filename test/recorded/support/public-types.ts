import { readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

const ROOT = join(__dirname, "..", "..", "..");

/** What each module exports, by name: the members of a type, the signatures of a function or a class. */
export function publicTypes(paths: readonly string[]): Readonly<Record<string, unknown>> {
  const { config } = ts.parseConfigFileTextToJson("", readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(paths, options);
  return Object.fromEntries(paths.map((path) => [path, exportsOf(program, path)]));
}

function exportsOf(program: ts.Program, path: string): unknown {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${path} is no module`);
  return Object.fromEntries(
    checker
      .getExportsOfModule(module)
      .map((each) => [each.name, shapeOf(checker, each)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function shapeOf(checker: ts.TypeChecker, exported: ts.Symbol): unknown {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const signatures = (kind: ts.SignatureKind) =>
    checker
      .getSignaturesOfType(checker.getTypeOfSymbol(symbol), kind)
      .map((each) => checker.signatureToString(each, undefined, ts.TypeFormatFlags.NoTruncation));
  if (symbol.flags & ts.SymbolFlags.Function) return signatures(ts.SignatureKind.Call);
  const members = membersOf(checker, type);
  return symbol.flags & ts.SymbolFlags.Class
    ? { constructors: signatures(ts.SignatureKind.Construct), members }
    : members;
}

/** Of a union of objects, those of each; what is no object is told as it is written. */
function membersOf(checker: ts.TypeChecker, type: ts.Type): unknown {
  if (
    type.isUnion() &&
    type.types.every((each) => each.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
  )
    return type.types.map((each) => membersOf(checker, each));
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)))
    return checker.typeToString(
      type,
      undefined,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias,
    );
  return checker
    .getPropertiesOfType(type)
    .filter(isOwn)
    .map((member) => memberText(checker, member));
}

/** What Pulumi adds is Pulumi's. */
function isOwn({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((each) => !each.getSourceFile().fileName.includes("node_modules"));
}

/** As it is declared, without its comment. */
function memberText(checker: ts.TypeChecker, member: ts.Symbol): string {
  const [declaration] = member.declarations ?? [];
  return declaration === undefined
    ? `${member.name}: ${checker.typeToString(checker.getTypeOfSymbol(member))}`
    : ts
        .createPrinter({ removeComments: true })
        .printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile())
        .replace(/\s+/g, " ");
} // prettier-ignore
