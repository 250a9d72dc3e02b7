import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import ts from "typescript";

import { run } from "./run";
import type { Stack } from "./stack";

const DOCS = join(__dirname, "..", "..", "docs");

interface Block {
  readonly language: string;
  readonly text: string;
}

export interface Section {
  /** Empty before the first heading of the second level. */
  readonly heading: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** The sections of a page in `docs`, with their code blocks. */
export function sectionsOf(page: string): readonly Section[] {
  const text = readFileSync(join(DOCS, page), "utf8");
  return text.split(/^## /m).map((part, at) => {
    const [heading = "", ...lines] = at === 0 ? ["", part] : part.split("\n");
    const body = lines.join("\n");
    const blocks = [...body.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
    return { heading, text: body, blocks: blocks.map(([, language = "", code = ""]) => ({ language, text: code })) };
  });
} // prettier-ignore

/** The one section whose heading begins so; for "" what stands before the first one. */
export function sectionOf(sections: readonly Section[], beginning: string): Section {
  const found = sections.filter(({ heading }) =>
    beginning ? heading.startsWith(beginning) : heading === "",
  );
  if (!found[0] || found.length > 1) throw new Error(`${found.length} headings begin with ${beginning}`);
  return found[0];
}

/** A reader of a page: saves each program of a section, and pastes each `sh` block into a shell. */
export class Reader {
  constructor(private readonly stack: Stack) {
    mkdirSync(join(stack.folder, "bin"));
    // The package stands beside all stories, where npm does not look for it.
    const bin = join(process.env["TEST_FRESH"] ?? "", "node_modules", ".bin", "pulumi-bigcommerce-tokens");
    this.command("npm", `shift 4; exec "${bin}" "$@"`);
  }

  /** Does what a section says, in its order. Resolves to what its commands print. */
  async follow({ heading, blocks }: Pick<Section, "heading" | "blocks">): Promise<string> {
    let printed = "";
    for (const { language, text } of blocks) {
      if (language === "ts") this.save(text);
      if (language === "sh") printed += await this.paste(this.here(text), heading);
    }
    return printed;
  }

  /** Saves a program as the stack's own, without its types, which `typeErrors` checks once for a page. */
  save(program: string): void {
    const { outputText } = ts.transpileModule(this.here(program), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
    });
    this.stack.write("index.js", outputText);
  }

  /** What a strict project says of the programs in these sections. */
  typeErrors(sections: readonly Section[]): string[] {
    const programs = sections.flatMap(({ blocks }) => blocks.filter(({ language }) => language === "ts"));
    const names = programs.map((_, at) => `page-${at}.ts`);
    programs.forEach(({ text }, at) => {
      this.stack.write(names[at] ?? "", text);
    });
    const files = names.map((name) => join(this.stack.folder, "program", name));
    const program = ts.createProgram(files, {
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, noEmit: true, types: [] },
      ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext },
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  } // prettier-ignore

  /** The one thing that is not as on the page. */
  private here(text: string): string {
    return text.replaceAll("https://api.bigcommerce.com", this.stack.emulator.url);
  }

  /** A command on the path, in the words of the shell. */
  command(name: string, text: string): void {
    const file = join(this.stack.folder, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  }

  private async paste(script: string, heading: string): Promise<string> {
    const env = this.stack.environment();
    const path = [join(this.stack.folder, "bin"), env["PATH"]].join(delimiter);
    const { code, output } = await run("sh", ["-eu", "-c", script], {
      cwd: join(this.stack.folder, "program"),
      env: { ...env, PATH: path },
    });
    this.stack.output += output;
    if (code !== 0) throw new Error(`"${heading}" ended with ${code}:\n${script}\n${output}`);
    return output;
  }
}
