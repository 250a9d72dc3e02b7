import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import typescript from "typescript";

import { time } from "./child.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PROGRAMS = fileURLToPath(new URL("programs", import.meta.url));
const PLUGIN = "node_modules/pulumi-bigcommerce-tokens/dist/plugin";
const TOOLS = ["@pulumi/pulumi", "typescript", "ts-node"];

/** As `pulumi new typescript` writes it, with a module kind that the installed compiler accepts. */
const TSCONFIG = {
  compilerOptions: {
    ...{ strict: true, target: "es2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: true },
    ...{ skipLibCheck: true, forceConsistentCasingInFileNames: true, types: ["node"] },
  },
  files: ["index.ts"],
};

/** A fresh folder with the packed package installed as users install it, and the folder of the engine. */
export async function install() {
  const { stdout } = await time(process.execPath, ["tools/engine/ensure.mjs"], { cwd: ROOT });
  const folder = mkdtempSync(join(tmpdir(), "bigcommerce-tokens-bench-"));
  await time("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bench", private: true }));
  const tools = TOOLS.map((name) => `${name}@${versionOf(name)}`);
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await time("npm", ["install", `./${tarball}`, ...tools, ...quiet], { cwd: folder });
  return { folder, engine: stdout.trim().split("\n").at(-1) };
}

/** A folder with one of the programs, a state and a home of its own, and how Pulumi runs in it. */
export async function createProject({ folder, engine }, { variant, tokens, isTyped, env }) {
  const project = mkdtempSync(join(folder, `${variant}-`));
  for (const name of ["program", "state", "home"]) mkdirSync(join(project, name));
  const cwd = join(project, "program");
  const source = readFileSync(join(PROGRAMS, `${variant}.ts`), "utf8");
  const main = isTyped ? "index.ts" : "index.js";
  const files = {
    "package.json": JSON.stringify({ name: "program", private: true, main }),
    "Pulumi.yaml": [
      "name: shop",
      isTyped ? "runtime: nodejs" : "runtime: { name: nodejs, options: { typescript: false } }",
      ...(variant === "plugin"
        ? [`plugins: { providers: [{ name: bigcommerce, path: ${join(folder, PLUGIN)} }] }`]
        : []),
      "",
    ].join("\n"),
    ...(isTyped && { "tsconfig.json": JSON.stringify(TSCONFIG) }),
    [main]: isTyped ? source : javascriptOf(source),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const environment = {
    ...{ PATH: `${engine}:${process.env.PATH}`, HOME: process.env.HOME },
    ...{ PULUMI_HOME: join(project, "home"), PULUMI_BACKEND_URL: `file://${join(project, "state")}` },
    ...{ PULUMI_CONFIG_PASSPHRASE: "a passphrase", PULUMI_SKIP_UPDATE_CHECK: "true" },
    ...{ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", BENCH_TOKENS: String(tokens), ...env },
  };
  const pulumi = (args, more = {}) =>
    time(join(engine, "pulumi"), [...args, "--non-interactive"], { cwd, env: { ...environment, ...more } });
  await pulumi(["stack", "init", "dev"]);
  return {
    cwd,
    environment,
    pulumi,
    remove: () => rmSync(project, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

export function versionOf(name) {
  return JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8")).version;
}

function javascriptOf(source) {
  const compilerOptions = { target: "es2022", module: "nodenext", moduleResolution: "nodenext" };
  return typescript.transpileModule(source, { compilerOptions, fileName: "index.ts" }).outputText;
}
