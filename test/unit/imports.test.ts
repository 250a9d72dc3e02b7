import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { Linter, type Rule } from "eslint";
import tseslint from "typescript-eslint";

import { circlesIn, importsOf } from "../support/imports";

const ROOT = join(__dirname, "../..");
const { PARTS, directions } = jest.requireActual<{
  PARTS: Readonly<Record<string, readonly string[]>>;
  directions: Rule.RuleModule;
}>("../../tools/lint/imports.cjs");

describe("circles of imports, types included", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "imports-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function circlesAmong(sources: Readonly<Record<string, string>>): readonly string[] {
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return circlesIn(importsOf(folder, ["provider"]));
  }

  it("do not exist in the provider, the command line and the emulator", () => {
    const imports = importsOf(ROOT, ["provider", "cli", "emulator"]);
    expect(imports.get("provider/runtime.ts")).toContain("provider/domain/kinds.ts");
    expect(circlesIn(imports)).toEqual([]);
  });

  it.each([
    ["a type", 'import type { A } from "../a";'],
    ["a type in place", 'export type B = import("../a").A;'],
    ["what is exported again", 'export { a } from "../a";'],
    ["a module that is required", 'import a = require("../a");'],
    ["a module that is loaded later", 'export const load = () => import("../a");'],
  ])("are found where %s closes one", (_, closing) => {
    const sources = {
      "provider/a.ts": 'import { b } from "./folder";',
      "provider/folder/index.ts": 'import { c } from "./c";',
      "provider/folder/c.ts": closing,
      "provider/alone.ts": 'import { a } from "./a";',
    };
    expect(circlesAmong(sources)).toEqual([
      "provider/a.ts > provider/folder/index.ts > provider/folder/c.ts > provider/a.ts",
    ]);
  });

  it("are not found where two files import a third", () => {
    const sources = {
      "provider/a.ts": 'import { b } from "./b"; import { c } from "./c";',
      "provider/b.ts": 'import { c } from "./c";',
      "provider/c.ts": 'import { join } from "node:path";',
    };
    expect(circlesAmong(sources)).toEqual([]);
  });
});

describe("the direction of imports", () => {
  function refusals(file: string, text: string): string[] {
    const config = {
      files: ["**/*.ts"],
      languageOptions: { parser: tseslint.parser as Linter.Parser },
      plugins: { imports: { rules: { directions } } },
      rules: { "imports/directions": "error" as const },
    };
    const linter = new Linter({ cwd: ROOT });
    return linter.verify(text, config, join(ROOT, file)).map(({ message }) => message);
  }

  it.each([
    [
      "provider/domain/new.ts",
      'import { x } from "../bigcommerce/client";',
      "provider/bigcommerce/client.ts",
    ],
    [
      "provider/domain/new.ts",
      'import type { X } from "../handlers/context";',
      "provider/handlers/context.ts",
    ],
    ["provider/domain/new.ts", 'import { readFile } from "node:fs/promises";', "node:fs/promises"],
    [
      "provider/bigcommerce/new.ts",
      'import { x } from "../settings/settings";',
      "provider/settings/settings.ts",
    ],
    ["provider/handlers/new.ts", 'import type { X } from "../host/dynamic";', "provider/host/dynamic.ts"],
    ["provider/handlers/new.ts", 'export * from "../runtime";', "provider/runtime.ts"],
    ["provider/settings/new.ts", 'export { x } from "../handlers/check";', "provider/handlers/check.ts"],
    ["provider/resources/new.ts", 'import { z } from "zod";', "zod"],
    ["provider/resources/new.ts", 'import runtime = require("../runtime");', "provider/runtime.ts"],
    ["provider/lifecycle/new.ts", 'const { x } = require("../runtime");', "provider/runtime.ts"],
    ["cli/commands/audit/new.ts", 'type X = import("../status/report").X;', "cli/commands/status/report.ts"],
    ["cli/commands/audit/new.ts", 'import { x } from "../../../emulator";', "emulator/index.ts"],
    ["cli/commands/audit/new.ts", 'const x = import("../../../provider/runtime");', "provider/runtime.ts"],
    ["cli/stores/new.ts", 'import { x } from "../commands/audit/model";', "cli/commands/audit/model.ts"],
    ["cli/tokens/new.ts", 'import { x } from "../stores/connections";', "cli/stores/connections.ts"],
    ["cli/pulumi/new.ts", 'import { x } from "../tokens/held-token";', "cli/tokens/held-token.ts"],
    ["cli/render/new.ts", 'import { x } from "../pulumi/urn";', "cli/pulumi/urn.ts"],
    [
      "emulator/routes/new.ts",
      'import { KINDS } from "../../provider/domain/kinds";',
      "provider/domain/kinds.ts",
    ],
  ])("refuses in %s: %s", (file, text, target) => {
    expect(refusals(file, text)).toEqual([expect.stringContaining(`may not import ${target}.`)]);
  });

  it.each([
    ["provider/host/new.ts", 'import { check } from "../handlers/check";'],
    ["provider/handlers/new.ts", 'import { createClient } from "../bigcommerce/client";'],
    ["cli/commands/emulator/new.ts", 'import { startEmulator } from "../../../emulator";'],
    ["cli/commands/audit/html/new.ts", 'import type { Row } from "../model";'],
  ])("allows in %s: %s", (file, text) => {
    expect(refusals(file, text)).toEqual([]);
  });

  it("refuses a file that belongs to no part", () => {
    expect(refusals("provider/new.ts", "export const x = 1;")).toEqual([
      expect.stringContaining("provider/new.ts belongs to no part"),
    ]);
  });

  it("has no part that is not there, and names no file that is not there", () => {
    const named = Object.entries(PARTS).flatMap(([part, targets]) => [part.replace("/*", ""), ...targets]);
    const own = new Set(named.filter((path) => /^(provider|cli|emulator)\b/.test(path)));
    expect([...own].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
