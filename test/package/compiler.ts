import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

/** As they stand in a tsconfig.json. */
export interface Settings {
  readonly module: string;
  readonly moduleResolution: string;
  readonly ignoreDeprecations?: string;
  readonly skipLibCheck?: boolean;
}

export const NODENEXT: Settings = { module: "nodenext", moduleResolution: "nodenext" };

export const IMPORTS = `
  import * as pulumi from "@pulumi/pulumi";
  import { ImpersonationToken, PrivateToken, StorefrontToken } from "pulumi-bigcommerce-tokens";
  import type { ImpersonationTokenArgs, Predecessor, PrivateTokenArgs, StorefrontTokenArgs } from "pulumi-bigcommerce-tokens";
  declare const later: pulumi.Output<string>;
`;

export function programOf(files: readonly string[], settings: Settings): ts.Program {
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true },
      ...{ skipLibCheck: true, target: "es2022", types: [], ...settings },
    },
    ".",
  );
  if (errors.length > 0) throw new Error(errors.map(inOneLine).join("\n"));
  return ts.createProgram(files, options);
}

/** Compiles programs together, each a module of its own in a project; the errors of each, one line apiece. */
export function compile<Name extends string>(
  folder: string,
  programs: Readonly<Record<Name, string>>,
  settings: Settings = NODENEXT,
  type: "commonjs" | "module" = "commonjs",
  imports = IMPORTS,
): Record<Name, string[]> {
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "program", private: true, type }));
  const written = Object.entries<string>(programs).map(([name, text], index) => {
    const file = join(folder, "src", `program-${index}.ts`);
    writeFileSync(file, `${imports}\n${text}\nexport {};\n`);
    return [name, file] as const;
  });
  const program = programOf(
    written.map(([, file]) => file),
    settings,
  );
  const general = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  if (general.length > 0) throw new Error(general.map(inOneLine).join("\n"));
  return Object.fromEntries(
    written.map(([name, file]) => [
      name,
      ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(inOneLine),
    ]),
  ) as Record<Name, string[]>;
}

export function inOneLine(diagnostic: ts.Diagnostic): string {
  return `TS${diagnostic.code}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
}
