import { otherStates } from "../../pulumi/states";
import { recordedTokensOf } from "../../tokens/state-records";
import type { System } from "../../system";
import type { ListSearch, Orphan } from "./search";

interface HeldOrphan {
  /** Its full name. */
  readonly stack: string;
  readonly orphan: Orphan;
}

/** What the states of the backend's other stacks say of tokens that this stack's state does not hold. */
interface OtherStacksSearch {
  /** In no state that could be read. */
  readonly orphans: readonly Orphan[];
  /** Tokens with a label of this stack that other stacks hold. */
  readonly held: readonly HeldOrphan[];
  /** Why states could not be read that may hold the orphans. None is certainly an orphan until all are read. */
  readonly unread: readonly string[];
}

/** The orphans, after the states of other stacks have been searched as well. */
export type OrphanSearch = Omit<ListSearch, "tokens"> & OtherStacksSearch;

/**
 * Reads one state after the other, until each token is found. After `pulumi stack rename` and `pulumi state move`, tokens
 * keep the name of the stack that minted them in the store's list.
 */
export async function searchOtherStacks(
  system: Pick<System, "run">,
  own: string,
  tokens: readonly Orphan[],
): Promise<OtherStacksSearch> {
  let orphans = tokens;
  const held: HeldOrphan[] = [];
  const unread: string[] = [];
  if (orphans.length === 0) return { orphans, held, unread };
  for await (const state of otherStates(system, own)) {
    if ("error" in state) {
      const what =
        state.stack === undefined
          ? "the backend's stacks could not be listed, and any of them may hold it"
          : "the state of another stack could not be read, and may hold it";
      unread.push(`${what}: ${state.error.message}`);
      continue;
    }
    const { stack, deployment } = state;
    const records = recordedTokensOf(deployment);
    held.push(...orphans.filter(({ row }) => records.has(row)).map((orphan) => ({ stack, orphan })));
    orphans = orphans.filter(({ row }) => !records.has(row));
    if (orphans.length === 0) break;
  }
  return { orphans, held, unread: orphans.length > 0 ? unread : [] };
}
