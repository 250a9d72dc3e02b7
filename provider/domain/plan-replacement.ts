import { earlier, effectiveExpiry } from "./expiry";
import type { Fate, OnDelete, Overlap } from "./fate";
import { type DeletedState, type DeletePlan, stepsOf } from "./plan-delete";
import { isSettled, keptPrevious, livePrevious, previousOf, wasHandedOn } from "./previous-token";
import type { CheckedInputs, HeldPredecessor, Rights, Succession, TokenState } from "./state";
import { isKnown, type Previewed } from "./unknown";

export interface ReplacementPlan extends DeletePlan {
  /** What is recorded for each token, whatever BIGCOMMERCE_ON_DELETE says in this run. */
  readonly fates: Fates;
}

export interface Fates {
  readonly own: Fate;
  /** Absent if there is no live previous token, or if another record holds it. */
  readonly previous?: Fate;
}

/** What the plan reads of the old state. A caller that does not know an optional property leaves it out. */
export type ReplacedState = Omit<DeletedState, "previous" | "onDelete"> &
  Partial<Rights & Pick<TokenState, "overlap">> & {
    readonly previous?: Pick<HeldPredecessor, "fingerprint" | "expiresAt" | "fate"> & Partial<Rights>;
  };

/** The new token as requested; with `effectiveExpiresAt`, as BigCommerce granted it. */
export type FreshToken = Rights &
  Pick<CheckedInputs, "expiresAt" | "overlap"> &
  Pick<TokenState, "effectiveExpiresAt">;

/** `previousHeldBy`: the resource that still holds the previous token after this update, or adopts it. */
interface ReplacementSightings {
  readonly previousHeldBy?: string | undefined;
}

/** What becomes of a replaced token and of the one before it. */
export function planReplacement(
  old: ReplacedState,
  fresh: FreshToken,
  { previousHeldBy }: ReplacementSightings,
  override: OnDelete | undefined,
  now: number,
): ReplacementPlan {
  const previous = previousHeldBy === undefined ? livePrevious(old, now) : undefined;
  return withSteps(old, fatesOf(old, previous, fresh), previousHeldBy, override, now);
}

/**
 * The plans that the update may follow: several if only the update knows the new token, and it decides. A token that never
 * expires or is unproven is revoked whatever replaces it. `fresh`: what is known of the new token.
 */
export function possibleReplacements(
  old: ReplacedState,
  fresh: Previewed<FreshToken> | undefined,
  seen: ReplacementSightings,
  override: OnDelete | undefined,
  now: number,
): readonly [ReplacementPlan, ...ReplacementPlan[]] {
  if (fresh && isKnown(fresh)) return [planReplacement(old, fresh, seen, override, now)];
  const { previousHeldBy: heldBy } = seen;
  const previous = heldBy === undefined ? livePrevious(old, now) : undefined;
  const overlap = fresh && isKnown(fresh.overlap) ? fresh.overlap : "auto";
  const own = certainFate(old, overlap);
  const plan = (fate: Fate) => {
    const ownFate = own ?? fate;
    const fates = !previous
      ? { own: ownFate }
      : {
          own: ownFate,
          previous: wasHandedOn(old) ? ("revoke" as const) : (fateByOverlap(previous, overlap) ?? fate),
        };
    return withSteps(old, fates, heldBy, override, now);
  };
  return [plan("revoke"), plan("letExpire")];
}

/**
 * What becomes of a token that Pulumi deletes before it creates the new one, because it does so with a dependency. The same
 * calls come with `destroy --target` of the dependency. A token that is left bridges the time until the new one exists.
 */
export function planDeletedFirst(
  old: ReplacedState,
  override: OnDelete | undefined,
  now: number,
): ReplacementPlan {
  const mayStay = effectiveExpiry(old) !== "never" && isSettled(old) && old.overlap !== "never";
  const own = override ?? (mayStay ? "letExpire" : "revoke");
  return withSteps(old, { own }, undefined, override, now);
}

function withSteps(
  old: ReplacedState,
  fates: Fates,
  heldBy: string | undefined,
  override: OnDelete | undefined,
  now: number,
): ReplacementPlan {
  const own = { replaced: fates.own };
  const seen = { isDeclared: true, own, previous: { replaced: fates.previous, heldBy } };
  return { ...stepsOf(old, seen, override, now), fates };
}

/** What the new token's state records: the replaced token; or the one before it, if dependents still use that. */
export function successionOf(id: string, old: TokenState, { own, previous }: Fates, now: number): Succession {
  if (wasHandedOn(old)) return previousOf(id, old, own, now);
  const carried = previous === "revoke" ? {} : keptPrevious(old, now);
  return old.gone || carried.previousToken !== undefined ? carried : previousOf(id, old, own, now);
}

function fatesOf(old: ReplacedState, previous: ReplacedState["previous"], fresh: FreshToken): Fates {
  const own = certainFate(old, fresh.overlap) ?? fateByRights(old, fresh);
  if (!previous) return { own };
  // If dependents never received the replaced token, they still use the previous one, which stays if the new token covers it.
  return { own, previous: wasHandedOn(old) ? "revoke" : fateBeside(previous, fresh) };
}

/** The fate of a replaced token if the rights of the new token do not matter. */
function certainFate(old: ReplacedState, overlap: Overlap): Fate | undefined {
  if (old.gone) return "letExpire";
  // A failed create may have minted more rights than requested.
  return isSettled(old) ? fateByOverlap(old, overlap) : "revoke";
}

/** What becomes of a token by the `overlap` of the new inputs. Undefined if the rights of both tokens decide. */
function fateByOverlap(old: OldRights, overlap: Overlap): Fate | undefined {
  if (effectiveExpiry(old) === "never" || overlap === "never") return "revoke";
  return overlap === "always" ? "letExpire" : undefined;
}

function fateByRights(old: OldRights, fresh: FreshToken): Fate {
  return covers(fresh, old) ? "letExpire" : "revoke";
}

function fateBeside(old: OldRights, fresh: FreshToken): Fate {
  return fateByOverlap(old, fresh.overlap) ?? fateByRights(old, fresh);
}

type OldRights = Partial<Rights & Pick<TokenState, "expiresAt" | "effectiveExpiresAt">>;

/** True if the old token permits nothing that the new token does not permit. */
function covers(fresh: FreshToken, old: OldRights): boolean {
  const expiry = effectiveExpiry(old);
  // Without origins, a token is valid for any origin.
  const isBound = ({ allowedCorsOrigins = [] }: OldRights) => allowedCorsOrigins.length > 0;
  return (
    // Not true if the state does not show its store.
    fresh.storeHash === old.storeHash &&
    fresh.apiUrl === old.apiUrl &&
    includes(fresh.channelIds, old.channelIds) &&
    includes(fresh.scopes, old.scopes) &&
    isBound(fresh) === isBound(old) &&
    includes(fresh.allowedCorsOrigins, old.allowedCorsOrigins) &&
    earlier(expiry, effectiveExpiry(fresh)) === expiry
  );
}

function includes<T>(all: readonly T[] = [], some: readonly T[] = []): boolean {
  return some.every((entry) => all.includes(entry));
}
