import type { Clock } from "../provider/clock";
import type { Environment } from "../provider/settings/settings";
import type { ExitCode } from "./exit-codes";
import type { Line } from "./render/line";

/** Standard output and standard error as they are. Only the boundary writes to them. */
export interface Terminal {
  stdout(text: string): void;
  stderr(text: string): void;
  readonly isTty: boolean;
  /** Of the terminal, or as COLUMNS says; undefined where there is neither, and nothing need fit. */
  readonly columns?: number;
  readonly colour: boolean;
}

/** Where a command writes. A text alone is one line; control characters in a line are replaced. */
export interface Output extends Omit<Terminal, "stdout" | "stderr"> {
  stdout(lines: string | readonly Line[]): void;
  stderr(lines: string | readonly Line[]): void;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Paths are taken from the working folder. All reject with Node's own errors, whose `code` says why. */
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
  /** Asks a person; undefined where standard input has ended. */
  ask(question: string): Promise<string | undefined>;
}

/** Everything around the commands; tests hand in their own. */
export interface System {
  /** Behind the program's name. */
  readonly args: readonly string[];
  readonly env: Environment;
  /** The working folder, absolute. */
  readonly cwd: string;
  /** Of the Node.js that runs this, without a `v`. */
  readonly nodeVersion: string;
  readonly output: Output;
  readonly input: Input;
  readonly files: Files;
  readonly clock: Clock;
  /** The file that a specifier leads to from a folder, as Node.js has it; undefined where it leads nowhere. */
  resolve(specifier: string, folder: string): string | undefined;
  /** This many bytes that nobody can guess, in hex. */
  randomHex(bytes: number): string;
  /** Runs a command to its end, in the working folder; undefined where there is no such command. */
  run(command: string, args: readonly string[], env?: Environment): Promise<Ran | undefined>;
  /** Resolves at the first SIGINT or SIGTERM. */
  interrupted(): Promise<void>;
  /** What the process ends with; 0 where nobody says. */
  setExitCode(code: ExitCode): void;
}

/** The process, before the boundary around its output. */
export interface Host extends Omit<System, "output"> {
  readonly output: Terminal;
}
