import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { nodeOptions } from "./preloads";

/** Where a program runs. */
export interface ProgramRun {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Processes that run programs, each one at a time. They end with this test file. */
const idle: ChildProcess[] = [];
const all: ChildProcess[] = [];

/**
 * Lends the address of a language host for one command. One whose command failed is not used again: the program may still
 * be running, and its end would close the connections of the next one.
 */
export async function withProgramHost<T extends { readonly code: number }>(
  run: ProgramRun,
  command: (address: string) => Promise<T>,
): Promise<T> {
  const host = idle.pop() ?? startHost();
  const answered = once(host, "message");
  host.send(run);
  const [port] = (await answered) as [number];
  const ran = await command(`127.0.0.1:${port}`);
  if (ran.code === 0) idle.push(host);
  else host.kill("SIGKILL");
  return ran;
}

export function endProgramHosts(): void {
  for (const host of all) host.kill("SIGKILL");
}

function startHost(): ChildProcess {
  const env = { ...process.env, NODE_OPTIONS: nodeOptions() };
  // What a program prints would come between the lines of jest.
  const host = fork(join(__dirname, "program-host.cjs"), {
    env,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  all.push(host);
  return host;
}
