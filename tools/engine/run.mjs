import { spawn } from "node:child_process";

import { undoOnExit } from "./leftovers.mjs";
import { eachLine } from "./lines.mjs";

/**
 * Runs a command to its end: `{ code, stdout, stderr }`, code -1 if it could not start or was killed.
 * It leads a process group of its own, so that `abort`, or an end of this process, also ends what it started.
 * `onErrorLine` is called with each line of standard error as it comes.
 */
export function run(command, args, { cwd, env, abort, onErrorLine } = {}) {
  return new Promise((resolve) => {
    const output = { stdout: "", stderr: "" };
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const killGroup = () => killGroupOf(child);
    const withdraw = undoOnExit(killGroup);
    const end = (code) => {
      withdraw();
      abort?.removeEventListener("abort", killGroup);
      resolve({ code, ...output });
    };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].setEncoding("utf8").on("data", (text) => (output[stream] += text));
    }
    if (onErrorLine) eachLine(child.stderr, onErrorLine);
    abort?.addEventListener("abort", killGroup, { once: true });
    child.once("error", (error) => {
      output.stderr += error.message;
      end(-1);
    });
    child.once("close", (code) => end(code ?? -1));
  });
}

function killGroupOf(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // macOS answers EPERM for a group of zombies.
    if (!["ESRCH", "EPERM"].includes(error.code)) throw error;
  }
}
