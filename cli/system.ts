import type { Clock } from "../provider/clock";
import type { Environment } from "../provider/settings/settings";
import type { ExitCode } from "./exit-codes";
import type { Line } from "./render/line";

/** Standard output and standard error. Only the boundary (render/boundary.ts) writes to them. */
export interface Terminal {
  stdout(text: string): void;
  stderr(text: string): void;
  readonly isTty: boolean;
  /** The width of the terminal, else COLUMNS. Undefined if there is neither: then lines may have any length. */
  readonly columns?: number;
  readonly colour: boolean;
}

/** Where a command writes. A string is one line. Control characters in a line are replaced. */
export interface Output extends Omit<Terminal, "stdout" | "stderr"> {
  stdout(lines: string | readonly Line[]): void;
  stderr(lines: string | readonly Line[]): void;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Paths are relative to the working folder. All reject with Node's own errors, whose `code` tells why. */
export interface Files {
  read(path: string): Promise<Uint8Array>;
  write(path: string, text: string): Promise<void>;
  /** The names in a folder, in no order. */
  names(folder: string): Promise<readonly string[]>;
  /** The lines of a text, one at a time. */
  lines(path: string): AsyncIterable<string>;
}

export interface Input {
  readonly isTty: boolean;
  /** All of standard input. */
  read(): Promise<Uint8Array>;
  /** Asks a person. Undefined if standard input has ended. */
  ask(question: string): Promise<string | undefined>;
}

/** Everything outside of the commands. Tests pass their own. */
export interface System {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: Environment;
  /** The working folder, absolute. */
  readonly cwd: string;
  /** The version of Node.js, without a `v`. */
  readonly nodeVersion: string;
  readonly output: Output;
  readonly input: Input;
  readonly files: Files;
  readonly clock: Clock;
  /** The file that Node.js resolves a specifier to from a folder; undefined if it cannot. */
  resolve(specifier: string, folder: string): string | undefined;
  /** Random bytes, in hex. */
  randomHex(bytes: number): string;
  /** Runs a command in the working folder until it ends. Undefined if there is no such command. */
  run(command: string, args: readonly string[], env?: Environment): Promise<Ran | undefined>;
  /** Resolves at the first SIGINT or SIGTERM. */
  interrupted(): Promise<void>;
  /** The exit code of the process; 0 if it is never set. */
  setExitCode(code: ExitCode): void;
}

/** The process, without the boundary around its output. */
export interface Host extends Omit<System, "output"> {
  readonly output: Terminal;
}
