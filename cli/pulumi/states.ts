import { TokensError } from "../../provider/errors";
import { asError } from "../../provider/notices";
import { pulumi } from "./run";
import { readText } from "../files/read-text";
import type { System } from "../system";
import { type Deployment, parseExport } from "./export";
import { parseJson } from "./json";
import { fullStackName, fullStackNames } from "./stacks";
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

/** A state that could not be read; without a stack, the backend did not list its stacks. */
export interface Unread {
  readonly stack?: string;
  readonly error: Error;
}

/**
 * The states of the backend's stacks but `own`, those of its project first. Each is read when it is asked for, and one
 * that cannot be read keeps no other from being read.
 */
export async function* otherStates(
  system: Pick<System, "run">,
  own: string | undefined,
): AsyncGenerator<PinnedState | Unread> {
  let names: readonly string[] = [];
  try {
    names = await fullStackNames(system);
  } catch (thrown) {
    yield { error: asError(thrown) };
  }
  for (const stack of ownProjectFirst(names, own)) yield await stateOf(system, stack);
}

/** `stack`: by its full name. */
export async function stateOf(system: Pick<System, "run">, stack: string): Promise<PinnedState | Unread> {
  try {
    return { ...(await exported(system, stack)), stack };
  } catch (thrown) {
    return { stack, error: asError(thrown) };
  }
}

/** Where a stack was renamed, the other name is one of the same project. */
function ownProjectFirst(names: readonly string[], own = ""): readonly string[] {
  const project = own.replace(/[^/]*$/, "");
  const others = names.filter((name) => name !== own).sort();
  const isNear = (name: string) => name.startsWith(project);
  return [...others.filter(isNear), ...others.filter((name) => !isNear(name))];
}
