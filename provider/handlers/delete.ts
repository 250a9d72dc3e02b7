import { hasOwnJti, hasPreviousOwnJti } from "../domain/adoption";
import { isToken } from "../domain/claims";
import {
  causeOf,
  effectiveExpiry,
  endOf,
  isLongPast,
  isPast,
  livePredecessor,
  wasHandedOn,
} from "../domain/disposition";
import { TokensError } from "../errors";
import { type Memory, noteHeld } from "./run-record";
import { type Effect, notice } from "../notice-formats";
import { readExpiry } from "../domain/expiry";
import type { Fate, TokenState } from "../domain/state";
import { sayDeletedFirst } from "./replacement";
import { type Context, nowSeconds, overrideOf } from "./context";
import { requireHost, revokingTargets } from "./requests";
import { type Ending, revoke, WAY_OUT } from "./revocation";

/** Ends the token by its rule, its live predecessor first. Throws where the token must stay in the state. */
export async function remove(context: Context, id: string, state: TokenState): Promise<void> {
  const { memory } = context;
  const now = nowSeconds(context);
  noteHeld(memory, id, state);
  const again = memory.adopted.get(state.label);
  if (again !== undefined && [state.fingerprint, state.adopted].includes(again))
    throw adoptedAgain(state, again);
  const override = overrideOf(context);
  const replacement = memory.replacements.get(state.label);
  if (replacement?.id === id) {
    if (!replacement.isDeletedFirst) throw deletedBefore(state);
    sayDeletedFirst(context, replacement);
    memory.deletedFirst.add(state.fingerprint);
  }
  const named = memory.named.get(state.fingerprint);
  const end = causeOf({
    replaced: memory.fates.get(state.fingerprint),
    named: named && memory.checks.has(named.by) ? named.fate : undefined,
    checked: memory.checks.has(state.label),
  });
  const own: Ending = {
    ...{ ...state, id, expiry: effectiveExpiry(state) },
    ...{ cause: end.cause, hasOwnJti: hasOwnJti(state) },
  };
  const fate = endOf(end, state.onDelete, override);
  const live = livePredecessor(state, now);
  const isInUse = live && memory.holders.get(live.facts.fingerprint)?.keeps;
  const older: Ending | undefined =
    live && !isInUse
      ? {
          ...live.facts,
          label: state.label,
          token: live.token,
          expiry: readExpiry(live.facts.expiresAt),
          cause: "predecessor",
          hasOwnJti: hasPreviousOwnJti(state),
        }
      : undefined;
  // A predecessor shares the end of a removed token; a replaced or forced one takes it along.
  const olderFate = end.cause === "removed" ? fate : (override ?? "revoke");
  // What was gone before is not ended again; the predecessor of what nobody holds is a successor's by now.
  const stays = older && memory.fates.get(older.fingerprint) !== "revoke";
  const isPassedOn =
    !wasHandedOn(state) && stays && (end.cause === "replaced" || isNamedElsewhere(context, id, older));
  const holder = otherHolder(memory, state);
  if (holder !== undefined) {
    const { label, fingerprint } = own;
    context.notices.say(notice("kept_by_holder", { label, fingerprint, holder }));
  }
  const steps = [
    ...(older && !isPassedOn ? [plan(context, older, holder === undefined ? olderFate : "letExpire")] : []),
    ...(state.gone || holder !== undefined ? [] : [plan(context, own, fate)]),
  ];
  for (const step of steps) await step();
}

/** The resource, if any, whose token this is as well: it adopted it, or the record is one more of the same. */
function otherHolder({ holders }: Memory, { label, fingerprint }: TokenState): string | undefined {
  const holder = holders.get(fingerprint);
  return holder?.keeps && (holder.adopted || holder.label !== label) ? holder.label : undefined;
}

/** A create that succeeds ends the replacement: before that, only `deleteBeforeReplace` comes to a delete. */
function deletedBefore({ label, fingerprint }: TokenState): TokensError {
  return new TokensError(
    "deleted_before_replaced",
    `token ${fingerprint} of ${label} was not revoked, because its successor does not exist yet: deleteBeforeReplace would ` +
      "leave no token in between; leave it out, also where a transform sets it",
  );
}

function adoptedAgain({ label, fingerprint }: TokenState, again: string): TokensError {
  return new TokensError(
    "adopted_again",
    `token ${fingerprint} of ${label} was not revoked and stays in the state, because a forced replacement adopted ` +
      `token ${again} once more; remove adopt, then replace`,
  );
}

function isNamedElsewhere({ memory }: Context, id: string, older: Ending | undefined): boolean {
  const named = older && memory.named.get(older.fingerprint);
  return named !== undefined && named.in !== id;
}

/** Whether this process was answered with the token that another record holds; of its own record the name is the same. */
function isMintedAgain({ minted }: Memory, { fingerprint, listName }: Ending): boolean {
  if (!minted.has(fingerprint)) return false;
  const own = minted.get(fingerprint);
  return own === undefined || own !== listName;
}

/** Looks up all that the end needs, so that nothing is sent for one token where another's credential is missing. */
function plan(context: Context, ending: Ending, fate: Fate): () => Promise<void> {
  const { label, fingerprint, expiry } = ending;
  const say = (effect: Effect) => {
    context.notices.say(notice(effect, { label, fingerprint, expiry }));
  };
  const now = nowSeconds(context);
  if (isMintedAgain(context.memory, ending)) {
    return () => {
      context.notices.say(notice("minted_again", { label, fingerprint }));
      return Promise.resolve();
    };
  }
  if (fate === "letExpire" || isLongPast(ending.expiry, now)) {
    return () => {
      say(isPast(expiry, now) ? "expired" : "left_to_expire");
      return Promise.resolve();
    };
  }
  if (!isToken(ending.token)) {
    throw new TokensError(
      "token_unreadable",
      `${ending.label}: the state holds no readable token ${ending.fingerprint}, so it cannot be revoked; ` +
        `restore the state. ${WAY_OUT}`,
    );
  }
  const targets = revokingTargets(context, ending.storeHash);
  requireHost(context, ending, WAY_OUT);
  return () => once(context, ending.fingerprint, () => revoke(context, targets, ending, say));
}

/** A token that this process has ended, or is ending, is not asked for twice. */
async function once({ memory }: Context, fingerprint: string, end: () => Promise<boolean>): Promise<void> {
  const other = memory.revocations.get(fingerprint);
  if (other && (await other.catch(() => false))) return;
  const attempt = end();
  memory.revocations.set(fingerprint, attempt);
  await attempt;
}
