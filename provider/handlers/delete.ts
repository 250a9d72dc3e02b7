import { hasOwnJti, hasPreviousOwnJti } from "../adoption";
import type { Revoked, RevokeRequest } from "../bigcommerce/client";
import { ApiError } from "../bigcommerce/errors";
import { isGenuine } from "../bigcommerce/graphql";
import { isToken, readClaims } from "../claims";
import {
  type Cause,
  causeOf,
  effectiveExpiry,
  endOf,
  isLongPast,
  isPast,
  livePredecessor,
  wasHandedOn,
} from "../ending";
import { previousVariableOf } from "../credentials";
import { TokensError } from "../errors";
import { type Memory, noteHeld } from "../memory";
import { type Effect, effectLine } from "../notices";
import { type Expiry, formatExpiry, readExpiry } from "../schedule";
import type { Fate, TokenState } from "../state";
import { sayDeletedFirst } from "./announce";
import { ask } from "./ask";
import { type Context, nowSeconds, overrideOf } from "./context";
import { requireHost, revokeRequest, revokingTargets, type Targets } from "./requests";

/** A token that ends with this delete: the resource's own, or the predecessor that its state still answers for. */
interface Ending {
  readonly id: string;
  readonly label: string;
  readonly token: string;
  readonly fingerprint: string;
  readonly expiry: Expiry;
  readonly storeHash: string;
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
  readonly apiUrl?: string;
  readonly apiAccount?: string;
  readonly cause: Cause | "predecessor";
  /** False of one that was adopted and never proven, whose `jti` may be another token's. */
  readonly hasOwnJti: boolean;
}

/** How a token of another API account is refused: one that the list does not show has no jti there. */
const FOREIGN: ReadonlySet<string> = new Set(["other_account", "jti_not_found"]);

/** BigCommerce's answers that asking again will not change. */
const DEFINITE = new Set(["jti_not_found", "jwt_invalid", "other_account", "revocation_limit"]);

const WAY_OUT = "Or set BIGCOMMERCE_ON_DELETE=letExpire for one run, which leaves it as it is.";

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
    context.notices.say(`token ${own.fingerprint} of ${own.label} stays as it is: ${holder} holds it`);
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

/** Looks up all that the end needs, so that nothing is sent for one token where another's credential is missing. */
function plan(context: Context, ending: Ending, fate: Fate): () => Promise<void> {
  const expiresAt = formatExpiry(ending.expiry);
  const say = (effect: Effect) => {
    context.notices.say(effectLine(effect, ending.label, ending.fingerprint, expiresAt));
  };
  const now = nowSeconds(context);
  if (context.memory.minted.has(ending.fingerprint)) {
    return () => {
      context.notices.say(
        `warning: ${ending.label}: token ${ending.fingerprint} stays as it is, because BigCommerce answered this run's mint with it`,
      );
      return Promise.resolve();
    };
  }
  if (fate === "letExpire" || isLongPast(ending.expiry, now)) {
    return () => {
      say(isPast(ending.expiry, now) ? "expired" : "left to expire");
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
  return () => once(context, ending.fingerprint, () => revoke(context, targets, ending, expiresAt, say));
}

/** A token that this process has ended, or is ending, is not asked for twice. */
async function once({ memory }: Context, fingerprint: string, end: () => Promise<boolean>): Promise<void> {
  const other = memory.revocations.get(fingerprint);
  if (other && (await other.catch(() => false))) return;
  const attempt = end();
  memory.revocations.set(fingerprint, attempt);
  await attempt;
}

/** True once the token is ended; false where BigCommerce refuses for good and the token need not stay in the state. */
async function revoke(
  context: Context,
  targets: Targets,
  ending: Ending,
  expiresAt: string,
  say: (effect: Effect) => void,
): Promise<boolean> {
  try {
    const isByJti = readClaims(ending.token).jti !== undefined;
    const isOwn = ending.hasOwnJti || (isByJti && isGenuine(await ask(context, targets[0], ending)));
    const request = revokeRequest(context, { ...ending, expiresAt }, isOwn);
    const revoked = await revokeAs(context, targets, ending, request);
    if (revoked.kind === "revoked") {
      context.notices.say(
        `warning: token ${ending.fingerprint} of ${ending.label} was revoked before this run, says ${revoked.by}`,
      );
    } else {
      say(revoked.kind === "expired" ? "expired" : "revoke accepted");
    }
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const droppable = ending.cause === "replaced" && ending.expiry !== "never";
    if (!DEFINITE.has(error.code) || !(droppable || ending.cause === "predecessor")) {
      throw kept(ending, targets, error);
    }
    context.notices.say(
      `warning: token ${ending.fingerprint} of ${ending.label} was not revoked and may work until ${expiresAt}: ` +
        `${error.message} Nothing tries again: to end it by hand, revoke ${nameOf(ending)} as ${minterOf(ending)}.`,
    );
    return false;
  }
}

/** Where the present API account did not mint the token, the one before it is asked; first, where that is known. */
async function revokeAs(
  { client, memory }: Context,
  [present, before]: Targets,
  { storeHash, apiAccount }: Ending,
  request: RevokeRequest,
): Promise<Revoked> {
  if (!before) return client.revoke(present, request);
  const isForeign = apiAccount !== undefined && (memory.minters.get(storeHash) ?? apiAccount) !== apiAccount;
  const [first, second] = isForeign ? [before, present] : [present, before];
  try {
    return await client.revoke(first, request);
  } catch (error) {
    if (!(error instanceof ApiError) || !(isForeign || FOREIGN.has(error.code))) throw error;
    try {
      return await client.revoke(second, request);
    } catch (other) {
      throw isForeign ? error : other;
    }
  }
}

function kept(ending: Ending, targets: Targets, error: ApiError): TokensError {
  const what = error.failure.outcome === "UNKNOWN" ? "may not have been revoked" : "was not revoked";
  return new TokensError(
    error.code,
    `token ${ending.fingerprint} of ${ending.label} ${what} and stays in the state: ` +
      `${error.message} ${remedy(ending, targets, error)} ${WAY_OUT}`,
  );
}

/** What a person can do about a refusal. */
function remedy(ending: Ending, targets: Targets, { code }: ApiError): string {
  if (code === "revocation_limit" || !DEFINITE.has(code)) return "The next run tries again.";
  const sources = targets.map((target) => target?.credentialSource).join(" and ");
  const variable = previousVariableOf(ending.storeHash);
  return `Set the credential of ${minterOf(ending)} as ${variable} and run again; in use: ${sources}.`;
}

/** For whoever revokes it by hand, who must not end another token. */
function nameOf({ id, hasOwnJti: isOwn }: Ending): string {
  return isOwn ? `id ${id}` : "its value (its id may be another token's)";
}

function minterOf({ apiAccount }: Ending): string {
  return `the API account that minted it${apiAccount === undefined ? "" : `, ${apiAccount}`}`;
}
