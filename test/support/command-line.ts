import { spawn } from "node:child_process";
import { join } from "node:path";

import { withoutLinks } from "./error-link";
import type { Stack } from "./stack";

export interface Said {
  readonly code: number;
  readonly stdout: string;
  /** Without the addresses with which errors end. */
  readonly stderr: string;
}

export interface CommandLineOptions {
  readonly stdin?: string;
  /** Over the stack's own; undefined unsets. Without a passphrase, unless one is given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with standard output so far; the process is asked to end once it answers true. */
  readonly endWhen?: (stdout: string) => boolean;
}

/** Where it runs: a stack, or anything with a program of its own. */
export type Place = Pick<Stack, "environment" | "folder" | "output">;

const TIMEOUT_MS = 60_000;

/** Runs the bin of the installed package in the program's folder; what it says is searched for secrets with the rest. */
export function commandLine(
  stack: Place,
  args: readonly string[],
  { stdin = "", env = {}, endWhen }: CommandLineOptions = {},
): Promise<Said> {
  const all: NodeJS.ProcessEnv = { ...stack.environment(), PULUMI_CONFIG_PASSPHRASE: undefined, ...env };
  const bin = join(process.env["TEST_FRESH"] ?? "", "node_modules", ".bin", "pulumi-bigcommerce-tokens");
  return new Promise((resolve, reject) => {
    const child = spawn(bin, args, {
      cwd: join(stack.folder, "program"),
      env: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      said.stdout += chunk.toString();
      if (endWhen?.(said.stdout)) child.kill("SIGTERM");
    });
    child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      stack.output += said.stdout + said.stderr;
      resolve({ code: code ?? -1, stdout: said.stdout, stderr: withoutLinks(said.stderr) });
    });
    // A command that does not read is not to blame for it.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
  });
}
