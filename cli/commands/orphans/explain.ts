import type { System } from "../../system";
import { type Holding, lookElsewhere } from "./other-stacks";
import type { Candidates, Orphan } from "./search";

/** What was found, once the states of other stacks have been asked as well. */
export interface OrphanSearch extends Omit<Candidates, "tokens"> {
  /** In no state that could be read. */
  readonly orphans: readonly Orphan[];
  /** Under this stack's labels, and held by other stacks. */
  readonly held: readonly Holding[];
  /** Why states could not be read that may hold the orphans: until they are, none of these is known to be one. */
  readonly unread: readonly string[];
}

export async function explain(
  system: Pick<System, "run">,
  stack: string,
  { tokens, ...rest }: Candidates,
): Promise<OrphanSearch> {
  const { left, held, unread } = await lookElsewhere(system, stack, tokens);
  return { ...rest, orphans: left, held, unread };
}
