import { behindBoundary } from "../../cli/render/boundary";
import { runProgram } from "../../cli/program";
import type { Line } from "../../cli/render/line";
import type { Host, Ran } from "../../cli/system";
import { systemClock } from "../../provider/system-clock";
import { withoutLinks } from "../support/error-link";

export interface FakeSystemOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** By path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly stdin?: string | Uint8Array;
  /** Answers to questions; none: standard input is no terminal. */
  readonly answers?: readonly string[];
  /** What `pulumi` does with these arguments; absent: there is no pulumi. */
  readonly pulumi?: (args: readonly string[]) => Partial<Ran> | Promise<Partial<Ran>>;
  /** What specifiers resolve to, from any folder. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly nodeVersion?: string;
  /** Unix seconds; default: the real clock. */
  readonly now?: number;
  readonly clock?: Host["clock"];
  /** The terminal's width; absent: standard output is no terminal. */
  readonly columns?: number;
  readonly colour?: boolean;
  /** Resolves when the process is asked to end. */
  readonly interrupted?: Promise<void>;
}

export interface Told {
  readonly code: number;
  readonly stdout: string;
  /** Without the addresses with which errors end. */
  readonly stderr: string;
  /** What was written by `--output` and the like, by path. */
  readonly written: Readonly<Record<string, string>>;
  /** The arguments of each run of `pulumi`. */
  readonly runs: readonly (readonly string[])[];
}

/** Runs the command line on a system of its own, to its end. */
export async function cli(args: readonly string[], options: FakeSystemOptions = {}): Promise<Told> {
  const { system, told } = fakeSystem(args, options);
  await runProgram(system);
  return told();
}

/** A clock on which sleeping takes no time. */
export function quickClock(seconds: number): Host["clock"] {
  let passedMs = 0;
  return {
    ...systemClock,
    now: () => seconds * 1_000 + passedMs,
    monotonic: () => passedMs,
    sleep: async (ms) => {
      passedMs += ms;
      return Promise.resolve();
    },
  };
}

/** What lines become on standard output. */
export function printed(lines: readonly Line[], colour = false): string {
  const { system, told } = fakeSystem([], { colour });
  behindBoundary(system).output.stdout(lines);
  return told().stdout;
}

export function fakeSystem(
  args: readonly string[],
  options: FakeSystemOptions = {},
): { readonly system: Host; readonly told: () => Told } {
  const { files = {}, stdin = "", answers, pulumi, columns, colour = false, now } = options;
  const out = { stdout: "", stderr: "", code: 0 };
  const written: Record<string, string> = {};
  const runs: (readonly string[])[] = [];
  const questions = [...(answers ?? [])];
  const system: Host = {
    args,
    env: options.env ?? {},
    cwd: "/program",
    nodeVersion: options.nodeVersion ?? "24.9.0",
    output: {
      stdout: (text) => (out.stdout += text),
      stderr: (text) => (out.stderr += text),
      isTty: columns !== undefined,
      ...(columns !== undefined && { columns }),
      colour,
    },
    input: {
      isTty: answers !== undefined,
      read: async () => Promise.resolve(Buffer.from(stdin as string)),
      ask: async (question) => {
        out.stderr += question;
        return Promise.resolve(questions.shift());
      },
    },
    files: {
      read: async (path) => Promise.resolve(Buffer.from(content(files, path) as string)),
      write: async (path, text) => {
        written[path] = text;
        return Promise.resolve();
      },
      names: async (folder) => Promise.resolve(namesIn(files, folder)),
      async *lines(path) {
        yield* Buffer.from((await Promise.resolve(content(files, path))) as string)
          .toString()
          .split("\n");
      },
    },
    clock: options.clock ?? { ...systemClock, ...(now !== undefined && { now: () => now * 1_000 }) },
    resolve: (specifier) => options.modules?.[specifier],
    randomHex: (bytes) => "0123456789abcdef".repeat(bytes).slice(0, 2 * bytes),
    async run(command, given) {
      if (command !== "pulumi") throw new Error(`${command} was run`);
      runs.push(given.filter((each) => each !== "--non-interactive"));
      if (!pulumi) return undefined;
      return {
        code: 0,
        stdout: "",
        stderr: "",
        ...(await pulumi(given.filter((each) => each !== "--non-interactive"))),
      };
    },
    interrupted: async () => options.interrupted ?? new Promise(() => undefined),
    setExitCode(code) {
      out.code = code;
    },
  };
  return { system, told: () => ({ ...out, stderr: withoutLinks(out.stderr), written, runs }) };
}

function content(files: FakeSystemOptions["files"] = {}, path: string): string | Uint8Array {
  const name = withSlashes(path);
  const found = files[name];
  if (found !== undefined) return found;
  const isFolder = Object.keys(files).some((each) => each.startsWith(`${name}/`));
  throw Object.assign(new Error("read failed"), { code: isFolder ? "EISDIR" : "ENOENT" });
}

function namesIn(files: FakeSystemOptions["files"] = {}, folder: string): readonly string[] {
  const inside = Object.keys(files).filter((path) => path.startsWith(`${withSlashes(folder)}/`));
  if (inside.length === 0) throw Object.assign(new Error("no folder"), { code: "ENOENT" });
  return [...new Set(inside.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))];
}

/** The files of a test have slashes in their paths on every system. */
function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
