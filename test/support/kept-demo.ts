import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { nodeOptions } from "./preloads";
import { begin, type Ran, type Running, runOk } from "./run";

const ROOT = join(__dirname, "..", "..");
/** The machine may be busy with other stories, and all of one story's steps fall into this time. */
const PATIENCE_MS = 1_200_000;

/** The demo's stack and store, which `--stay` leaves to other commands. */
export class KeptDemo {
  /** Everything that any command printed. */
  output = "";

  private constructor(
    private readonly demo: Running,
    /** What the demo takes for the folder of temporary files. */
    readonly root: string,
    readonly folder: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<KeptDemo> {
    const root = mkdtempSync(join(tmpdir(), "demo-kept-"));
    const demo = begin(process.execPath, [join("demo", "demo.mjs"), "--stay"], {
      ...{
        cwd: ROOT,
        env: { ...process.env, TMPDIR: root, NODE_OPTIONS: nodeOptions() },
        timeoutMs: PATIENCE_MS,
      },
    });
    const [, program = "", source = ""] = (await saidBy(demo, /\$ cd (\S+) && (\. \.\.\/env\.sh)\n[^]*--help\n/)) ?? []; // prettier-ignore
    if (program === "") {
      rmSync(root, { recursive: true });
      throw new Error(demo.printed());
    }
    return new KeptDemo(demo, root, dirname(program), settingsIn(program, source));
  }

  environment(): NodeJS.ProcessEnv {
    return { ...this.settings, NODE_OPTIONS: nodeOptions() };
  }

  pulumi(...args: readonly string[]): Promise<string> {
    return this.shell(["pulumi", ...args].join(" "));
  }

  /** In the program's folder; fails unless every command of a pipe succeeds. */
  shell(script: string): Promise<string> {
    const cwd = join(this.folder, "program");
    return runOk("bash", ["-o", "pipefail", "-c", script], { cwd, env: this.environment() });
  }

  edit(from: string, to: string): void {
    const file = join(this.folder, "program", "index.ts");
    const text = readFileSync(file, "utf8");
    if (text.split(from).length !== 2) throw new Error(`the program does not say ${from} once`);
    writeFileSync(file, text.replace(from, to));
  }

  /** As Ctrl-C ends it; `left` is what it leaves behind, which goes then. */
  async close(): Promise<Ran & { readonly left: readonly string[] }> {
    try {
      if (this.demo.pid !== undefined) process.kill(this.demo.pid, "SIGINT");
    } catch {
      // It has ended by itself, which its exit code tells.
    }
    const ran = await this.demo.ended;
    const left = readdirSync(this.root);
    rmSync(this.root, { recursive: true });
    return { ...ran, left };
  }
}

/** Undefined where it ends without having said it. */
async function saidBy({ printed, ended }: Running, words: RegExp): Promise<RegExpExecArray | undefined> {
  let watch: NodeJS.Timeout | undefined;
  const said = new Promise<void>((resolve) => {
    watch = setInterval(() => {
      if (words.test(printed())) resolve();
    }, 100);
  });
  await Promise.race([said, ended]);
  clearInterval(watch);
  return words.exec(printed()) ?? undefined;
}

/** What another terminal has once it did as the demo says. */
function settingsIn(program: string, source: string): Record<string, string> {
  const { PATH, HOME } = process.env;
  const script = `${source} && exec "$0" -p 'JSON.stringify(process.env)'`;
  const printed = execFileSync("sh", ["-c", script, process.execPath], { cwd: program, env: { PATH, HOME } });
  return JSON.parse(printed.toString()) as Record<string, string>;
}
