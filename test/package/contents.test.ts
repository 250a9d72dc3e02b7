import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

import { begin, runOk } from "../support/run";
import { NODENEXT, programOf } from "./compiler";
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
/** Programs of one file each, beside the terms of what was bundled into them: what each is made of, and a package in it. */
const BUNDLES = {
  "dist/cli/main.js": ["cli/main.ts", "commander"],
  "dist/provider/runtime.js": ["provider/runtime.ts", "zod"],
} as const;
const PLUGIN = ["licenses.txt", "pulumi-resource-bigcommerce", "schema.json"].map(
  (name) => `dist/plugin/${name}`,
);
const BUNDLED = ["dist/cli/main.js", "dist/cli/licenses.txt", "dist/provider/licenses.txt", ...PLUGIN];
/** What npm runs in a package that is being installed, `prepare` and what belongs to it outside of the registry only. */
const AT_INSTALLATION = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"]; // prettier-ignore
/** Packed, in bytes. */
const MOST = { withoutPlugin: 300_000, whole: 700_000 };

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
  it("holds what its entries load, the types that they name, programs, documents and the manifest, and nothing else", async () => {
    const entries = Object.values(manifest().exports).map((each) => (typeof each === "string" ? each : each["default"]!));
    const code = entries.filter((path) => path.endsWith(".js")).map((path) => join(installed(), path));
    const script = `${JSON.stringify(code)}.forEach((file) => require(file)); console.log(Object.keys(require.cache).join("\\n"))`;
    const env = { PATH: process.env["PATH"] };
    const loaded = (await runOk("node", ["-e", script], { cwd: folders.installed(), env })).trim().split("\n");
    const declared = programOf(code.map((file) => file.replace(/\.js$/, ".d.ts")), NODENEXT).getSourceFiles();
    const own = [...loaded, ...declared.map(({ fileName }) => fileName)]
      .map((file) => relative(installed(), file))
      .filter((path) => !path.startsWith("..") && path !== "package.json");
    const expected = new Set([...DOCUMENTS, "package.json", ...BUNDLED, ...own]);
    expect((await packed()).sort()).toEqual([...expected].sort());
  }); // prettier-ignore

  it("is small", async () => {
    const withoutPlugin = await sizeOf((path) => !path.startsWith("dist/plugin/"));
    const whole = readFileSync(required("TEST_TARBALL")).length;
    const sizes = (await packed()).map((path) => ({ path, size: gzipSync(read(path), { level: 9 }).length }));
    const largest = sizes.sort((a, b) => b.size - a.size).slice(0, 12);
    // The sizes are there for whoever reads a failure.
    const measured = { withoutPlugin, whole, largest };
    expect({ isSmall: withoutPlugin < MOST.withoutPlugin && whole < MOST.whole, measured }).toEqual({
      ...{ isSmall: true, measured },
    });
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
  it.each(Object.entries(BUNDLES))("carries the terms of every package in it: %s", async (program, [entry, one]) => {
    const folder = folders.bare();
    const outputs = [`--outfile=${join(folder, "program.js")}`, `--metafile=${join(folder, "metafile.json")}`];
    const options = ["--bundle", "--platform=node", "--external:axios", "--external:pulumi-*", "--log-level=error"];
    const env = { PATH: process.env["PATH"] };
    await runOk(join(ROOT, "node_modules", ".bin", "esbuild"), [entry, ...options, ...outputs], { cwd: ROOT, env });
    const { inputs } = JSON.parse(readFileSync(join(folder, "metafile.json"), "utf8")) as { inputs: object };
    const bundled = Object.keys(inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
    const names = [...new Set(bundled.filter((name) => name !== undefined))];
    expect(names).toContain(one);
    const terms = read(join(dirname(program), "licenses.txt"));
    for (const name of names) expect(terms).toMatch(new RegExp(`^${name}\n\n.*(MIT|ISC|BSD|Apache)`, "ms"));
  }); // prettier-ignore

  it.each([
    ["dist/cli/main.js", ["../emulator/index.js"]],
    ["dist/provider/runtime.js", []],
  ])("is one file: %s, which loads %j where it is needed", (program, others) => {
    const loaded = [...read(program).matchAll(/(?:require|import)\("(\.[^"]*)"\)/g)];
    expect(loaded.map(([, path]) => path)).toEqual(others);
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

describe("the emulator's command", () => {
  it("finds the emulator beside it", async () => {
    const cwd = folders.installed();
    const main = join(installed(), "dist", "cli", "main.js");
    const running = begin("node", [main, "emulator"], { cwd, env: { PATH: process.env["PATH"], HOME: cwd } });
    while (!running.printed().endsWith("\n}\n")) await new Promise((resolve) => setTimeout(resolve, 10));
    process.kill(running.pid!, "SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(JSON.parse(running.printed())).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127/) as string,
    });
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

/** The packed size of a part of the package. */
async function sizeOf(isPart: (path: string) => boolean): Promise<number> {
  const file = join(folders.bare(), "part.tar");
  const env = { PATH: process.env["PATH"] };
  const list = (await packed()).filter(isPart);
  await runOk("tar", ["-cf", file, "-C", installed(), ...list], { cwd: ROOT, env });
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

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
