import { otherStates, type UnreadState } from "../../pulumi/states";
import { recordedTokensOf } from "../../tokens/state-records";
import type { System } from "../../system";
import type { ListSearch, Orphan } from "./search";

/** What the states of the backend's other stacks say of tokens that the own state does not hold. */
interface OtherStacksSearch {
  /** Tokens that none of them holds. */
  readonly left: readonly Orphan[];
  readonly held: readonly HeldOrphan[];
  /** Why states could not be read that may hold what is left. */
  readonly unread: readonly string[];
}

export interface HeldOrphan {
  /** By its full name. */
  readonly stack: string;
  readonly orphan: Orphan;
}

/**
 * Reads one state after the other, until each token is explained: after `pulumi stack rename` and `pulumi state move`
 * tokens keep, in the store's list, the name of the stack that minted them.
 */
export async function searchOtherStacks(
  system: Pick<System, "run">,
  own: string,
  tokens: readonly Orphan[],
): Promise<OtherStacksSearch> {
  let left = tokens;
  const held: HeldOrphan[] = [];
  const unread: string[] = [];
  if (left.length === 0) return { left, held, unread };
  for await (const state of otherStates(system, own)) {
    if ("error" in state) {
      unread.push(whyUnread(state));
      continue;
    }
    const { stack, deployment } = state;
    const records = recordedTokensOf(deployment);
    held.push(...left.filter(({ row }) => records.has(row)).map((orphan) => ({ stack, orphan })));
    left = left.filter(({ row }) => !records.has(row));
    if (left.length === 0) break;
  }
  return { left, held, unread: left.length > 0 ? unread : [] };
}

function whyUnread({ stack, error }: UnreadState): string {
  const what =
    stack === undefined
      ? "the backend's stacks could not be listed, and any of them may hold it"
      : `the state of stack ${stack} could not be read, and may hold it`;
  return `${what}: ${error.message}`;
}

/** What was found, once the states of other stacks have been asked as well. */
export interface OrphanSearch extends Omit<ListSearch, "tokens"> {
  /** In no state that could be read. */
  readonly orphans: readonly Orphan[];
  /** Under this stack's labels, and held by other stacks. */
  readonly held: readonly HeldOrphan[];
  /** Why states could not be read that may hold the orphans: until they are, none of these is known to be one. */
  readonly unread: readonly string[];
}

export async function withOtherStacks(
  system: Pick<System, "run">,
  stack: string,
  { tokens, ...rest }: ListSearch,
): Promise<OrphanSearch> {
  const { left, held, unread } = await searchOtherStacks(system, stack, tokens);
  return { ...rest, orphans: left, held, unread };
}
