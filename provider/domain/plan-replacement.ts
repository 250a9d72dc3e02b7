import {
  effectiveExpiry,
  fateOf,
  fateOfDeletedFirst,
  livePrevious,
  isSettled,
  keptPredecessor,
  predecessorOf,
  wasHandedOn,
} from "./disposition";
import { type DeletedState, type DeletePlan, stepsOf } from "./plan-delete";
import type { CheckedInputs, Fate, HeldPredecessor, OnDelete, Rights, TokenState } from "./state";
import { isKnown, type Previewed } from "./unknown";

export interface ReplacementPlan extends DeletePlan {
  /** What is recorded for each token, whatever BIGCOMMERCE_ON_DELETE says in this run. */
  readonly fates: Fates;
}

export interface Fates {
  readonly own: Fate;
  /** Absent if there is no live previous token, or if another record answers for it. */
  readonly previous?: Fate;
}

/** What a caller has seen of a replacement. */
export interface ReplacementSightings {
  /** Whether Pulumi deletes the token before it creates the new one, because it replaces a dependency in that order. */
  readonly isDeletedFirst?: boolean;
  /** The resource that holds the previous token after this update too, or adopts it. */
  readonly previousHeldBy?: string | undefined;
}

/** What a replacement reads of the old state; a reader who does not know one of the optional properties leaves it out. */
export type ReplacedState = Omit<DeletedState, "previous" | "onDelete"> &
  Partial<Rights & Pick<TokenState, "overlap">> & {
    readonly previous?: Pick<HeldPredecessor, "fingerprint" | "expiresAt" | "fate"> & Partial<Rights>;
  };

/** The new token as its inputs ask for it; with `effectiveExpiresAt`, as BigCommerce granted it. */
export type FreshToken = Rights &
  Pick<CheckedInputs, "expiresAt" | "overlap"> &
  Pick<TokenState, "effectiveExpiresAt">;

/** What becomes of a replaced token, and of its previous one; undefined where the new one is not known before the update. */
export function planReplacement(
  old: ReplacedState,
  fresh: Previewed<FreshToken> | undefined,
  { isDeletedFirst = false, previousHeldBy }: ReplacementSightings,
  override: OnDelete | undefined,
  now: number,
): ReplacementPlan | undefined {
  const previous = previousHeldBy === undefined ? livePrevious(old, now) : undefined;
  const fates = isDeletedFirst
    ? { own: fateOfDeletedFirst(old, override) }
    : fresh && isKnown(fresh) && fatesOf(old, previous, fresh);
  if (!fates) return undefined;
  const seen = {
    isDeclared: true,
    own: { replaced: fates.own },
    previous: { replaced: fates.previous, heldBy: previousHeldBy },
  };
  return { ...stepsOf(old, seen, override, now), fates };
}

/** What the new token's state records: the replaced token, unless dependents never received it and one before it lives. */
export function successionOf(
  id: string,
  old: TokenState,
  { own, previous }: Fates,
  now: number,
): Pick<TokenState, "previous" | "previousToken"> {
  if (wasHandedOn(old)) return predecessorOf(id, old, own, now);
  const carried = previous === "revoke" ? {} : keptPredecessor(old, now);
  return old.gone || carried.previousToken !== undefined ? carried : predecessorOf(id, old, own, now);
}

function fatesOf(old: ReplacedState, previous: ReplacedState["previous"], fresh: FreshToken): Fates {
  const own = old.gone ? "letExpire" : fateBeside(old, fresh, isSettled(old));
  if (!previous) return { own };
  // Dependents go on using the previous token of a token that they never received, unless the new one covers less.
  return { own, previous: wasHandedOn(old) ? "revoke" : fateBeside(previous, fresh) };
}

/** Rights that a state does not show are covered by nothing. */
function fateBeside(
  old: Partial<Rights & Pick<TokenState, "expiresAt" | "effectiveExpiresAt">>,
  fresh: FreshToken,
  isSettledToken = true,
): Fate {
  const { storeHash = "", channelIds = [] } = old;
  const rights = { ...old, storeHash, channelIds, verified: isSettledToken, expiry: effectiveExpiry(old) };
  return fateOf(rights, { ...fresh, expiry: effectiveExpiry(fresh) }, fresh.overlap);
}
