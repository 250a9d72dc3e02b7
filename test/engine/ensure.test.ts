import { readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

import { createMachine, HELPERS, type Machine, PINNED } from "./fake-machine";

const TOOLS = resolve(__dirname, "../../tools/engine");

// Generous, because the suites share two cores; the tests themselves wait for events.
jest.setTimeout(30_000);

let machine: Machine;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.remove());

describe("the engine on PATH", () => {
  it("is taken when it is new enough, even if another one is cached", async () => {
    machine.engine(machine.path, "3.226.0");
    machine.engine(machine.cached);
    const { code, stdout } = await machine.ensure();
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${machine.path}\n` });
  });

  it("may have its helpers in another folder of PATH", async () => {
    machine.engine(machine.path, "4.0.0", HELPERS.slice(1));
    machine.executable(join(machine.root, "hosts"), "pulumi-language-nodejs");
    const { stdout } = await machine.ensure({ path: [join(machine.root, "hosts")] });
    expect(stdout).toBe(`${machine.path}\n`);
  });

  it.each(["3.225.9", "2.999.0", "3.226.0-alpha.1", "unknown"])(
    "is refused at version %s",
    async (version) => {
      machine.engine(machine.path, version);
      machine.engine(machine.cached);
      const { stdout, stderr } = await machine.ensure();
      expect(stdout).toBe(`${machine.cached}\n`);
      expect(stderr).toContain(`its version is ${version}, 3.226.0 or newer is needed`);
    },
  );

  it.each([
    ["the language host", 1],
    ["the launcher of dynamic providers", 0],
  ])("is refused without %s", async (_, present) => {
    machine.engine(machine.path, PINNED, [HELPERS[present]!]);
    machine.engine(machine.cached);
    const { stdout, stderr } = await machine.ensure();
    expect(stdout).toBe(`${machine.cached}\n`);
    expect(stderr).toContain(`no ${HELPERS[1 - present]} beside it or on PATH`);
  });
});

describe("the cached engine", () => {
  it("is found in under a second, without running it and without progress", async () => {
    machine.engine(machine.cached);
    const times: number[] = [];
    for (let process = 0; process < 3; process += 1) {
      const { code, stdout, stderr, ms } = await machine.ensure();
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${machine.cached}\n`, stderr: "" });
      times.push(ms);
    }
    // The fastest: others may be using the machine.
    expect(Math.min(...times)).toBeLessThan(1_000);
    expect(machine.ran()).toEqual([]);
  });

  it("is not used while a part is missing, but replaced by a whole one", async () => {
    machine.engine(machine.cached, PINNED, HELPERS.slice(1));
    machine.go();
    const { stdout } = await machine.ensure();
    expect(stdout).toBe(`${machine.cached}\n`);
    expect(readdirSync(machine.cached)).toContain("pulumi-language-nodejs");
    expect(readdirSync(machine.cache)).toEqual([`pulumi-${PINNED}`]);
  });
});

describe("the official download", () => {
  it("is preferred to a build, and cached", async () => {
    machine.go();
    machine.engine(join(machine.root, "release"));
    const copy = `while [ "$1" != --install-root ]; do shift; done
      /bin/mkdir -p "$2/bin" && /bin/cp ${machine.root}/release/* "$2/bin"`;
    machine.network({ kind: "serves", script: copy });
    const { stdout } = await machine.ensure();
    expect(stdout).toBe(`${machine.cached}\n`);
    expect(machine.ran().filter((line) => line.includes("go build"))).toEqual([]);
    expect((await machine.ensure()).stderr).toBe("");
  });

  it("gives way to a build when the network refuses", async () => {
    machine.go();
    machine.network({ kind: "refused" });
    const { code, stdout, stderr } = await machine.ensure();
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${machine.cached}\n` });
    expect(stderr).toMatch(/no download: .*get\.pulumi\.com.*fetch failed/);
  });
});

describe("the build from Go modules", () => {
  it("builds the host and the CLI from their own pinned modules, and is cached", async () => {
    machine.go();
    const { code, stdout } = await machine.ensure();
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${machine.cached}\n` });
    const builds = machine.ran().filter((line) => line.includes("go build"));
    expect(builds.map((line) => line.split(" ").slice(0, 3))).toEqual([
      ["host", "GOFLAGS=-mod=readonly", "CGO_ENABLED=0"],
      ["cli", "GOFLAGS=-mod=readonly", "CGO_ENABLED=0"],
    ]);
    expect(builds[1]).toContain(`common/version.Version=v${PINNED} -o `);
    expect((await machine.ensure()).stderr).toBe("");
    expect(machine.ran().filter((line) => line.includes("go build"))).toHaveLength(2);
  });

  it.each([
    [
      "lets the compiler use a gigabyte where there are two for each core",
      2 * 2 ** 30,
      "GOGC=off GOMEMLIMIT=1GiB",
    ],
    ["leaves the compiler's memory alone where there is less", 2 * 2 ** 30 - 1, "GOGC= GOMEMLIMIT="],
  ])("%s", async (_, bytesPerCore, environment) => {
    machine.go();
    expect((await machine.ensure({ settings: { bytesPerCore } })).code).toBe(0);
    expect(machine.ran().filter((line) => line.includes(` ${environment} go build `))).toHaveLength(2);
  });

  it("leaves nothing but the folder on the standard output of `npm run --silent engine`", async () => {
    machine.engine(machine.path, "3.1.0"); // stands before any other on this computer
    machine.go();
    const path = [dirname(process.execPath), ...(process.env["PATH"] ?? "").split(delimiter)];
    const { code, stdout, stderr } = await machine.ensure({ path, byNpm: true });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${machine.cached}\n` });
    expect(stderr).toContain("engine: building ");
  });

  it("pins the versions that it announces", () => {
    const [cli, host, yaml, versions] = ["cli/go.mod", "host/go.mod", "yaml/go.mod", "versions.mjs"].map(
      (file) => readFileSync(join(TOOLS, file), "utf8"),
    );
    const go = /GO_MINIMUM = "(.+)"/.exec(versions!)?.[1];
    expect(cli).toContain(`github.com/pulumi/pulumi/pkg/v3 v${PINNED}`);
    for (const module of [cli, host, yaml]) expect(module).toContain(`\ngo ${go}\n`);
    expect(host).toContain("github.com/pulumi/pulumi/sdk/v3 v3.68.0");
  });

  it("leaves out what CONTRIBUTING.md says, and nothing else", () => {
    const replaced = readFileSync(join(TOOLS, "cli/go.mod"), "utf8").matchAll(
      /^\t?(\S+)(?: \S+)? => (\S+)$/gm,
    );
    expect([...replaced].map(([, module, folder]) => [module, folder])).toEqual([
      ["cloud.google.com/go/storage", "./left-out/storage"],
      ["github.com/pb33f/libopenapi", "./left-out/libopenapi"],
    ]);
    const document = readFileSync(join(TOOLS, "../../CONTRIBUTING.md"), "utf8");
    expect(document).toContain("A build has everything but the backend `gs://` and `pulumi api`");
  });

  it.each([
    ["no module can be fetched", "list", "go list of host failed: dial tcp: no such host"],
    ["the compiler fails", "before", "go build of host failed: dial tcp: no such host"],
  ])("leaves nothing behind when %s, and says what to install", async (_, step, reason) => {
    machine.go({ [step]: `echo "go: downloading x" >&2; echo "dial tcp: no such host" >&2; exit 1` });
    const { code, stdout, stderr } = await machine.ensure();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(lastLineOf(stderr)).toContain(`no build: ${reason}`);
    expect(lastLineOf(stderr)).toContain(" Install Pulumi ");
    expect(readdirSync(machine.cache)).toEqual([]);
  });

  it("is not cached when the result says another version", async () => {
    machine.go({ version: "v3.1.0" });
    const { code, stderr } = await machine.ensure();
    expect(code).toBe(1);
    expect(lastLineOf(stderr)).toContain("no build: the result says its version is 3.1.0");
    expect(readdirSync(machine.cache)).toEqual([]);
  });

  it("says in one line what to install where there is no Go", async () => {
    const { code, stdout, stderr } = await machine.ensure();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(lastLineOf(stderr)).toMatch(
      /^engine: no Pulumi engine \(no download: offline; no build: Go is not on PATH\)\. Install Pulumi .*or Go /,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

function lastLineOf(text: string): string | undefined {
  return text.trim().split("\n").at(-1);
}
