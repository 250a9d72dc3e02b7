import { defined } from "../defined";
import { isAdopted } from "../domain/adoption";
import type { DeleteSightings } from "../domain/plan-delete";
import type { Fates } from "../domain/plan-replacement";
import type { CheckedInputs, TokenState } from "../domain/state";
import { type Answer, recordsBy } from "./records";
import type {
  Replacement,
  ResourceRecord,
  SharedRecord,
  SharedToken,
  StoreRecord,
  TokenRecord,
} from "./records";

export type RunRecord = ReturnType<typeof createRunRecord>;

/**
 * What one configured host has seen in this process. Pulumi calls check, diff, create and delete of one update in one
 * process, but does not tell `delete` why it is called: only this record tells a replaced token from a removed one.
 */
export function createRunRecord(shared?: SharedRecord) {
  const resource = recordsBy<ResourceRecord>(() => ({}));
  const token = recordsBy<TokenRecord>(() => ({}));
  const store = recordsBy<StoreRecord>(() => ({ answers: new Map() }));
  /** The ids of tokens that states hold. */
  const ids = new Set<string>();

  /** A resource had another label before, by an alias or by version 0.1.0. Old tokens still have that label in their states. */
  const carryOver = (former: string, label: string) => {
    if (former === label) return;
    const [old, own] = [resource(former), resource(label)];
    old.checkedWith ??= "nothing";
    if (!old.replacement?.isDeletedFirst || own.replacement) return;
    own.replacement = old.replacement;
    old.replacement = undefined;
  };

  /** Pulumi asked for a diff because it may replace a dependency, and then left this resource as it is. */
  const forgetSpared = (own: ResourceRecord) => {
    if (!own.replacement?.isDeletedFirst) return;
    const old = token(own.replacement.old.fingerprint);
    if (old.isDeletedFirst) return;
    own.replacement = undefined;
    old.fate = undefined;
  };

  /**
   * A check without old inputs follows a `diff` without a replacement: an earlier run deleted the token first, because it
   * deleted a dependency, and ended before it created the new token. Forced replacements call no `diff`.
   */
  const noteInterrupted = (label: string, own: ResourceRecord) => {
    if (!own.unchanged || own.replacement) return;
    own.replacement = own.unchanged;
    token(own.unchanged.old.fingerprint).holder = { label, keeps: false, adopted: false };
  };

  /** A state holds these tokens: they are no orphans, and BigCommerce must not answer a mint with one of them. */
  const holds = (id: string, { label, fingerprint, previous }: TokenState) => {
    for (const each of [{ id, fingerprint }, ...(previous ? [previous] : [])]) {
      ids.add(each.id);
      token(each.fingerprint).owner = label;
    }
  };

  /** The resource that still holds a token after this update. */
  const keeperOf = (fingerprint: string) => {
    const { holder } = token(fingerprint);
    return holder?.keeps ? holder.label : undefined;
  };

  /** Whether BigCommerce answered a mint of this process with the token of another record. Its own record has the same name. */
  const isMintedAgain = (fingerprint: string, listName?: string) => {
    const { minted } = token(fingerprint);
    return minted !== undefined && (minted.listName === undefined || minted.listName !== listName);
  };

  return {
    /** Begins a check. Returns whether the replacement is forced, and the inputs before it. */
    checked(label: string, formers: readonly string[], old: CheckedInputs | undefined, isProtected = false) {
      for (const former of [...formers, old?.label ?? label]) carryOver(former, label);
      const own = resource(label);
      if (old) forgetSpared(own);
      else noteInterrupted(label, own);
      const isForced = !old && own.checkedWith === "olds" && !own.replacement;
      own.checkedWith = old ? "olds" : "nothing";
      if (old) own.stored = old;
      own.isProtected = isProtected;
      return { isForced, before: old ?? own.replacement?.old ?? own.stored };
    },

    /** Whether a `diff` belongs to a refresh: in an update, a check with old inputs comes first. */
    isRefresh: (label: string) => resource(label).checkedWith !== "olds",

    /** Whether Pulumi refuses to replace the resource, by its last check. */
    isProtected: (label: string) => resource(label).isProtected === true,

    holds,
    keeperOf,
    isHeld: (id: string) => ids.has(id),
    replacementOf: (label: string) => resource(label).replacement,

    /** Pulumi shows the present state of a resource. */
    shows(id: string, state: TokenState) {
      holds(id, state);
      token(state.fingerprint).minted = undefined;
    },

    /** The state of a resource names its previous token. */
    names(id: string, { previous }: TokenState, label: string) {
      if (!previous) return;
      token(previous.fingerprint).named = { fate: previous.fate, by: label, in: id };
      shared?.add(previous, { fate: previous.fate });
    },

    /** Pulumi asks for a diff before any check, because it deletes a dependency before it replaces it. */
    deletesFirst(label: string, { id, old, fate }: Replacement & Required<Pick<Replacement, "fate">>) {
      resource(label).replacement = { id, old, fate, isDeletedFirst: true };
      token(old.fingerprint).fate = fate;
      shared?.add({ id, fingerprint: old.fingerprint }, { fate });
    },

    /** Called at the end of a `diff`. Returns the other resource that keeps the token, if there is one. */
    compared(label: string, replacement: Replacement, isReplaced: boolean): string | undefined {
      const { old } = replacement;
      const own = resource(label);
      const held = token(old.fingerprint);
      const isDeletedFirst = own.replacement?.isDeletedFirst ?? false;
      if (!isDeletedFirst) own[isReplaced ? "replacement" : "unchanged"] = replacement;
      const keeps = !isReplaced && !isDeletedFirst;
      shared?.add({ id: replacement.id, fingerprint: old.fingerprint }, keeps ? { keptBy: label } : {});
      const keeper = keeperOf(old.fingerprint);
      const other = keeper === label ? undefined : keeper;
      if (other === undefined || keeps) held.holder = { label, keeps, adopted: isAdopted(old) };
      return other;
    },

    /** The fates of both tokens of a replacement are decided. */
    decided(label: string, replacement: Replacement, fates: Fates) {
      const { old } = replacement;
      resource(label).replacement = { ...replacement, fate: fates.own };
      token(old.fingerprint).fate = fates.own;
      shared?.add({ id: replacement.id, fingerprint: old.fingerprint }, { fate: fates.own });
      if (!old.previous || !fates.previous) return;
      token(old.previous.fingerprint).fate = fates.previous;
      shared?.add(old.previous, { fate: fates.previous });
    },

    /** The fates that were decided for both tokens of a replacement. */
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

    /** BigCommerce answered a mint. If a resource holds that token already, returns the resource and records nothing. */
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

    /** A resource is about to adopt a token. Returns a function that undoes this. */
    adopts(label: string, fingerprint: string): () => void {
      const own = token(fingerprint);
      const before = own.holder;
      own.holder = { label, keeps: true, adopted: true };
      return () => {
        own.holder = before;
      };
    },
    adopted(label: string, adopted: SharedToken) {
      shared?.add(adopted, { keptBy: label });
      if (!resource(label).replacement) resource(label).adopted = adopted.fingerprint;
    },

    /** A program reads a token, whoever owns it. */
    reads(label: string, read: SharedToken) {
      token(read.fingerprint).holder = { label, keeps: true, adopted: true };
      shared?.add(read, { keptBy: label });
    },

    /** Asks GraphQL about a token, given the last answer about a token of the same store and group. */
    answerOf(storeHash: string, group: string, ask: (last: Answer | undefined) => Answer): Answer {
      const { answers } = store(storeHash);
      const answer = ask(answers.get(group));
      answers.set(group, answer);
      return answer;
    },

    /** The replacement of which this delete is the first step, if it is one. */
    deletedFirst(id: string, { label, fingerprint }: TokenState): Replacement | undefined {
      const { replacement } = resource(label);
      if (replacement?.id !== id || !replacement.isDeletedFirst) return undefined;
      token(fingerprint).isDeletedFirst = true;
      return replacement;
    },

    /** What this process knows about a delete. */
    sightingsOf(id: string, { label, fingerprint, listName, previous }: TokenState): DeleteSightings {
      const { replacement, adopted, checkedWith } = resource(label);
      const { fate, named, holder } = token(fingerprint);
      // Another resource keeps the token, or this resource adopted it: the deleted record is a second one of the same token.
      const isHeldBeside = holder?.keeps && (holder.adopted || holder.label !== label);
      const older = previous && token(previous.fingerprint);
      const told = shared?.find({ id, fingerprint });
      // Only what this process has not seen itself is believed, except that another resource keeps the token.
      const isElsewhere = checkedWith === undefined;
      const other = isElsewhere ? told : undefined;
      const otherPrevious = other && previous && shared?.find(previous);
      const keptBy = told?.keptBy === label ? undefined : told?.keptBy;
      const seen = previous && {
        replaced: older?.fate ?? otherPrevious?.fate,
        heldBy: keeperOf(previous.fingerprint),
        isMintedAgain: isMintedAgain(previous.fingerprint),
        isNamedElsewhere: older?.named !== undefined && older.named.in !== id,
      };
      return {
        isDeclared: !isElsewhere || other !== undefined,
        own: {
          replaced: fate ?? other?.fate,
          named: named && resource(named.by).checkedWith ? named.fate : undefined,
          heldBy: isHeldBeside ? holder.label : keptBy,
          isMintedAgain: isMintedAgain(fingerprint, listName),
        },
        ...defined({ previous: seen }),
        adopted,
        isBeforeSuccessor: replacement?.id === id && !replacement.isDeletedFirst,
      };
    },

    /** Revokes a token, unless this process has revoked it already or is revoking it. */
    async revokeOnce(fingerprint: string, revoke: () => Promise<boolean>): Promise<void> {
      const own = token(fingerprint);
      if (own.revocation && (await own.revocation.catch(() => false))) return;
      own.revocation = revoke();
      await own.revocation;
    },
  };
}
