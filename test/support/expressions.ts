import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** A regular expression of the sources. */
export interface Expression {
  /** `folder/file.ts:line`. */
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression that stands in the TypeScript files of a folder. */
export function expressionsIn(root: string, folder: string): readonly Expression[] {
  return filesIn(join(root, folder)).flatMap((path) => {
    const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    const found: Expression[] = [];
    const walk = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const [, source = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
        const { line } = file.getLineAndCharacterOfPosition(node.getStart());
        found.push({ place: `${relative(root, path)}:${line + 1}`, source, flags });
      }
      ts.forEachChild(node, walk);
    };
    walk(file);
    return found;
  });
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : /\.ts$/.test(path) ? [path] : []));
}

/** A text of about this many characters that an expression may take long for. */
export type Attack = (size: number) => string;

/** Repeats of what each quantifier takes, and of all before it, each behind a match so far and before what ends it. */
export function attacksOn({ source, flags }: Expression): readonly Attack[] {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, { unicode: flags.includes("u") });
  const pumps = new Set<string>();
  const prefixes = new Set<string>([""]);
  const visit = (alternatives: readonly AST.Alternative[], before: string): void => {
    for (const { elements } of alternatives) {
      let so = before;
      for (const element of elements) {
        prefixes.add(so);
        if (element.type === "Quantifier") {
          for (const sample of samplesOf(element.element)) pumps.add(sample);
        }
        const inner = element.type === "Quantifier" ? element.element : element;
        if ("alternatives" in inner) visit(inner.alternatives, so);
        so += sampleOf(element);
      }
      prefixes.add(so);
    }
  };
  visit(pattern.alternatives, "");
  const texts = [...prefixes].filter((each) => each !== "");
  const repeated = new Set([...pumps, ...texts, " ", "\n", "a", "0"]);
  const attacks: Attack[] = [];
  for (const pump of repeated) {
    for (const prefix of prefixes) {
      for (const end of ["", "\u0001", "\n!"]) attacks.push((size) => prefix + fill(pump, size) + end);
    }
  }
  for (const prefix of texts) {
    for (const pump of pumps) attacks.push((size) => fill(prefix + pump.repeat(3), size) + "\u0001");
  }
  return attacks;
}

/** A long text is repeated often enough to matter. */
function fill(text: string, size: number): string {
  return text.repeat(Math.ceil(Math.max(size / text.length, size / 4)));
}

/** The shortest text that an element takes. */
function sampleOf(element: AST.Element): string {
  switch (element.type) {
    case "Quantifier":
      return sampleOf(element.element).repeat(Math.min(element.min, 40));
    case "Group":
    case "CapturingGroup":
      return (element.alternatives[0]?.elements ?? []).map(sampleOf).join("");
    case "Assertion":
    case "Backreference":
      return "";
    default:
      return samplesOf(element)[0] ?? "";
  }
}

const PROBES = "aeyJzZA0f9_-.,:;/#=+@'\"`\\<[({|$!%&~ \t\n\r\u00e9\u2028\u202e\0".split("");

/** Texts of a character or so that an element takes, which differ in what else may take them. */
function samplesOf(element: AST.Element): readonly string[] {
  if (element.type === "Character") return [String.fromCodePoint(element.value)];
  if (element.type === "CharacterSet" || element.type === "CharacterClass") {
    const one = new RegExp(`^${element.raw}$`, "u");
    const own = element.type === "CharacterClass" ? element.elements.flatMap(ends) : [];
    return [...new Set([...PROBES, ...own])].filter((probe) => one.test(probe)).slice(0, 8);
  }
  const whole = sampleOf(element);
  const inside =
    "alternatives" in element
      ? element.alternatives.flatMap((each) => [each.elements.map(sampleOf).join(""), ...each.elements.flatMap((inner) => (inner.type === "Quantifier" ? samplesOf(inner.element) : samplesOf(inner)))])
      : []; // prettier-ignore
  return [whole, ...inside].filter((each) => each !== "").slice(0, 12);
}

function ends(element: AST.CharacterClass["elements"][number]): readonly string[] {
  if (element.type === "Character") return [String.fromCodePoint(element.value)];
  return element.type === "CharacterClassRange" ? [String.fromCodePoint(element.min.value)] : [];
}
