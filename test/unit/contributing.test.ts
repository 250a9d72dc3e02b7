import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { readYaml } from "../support/workflow";

const ROOT = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const CONTRIBUTING = read("CONTRIBUTING.md");
const manifest = JSON.parse(read("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
};

/** What npm runs by itself. */
const LIFECYCLE = ["prepare", "prepack", "postpack", "prepublishOnly"];

describe("CONTRIBUTING.md", () => {
  it("is one page", () => {
    expect(CONTRIBUTING.split(/\s+/).length).toBeLessThan(1_500);
  });

  it("lists every script of package.json, and none that is not there", () => {
    const rows = [...CONTRIBUTING.matchAll(/^\| `npm (?:run (?:--silent )?)?([\w:-]+)/gm)].map(([, name]) => name);
    const names = Object.keys(manifest.scripts).filter((name) => !LIFECYCLE.includes(name));
    expect([...new Set(rows)].sort()).toEqual(names.sort());
    const named = [...CONTRIBUTING.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(named));
  }); // prettier-ignore

  it("names only files and folders that are there", () => {
    const linked = [...CONTRIBUTING.matchAll(/\]\((?!https:)([^)#]+)\)/g)].map(([, path = ""]) => path);
    const named = [...CONTRIBUTING.matchAll(/`((?:provider|cli|emulator|test|tools)\/[^`<]*)`/g)].map(([, path = ""]) => path);
    expect(linked.length).toBeGreaterThan(5);
    expect([...linked, ...named].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  }); // prettier-ignore

  it("asks for the Node.js and the Go that are needed", () => {
    expect(CONTRIBUTING).toContain(`Node.js ${manifest.engines.node.replace(">=", "")} or later`);
    const [, go] = /^go (.*)$/m.exec(read("tools/engine/cli/go.mod")) ?? [];
    expect(CONTRIBUTING).toContain(`Go ${go ?? "?"} or later`);
  });
});

describe("SECURITY.md", () => {
  const [, , ...rows] = read("SECURITY.md").match(/^\|.*$/gm) ?? [];
  const cells = rows.map((row) => row.split("|").map((cell) => cell.trim())).map(([, what, versions]) => [what, versions]); // prettier-ignore
  const table = Object.fromEntries(cells) as Readonly<Record<string, string>>;

  it("supports the versions of Node.js that CI tests", () => {
    const { jobs } = readYaml(join(ROOT, ".github", "workflows", "ci.yml")) as {
      readonly jobs: { readonly test: { readonly strategy: { readonly matrix: { readonly node: readonly number[] } } } };
    };
    expect(table["Node.js"]?.match(/\d+/g)).toEqual(jobs.test.strategy.matrix.node.map(String));
    expect(manifest.engines.node).toBe(`>=${Math.min(...jobs.test.strategy.matrix.node)}`);
  }); // prettier-ignore

  it("supports the SDKs of the manifest", () => {
    const [, least = "", below = ""] = /^>=(\d+\.\d+)\.0 <(\d+)$/.exec(manifest.peerDependencies["@pulumi/pulumi"] ?? "") ?? [];
    expect(table["`@pulumi/pulumi`"]).toBe(`${least} and later, below ${below}`);
  }); // prettier-ignore
});
