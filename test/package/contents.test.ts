import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";

import { runOk } from "../support/run";
import { required, ROOT, useFolders } from "./folders";

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly type?: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly license: string;
}

const DOCUMENTS = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "emulator/README.md"];
/** Programs of one file each, beside the terms of what was bundled into them. */
const BUNDLES = { "dist/cli/main.js": "commander", "dist/provider/runtime.js": "zod" };
const PLUGIN = ["licenses.txt", "pulumi-resource-bigcommerce", "schema.json"].map(
  (name) => `dist/plugin/${name}`,
);
const BUNDLED = ["dist/cli/main.js", "dist/cli/licenses.txt", "dist/provider/licenses.txt", ...PLUGIN];
/** What npm runs in a package that is being installed, `prepare` and what belongs to it outside of the registry only. */
const AT_INSTALLATION = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"]; // prettier-ignore
/** They are in the plugin alone, which is one file. */
const OF_THE_PLUGIN = /^dist\/provider\/(plugin$|host\/plugin\/)/;
/** The folders of the provider that only its runtime loads. */
const OF_THE_RUNTIME = /^dist\/provider\/(bigcommerce|handlers|host|settings)\//;

const folders = useFolders();
const installed = () => join(required("TEST_FRESH"), "node_modules", "pulumi-bigcommerce-tokens");
const read = (path: string) => readFileSync(join(installed(), path), "utf8");
const manifest = () => JSON.parse(read("package.json")) as Manifest;

async function packed(): Promise<string[]> {
  const env = { PATH: process.env["PATH"] };
  const list = await runOk("tar", ["-tzf", required("TEST_TARBALL")], { cwd: ROOT, env });
  return list.trim().split("\n").map((path) => path.replace(/^package\//, "")); // prettier-ignore
}

describe("the tarball", () => {
  it("holds the output of each source, the bundled programs, documents and the manifest, and nothing else", async () => {
    const sources = ["provider", "emulator"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) =>
        join(folder, path),
      ),
    );
    const outputs = sources
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join("dist", path.slice(0, -".ts".length)))
      .filter((path) => !OF_THE_PLUGIN.test(path))
      .flatMap((path) => [`${path}.d.ts`, ...(OF_THE_RUNTIME.test(path) ? [] : [`${path}.js`])]);
    expect((await packed()).sort()).toEqual([...DOCUMENTS, "package.json", ...BUNDLED, ...outputs].sort());
  });

  it("holds no map that leads to a file it lacks, and no path of the machine that built it", async () => {
    for (const path of (await packed()).filter((each) => /\.(js|ts)$/.test(each))) {
      expect(read(path)).not.toMatch(/sourceMappingURL/);
      expect(read(path)).not.toContain(ROOT);
    }
  });

  it("holds no documents that are empty", () => {
    for (const path of DOCUMENTS) expect(read(path).length).toBeGreaterThan(200);
    expect(read("LICENSE")).toContain("Apache License");
    expect(manifest().license).toBe("Apache-2.0");
  });

  it("depends on axios and zod alone, runs nothing when it is installed, and asks for the SDK as a peer", () => {
    const { dependencies, peerDependencies, scripts = {} } = manifest();
    expect(Object.keys(dependencies).sort()).toEqual(["axios", "zod"]);
    expect(Object.keys(peerDependencies)).toEqual(["@pulumi/pulumi"]);
    expect(peerDependencies["@pulumi/pulumi"]).toMatch(/^>=3\.\d+\.0 <4$/);
    expect(Object.keys(scripts).filter((name) => AT_INSTALLATION.includes(name))).toEqual([]);
  });

  it("requires by name only what it declares", async () => {
    const declared = [
      ...["@pulumi/pulumi", "axios", "zod", "pulumi-bigcommerce-tokens"],
      ...builtinModules.flatMap((name) => [name, `node:${name}`]),
    ];
    for (const path of (await packed()).filter((each) => /\.(js|d\.ts)$/.test(each))) {
      const names = [...read(path).matchAll(/(?:require\(|from |import\()"([^".][^"]*)"/g)].map(
        ([, specifier = ""]) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier,
      );
      expect(declared).toEqual(expect.arrayContaining(names));
    }
  });
});

describe("a bundled program", () => {
  it.each(Object.entries(BUNDLES))("carries the terms of every package in it: %s", (program, one) => {
    const bundled = [...read(program).matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm)];
    const names = [...new Set(bundled.map(([, name = ""]) => name))];
    expect(names).toContain(one);
    const terms = read(join(dirname(program), "licenses.txt"));
    for (const name of names) expect(terms).toMatch(new RegExp(`^${name}\n\n.*(MIT|ISC|BSD|Apache)`, "ms"));
  });

  it.each(Object.keys(BUNDLES))("is one file: %s", (program) => {
    expect(read(program)).not.toMatch(/require\("\./);
  });
});

describe("the command line", () => {
  it("runs by the package's own name, without a network, and never installs anything", async () => {
    const cwd = required("TEST_FRESH");
    const quiet = { npm_config_offline: "true", npm_config_update_notifier: "false" };
    const env = { PATH: process.env["PATH"], HOME: cwd, ...quiet };
    const output = await runOk("npm", ["exec", "--no", "--", "pulumi-bigcommerce-tokens", "--version"], {
      cwd,
      env,
    });
    expect(output.trim().split("\n").at(-1)).toBe((manifest() as unknown as { version: string }).version);
  });
});

describe("the manifest", () => {
  it("names as main and types what it exports", () => {
    const { main, types, exports, type } = manifest();
    expect(exports["."]).toEqual({ types: `./${types}`, default: `./${main}` });
    expect(type ?? "commonjs").toBe("commonjs");
  });

  it("exports, for ever, the modules that users' states name", () => {
    expect(Object.keys(manifest().exports)).toEqual(
      expect.arrayContaining(["storefront", "private", "impersonation"].map((kind) => `./lifecycle/${kind}`)),
    );
  });

  it("exports nothing that does not load, and types beside all code", async () => {
    const { exports } = manifest();
    const specifiers = Object.keys(exports).map((subpath) => join("pulumi-bigcommerce-tokens", subpath));
    const resolved = await resolve(specifiers);
    Object.values(exports).forEach((target, index) => {
      const { types, default: code = "" } = typeof target === "string" ? { default: target } : target;
      if (typeof target !== "string") expect(Object.keys(target)).toEqual(["types", "default"]);
      expect(resolved[index]).toBe(join(installed(), code));
      if (!code.endsWith(".js")) return;
      expect(existsSync(join(installed(), types ?? code.replace(/\.js$/, ".d.ts")))).toBe(true);
    });
  });

  it("exports nothing internal", async () => {
    const internal = [
      "dist/provider/settings/settings.js",
      "dist/provider/index.js",
      "handlers",
      "lifecycle/private.js",
    ];
    const resolved = await resolve(internal.map((path) => `pulumi-bigcommerce-tokens/${path}`));
    expect(resolved).toEqual(internal.map(() => "ERR_PACKAGE_PATH_NOT_EXPORTED"));
  });
});

/** What Node itself makes of specifiers in a program's folder: jest's own resolver knows no `exports`. */
async function resolve(specifiers: readonly string[]): Promise<string[]> {
  const script = `
    const resolve = (specifier) => {
      try { require(specifier); return require.resolve(specifier); } catch (error) { return error.code ?? error.message; }
    };
    console.log("report: " + JSON.stringify(${JSON.stringify(specifiers)}.map(resolve)));
  `;
  const env = { PATH: process.env["PATH"] };
  const output = await runOk("node", ["-e", script], { cwd: folders.installed(), env });
  return JSON.parse(/^report: (.*)$/m.exec(output)?.[1] ?? "[]") as string[];
}
