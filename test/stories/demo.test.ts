import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(__dirname, "..", "..");
/** The machine may be busy with other stories; the demo itself takes well under a minute. */
const PATIENCE_MS = 600_000;

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  /** From the signal to the end. */
  readonly endedAfterMs: number;
}

describe("npm run demo", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "demo-test-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it(
    "ends with every token accounted for, a table of them and a report, prints no secret and leaves nothing else",
    async () => {
      const { code, output } = await runDemo({ TMPDIR: root });
      expect({ code, output }).toEqual({ code: 0, output: expect.any(String) });
      expect(output).toContain("8 tokens minted, 5 revoked, 0 expired, 3 live now\n");
      expect(output).toContain("27 requests: 8 mint, 5 revoke, 8 list, 6 graphql\n");
      expect(output).toContain("POST /graphql with the old one: 200 Store abc123\n");
      expect(output).toContain("POST /graphql with the old one: 401 Unknown JWT token\n");
      expect(output).toMatch(/~ expiresAt +: "\S+Z" => "\S+Z"\n/);
      const steps = [...output.matchAll(/^step (\d+) of (\d+) {2}\S/gm)].map(([, step, all]) => [step, all]);
      expect(steps).toEqual(Array.from({ length: 13 }, (_, index) => [String(index + 1), "13"]));
      expect(output).not.toMatch(/bigcommerce-tokens: warning|npm warn|Warning:/i);
      for (const resource of ["server", "support", "web"]) {
        expect(output).toMatch(
          new RegExp(`\\| ${resource} +20\\d\\d-\\d\\d-\\d\\d in \\d+ d +in \\d+ d +ok\\n`),
        );
      }
      expectNoSecret(output);
      const next = output.slice(output.indexOf("what to try next:\n"));
      expect(next.match(/^ {4}- .*\n {6}\S.*$/gm)).toHaveLength(3);
      const report = next.trimEnd().split("\n").at(-1)?.trim() ?? "";
      expect(dirname(dirname(report))).toBe(root);
      const page = readFileSync(report, "utf8");
      expect(page).toMatch(/^<!doctype html>/i);
      expect(page.match(/>revoked</g)?.length).toBeGreaterThanOrEqual(5);
      expectNoSecret(page);
      rmSync(dirname(report), { recursive: true });
      expectNothingLeft(root);
    },
    PATIENCE_MS,
  );

  it(
    "tidies up within 15 seconds when it is interrupted during the first update",
    async () => {
      const { code, output, endedAfterMs } = await runDemo({ TMPDIR: root }, /\$ pulumi up/);
      expect(output).toContain("Stopped by SIGINT");
      expect(code).toBe(130);
      expect(endedAfterMs).toBeLessThan(15_000);
      expectNoSecret(output);
      expectNothingLeft(root);
    },
    PATIENCE_MS,
  );

  it("says what failed, ends with 1 and tidies up where npm is missing", async () => {
    const bin = mkdtempSync(join(root, "bin-"));
    symlinkSync(process.execPath, join(bin, "node"));
    const engine = process.env["TEST_ENGINE"] ?? "";
    const { code, output } = await runDemo({ TMPDIR: root, PATH: `${bin}:${engine}` });
    expect(output).toContain("The demo failed: npm could not be started");
    expect(code).toBe(1);
    rmSync(bin, { recursive: true });
    expectNothingLeft(root);
  });

  it("takes no option that it does not know", async () => {
    const { code, output } = await runNode([join("demo", "demo.mjs"), "--keep"], { TMPDIR: root });
    expect({ code, output }).toEqual({
      ...{ code: 1, output: expect.stringContaining("one option, --stay, as in `npm run demo -- --stay`") },
    });
    expectNothingLeft(root);
  });

  it("says in a silent step how long it has taken: in one line of a terminal, else in a line now and then", async () => {
    const elapsed = pathToFileURL(join(ROOT, "demo", "elapsed.mjs")).href;
    const program = `
      import { createElapsed } from ${JSON.stringify(elapsed)};
      for (const isTerminal of [true, false]) {
        const written = [];
        let [ms, tick, everyMs] = [0, undefined, 0];
        const repeat = (work, every) => {
          [tick, everyMs] = [work, every];
          return () => (tick = () => {});
        };
        const after = (seconds) => {
          for (let left = seconds * 1000; left > 0; left -= everyMs) {
            ms += everyMs;
            tick();
          }
        };
        const stream = { write: (text) => written.push(text) };
        const steps = createElapsed({ stream, isTerminal, now: () => ms, repeat });
        steps.begin();
        after(10);
        steps.beforeLine();
        written.push("a line");
        after(20);
        steps.begin();
        after(10);
        steps.rest();
        after(60);
        process.stdout.write(JSON.stringify(written) + "\\n");
      }`;
    const { output } = await runNode(["--input-type=module", "--eval", program], {});
    const [terminal = [], plain] = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
    const shown = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `\r\x1b[K    ... ${from + index} s so far`);
    expect(terminal).toEqual([
      ...[...shown(2, 10), "\r\x1b[K", "a line"],
      ...[...shown(12, 30), "\r\x1b[K"],
      ...[...shown(2, 10), "\r\x1b[K"],
    ]);
    expect(plain).toEqual([
      ...["    ... 10 s so far\n", "a line", "    ... 20 s so far\n", "    ... 30 s so far\n"],
      "    ... 10 s so far\n",
    ]);
  });

  it("breaks lines at spaces, so that each row fits the terminal and is marked as a quote again", async () => {
    const voice = pathToFileURL(join(ROOT, "demo", "say.mjs")).href;
    const program = `
      import { createVoice } from ${JSON.stringify(voice)};
      const stream = { isTTY: true, columns: 40, write: (text) => process.stdout.write(text) };
      const { quote, command } = createVoice({ stream, env: { TERM: "dumb" }, secrets: () => [] });
      quote("~ name: " + "a".repeat(40) + " => " + "b".repeat(20) + " end of it");
      command("pulumi up --yes --skip-preview --diff --refresh");`;
    const { output } = await runNode(["--input-type=module", "--eval", program], {});
    expect(output.split("\n")).toEqual([
      ...["    | ~ name:", `    |   ${"a".repeat(40)}`, `    |   => ${"b".repeat(20)} end of`, "    |   it"],
      ...["    $ pulumi up --yes --skip-preview", "        --diff --refresh", ""],
    ]);
  });

  it("refuses to print a line with a token or a credential in it", async () => {
    const voice = pathToFileURL(join(ROOT, "demo", "say.mjs")).href;
    const program = `
      import { createVoice } from ${JSON.stringify(voice)};
      const { quote } = createVoice({ stream: process.stdout, env: {}, secrets: () => ["credential-1"] });
      for (const line of ["a eyJ0eXAiOiJKV1Qi.b", "a credential-1 b", "a fingerprint"]) {
        try { quote(line); } catch (error) { process.stdout.write(error.message + "\\n"); }
      }`;
    const { output } = await runNode(["--input-type=module", "--eval", program], {});
    const refusal = "a line with a secret in it was not printed\n";
    expect(output).toBe(`${refusal}${refusal}    | a fingerprint\n`);
  });
});

function runDemo(env: NodeJS.ProcessEnv, interruptAt?: RegExp): Promise<Outcome> {
  return runNode([join("demo", "demo.mjs")], env, interruptAt);
}

function runNode(args: string[], env: NodeJS.ProcessEnv, interruptAt?: RegExp): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let interruptedAt = 0;
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (interruptedAt > 0 || !interruptAt?.test(output)) return;
      interruptedAt = Date.now();
      // Twice, as npm and the terminal deliver one Ctrl-C.
      child.kill("SIGINT");
      child.kill("SIGINT");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output, endedAfterMs: Date.now() - interruptedAt });
    });
  });
}

function expectNoSecret(output: string): void {
  expect(output).not.toMatch(/eyJ[\w-]{8,}/);
  // The shape of the demo's credential.
  expect(output).not.toMatch(/(?<!#)\b[0-9a-f]{32}\b/);
}

/** Everything that the demo starts inherits its folder for temporary files. */
function expectNothingLeft(root: string): void {
  expect(readdirSync(root)).toEqual([]);
  if (!existsSync("/proc/self/environ")) return;
  const left = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(root))
    .map((name) => read(`/proc/${name}/cmdline`));
  expect(left).toEqual([]);
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
