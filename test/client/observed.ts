import { execFile } from "node:child_process";
import { join } from "node:path";

/** Operations of the client, one after the other, each at a store of its own; `stray` fails beside all promises. */
export interface Plan {
  readonly url: string;
  readonly timeoutMs: number;
  readonly operations: readonly {
    readonly method: "mint" | "revoke" | "detect" | "stray";
    readonly store: string;
  }[];
  /** How long the process stays after the last operation. */
  readonly lingerMs?: number;
}

export interface Told {
  /** Of the error, or `success`. */
  readonly code: string;
  readonly outcome?: string;
  /** Of the process's own time. */
  readonly ms: number;
}

export interface Observed {
  readonly told: readonly Told[];
  /** By how much the process was ever larger than after its first requests, in millions of bytes. */
  readonly growthMb: number;
  /** What happened outside of any promise that was awaited; jest hides that of its own process. */
  readonly strays: readonly string[];
}

/** Runs operations in a process that is watched. It first makes good requests to the store `warm`. */
export function observe(plan: Plan): Promise<Observed> {
  const args = ["-r", "ts-node/register/transpile-only", join(__dirname, "observed-child.ts")];
  const options = {
    cwd: join(__dirname, "../.."),
    env: { PATH: process.env["PATH"], TS_NODE_COMPILER_OPTIONS: '{"rootDir":"."}' },
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...args, JSON.stringify(plan)], options, (error, out, err) => {
      if (error) reject(new Error(`${error.message}\n${err}`));
      else resolve(JSON.parse(out) as Observed);
    });
  });
}
