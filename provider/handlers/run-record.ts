import type { GraphqlAnswer } from "../bigcommerce/client";
import { defined } from "../defined";
import { isAdopted } from "../domain/adoption";
import type { DeleteSightings } from "../domain/plan-delete";
import type { Fates } from "../domain/plan-replacement";
import type { CheckedInputs, TokenState } from "../domain/state";
import {
  recordsBy,
  type Replacement,
  type ResourceRecord,
  type StoreRecord,
  type TokenRecord,
} from "./records";

export type RunRecord = ReturnType<typeof createRunRecord>;

/**
 * What one configured host has seen in this process. Pulumi runs check, diff, create and delete of one update in one
 * process and does not tell delete why, so this is how a replaced token is told from a removed one.
 */
export function createRunRecord() {
  const resource = recordsBy<ResourceRecord>(() => ({}));
  const token = recordsBy<TokenRecord>(() => ({}));
  const store = recordsBy<StoreRecord>(() => ({ answers: new Map() }));
  /** The ids of tokens that states hold. */
  const ids = new Set<string>();

  /** An alias renames, and 0.1.0 gave other labels: what waits for its delete, or was deleted first, has the old one. */
  const carryOver = (former: string, label: string) => {
    if (former === label) return;
    const [old, own] = [resource(former), resource(label)];
    old.checkedWith ??= "nothing";
    if (!old.replacement?.isDeletedFirst || own.replacement) return;
    own.replacement = old.replacement;
    old.replacement = undefined;
  };

  /** Pulumi asked about a dependency's replacement, and spared this resource. */
  const forgetSpared = (own: ResourceRecord) => {
    if (!own.replacement?.isDeletedFirst) return;
    const old = token(own.replacement.old.fingerprint);
    if (old.isDeletedFirst) return;
    own.replacement = undefined;
    old.fate = undefined;
  };

  /**
   * A check without olds after a `diff` that answered no replacement: an earlier run deleted the token first, as its
   * dependency's, and ended before the successor. Forced replacements call no `diff`.
   */
  const noteInterrupted = (label: string, own: ResourceRecord) => {
    if (!own.unchanged || own.replacement) return;
    own.replacement = own.unchanged;
    token(own.unchanged.old.fingerprint).holder = { label, keeps: false, adopted: false };
  };

  /** What a state holds: none of it is an orphan, and no mint may be answered with it. */
  const holds = (id: string, { label, fingerprint, previous }: TokenState) => {
    ids.add(id);
    token(fingerprint).owner = label;
    if (!previous) return;
    ids.add(previous.id);
    token(previous.fingerprint).owner = label;
  };

  /** The resource that holds a token after this update as well. */
  const keeperOf = (fingerprint: string) => {
    const { holder } = token(fingerprint);
    return holder?.keeps ? holder.label : undefined;
  };

  /** Whether this process was answered with the token that another record holds; of its own record the name is the same. */
  const isMintedAgain = (fingerprint: string, listName?: string) => {
    const { minted } = token(fingerprint);
    return minted !== undefined && (minted.listName === undefined || minted.listName !== listName);
  };

  return {
    /** A check of a label that had other names before; tells whether a replacement is forced, and the inputs before it. */
    checked(label: string, formers: readonly string[], old: CheckedInputs | undefined) {
      for (const former of [...formers, ...(old ? [old.label] : [])]) carryOver(former, label);
      const own = resource(label);
      if (old) forgetSpared(own);
      else noteInterrupted(label, own);
      const isForced = !old && own.checkedWith === "olds" && !own.replacement;
      own.checkedWith = old ? "olds" : "nothing";
      if (old) own.stored = old;
      return { isForced, before: old ?? own.replacement?.old ?? own.stored };
    },

    /** Of a `diff`: in an update a check with old inputs comes first. */
    isRefresh: (label: string) => resource(label).checkedWith !== "olds",

    holds,
    keeperOf,
    isHeld: (id: string) => ids.has(id),
    replacementOf: (label: string) => resource(label).replacement,

    /** A state that Pulumi shows as it is now. */
    shows(id: string, state: TokenState) {
      holds(id, state);
      token(state.fingerprint).minted = undefined;
    },

    /** The state of a resource names its previous token. */
    names(id: string, { previous }: TokenState, label: string) {
      if (previous) token(previous.fingerprint).named = { fate: previous.fate, by: label, in: id };
    },

    /** Pulumi asks about the token before any check, because it deletes a dependency first. */
    deletesFirst(label: string, { id, old, fate }: Required<Omit<Replacement, "isDeletedFirst">>) {
      resource(label).replacement = { id, old, fate, isDeletedFirst: true };
      token(old.fingerprint).fate = fate;
    },

    /** `diff` answered. Tells which other resource holds the token: one that adopted it before this one was looked at keeps it. */
    compared(label: string, { id, old }: Replacement, isReplaced: boolean): string | undefined {
      const own = resource(label);
      const held = token(old.fingerprint);
      const isDeletedFirst = own.replacement?.isDeletedFirst ?? false;
      if (!isDeletedFirst) own[isReplaced ? "replacement" : "unchanged"] = { id, old };
      const keeps = !isReplaced && !isDeletedFirst;
      const keeper = keeperOf(old.fingerprint);
      const other = keeper === label ? undefined : keeper;
      if (other === undefined || keeps) held.holder = { label, keeps, adopted: isAdopted(old) };
      return other;
    },

    /** What becomes of the tokens of a replacement. */
    decided(label: string, replacement: Replacement, fates: Fates) {
      const { old } = replacement;
      resource(label).replacement = { ...replacement, fate: fates.own };
      token(old.fingerprint).fate = fates.own;
      if (old.previous && fates.previous) token(old.previous.fingerprint).fate = fates.previous;
    },

    /** What was decided for both tokens of a replacement. */
    fatesOf({ old, fate = "revoke" }: Replacement): Fates {
      return defined({ own: fate, previous: old.previous && token(old.previous.fingerprint).fate });
    },

    failureOf: (label: string) => resource(label).failure,
    failed(label: string, failure: Error) {
      resource(label).failure = failure;
    },
    created(label: string) {
      resource(label).replacement = undefined;
    },

    isInDoubt: (label: string, asked: string) => resource(label).inDoubt === asked,
    inDoubt(label: string, asked: string) {
      resource(label).inDoubt = asked;
    },

    /** A mint was answered. Tells which resource holds the token already; then nothing is recorded. */
    minted(
      { label, storeHash }: Pick<CheckedInputs, "label" | "storeHash">,
      { fingerprint, listName, apiAccount }: Pick<TokenState, "fingerprint" | "listName" | "apiAccount">,
    ): string | undefined {
      const own = token(fingerprint);
      if (own.owner !== undefined) return own.owner;
      own.owner = label;
      own.minted = { listName };
      own.holder = { label, keeps: true, adopted: false };
      if (apiAccount !== undefined) store(storeHash).minter = apiAccount;
      return undefined;
    },
    minterOf: (storeHash: string) => store(storeHash).minter,

    /** A resource is about to hold a token that was made by hand; the answer undoes it. */
    adopts(label: string, fingerprint: string): () => void {
      const own = token(fingerprint);
      const before = own.holder;
      own.holder = { label, keeps: true, adopted: true };
      return () => {
        own.holder = before;
      };
    },
    adopted(label: string, fingerprint: string) {
      if (!resource(label).replacement) resource(label).adopted = fingerprint;
    },

    /** Asks after the question before it about a token of the same store, family and account. */
    answerOf(
      storeHash: string,
      group: string,
      ask: (last: Promise<GraphqlAnswer | undefined> | undefined) => Promise<GraphqlAnswer | undefined>,
    ): Promise<GraphqlAnswer | undefined> {
      const { answers } = store(storeHash);
      const answer = ask(answers.get(group));
      answers.set(group, answer);
      return answer;
    },

    /** The replacement that this delete comes first in. */
    deletedFirst(id: string, { label, fingerprint }: TokenState): Replacement | undefined {
      const { replacement } = resource(label);
      if (replacement?.id !== id || !replacement.isDeletedFirst) return undefined;
      token(fingerprint).isDeletedFirst = true;
      return replacement;
    },

    /** What is known of a delete, of which Pulumi does not tell the reason. */
    sightingsOf(id: string, { label, fingerprint, listName, previous }: TokenState): DeleteSightings {
      const { replacement, adopted, checkedWith } = resource(label);
      const { fate, named, holder } = token(fingerprint);
      // Another resource's, or one that the resource adopted: this record is one more of the same token.
      const isHeldBeside = holder?.keeps && (holder.adopted || holder.label !== label);
      const older = previous && token(previous.fingerprint);
      return {
        isDeclared: checkedWith !== undefined,
        own: {
          replaced: fate,
          named: named && resource(named.by).checkedWith ? named.fate : undefined,
          heldBy: isHeldBeside ? holder.label : undefined,
          isMintedAgain: isMintedAgain(fingerprint, listName),
        },
        ...(previous && {
          previous: {
            replaced: older?.fate,
            heldBy: keeperOf(previous.fingerprint),
            isMintedAgain: isMintedAgain(previous.fingerprint),
            isNamedElsewhere: older?.named !== undefined && older.named.in !== id,
          },
        }),
        adopted,
        isBeforeSuccessor: replacement?.id === id && !replacement.isDeletedFirst,
      };
    },

    /** A token that this process has revoked, or is revoking, is not asked for twice. */
    async revokeOnce(fingerprint: string, revoke: () => Promise<boolean>): Promise<void> {
      const own = token(fingerprint);
      if (own.revocation && (await own.revocation.catch(() => false))) return;
      own.revocation = revoke();
      await own.revocation;
    },
  };
}
