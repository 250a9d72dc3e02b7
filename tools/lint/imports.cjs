"use strict";

const { statSync } = require("node:fs");
const { dirname, join, relative, sep } = require("node:path");

const ROOT = join(__dirname, "..", "..");

const NODE = "node:*";
/** They import nothing but each other. */
const LEAVES = [
  "provider/defined.ts",
  "provider/error-codes.ts",
  "provider/error-links.ts",
  "provider/errors.ts",
  "provider/homepage.ts",
  "provider/printable.ts",
  "provider/request-errors.ts",
];
/** What the provider tells: as data, and how the data becomes lines. */
const NOTICES = ["provider/notices.ts", "provider/notice-formats.ts"];

/** What of the provider the command line may use: everything that needs no run of Pulumi. */
const PROVIDER = [
  ...["provider/domain", "provider/bigcommerce", "provider/settings", "provider/pulumi-values.ts"],
  ...["provider/clock.ts", "provider/system-clock.ts", ...NOTICES, ...LEAVES],
];

/** What every part of the command line may use: it knows no stack, no store and no command. */
const BASE = [
  ...["cli/files", "cli/render", "cli/system.ts", "cli/exit-codes.ts", "cli/output-format.ts"],
  ...["cli/repeated-option.ts", "cli/one-line.ts", "cli/shell.ts", "package.json", NODE],
];
const COMMAND = ["cli/stores", "cli/tokens", "cli/pulumi", ...BASE, ...PROVIDER, "commander", "zod"];

/** What starts in a process that Pulumi made. */
const ENTRY = [
  ...["provider/host", "provider/session.ts", "provider/settings", "provider/domain"],
  ...["provider/system-clock.ts", ...NOTICES, ...LEAVES, NODE],
];
const HOST = [
  ...["provider/handlers", "provider/domain", "provider/pulumi-values.ts", "provider/clock.ts"],
  ...[...NOTICES, ...LEAVES, NODE],
];
/** Pulumi's protocol for provider plugins. */
const GRPC = ["@grpc/grpc-js", "@pulumi/pulumi/proto", "google-protobuf"];

/**
 * The parts of the sources, and what each may import beside its own files; types count. A file belongs to the part with the
 * longest path. ARCHITECTURE.md shows the same as a picture.
 */
const PARTS = {
  "provider/index.ts": ["provider/resources", "provider/domain", "provider/error-codes.ts"],
  "provider/resources": ["provider/lifecycle", "provider/domain", ...LEAVES, "@pulumi/pulumi", NODE],
  // States name these files. Each method loads the runtime by the package's name, and nothing else.
  "provider/lifecycle": ["pulumi-bigcommerce-tokens/runtime", "@pulumi/pulumi"],
  "provider/runtime.ts": ENTRY,
  "provider/plugin.ts": [...ENTRY, ...GRPC, "provider/pulumi-values.ts"],
  "provider/session.ts": [
    ...["provider/handlers", "provider/settings", "provider/bigcommerce", "provider/domain"],
    ...["provider/system-clock.ts", ...NOTICES, ...LEAVES, NODE],
  ],
  "provider/host": HOST,
  "provider/host/plugin": [...HOST, ...GRPC, "provider/host", "provider/settings"],
  "provider/handlers": [
    ...["provider/settings", "provider/bigcommerce", "provider/domain", "provider/clock.ts"],
    ...[...NOTICES, ...LEAVES],
  ],
  "provider/settings": ["provider/bigcommerce", "provider/domain", ...LEAVES, "zod"],
  "provider/bigcommerce": [
    ...["provider/domain", "provider/clock.ts", ...LEAVES, "axios", "zod", NODE],
    "pulumi-bigcommerce-tokens/package.json",
  ],
  // The table of notices is pure as well: what the domain tells is data from it.
  "provider/domain": ["provider/notice-formats.ts", ...LEAVES, "node:crypto", "zod"],
  "provider/notices.ts": ["provider/notice-formats.ts", ...LEAVES],
  "provider/notice-formats.ts": ["provider/notice-slots.ts", ...LEAVES],
  "provider/notice-slots.ts": ["provider/domain", ...LEAVES],
  "provider/pulumi-values.ts": ["provider/domain", ...LEAVES],
  "provider/system-clock.ts": ["provider/clock.ts"],
  "provider/clock.ts": [],
  "provider/error-codes.ts": LEAVES,
  "provider/error-links.ts": LEAVES,
  "provider/request-errors.ts": [],
  "provider/homepage.ts": [],
  "provider/printable.ts": [],
  "provider/errors.ts": LEAVES,
  "provider/defined.ts": LEAVES,

  "cli/main.ts": [
    "cli/program.ts",
    "cli/host.ts",
    "cli/system.ts",
    "cli/exit-codes.ts",
    "provider/notices.ts",
    "provider/error-links.ts",
  ],
  "cli/program.ts": ["cli/commands", "cli/secret-arguments.ts", ...BASE, ...PROVIDER, "commander"],
  "cli/commands/*": COMMAND,
  "cli/commands/emulator": [...COMMAND, "emulator/index.ts"],
  // It runs in a browser.
  "cli/commands/audit/html/page": [],
  "cli/stores": ["cli/tokens", "cli/pulumi", ...BASE, ...PROVIDER, "zod"],
  "cli/tokens": ["cli/pulumi", ...BASE, ...PROVIDER, "zod"],
  "cli/pulumi": [...BASE, ...PROVIDER, "zod"],
  "cli/secret-arguments.ts": [...BASE, ...LEAVES],
  "cli/render": [...BASE, ...PROVIDER],
  "cli/files": ["cli/system.ts", ...LEAVES, NODE],
  "cli/host.ts": [
    ...["cli/system.ts", "cli/files", "provider/settings", "provider/system-clock.ts", ...LEAVES],
    ...[NODE],
  ],
  "cli/system.ts": ["cli/render", "cli/exit-codes.ts", "provider/settings", "provider/clock.ts"],
  "cli/exit-codes.ts": [],
  "cli/output-format.ts": ["commander"],
  "cli/repeated-option.ts": ["commander"],
  "cli/one-line.ts": [],
  "cli/shell.ts": ["provider/domain"],

  emulator: [NODE],
};

/** The part that a file belongs to; a `*` in its name stands for one folder, which is then part of the name. */
function partOf(file) {
  const found = Object.keys(PARTS)
    .map((name) => ({ name, own: new RegExp(`^${name.replace("*", "[^/]+")}(?=/|$)`).exec(file)?.[0] }))
    .filter(({ own }) => own !== undefined)
    .sort((a, b) => b.name.length - a.name.length)[0];
  return found && { name: found.own, mayImport: PARTS[found.name] };
}

function mayImport(entry, target) {
  return entry === NODE ? target.startsWith("node:") : target === entry || target.startsWith(`${entry}/`);
}

/** The file that a relative specifier names, from the root; a package's name stays what it is. */
function targetOf(specifier, file) {
  if (!specifier.startsWith(".")) return specifier;
  const path = join(dirname(file), specifier);
  const resolved = [path, `${path}.ts`, join(path, "index.ts")].find(isFile) ?? path;
  return posix(relative(ROOT, resolved));
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function posix(path) {
  return path.split(sep).join("/");
}

/** The part that a file belongs to, if it may not import the target. */
function refusingPart(file, target) {
  const part = partOf(file);
  if (!part || partOf(target)?.name === part.name) return undefined;
  return part.mayImport.some((entry) => mayImport(entry, target)) ? undefined : part.name;
}

/** Whatever imports: `import`, `export from`, `import()` also as a type, and `require()`. */
const directions = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const file = posix(relative(ROOT, context.filename));
    const see = (node, source) => {
      if (typeof source?.value !== "string") return;
      const target = targetOf(source.value, context.filename);
      const part = refusingPart(file, target);
      if (part === undefined) return;
      context.report({
        node,
        message: `${part} may not import ${target}. See tools/lint/imports.cjs for what it may, and ARCHITECTURE.md.`,
      });
    };
    return {
      Program(node) {
        if (partOf(file)) return;
        context.report({ node, message: `${file} belongs to no part of tools/lint/imports.cjs.` });
      },
      ImportDeclaration: (node) => see(node, node.source),
      ExportNamedDeclaration: (node) => see(node, node.source),
      ExportAllDeclaration: (node) => see(node, node.source),
      ImportExpression: (node) => see(node, node.source),
      TSImportType: (node) => see(node, node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => see(node, node.expression),
      "CallExpression[callee.name='require']": (node) => see(node, node.arguments[0]),
    };
  },
};

module.exports = { PARTS, directions, refusingPart };
