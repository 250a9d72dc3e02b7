import { effectiveExpiry, type Expiry, isLongPast, isPast } from "./expiry";
import type { Fate, OnDelete } from "./fate";
import { livePrevious, wasHandedOn } from "./previous-token";
import type { HeldPredecessor, TokenState } from "./state";

/** Why Pulumi deletes the record of a token; see "What happens to a token that ends" in the README. */
export type Cause = "removed" | "replaced" | "forced";

/** The token of a record, or the previous token that the record still holds. */
export interface PlannedToken {
  readonly which: "own" | "previous";
  readonly fingerprint: string;
  /** The effective expiration; `never` if the state does not show it. */
  readonly expiry: Expiry;
  readonly isExpired: boolean;
}

export interface DeleteStep {
  readonly token: PlannedToken;
  /** `leave`: the token stays valid until it expires. `keep`: another record holds it, or it is gone. */
  readonly action: "revoke" | "leave" | "keep";
  readonly reason: DeleteReason;
}

export type DeleteReason =
  | Cause
  /** BIGCOMMERCE_ON_DELETE decides. */
  | "override"
  /** The token after this previous token is replaced as well: a resource has at most two live tokens. */
  | "second replacement"
  /** The new token's state names it as its previous token. */
  | "carried over"
  | "held elsewhere"
  /** BigCommerce answered a mint of this run with the same token. */
  | "minted again"
  /** A refresh found it revoked. */
  | "gone"
  | "expired";

export interface DeletePlan {
  readonly cause: Cause;
  /** In the order in which they are done. */
  readonly steps: readonly DeleteStep[];
}

/** Why the record stays in the state, and nothing is sent. */
interface DeleteRefusal {
  readonly refusal: "adopted again" | "deleted before replaced";
}

/** What a caller has seen of one token before the delete. */
interface TokenSightings {
  /** The fate that this run decided when it replaced the token. */
  readonly replaced?: Fate | undefined;
  /** The fate that the state of a new token in the program records for this token. */
  readonly named?: Fate | undefined;
  /** The resource that still holds the token after this update, by another record than the deleted one. */
  readonly heldBy?: string | undefined;
  readonly isMintedAgain?: boolean;
}

/** What a caller has seen before the delete. Pulumi does not tell `delete` why it is called. */
export interface DeleteSightings {
  /** Whether the program still declares the resource. */
  readonly isDeclared: boolean;
  readonly own?: TokenSightings;
  readonly previous?: TokenSightings & {
    /** Whether another state than the deleted one names it as its previous token. */
    readonly isNamedElsewhere?: boolean;
  };
  /** The fingerprint of the token that the resource adopted in this run without a replacement. */
  readonly adopted?: string | undefined;
  /** Whether this run has not created the new token yet, and no dependency requires that order. */
  readonly isBeforeSuccessor?: boolean;
}

/** What the plan reads of a state. A caller that does not know an optional property leaves it out. */
export type DeletedState = Pick<TokenState, "fingerprint" | "gone" | "verified" | "adopted"> &
  Partial<Pick<TokenState, "expiresAt" | "effectiveExpiresAt" | "onDelete">> & {
    readonly previous?: Pick<HeldPredecessor, "fingerprint" | "expiresAt" | "fate">;
    /** The plan reads only whether it is there. */
    readonly previousToken?: string;
  };

/** What becomes of the token of a record that Pulumi deletes, and of the previous token. */
export function planDelete(
  state: DeletedState,
  sightings: DeleteSightings,
  override: OnDelete | undefined,
  now: number,
): DeletePlan | DeleteRefusal {
  const { adopted, isBeforeSuccessor = false } = sightings;
  if (adopted !== undefined && [state.fingerprint, state.adopted].includes(adopted)) {
    return { refusal: "adopted again" };
  }
  if (isBeforeSuccessor) return { refusal: "deleted before replaced" };
  return stepsOf(state, sightings, override, now);
}

/** The plan of a delete that nothing forbids. */
export function stepsOf(
  state: DeletedState,
  sightings: DeleteSightings,
  override: OnDelete | undefined,
  now: number,
): DeletePlan {
  const { own = {} } = sightings;
  // What is known of the token counts before what is known of its label.
  const fate = own.replaced ?? own.named;
  const cause: Cause = fate ? "replaced" : sightings.isDeclared ? "forced" : "removed";
  const byCause = { removed: state.onDelete, replaced: fate, forced: undefined };
  const by: Rule = { fate: override ?? byCause[cause] ?? "revoke", reason: override ? "override" : cause };
  const step = ownStep(state, own, by, now);
  const previous = previousStep(state, sightings, { cause, by, override }, now);
  // If another resource holds the token, nothing is sent for the previous token either.
  const isHeld = step.reason === "held elsewhere";
  return { cause, steps: [...(isHeld ? [step] : []), ...previous, ...(isHeld ? [] : [step])] };
}

interface Rule {
  readonly fate: Fate;
  readonly reason: DeleteReason;
}

function ownStep(state: DeletedState, seen: TokenSightings, by: Rule, now: number): DeleteStep {
  const { heldBy, isMintedAgain = false } = seen;
  const token = plannedToken("own", state, now);
  if (heldBy !== undefined) return { token, action: "keep", reason: "held elsewhere" };
  if (state.gone) return { token, action: "keep", reason: "gone" };
  return isMintedAgain ? { token, action: "keep", reason: "minted again" } : stepBy(token, by, now);
}

/** No step if there is no previous token, or if it is revoked or has expired. */
function previousStep(
  state: DeletedState,
  { own = {}, previous: seen = {} }: DeleteSightings,
  { cause, by, override }: { readonly cause: Cause; readonly by: Rule; readonly override: Fate | undefined },
  now: number,
): readonly DeleteStep[] {
  const previous = livePrevious(state, now);
  if (!previous) return [];
  const token = plannedToken("previous", previous, now);
  if (seen.heldBy !== undefined) return [{ token, action: "keep", reason: "held elsewhere" }];
  // If dependents never received the deleted token, they still use the previous one, so the new token's state carries that
  // over. It does so as well where a refresh called the deleted token gone at the replacement, and alive after it.
  const isCarried = seen.isNamedElsewhere === true || (cause === "replaced" && !wasHandedOn(state));
  if (isCarried && seen.replaced !== "revoke") return [{ token, action: "keep", reason: "carried over" }];
  if (seen.isMintedAgain) return [{ token, action: "keep", reason: "minted again" }];
  if (own.heldBy !== undefined) return [stepBy(token, { fate: "letExpire", reason: "held elsewhere" }, now)];
  // The previous token of a removed token is treated as that token is.
  if (cause === "removed" || override) return [stepBy(token, by, now)];
  return [stepBy(token, { fate: "revoke", reason: "second replacement" }, now)];
}

function stepBy(token: PlannedToken, { fate, reason }: Rule, now: number): DeleteStep {
  const isLeft = fate === "letExpire" || isLongPast(token.expiry, now);
  if (!isLeft) return { token, action: "revoke", reason };
  return { token, action: "leave", reason: token.isExpired ? "expired" : reason };
}

function plannedToken(
  which: PlannedToken["which"],
  state: Pick<DeletedState, "fingerprint" | "expiresAt" | "effectiveExpiresAt">,
  now: number,
): PlannedToken {
  const expiry = effectiveExpiry(state);
  return { which, fingerprint: state.fingerprint, expiry, isExpired: isPast(expiry, now) };
}
