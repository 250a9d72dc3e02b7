import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Environment } from "../provider/settings/settings";
import { TokensError } from "../provider/errors";
import { systemClock } from "../provider/system-clock";
import { collect, MAX_BYTES, MAX_TEXT, readBounded } from "./files/bounded";
import { linesIn } from "./files/lines";
import type { Host, Input, Ran, Terminal } from "./system";

const READ_BYTES = 1024 * 1024;

export function createHost(): Host {
  return {
    args: process.argv.slice(2),
    env: process.env,
    cwd: workingFolder(),
    nodeVersion: process.versions.node,
    output: createTerminal(),
    input: createInput(),
    files: {
      read: (path) => readBounded(path),
      write: (path, text) => writeFile(path, text),
      names: (folder) => readdir(folder),
      lines: (path) => linesIn(createReadStream(path, { highWaterMark: READ_BYTES })),
    },
    clock: systemClock,
    resolve(specifier, folder) {
      try {
        return createRequire(join(folder, "index.js")).resolve(specifier);
      } catch {
        return undefined;
      }
    },
    randomHex: (bytes) => randomBytes(bytes).toString("hex"),
    run,
    async interrupted() {
      await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    },
    setExitCode(code) {
      process.exitCode = code;
    },
  };
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new TokensError(
      "file_unreadable",
      "cannot find the working folder: it was deleted, or there is no permission to read it",
    );
  }
}

function createTerminal(): Terminal {
  // A reader such as `head` may stop early.
  process.stdout.on("error", () => process.exit());
  const { isTTY: isTty = false, columns: width = 0 } = process.stdout as Partial<typeof process.stdout>;
  // A terminal that does not know its width says 0.
  const columns = width > 0 ? width : columnsSet();
  const plain = Boolean(process.env["NO_COLOR"]) || process.env["TERM"] === "dumb";
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTty,
    ...(columns !== undefined && { columns }),
    colour: isTty && !plain,
  };
}

/** COLUMNS, for programs that show the output elsewhere. Shells do not export it by themselves. */
function columnsSet(): number | undefined {
  const columns = Number(process.env["COLUMNS"] ?? "");
  return Number.isInteger(columns) && columns > 0 ? columns : undefined;
}

function createInput(): Input {
  const { stdin } = process;
  return {
    isTty: (stdin as Partial<typeof stdin>).isTTY ?? false,
    read() {
      return collect(stdin as AsyncIterable<Uint8Array>);
    },
    ask(question) {
      const lines = createInterface({ input: stdin, output: process.stderr });
      return new Promise((resolve) => {
        lines.once("close", () => {
          resolve(undefined);
        });
        lines.question(question, (answer) => {
          resolve(answer);
          lines.close();
        });
      });
    },
  };
}

function run(command: string, args: readonly string[], env: Environment = {}): Promise<Ran | undefined> {
  return new Promise((resolve, reject) => {
    const child = started(command, args, { ...process.env, ...env });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let room = MAX_BYTES;
    const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
      room -= chunk.length;
      if (room >= 0) chunks.push(chunk);
      else child.kill();
    };
    child.stdout.on("data", keep(stdout));
    child.stderr.on("data", keep(stderr));
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(undefined);
      else reject(notStarted(command, error));
    });
    child.once("close", (code) => {
      if (room < 0) {
        reject(new TokensError("input_too_large", `${command} printed more than ${MAX_TEXT}, and is not read`)); // prettier-ignore
        return;
      }
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      });
    });
  });
}

/** Node.js throws some errors at once, and emits others later. */
function started(command: string, args: readonly string[], env: Environment) {
  try {
    return spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  } catch (thrown) {
    throw notStarted(command, thrown as NodeJS.ErrnoException);
  }
}

const WHY_NOT_STARTED: Readonly<Record<string, string>> = {
  EACCES: "PATH leads to a file that may not be run",
  E2BIG: "the arguments and the environment are too long",
  ERR_INVALID_ARG_VALUE: "an argument or an environment variable has a character that is not allowed there",
};

/** Without Node's own message, which may quote the arguments. */
function notStarted(command: string, { code = "unknown" }: NodeJS.ErrnoException): TokensError {
  const why = WHY_NOT_STARTED[code] ?? "";
  return new TokensError("pulumi_failed", `${command} cannot be started${why && `: ${why}`} (${code})`);
}
