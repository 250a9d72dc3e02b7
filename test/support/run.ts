import { spawn } from "node:child_process";

export interface Ran {
  readonly code: number;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
}

/** A command under way. */
export interface Running {
  readonly pid: number | undefined;
  /** What it has printed so far. */
  readonly printed: () => string;
  readonly ended: Promise<Ran>;
}

/** Starts a command; its whole process group goes with it when it takes too long. */
export function begin(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeoutMs?: number },
): Running {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = new Promise<Ran>((resolve, reject) => {
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      output += `\n${command} took longer than ${options.timeoutMs ?? 120_000} ms`;
    }, options.timeoutMs ?? 120_000);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, output });
    });
  });
  return { pid: child.pid, printed: () => output, ended };
}

/** Runs a command to its end. */
export function run(...call: Parameters<typeof begin>): Promise<Ran> {
  return begin(...call).ended;
}

/** As `run`, and fails with the output unless the command succeeds. */
export async function runOk(...call: Parameters<typeof run>): Promise<string> {
  const { code, output } = await run(...call);
  if (code !== 0) throw new Error(`${call[0]} ${call[1].join(" ")} ended with ${code}:\n${output}`);
  return output;
}
