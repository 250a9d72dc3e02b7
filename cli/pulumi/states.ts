import { defined } from "../../provider/defined";
import { TokensError } from "../../provider/errors";
import { asError } from "../../provider/notices";
import { readText } from "../files/read-text";
import type { System } from "../system";
import { type Deployment, parseExport } from "./export";
import { pulumi, stackOption, type Runner } from "./run";
import { fullStackName, listStacks } from "./stacks";
import { partsOf } from "../../provider/domain/urn";

/** Which states a command reads; if nothing is given, that of the selected stack. */
export interface StateSource {
  readonly stack?: string | undefined;
  /** An export; `-` is standard input. */
  readonly file?: string | undefined;
  readonly all?: boolean | undefined;
}

export interface StackState {
  /** For people: the stack, or the file. */
  readonly name: string;
  /** As `--stack` takes it; absent for the selected stack, and for a file. */
  readonly stack?: string;
  readonly deployment: Deployment;
}

/** The state of one stack, by its full name: it stays the same stack if another is selected in the meantime. */
export interface NamedState extends StackState {
  readonly stack: string;
}

/** A state that could not be read; without a stack, the backend did not list its stacks. */
export interface UnreadState {
  readonly stack?: string;
  readonly error: Error;
}

const AT_ONCE = 2;

/** The state of each stack that was asked for. Needs no passphrase, and takes no lock. Throws if one cannot be read. */
export async function readStates(
  system: Pick<System, "run" | "files" | "input">,
  source: StateSource,
): Promise<readonly StackState[]> {
  return (await tryReadStates(system, source)).map((state) => {
    if ("error" in state) throw state.error;
    return state;
  });
}

/** The same, but of several stacks those that can be read, and why the others cannot. */
export async function tryReadStates(
  system: Pick<System, "run" | "files" | "input">,
  { stack, file, all }: StateSource,
): Promise<readonly (StackState | UnreadState)[]> {
  const given = Object.entries({ "--stack": stack, "--file": file, "--all": all });
  const [first, ...others] = given.filter(([, value]) => value !== undefined).map(([option]) => option);
  if (first !== undefined && others.length > 0) {
    const options = [first, ...others].join(", ").replace(/, (?=[^,]*$)/, " and ");
    throw new TokensError("usage", `${options} exclude one another: give one of them`);
  }
  if (file !== undefined) {
    const name = file === "-" ? "standard input" : file;
    return [{ name, deployment: parseExport(await readText(system, file), name) }];
  }
  return all ? readAllStates(system) : [await exportState(system, stack)];
}

/** The state of each stack of the backend, or why it cannot be read. */
export async function readAllStates(system: Runner): Promise<readonly (StackState | UnreadState)[]> {
  const names = (await listStacks(system, "short")).map(({ name }) => name).sort();
  const states: (StackState | UnreadState)[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    states.push(...(await Promise.all(some.map((name) => tryExportState(system, name)))));
  }
  return states;
}

/** The state of the stack that was named, else of the selected one, whose name for people is the last part. */
export async function readNamedState(system: Runner, given: string | undefined): Promise<NamedState> {
  const stack = await fullStackName(system, given);
  const { deployment } = await exportState(system, stack);
  return { name: given ?? stack.split("/").at(-1) ?? stack, stack, deployment };
}

/** What `pulumi stack export` prints. `--show-secrets` needs the passphrase. */
export async function exportState(
  system: Runner,
  stack: string | undefined,
  ...options: readonly "--show-secrets"[]
): Promise<StackState> {
  const text = await pulumi(system, "stack", "export", ...options, ...stackOption(stack));
  const deployment = parseExport(text, stack === undefined ? "the selected stack" : `stack ${stack}`);
  const name = stack ?? partsOf(deployment.resources[0]?.urn ?? "").stack;
  return { name, ...defined({ stack }), deployment };
}

/**
 * The states of the backend's stacks but `own`, those of its project first. Each is read when it is asked for. The others
 * are read even if one cannot be read.
 */
export async function* otherStates(
  system: Runner,
  own: string | undefined,
): AsyncGenerator<NamedState | UnreadState> {
  let names: readonly string[] = [];
  try {
    names = (await listStacks(system, "full")).map(({ name }) => name);
  } catch (thrown) {
    yield { error: asError(thrown) };
  }
  for (const stack of ownProjectFirst(names, own)) yield await tryExportState(system, stack);
}

export async function tryExportState(system: Runner, stack: string): Promise<NamedState | UnreadState> {
  try {
    return { ...(await exportState(system, stack)), stack };
  } catch (thrown) {
    return { stack, error: asError(thrown) };
  }
}

/** A stack that was renamed is still in the same project. */
function ownProjectFirst(names: readonly string[], own = ""): readonly string[] {
  const project = own.replace(/[^/]*$/, "");
  const others = names.filter((name) => name !== own).sort();
  const isNear = (name: string) => name.startsWith(project);
  return [...others.filter(isNear), ...others.filter((name) => !isNear(name))];
}
