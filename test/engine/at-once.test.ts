import { readdirSync } from "node:fs";
import { join } from "node:path";

import { createMachine, type Machine, PINNED } from "./fake-machine";
import { until } from "./until";

// Generous, because the suites share two cores; the tests themselves wait for events.
jest.setTimeout(30_000);

const WAITING = "another process is getting the engine already; waiting for it";

let machine: Machine;
afterEach(() => machine.remove());

describe("calls at once", () => {
  beforeEach(() => {
    machine = createMachine();
  });

  it("build once: the later call waits, shows the progress of the first, and is served as well", async () => {
    machine.go({
      list: "for name in a b c d; do echo $name; done",
      before: `echo a >&2; echo b >&2; ${waitsFor("go-on")}`,
    });
    const first = machine.ensure();
    await until(() => builds() === 1);
    const later = machine.ensure({
      settings: { progressEveryMs: 0 },
      onStderr: (text) => {
        if (text.includes("50 % built, 2 of 4 packages")) machine.executable(machine.root, "go-on");
      },
    });
    const outcomes = [await first, await later];
    expect(outcomes.map(({ code, stdout }) => ({ code, stdout }))).toEqual([
      { code: 0, stdout: `${machine.cached}\n` },
      { code: 0, stdout: `${machine.cached}\n` },
    ]);
    expect(builds()).toBe(2); // the host and the CLI
    expect(outcomes[1]!.stderr).toMatch(
      new RegExp(`^engine: ${WAITING}\nengine: downloading .*\nengine: no download: .*\nengine: building `),
    );
    expect(readdirSync(machine.cache)).toEqual([`pulumi-${PINNED}`]);
  });

  it("go on where a killed call was", async () => {
    machine.go({ before: `${mark("begun")} || ${waitsFor("go-on")}` });
    const kill = new AbortController();
    const first = machine.ensure({ stop: kill.signal });
    await until(() => builds() === 1);
    const later = machine.ensure({
      onStderr: (text) => {
        if (text.includes(WAITING)) kill.abort("SIGKILL");
      },
    });
    expect((await first).code).toBeNull();
    expect(await later).toMatchObject({ code: 0, stdout: `${machine.cached}\n` });
  });

  it("are not held up by what a killed call left", async () => {
    machine.go({ before: `${mark("begun")} || ${waitsFor("go-on")}` });
    const kill = new AbortController();
    const first = machine.ensure({ stop: kill.signal });
    await until(() => builds() === 1);
    kill.abort("SIGKILL");
    await first;
    const later = await machine.ensure();
    expect(later).toMatchObject({ code: 0, stdout: `${machine.cached}\n` });
    expect(later.stderr).not.toContain(WAITING);
    expect(readdirSync(machine.cache).filter((name) => !name.startsWith(".staging-"))).toEqual([
      `pulumi-${PINNED}`,
    ]);
  });

  it("try for themselves when the first fails", async () => {
    machine.go({ before: `${mark("begun")} || { ${waitsFor("go-on")}; echo "out of memory" >&2; exit 1; }` });
    const first = machine.ensure();
    await until(() => builds() === 1);
    const later = machine.ensure({
      onStderr: (text) => {
        if (text.includes(WAITING)) machine.executable(machine.root, "go-on");
      },
    });
    expect((await first).stderr).toContain("no build: go build of host failed: out of memory");
    expect(await later).toMatchObject({ code: 0, stdout: `${machine.cached}\n` });
  });
});

it("builds twice at once, and serves both calls, where the cache's path is too long for them to meet", async () => {
  machine = createMachine({ cacheName: "long".repeat(30) });
  const meeting = `${machine.root}/\${PWD##*/}`;
  machine.go({
    before: `if /bin/mkdir ${meeting} 2>/dev/null
      then while [ ! -e ${meeting}/second ]; do /bin/sleep 0.02; done
      else : > ${meeting}/second; fi`,
  });
  const outcomes = await Promise.all([machine.ensure(), machine.ensure()]);
  expect(outcomes.map(({ code, stdout }) => ({ code, stdout }))).toEqual([
    { code: 0, stdout: `${machine.cached}\n` },
    { code: 0, stdout: `${machine.cached}\n` },
  ]);
  expect(builds()).toBe(4);
  expect(readdirSync(machine.cache)).toEqual([`pulumi-${PINNED}`]);
});

function builds(): number {
  return machine.ran().filter((line) => line.includes("go build")).length;
}

/** Also ends with the machine: nobody else ends what a killed call started. */
function waitsFor(name: string): string {
  return `while [ -e ${machine.path} ] && [ ! -e ${join(machine.root, name)} ]; do /bin/sleep 0.02; done`;
}

/** Fails the first time that a script does it. */
function mark(name: string): string {
  return `! /bin/mkdir ${join(machine.root, name)} 2>/dev/null`;
}
