import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const PEAK = fileURLToPath(new URL("peak.cjs", import.meta.url));

/** A Node.js program from its start to its end: seconds, seconds of processor, and megabytes at its peak. */
export async function timeNode(args) {
  const { seconds, told } = await time(process.execPath, ["-r", PEAK, ...args]);
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(told);
  return { seconds, cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1_024 };
}

/** Any command, and what it printed. Fails with the command's output if its exit code is not one of `codes`. */
export async function time(command, args, { cwd, env = process.env, codes = [0] } = {}) {
  const begun = performance.now();
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const texts = ["", "", "", ""];
  for (const fd of [1, 2, 3]) child.stdio[fd].on("data", (chunk) => (texts[fd] += chunk));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const seconds = (performance.now() - begun) / 1_000;
  if (!codes.includes(code)) {
    throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${texts[1]}${texts[2]}`);
  }
  return { seconds, stdout: texts[1], told: texts[3] };
}
