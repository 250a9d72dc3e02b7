import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Fault } from "../../emulator";
import { nodeOptions } from "./preloads";
import type { Ran } from "./run";
import type { Stack } from "./stack";

/** Where a command is caught: at a step of the provider, or at a request that meets a fault. */
export type Place =
  | {
      /** As crash-preload.cjs names them. */
      readonly step: string;
      /** What the provider does there; waits unless given. */
      readonly how?: "wait" | "exit" | "reject" | "exhaust";
    }
  | { readonly fault: Fault };

export type Victim = "provider" | "CLI";

/** A command that got to its place. */
export interface Caught {
  readonly cli: number;
  readonly printed: () => string;
  readonly ended: Promise<Ran>;
  /** Lets a provider that waits go on; resolves when what it held back has left it, or the command ended. */
  release(): Promise<void>;
  /** Ends the victim; nothing that the command started is left afterwards. */
  kill(victim: Victim, signal?: NodeJS.Signals): Promise<Ran>;
}

const PATIENCE_MS = 60_000;

/** Starts a command and waits until it is caught. */
export async function catchAt(stack: Stack, place: Place, ...command: string[]): Promise<Caught> {
  const folder = mkdtempSync(join(stack.folder, "tmp", "stop-"));
  const exhausts = "how" in place && place.how === "exhaust";
  const env: Record<string, string> = {
    NODE_OPTIONS: `${nodeOptions("crash-preload.cjs")}${exhausts ? " --max-old-space-size=150" : ""}`,
    TEST_STOP_FOLDER: folder,
    ...("step" in place ? { TEST_STOP_AT: place.step, TEST_STOP_HOW: place.how ?? "wait" } : {}),
  };
  if ("fault" in place) stack.emulator.faults.push(place.fault);
  const before = { ...stack.env };
  const seen = stack.emulator.requests.length;
  Object.assign(stack.env, env);
  const { pid, printed, ended } = stack.begin(...command);
  for (const name of Object.keys(env)) stack.env[name] = before[name];
  if (pid === undefined) throw new Error("the CLI did not start");

  const isCaught = () =>
    "fault" in place
      ? stack.emulator.requests.slice(seen).some(({ fault }) => fault === place.fault.kind)
      : existsSync(join(folder, "reached"));
  let isOver = false;
  void ended.then(() => (isOver = true));
  try {
    await until(() => isOver || isCaught());
  } catch (error) {
    for (const id of [pid, ...descendants(pid)]) end(id);
    throw error;
  }
  if (!isCaught()) throw new Error(`the command never got to ${JSON.stringify(place)}:\n${printed()}`);

  return {
    cli: pid,
    printed,
    ended,
    async release() {
      writeFileSync(join(folder, "go"), "");
      await until(() => isOver || existsSync(join(folder, "went-on")));
    },
    async kill(victim, signal = "SIGKILL") {
      // Plugins live in process groups of their own, and outlive a CLI that is killed.
      const family = descendants(pid);
      process.kill(victim === "CLI" ? pid : Number(readFileSync(join(folder, "provider"), "utf8")), signal);
      const ran = await ended;
      for (const id of family) end(id);
      return ran;
    },
  };
}

/** Kills the victim at the place, and takes the lock away that a killed CLI leaves. */
export async function killAt(
  stack: Stack,
  victim: Victim,
  place: Place,
  ...command: string[]
): Promise<void> {
  const caught = await catchAt(stack, place, ...command);
  const { code } = await caught.kill(victim);
  expect(code).not.toBe(0);
  if (victim === "CLI") await stack.ok("cancel", "--yes");
}

/** Resolves once it is so; for processes, which tell nobody. */
export async function until(isSo: () => boolean): Promise<void> {
  const latest = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > latest) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a process has started, directly or not. */
function descendants(root: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found)
    found.push(...pairs.filter(([, ppid]) => ppid === parent).map(([id = 0]) => id));
  return found.slice(1);
}

function end(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It went with its parent.
  }
}
