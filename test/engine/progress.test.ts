import { createMachine, type Machine, PINNED } from "./fake-machine";

// Generous, because the suites share two cores; the tests themselves wait for events.
jest.setTimeout(30_000);

const FOUR_PACKAGES = "for name in a b c d; do echo $name; done";

let machine: Machine;
beforeEach(() => {
  machine = createMachine();
});
afterEach(() => machine.remove());

describe("a build", () => {
  it("says first that it happens once, how long it takes, where the result is kept and how to do without", async () => {
    machine.go();
    const { stderr } = await machine.ensure();
    const [line] = linesOf(stderr).filter((text) => text.startsWith("engine: building "));
    expect(line).toMatch(
      new RegExp(
        `^engine: building Pulumi ${PINNED} from Go modules, once: about \\d+ minutes on two cores\\. `,
      ),
    );
    expect(line).toContain(`kept in ${machine.cached}`);
    expect(line).toContain("with Pulumi 3.226.0 or newer on PATH it is not needed");
  });

  it("says last how long it took, and no more than that if it is quick", async () => {
    machine.go();
    const { stderr } = await machine.ensure();
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/^engine: downloading Pulumi \S+ from get\.pulumi\.com, once$/),
      "engine: no download: offline",
      expect.stringMatching(/^engine: building /),
      expect.stringMatching(new RegExp(`^engine: built Pulumi ${PINNED} in \\d+ s$`)),
    ]);
  });

  it("tells how many modules have come", async () => {
    const download = `echo "go: downloading example.com/a v1.0.0" >&2`;
    machine.go({ list: `${download}; ${waitsFor("seen")}; ${FOUR_PACKAGES}` });
    const { code } = await ensureUntil("engine: fetching Go modules, 1 so far\n");
    expect(code).toBe(0);
  });

  it("tells how many of its packages are compiled, in lines where there is no terminal", async () => {
    machine.go({ list: FOUR_PACKAGES, before: `echo a >&2; ${waitsFor("seen")}; echo b >&2; echo c >&2` });
    const { stderr } = await ensureUntil("engine: 25 % built, 1 of 4 packages, 1 s\n");
    expect(stderr).not.toContain("\r");
  });

  it("tells it in one place where there is a terminal", async () => {
    machine.go({ list: FOUR_PACKAGES, before: `echo a >&2; ${waitsFor("seen")}; echo b >&2; echo c >&2` });
    const { stderr } = await ensureUntil("\r\x1b[Kengine: 25 % built, 1 of 4 pac", { columns: 34 });
    expect(stderr).not.toMatch(/25 % built.*\n/);
    expect(stderr).toMatch(new RegExp(`\r\x1b\\[Kengine: built Pulumi ${PINNED} in \\d+ s\n$`));
  });
});

/** Runs to the end; what the fake `go` waits for comes once this has been printed. */
function ensureUntil(printed: string, settings: { columns?: number } = {}) {
  return machine.ensure({
    settings: { progressEveryMs: 0, ...settings },
    onStderr: (text) => {
      if (text.includes(printed)) machine.executable(machine.root, "seen");
    },
  });
}

function waitsFor(name: string): string {
  return `while [ ! -e ${machine.root}/${name} ]; do /bin/sleep 0.02; done`;
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}
