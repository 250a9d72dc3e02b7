import { asError } from "../../provider/notices";
import { recordsOf } from "../state/records";
import { exported } from "../state/source";
import { fullStackNames } from "../state/stack-name";
import type { World } from "../world";
import type { Orphan } from "./orphans";

/** What the states of the backend's other stacks say of tokens that the own state does not hold. */
export interface Elsewhere {
  /** Tokens that none of them holds. */
  readonly left: readonly Orphan[];
  readonly held: readonly Holding[];
  /** Why states could not be read that may hold what is left. */
  readonly unread: readonly string[];
}

export interface Holding {
  /** By its full name. */
  readonly stack: string;
  readonly orphan: Orphan;
}

/**
 * Reads one state after the other, until each token is explained: after `pulumi stack rename` and `pulumi state move`
 * tokens keep, in the store's list, the name of the stack that minted them.
 */
export async function lookElsewhere(
  world: Pick<World, "run">,
  own: string,
  tokens: readonly Orphan[],
): Promise<Elsewhere> {
  let left = tokens;
  const held: Holding[] = [];
  const unread: string[] = [];
  const attempt = async <T>(failed: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (thrown) {
      unread.push(`${failed}: ${asError(thrown).message}`);
      return undefined;
    }
  };
  if (left.length === 0) return { left, held, unread };
  const names =
    (await attempt("the backend's stacks could not be listed, and any of them may hold it", () =>
      fullStackNames(world),
    )) ?? [];
  for (const stack of ownProjectFirst(names, own)) {
    if (left.length === 0) break;
    const state = await attempt(`the state of stack ${stack} could not be read, and may hold it`, () =>
      exported(world, stack),
    );
    const records = state && recordsOf(state.deployment);
    held.push(...left.filter(({ row }) => records?.has(row)).map((orphan) => ({ stack, orphan })));
    left = left.filter(({ row }) => !records?.has(row));
  }
  return { left, held, unread: left.length > 0 ? unread : [] };
}

/** Where a stack was renamed, the other name is one of the same project. */
function ownProjectFirst(names: readonly string[], own: string): readonly string[] {
  const project = own.replace(/[^/]*$/, "");
  const others = names.filter((name) => name !== own).sort();
  const isNear = (name: string) => name.startsWith(project);
  return [...others.filter(isNear), ...others.filter((name) => !isNear(name))];
}
