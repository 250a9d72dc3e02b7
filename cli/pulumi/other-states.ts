import { asError } from "../../provider/notices";
import type { System } from "../system";
import { exported, type PinnedState } from "./stacks";
import { fullStackNames } from "./stack-name";

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
