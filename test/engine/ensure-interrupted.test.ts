import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";

import { createMachine, type Machine, PINNED } from "./fake-machine";
import { until } from "./until";

// Generous, because the suites share two cores; the tests themselves wait for events.
jest.setTimeout(30_000);

let machine: Machine;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.remove());

describe("a download that stops", () => {
  it("is given up when nothing arrives", async () => {
    machine.go();
    machine.network({ kind: "silent" });
    const { stdout, stderr } = await machine.ensure({ settings: { stallMs: 400 } });
    expect(stdout).toBe(`${machine.cached}\n`);
    expect(stderr).toContain("no download: nothing arrived for 0.4 s");
  });

  it("is given up when it stops on its way, and leaves no process and no file", async () => {
    machine.go();
    const pidFile = join(machine.root, "pid");
    machine.network({ kind: "serves", script: `/bin/sleep 600 & echo $! > ${pidFile}; wait` });
    const { stdout, stderr } = await machine.ensure({ settings: { stallMs: 4000 } });
    expect(stdout).toBe(`${machine.cached}\n`);
    expect(stderr).toContain("no download: nothing arrived for 4 s");
    await expectGone(readFileSync(pidFile, "utf8").trim());
    expect(readdirSync(machine.cache)).toEqual([`pulumi-${PINNED}`]);
  });

  it("is given up, not crashed, when its folder is removed under it", async () => {
    machine.network({ kind: "silent" });
    const outcome = machine.ensure({ settings: { stallMs: 1500 } });
    await until(() => filesIn(machine.cache).some((file) => file.endsWith("begun")));
    rmSync(machine.cache, { recursive: true });
    expect((await outcome).stderr).toContain("no download: nothing arrived for 1.5 s");
  });

  it("is left to run for longer than the limit while bytes arrive", async () => {
    machine.go();
    machine.network({ kind: "trickles", forMs: 2000 });
    const { stderr } = await machine.ensure({ settings: { stallMs: 1500 } });
    expect(stderr).toContain("no download: trickled to its end");
  });
});

describe("a call that ends early, or too late", () => {
  it("leaves the engine of a quicker call in its place", async () => {
    const go = join(machine.root, "go-on");
    machine.go({ before: `while [ ! -e ${go} ]; do /bin/sleep 0.02; done` });
    const outcome = machine.ensure();
    await until(() => machine.ran().some((line) => line.includes("go build")));
    machine.engine(machine.cached);
    machine.executable(machine.cached, "mark-of-the-quicker");
    machine.executable(machine.root, "go-on");
    expect((await outcome).stdout).toBe(`${machine.cached}\n`);
    expect(readdirSync(machine.cached)).toContain("mark-of-the-quicker");
  });

  it("ends its build and clears up when it is stopped", async () => {
    const pidFile = join(machine.root, "pid");
    machine.go({ before: `echo $$ > ${pidFile}.part; /bin/mv ${pidFile}.part ${pidFile}; /bin/sleep 600` });
    const stop = new AbortController();
    const outcome = machine.ensure({ stop: stop.signal });
    await until(() => existsSync(pidFile));
    stop.abort();
    expect((await outcome).code).toBe(128 + 15);
    await expectGone(readFileSync(pidFile, "utf8").trim());
    expect(readdirSync(machine.cache)).toEqual([]);
  });

  it("removes what a killed call left more than a day ago, and nothing younger", async () => {
    const [old, young] = [".staging-old", ".staging-young"].map((name) => join(machine.cache, name));
    mkdirSync(old!, { recursive: true });
    mkdirSync(young!);
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(old!, twoDaysAgo, twoDaysAgo);
    await machine.ensure();
    expect(readdirSync(machine.cache)).toEqual([".staging-young"]);
  });
});

function filesIn(folder: string): string[] {
  return existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : [];
}

/** Killed orphans are reaped by process 1, at its leisure or never: a zombie counts as gone. */
async function expectGone(pid: string): Promise<void> {
  await until(() => stateOf(pid) === "");
}

function stateOf(pid: string): string {
  try {
    return execFileSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).trim().replace(/^Z.*/, "");
  } catch {
    return "";
  }
}
