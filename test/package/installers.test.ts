import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { installedVersion } from "../support/engine-setup";
import { runOk } from "../support/run";
import { required, useFolders } from "./folders";
import { runMocked, storedTexts } from "./mocked-program";
import { ProviderProcess } from "./provider-process";

const NAME = "pulumi-bigcommerce-tokens";
const SDK = "@pulumi/pulumi";
/** The last major version that runs on Node 20. */
const PNPM = "pnpm@10.34.9";

const { version: own, peerDependencies } = jest.requireActual<{
  version: string;
  peerDependencies: Record<string, string>;
}>("../../package.json");
const lowest = /^>=(\S+)/.exec(peerDependencies[SDK] ?? "")?.[1] ?? "";

interface Manifest {
  readonly version: string;
  readonly engines?: { readonly node: string };
}

const folders = useFolders();
let reference: Record<string, string>;

/** Installed by pnpm: the package directly, directly beside the lowest SDK, and only through a library. */
const workspace = { direct: "", lowest: "", transitive: "", twoSdks: "" };
let byNpm: string;

beforeAll(async () => {
  const folder = folders.bare();
  byNpm = join(folder, "npm");
  await Promise.all([installWithPnpm(folder), installWithNpm(byNpm)]);
  reference = await storedTexts(folders.installed());
});

it("pnpm leads to the same text as npm", async () => {
  expect(Object.keys(reference)).toHaveLength(3);
  expect(await storedTexts(workspace.direct)).toEqual(reference);
});

it("the lowest SDK that the manifest allows leads to the same text under npm and under pnpm", async () => {
  expect(await storedTexts(byNpm)).toEqual(reference);
  expect(await storedTexts(workspace.lowest)).toEqual(reference);
});

it("asks for the Node.js that the lowest and the newest SDK ask for", () => {
  const { engines } = manifestIn(join(byNpm, "node_modules", NAME));
  for (const folder of [byNpm, workspace.direct]) {
    expect(manifestIn(join(folder, "node_modules", SDK)).engines).toEqual(engines);
  }
  expect(engines).toEqual({ node: ">=22" });
});

it.each(["direct", "lowest"] as const)(
  "the text loads in the provider's process of a pnpm project: %s",
  async (name) => {
    const cwd = workspace[name];
    const provider = await ProviderProcess.start(
      cwd,
      { BIGCOMMERCE_STORE_HASH: "abc123" },
      join(cwd, "node_modules", SDK),
    );
    try {
      await provider.configure();
      for (const text of Object.values(reference)) {
        const { inputs, failures } = await provider.check(
          {},
          { __provider: text, label: "t", lifetime: "30d", channelIds: [] },
        );
        expect(inputs["label"]).toBe("t");
        expect(failures.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/^channelIds/));
      }
    } finally {
      await provider.stop();
    }
  },
);

const PROGRAM =
  'attempt("token", () => new tokens.ImpersonationToken("support", { channelIds: [1], lifetime: "30d" }));';
const UNDER_ENGINE = { AS_UNDER_ENGINE: "1" };

it("a package that pnpm installed only through another one is refused before anything is registered", async () => {
  const { refused, registered } = await runMocked(workspace.transitive, PROGRAM, "mylib", UNDER_ENGINE);
  expect(refused["token"]).toEqual({
    runError: true,
    message: expect.stringMatching(
      /^impersonation token "support": [^\n]*direct dependency of the program, and run the program from its folder \(\S+#package_copies\)$/,
    ) as string,
  });
  expect(registered).toEqual([]);
});

it("two copies that pnpm made of one version, for two versions of the SDK, are named with the cure", async () => {
  const { refused, registered } = await runMocked(workspace.twoSdks, PROGRAM, "mylib", UNDER_ENGINE);
  const message = refused["token"]?.message ?? "";
  expect(message).toContain(`"support": there are two copies of ${NAME}: `);
  const copies = message.match(/\/\S+\/node_modules\/pulumi-bigcommerce-tokens(?=[ ,;])/g) ?? [];
  const sdks = copies.map((copy) => versionIn(join(copy, "..", SDK)));
  expect(sdks).toEqual([lowest, installedVersion(SDK)]);
  expect(copies.map(versionIn)).toEqual([own, own]);
  expect(message).toMatch(/; use one version of .* and one of @pulumi\/pulumi in the program and in every package/);
  expect(registered).toEqual([]);
}); // prettier-ignore

function versionIn(folder: string): string {
  return manifestIn(folder).version;
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

async function installWithPnpm(folder: string): Promise<void> {
  const tarball = `file:${required("TEST_TARBALL")}`;
  const library = { name: "mylib", version: "1.0.0", main: "index.js", dependencies: { [NAME]: tarball } };
  write(folder, "mylib/package.json", JSON.stringify({ ...library, peerDependencies: { [SDK]: "*" } }));
  write(folder, "mylib/index.js", `module.exports = require("${NAME}");\n`);
  const env = environment(folder);
  await runOk("npm", ["pack", "--silent", "--pack-destination", ".."], { cwd: join(folder, "mylib"), env });
  await runOk("npm", [...NPM_INSTALL, PNPM, "--prefix", join(folder, "tool")], { cwd: folder, env });

  const projects = {
    direct: { [NAME]: tarball, [SDK]: installedVersion(SDK) },
    lowest: { [NAME]: tarball, [SDK]: lowest },
    transitive: { mylib: `file:${join(folder, "mylib-1.0.0.tgz")}`, [SDK]: installedVersion(SDK) },
  };
  for (const [name, dependencies] of Object.entries(projects)) {
    write(folder, `pnpm/${name}/package.json`, JSON.stringify({ name, private: true, dependencies }));
    workspace[name as keyof typeof projects] = join(folder, "pnpm", name);
  }
  // Each project has a store of links to itself, as it would have alone; one command installs all.
  write(folder, "pnpm/pnpm-workspace.yaml", 'packages: ["*"]\nsharedWorkspaceLockfile: false\n');
  // One store of links for a program and a library, whose SDKs differ.
  const shared = {
    app: { mylib: "workspace:*", [NAME]: tarball, [SDK]: installedVersion(SDK) },
    mylib: { [NAME]: tarball, [SDK]: lowest },
  };
  for (const [name, dependencies] of Object.entries(shared)) {
    write(folder, `shared/${name}/package.json`, JSON.stringify({ name, private: true, dependencies }));
  }
  write(folder, "shared/mylib/index.js", `module.exports = require("${NAME}");\n`);
  write(folder, "shared/pnpm-workspace.yaml", 'packages: ["*"]\n');
  write(folder, "shared/package.json", JSON.stringify({ name: "shared", private: true }));
  workspace.twoSdks = join(folder, "shared", "app");
  write(folder, "pnpm/package.json", JSON.stringify({ name: "workspace", private: true }));
  const pnpm = join(folder, "tool", "node_modules", "pnpm", "bin", "pnpm.cjs");
  const args = [pnpm, "install", "--ignore-scripts", "--silent", "--store-dir", join(folder, "store")];
  for (const root of ["pnpm", "shared"]) {
    await runOk("node", args, { cwd: join(folder, root), env, timeoutMs: 200_000 });
  }
}

const NPM_INSTALL = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];

async function installWithNpm(folder: string): Promise<void> {
  write(folder, "package.json", JSON.stringify({ name: "program", private: true }));
  const args = [...NPM_INSTALL, required("TEST_TARBALL"), `${SDK}@${lowest}`];
  await runOk("npm", args, { cwd: folder, env: process.env, timeoutMs: 200_000 });
}

/** pnpm's caches and state go with the test's folder. */
function environment(folder: string): NodeJS.ProcessEnv {
  const places = ["XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "PNPM_HOME"];
  return {
    ...process.env,
    CI: "1",
    ...Object.fromEntries(places.map((name) => [name, join(folder, "home")])),
  };
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}
