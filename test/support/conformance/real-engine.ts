import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { pluginPath } from "../plugin";
import { nodeOptions } from "../preloads";
import { DAY } from "../program";
import { type Host, HOST, Stack, TYPE_PREFIXES } from "../stack";
import { callsOf, type Line } from "./calls";
import { type Engine, type Outcome, type Program, type RunOptions, siteOf, type Token } from "./engine";

const CLASSES = {
  storefront: "StorefrontToken",
  private: "PrivateToken",
  impersonation: "ImpersonationToken",
} as const;
const OTHER_STORE = "def456";

const SITE = `
class Site extends pulumi.dynamic.Resource {
  constructor(name, version, given) {
    const provider = {
      diff: async (id, olds, news) => ({
        changes: olds.version !== news.version,
        replaces: olds.version !== news.version ? ["version"] : [],
        deleteBeforeReplace: true,
      }),
      create: async ({ version, given }) => ({ id: "site-" + version, outs: { version, ...given } }),
    };
    super(provider, name, { version, given, channelIds: undefined, overlap: undefined });
  }
}`;

export interface RealEngine extends Engine {
  /** `pulumi import` of a private token, with what it printed. */
  import(name: string): Promise<Outcome & { readonly printed: string }>;
}

/** Pulumi's engine with the packed package, in a stack of its own. */
export async function startRealEngine(host: Host = HOST): Promise<RealEngine> {
  const stack = await Stack.start("", { host });
  if (host === "plugin") recordPlugin(stack);
  // Expirations are rounded down to days, and the fake engine starts at the beginning of one.
  stack.advance(DAY - (stack.emulator.clock.now() % DAY));
  stack.env["NODE_OPTIONS"] = nodeOptions("conformance/calls-preload.cjs");
  const kinds = new Map<string, Token["kind"]>();
  const typeOf = (kind: Token["kind"]) => `${TYPE_PREFIXES[host]}${CLASSES[kind]}`;
  const urn = (name: string) => {
    const kind = kinds.get(name);
    if (kind === undefined) throw new Error(`nothing is called ${name}`);
    return `urn:pulumi:dev::shop::${typeOf(kind)}::${name}`;
  };

  let runs = 0;
  const run = async (...args: string[]) => {
    runs += 1;
    // Holds tokens in clear, and is removed with the stack's folder.
    const file = join(stack.folder, `calls-${runs}`);
    writeFileSync(file, "");
    stack.env["TEST_CALLS"] = file;
    const { code, output } = await stack.pulumi(...args);
    const lines = readFileSync(file, "utf8").split("\n");
    const records = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
    return { succeeded: code === 0, calls: callsOf(records), printed: output };
  };
  const runProgram = (command: readonly string[], program: Program, options: RunOptions = {}) => {
    for (const { name, kind } of program.tokens) kinds.set(name, kind);
    stack.program(textOf(program));
    const { replace = [], target = [], refresh, continueOnError } = options;
    return run(
      ...command,
      ...replace.flatMap((name) => ["--replace", urn(name)]),
      ...target.flatMap((name) => ["--target", urn(name)]),
      ...(refresh ? ["--refresh"] : []),
      ...(continueOnError ? ["--continue-on-error"] : []),
    );
  };
  const setOtherCredential = (isSet: boolean) => {
    stack.env[`BIGCOMMERCE_ACCESS_TOKEN_${OTHER_STORE.toUpperCase()}`] = isSet
      ? stack.otherCredential
      : undefined;
  };
  setOtherCredential(true);
  const { emulator } = stack;
  const credentials = [stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "", stack.otherCredential];
  return {
    emulator,
    surroundings: {
      start: emulator.clock.now(),
      apiUrl: emulator.url,
      otherStore: OTHER_STORE,
      secrets: () => [...credentials, ...emulator.issued.map(({ token }) => token)],
    },
    preview: (program, options) => runProgram(["preview"], program, options),
    up: (program, options) => runProgram(["up", "--yes", "--skip-preview"], program, options),
    refresh: () => run("refresh", "--yes", "--skip-preview"),
    destroy: () => run("destroy", "--yes", "--skip-preview"),
    import: (name) => run("import", typeOf("private"), name, "an-id", "--yes", "--skip-preview"),
    async taint(name) {
      await stack.ok("state", "taint", "--yes", urn(name));
    },
    async unprotect(name) {
      await stack.ok("state", "unprotect", "--yes", urn(name));
    },
    advance(days) {
      stack.advance(days * DAY);
    },
    setOtherCredential,
    close: () => stack.close(),
  };
}

/** The engine gets the plugin through calls-proxy.cjs. */
function recordPlugin(stack: Stack): void {
  const folder = mkdtempSync(join(stack.folder, "proxy-"));
  const proxy = `#!/usr/bin/env node\nrequire(${JSON.stringify(join(__dirname, "calls-proxy.cjs"))});\n`;
  writeFileSync(join(folder, "pulumi-resource-bigcommerce"), proxy, { mode: 0o755 });
  stack.env["TEST_PLUGIN"] = pluginPath();
  const path = join(stack.folder, "program", "Pulumi.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(dirname(pluginPath()), folder));
}

/** The program as JavaScript. */
function textOf({ sites, tokens }: Program): string {
  return [
    SITE,
    ...Object.entries(sites).map(
      ([name, version]) =>
        `const ${name} = new Site("${name}", ${version}, ${JSON.stringify(siteOf(version))});`,
    ),
    ...tokens.map(({ kind, name, args, from, ...options }) => {
      const input = from ? `, ${from.input}: ${from.site}.${from.input}` : "";
      const given = `{ ...${JSON.stringify(args)}${input} }`;
      return `const ${name} = new ${CLASSES[kind]}("${name}", ${given}, ${optionsText(options)});`;
    }),
  ].join("\n");
}

type Options = Omit<Token, "kind" | "name" | "args" | "from">;

function optionsText({ alias, ignoreChanges, dependsOn, replaceWith, protect, trigger }: Options): string {
  const given = [
    alias !== undefined && `aliases: [{ name: "${alias}" }]`,
    ignoreChanges && `ignoreChanges: ${JSON.stringify(ignoreChanges)}`,
    dependsOn && `dependsOn: [${dependsOn.join(", ")}]`,
    replaceWith && `replaceWith: [${replaceWith.join(", ")}]`,
    protect && "protect: true",
    trigger !== undefined && `replacementTrigger: "${trigger}"`,
  ];
  return `{ ${given.filter((option) => typeof option === "string").join(", ")} }`;
}
