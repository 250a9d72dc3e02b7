import { TokensError } from "../../provider/errors";
import { pulumi } from "./run";
import { readText } from "../files/read-text";
import type { System } from "../system";
import { type Deployment, parseExport } from "./export";
import { parseJson } from "./json";
import { fullStackName } from "./stack-name";
import { partsOf } from "./urn";

/** Which state a command is about; none of them: the stack that is selected. */
export interface Source {
  readonly stack?: string | undefined;
  /** An export; `-` is standard input. */
  readonly file?: string | undefined;
  readonly all?: boolean | undefined;
}

export interface StackState {
  /** For people: the stack, or the file. */
  readonly name: string;
  /** As Pulumi takes it for `--stack`; absent where it is the selected one, or none. */
  readonly stack?: string;
  readonly deployment: Deployment;
}

/** The state of one stack, by its full name: what else is read of it comes from the same, whichever is selected by then. */
export interface PinnedState extends StackState {
  readonly stack: string;
}

type Reach = Pick<System, "run" | "files" | "input">;

const AT_ONCE = 2;

/** The state of each stack asked for, without a passphrase and without a lock. */
export async function readStacks(system: Reach, source: Source): Promise<readonly StackState[]> {
  const { stack, file, all } = source;
  if ([stack, file, all].filter((each) => each !== undefined).length > 1) {
    throw new TokensError("usage", "say --stack, --file or --all: one of them");
  }
  if (file !== undefined) {
    const name = file === "-" ? "standard input" : file;
    return [{ name, deployment: parseExport(await readText(system, file), name) }];
  }
  if (!all) return [await exported(system, stack)];
  const names = await stackNames(system);
  const states: StackState[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    states.push(...(await Promise.all(some.map((name) => exported(system, name)))));
  }
  return states;
}

/** `name` is what was given, or the last part of the name of the selected one. */
export async function readPinned(system: Reach, name: string | undefined): Promise<PinnedState> {
  const stack = await fullStackName(system, name);
  const { deployment } = await exported(system, stack);
  return { name: name ?? stack.split("/").at(-1) ?? stack, stack, deployment };
}

export async function exported(system: Pick<System, "run">, stack: string | undefined): Promise<StackState> {
  const text = await pulumi(system, "stack", "export", ...(stack === undefined ? [] : ["--stack", stack]));
  const deployment = parseExport(text, stack === undefined ? "the selected stack" : `stack ${stack}`);
  const { urn } = deployment.resources[0] ?? { urn: "" };
  return { name: stack ?? partsOf(urn).stack, ...(stack !== undefined && { stack }), deployment };
}

/** Every stack of the backend, those of other projects included. */
async function stackNames(system: Reach): Promise<readonly string[]> {
  const listed = parseJson(await pulumi(system, "stack", "ls", "--all", "--json"), "pulumi stack ls");
  const names = (Array.isArray(listed) ? listed : []).map(
    (each) => (each as { name?: unknown } | null)?.name,
  );
  return names.filter((name) => typeof name === "string").sort();
}
