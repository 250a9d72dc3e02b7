import type { GraphqlAnswer } from "../bigcommerce/client";
import type { DeleteSightings } from "../domain/plan-delete";
import type { CheckedInputs, Fate, TokenState } from "../domain/state";

/** A replacement that `diff` answered and that is not finished. */
export interface Replacement {
  /** The id of the old token. */
  readonly id: string;
  readonly old: TokenState;
  /** Known from the second check on; of one that is deleted first, from the beginning. */
  readonly fate?: Fate;
  /** Whether the old token's delete comes before its successor's create, as that of a dependency does. */
  readonly isDeletedFirst?: true;
}

/** A resource that holds a token. */
export interface Holder {
  readonly label: string;
  /** Whether it holds it after this update as well. */
  readonly keeps: boolean;
  /** Whether it adopted it, so that another record of it may stand in the state. */
  readonly adopted: boolean;
}

/**
 * What this process has seen. Pulumi runs check, diff, create and delete of one update in one process and does
 * not tell delete why, so this is how a replaced token is told from a removed one.
 */
export interface Memory {
  /** Whether the last check of a label had old inputs, by label. */
  readonly checks: Map<string, "with olds" | "without olds">;
  /** What the last check with olds had of them, by label. */
  readonly stored: Map<string, CheckedInputs>;
  /** By label. */
  readonly replacements: Map<string, Replacement>;
  /** What `diff` answered no replacement for, by label. */
  readonly unchanged: Map<string, Replacement>;
  /** The fate of tokens replaced in this run, by fingerprint, because ids can repeat across stores. */
  readonly fates: Map<string, Fate>;
  /** What successors' states record of their predecessors, by the predecessor's fingerprint. */
  readonly named: Map<string, { readonly fate: Fate; readonly by: string; readonly in: string }>;
  /** Revocations under way or answered in this process, by fingerprint; true where the token is ended. */
  readonly revocations: Map<string, Promise<boolean>>;
  /** Tokens kept after a failure, by label: an engine that asks again must not mint another. */
  readonly kept: Map<string, Error>;
  /** Inputs for which a mint may have happened that nothing records, by label. */
  readonly unsure: Map<string, string>;
  /** By fingerprint: the resource of the program that holds a token, of several the one that keeps it. */
  readonly holders: Map<string, Holder>;
  /** The fingerprint of the token that a resource adopted in this process, though nothing replaced one, by label. */
  readonly adopted: Map<string, string>;
  /** What GraphQL last said of a token that a list does not show, or nothing if it did not tell, by store, family and account. */
  readonly words: Map<string, Promise<GraphqlAnswer | undefined>>;
  /** The API account that a store's present credential belongs to, as a token says that this process minted, by store. */
  readonly minters: Map<string, string>;
  /** Fingerprints of tokens whose delete came before their successor's create in this process. */
  readonly deletedFirst: Set<string>;
  /** Ids of tokens that states hold, as far as this process has met them. */
  readonly held: Set<string>;
  /** The label of the resource that minted a token in this process, or whose state holds it, by fingerprint. */
  readonly owners: Map<string, string>;
  /** What this process minted and no state has shown since, by fingerprint: the name in the store's list, where it has one. */
  readonly minted: Map<string, string | undefined>;
}

/** What a state holds: none of it is an orphan, and no mint may be answered with it. */
export function noteHeld(
  { held, owners }: Memory,
  id: string,
  { label, fingerprint, previous }: TokenState,
): void {
  held.add(id);
  owners.set(fingerprint, label);
  if (!previous) return;
  held.add(previous.id);
  owners.set(previous.fingerprint, label);
}

/** What this process knows of a delete, of which Pulumi does not tell the reason. */
export function sightingsOf(memory: Memory, id: string, state: TokenState): DeleteSightings {
  const { label, fingerprint, listName } = state;
  const replacement = memory.replacements.get(label);
  const older = state.previous?.fingerprint ?? "";
  const named = memory.named.get(fingerprint);
  const namedOlder = memory.named.get(older);
  const holderOfOlder = memory.holders.get(older);
  return {
    isDeclared: memory.checks.has(label),
    own: {
      replaced: memory.fates.get(fingerprint),
      named: named && memory.checks.has(named.by) ? named.fate : undefined,
      heldBy: otherHolder(memory, state),
      isMintedAgain: isMintedAgain(memory, fingerprint, listName),
    },
    previous: {
      replaced: memory.fates.get(older),
      heldBy: holderOfOlder?.keeps ? holderOfOlder.label : undefined,
      isMintedAgain: isMintedAgain(memory, older, undefined),
      isNamedElsewhere: namedOlder !== undefined && namedOlder.in !== id,
    },
    adopted: memory.adopted.get(label),
    isBeforeSuccessor: replacement?.id === id && !replacement.isDeletedFirst,
  };
}

/** The resource, if any, whose token this is as well: it adopted it, or the record is one more of the same. */
function otherHolder({ holders }: Memory, { label, fingerprint }: TokenState): string | undefined {
  const holder = holders.get(fingerprint);
  return holder?.keeps && (holder.adopted || holder.label !== label) ? holder.label : undefined;
}

/** Whether this process was answered with the token that another record holds; of its own record the name is the same. */
function isMintedAgain({ minted }: Memory, fingerprint: string, listName: string | undefined): boolean {
  if (!minted.has(fingerprint)) return false;
  const own = minted.get(fingerprint);
  return own === undefined || own !== listName;
}

export function createMemory(): Memory {
  return {
    checks: new Map(),
    stored: new Map(),
    replacements: new Map(),
    unchanged: new Map(),
    fates: new Map(),
    named: new Map(),
    revocations: new Map(),
    kept: new Map(),
    unsure: new Map(),
    holders: new Map(),
    adopted: new Map(),
    words: new Map(),
    minters: new Map(),
    deletedFirst: new Set(),
    held: new Set(),
    owners: new Map(),
    minted: new Map(),
  };
}
