import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { inInstaller, type Network } from "./fake-network";

const ROOT = resolve(__dirname, "../..");
const TOOLS = join(ROOT, "tools");

/** What each tool's command runs. */
const TOOL_FILES = { engine: "ensure.mjs", python: "ensure.mjs", actionlint: "lint.mjs" } as const;

export const PINNED = "3.259.0";
export const HELPERS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface EnsureOptions {
  /** Whose hosts are wanted beside the engine. */
  readonly languages?: readonly string[];
  readonly path?: readonly string[];
  /** Sends SIGTERM, or the signal that is its reason. */
  readonly stop?: AbortSignal;
  /** Called with all that standard error has said so far, whenever it says more. */
  readonly onStderr?: (text: string) => void;
  readonly settings?: Settings;
  /** As `npm run --silent engine`. */
  readonly byNpm?: boolean;
  /** Another tool than `engine`. */
  readonly tool?: keyof typeof TOOL_FILES;
}

interface Settings {
  readonly stallMs?: number;
  readonly bytesPerCore?: number;
  readonly progressEveryMs?: number;
  /** Standard error is a terminal of this width. */
  readonly columns?: number;
}

export interface Machine {
  readonly root: string;
  /** The first folder of PATH. */
  readonly path: string;
  readonly cache: string;
  /** Where the pinned engine is cached. */
  readonly cached: string;
  executable(folder: string, name: string, script?: string): void;
  /** A `pulumi` that notes that it was run, and its helpers beside it. */
  engine(folder: string, version?: string, helpers?: readonly string[]): void;
  /**
   * A `go` that notes its call. As `go list` it does `list`, which prints the packages that are to be compiled;
   * as `go build` it does `before`, and writes a program that prints `version`, or does `program`.
   */
  go(options?: { list?: string; before?: string; version?: string; program?: string }): void;
  network(network: Network): void;
  /** One line for each call of a fake `pulumi` or `go`. */
  ran(): readonly string[];
  /** Runs the tool's ensure.mjs, or with settings of its own the function behind that of the engine. */
  ensure(options?: EnsureOptions): Promise<Outcome>;
  /** Ends what still runs, and with it what that started, then removes the folder. */
  remove(): Promise<void>;
}

/** A computer with nothing on its PATH, an empty cache and no network, in a temporary folder. */
export function createMachine({ cacheName = "cache" } = {}): Machine {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "engine-test-")));
  const [path, log, preload] = [join(root, "path"), join(root, "ran"), join(root, "network.mjs")];
  const cache = join(root, cacheName, "pulumi-bigcommerce-tokens");
  const executable: Machine["executable"] = (folder, name, script = "exit 0") => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const network: Machine["network"] = (kind) => {
    writeFileSync(preload, inInstaller(kind));
  };
  network({ kind: "offline" });
  const running = new Set<ChildProcess>();
  return {
    root,
    path,
    cache,
    cached: join(cache, `pulumi-${PINNED}`),
    executable,
    engine: (folder, version = PINNED, helpers = HELPERS) => {
      executable(folder, "pulumi", `echo "pulumi $*" >> ${log}\necho v${version}`);
      for (const helper of helpers) executable(folder, helper);
    },
    go: ({
      list = "echo example.com/only",
      before = "",
      version = `v${PINNED}`,
      program = `echo ${version}`,
    } = {}) => {
      const modules = join(root, "modules");
      executable(join(modules, "python/cmd"), "pulumi-language-python-exec", "exit 0");
      executable(path, "go", goScript({ log, modules, list, before, program }));
    },
    network,
    ran: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
    ensure: ({
      languages = [],
      path: more = [],
      stop,
      onStderr,
      settings,
      byNpm = false,
      tool = "engine",
    } = {}) => {
      const env = {
        PATH: [path, ...more].join(":"),
        HOME: join(root, "home"),
        XDG_CACHE_HOME: join(root, cacheName),
        NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`,
      };
      const args = settings
        ? calling(settings, languages)
        : [join(TOOLS, tool, TOOL_FILES[tool]), ...languages];
      const child = byNpm
        ? spawn("npm", ["run", "--silent", "engine", "--", ...languages], {
            cwd: ROOT,
            env,
            stdio: ["ignore", "pipe", "pipe"],
          })
        : spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
      running.add(child);
      child.once("close", () => running.delete(child));
      stop?.addEventListener("abort", () => child.kill(stop.reason === "SIGKILL" ? "SIGKILL" : "SIGTERM"));
      return outcomeOf(child, onStderr);
    },
    remove: async () => {
      const ends = [...running].map((child) => once(child, "close"));
      for (const child of running) child.kill("SIGTERM");
      await Promise.all(ends);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function goScript({
  log,
  modules,
  list,
  before,
  program,
}: Record<"log" | "modules" | "list" | "before" | "program", string>): string {
  return `echo "\${PWD##*/} GOFLAGS=$GOFLAGS CGO_ENABLED=$CGO_ENABLED GOGC=$GOGC GOMEMLIMIT=$GOMEMLIMIT go $*" >> ${log}
    if [ "$1 $2" = "list -m" ]
      then echo ${modules}
      exit
    fi
    if [ "$1" = list ]
      then ${list}
      exit
    fi
    ${before}
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\n${program}\\n' > "$2"; /bin/chmod +x "$2"`;
}

function calling({ progressEveryMs, columns, ...limits }: Settings, languages: readonly string[]): string[] {
  const [engine, report] = ["engine.mjs", "report.mjs"].map(
    (file) => pathToFileURL(join(TOOLS, "engine", file)).href,
  );
  const code = `
    import { ensureEngine } from "${engine}";
    import { reportTo } from "${report}";
    Object.assign(process.stderr, ${JSON.stringify(columns ? { isTTY: true, columns } : {})});
    const report = reportTo(process.stderr, ${JSON.stringify({ everyMs: progressEveryMs })});
    console.log(await ensureEngine({ report, ...${JSON.stringify({ languages, ...limits })} }));`;
  return ["--input-type=module", "-e", code];
}

function outcomeOf(child: ChildProcess, onStderr?: (text: string) => void): Promise<Outcome> {
  const started = performance.now();
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (text: Buffer) => (output.stdout += text.toString()));
  child.stderr?.on("data", (text: Buffer) => {
    output.stderr += text.toString();
    onStderr?.(output.stderr);
  });
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => {
      done({ code, ...output, ms: performance.now() - started });
    });
  });
}
