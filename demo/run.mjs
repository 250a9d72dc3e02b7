import { execFileSync, spawn } from "node:child_process";

/** How long a command may take to end by itself once it was asked to. */
const GRACE_MS = 5_000;

/**
 * Runs a command to its end and returns what it wrote to stdout; rejects unless it succeeds.
 * It leads a process group, so that Ctrl-C reaches it once, through `stop`. `onLine` sees every line as it comes.
 */
export function run(command, args, { cwd, env, stop, onLine = () => {} }) {
  stop.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, output, failure, timer] = ["", "", undefined, undefined];

    const end = (reason) => {
      failure ??= reason;
      signal(-child.pid, "SIGINT");
      timer ??= setTimeout(() => killTree(child.pid), GRACE_MS);
    };
    const onStop = () => end(stop.reason);
    stop.addEventListener("abort", onStop, { once: true });

    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (line) => {
        output += `${line}\n`;
        if (stream === child.stdout) stdout += `${line}\n`;
        try {
          if (failure === undefined) onLine(line);
        } catch (error) {
          end(error);
        }
      });
    }
    child.once("error", (error) => {
      failure ??= new Error(`${command} could not be started: ${error.message}`);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      stop.removeEventListener("abort", onStop);
      if (failure === undefined && code === 0) resolve(stdout);
      else reject(failure ?? new CommandFailed(`${command} ${args.join(" ")} ended with ${code}`, output));
    });
  });
}

export class CommandFailed extends Error {
  constructor(message, output) {
    super(message);
    this.output = output;
  }
}

function eachLine(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) onLine(line.replace(/\r$/, ""));
  });
  stream.once("end", () => {
    if (rest !== "") onLine(rest);
  });
}

/** Pulumi puts its plugins into process groups of their own: they are found as descendants. */
function killTree(pid) {
  const doomed = [pid];
  try {
    const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    const rows = table
      .trim()
      .split("\n")
      .map((row) => row.trim().split(/\s+/).map(Number));
    // The list grows while it is walked.
    for (const parent of doomed) {
      doomed.push(...rows.filter(([, above]) => above === parent).map(([below]) => below));
    }
  } catch {
    // A machine without ps: the group is all that is known.
  }
  for (const id of doomed) signal(id, "SIGKILL");
  signal(-pid, "SIGKILL");
}

function signal(pid, name) {
  // A command that could not be started has none.
  if (!Number.isInteger(pid)) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!["ESRCH", "EPERM"].includes(error.code)) throw error;
  }
}
