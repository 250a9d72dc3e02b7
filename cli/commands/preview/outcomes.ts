import { defined } from "../../../provider/defined";
import type { Expiry } from "../../../provider/domain/expiry";
import { type DeletePlan, type DeleteSightings, stepsOf } from "../../../provider/domain/plan-delete";
import {
  type Fates,
  planDeletedFirst,
  possibleReplacements,
} from "../../../provider/domain/plan-replacement";
import { wasHandedOn } from "../../../provider/domain/previous-token";
import type { OnDelete } from "../../../provider/domain/fate";
import { REPLACING } from "../../../provider/domain/properties";
import { readInputs, readState, type TokenState } from "../../../provider/domain/state";
import type { NoticeCode } from "../../../provider/notice-formats";
import { hasPlaceholder } from "../../../provider/pulumi-values";
import { asObject } from "../../pulumi/json";
import type { PreviewJson, Seen, Step } from "../../pulumi/preview-json";
import { SECRET } from "../../pulumi/preview-properties";
import { type Adopters, adoptersIn, mayStayInUse, withAdopters } from "./adopters";
import { isForced, type What } from "./reasons";

/** What becomes of an old token. */
export interface Outcome {
  readonly fingerprint: string;
  /** True if only the state of the token after it still describes it. */
  readonly isPrevious: boolean;
  /** `gone`: a refresh found it revoked. `unknown`: only the update, or a preview with more steps, can tell. */
  readonly end: "revoked" | "left to expire" | "expired" | "gone" | "adopted" | "unknown";
  /** The label of the resource that adopts it. */
  readonly adoptedBy?: string;
  /** The effective expiration. */
  readonly expiry: Expiry;
  /** True if its record is deleted before the new token is minted. */
  readonly isFirst: boolean;
}

/** What an update is known to do, besides a step. */
interface Run {
  readonly steps: readonly Step[];
  readonly override: OnDelete | undefined;
  readonly adopters: Adopters;
  /** Unix seconds. */
  readonly now: number;
}

/** What a notice of the provider says of its token. */
const ENDS: Readonly<Partial<Record<NoticeCode, Outcome["end"]>>> = {
  replaced_undecided: "unknown",
  replaced_revoked: "revoked",
  replaced_left: "left to expire",
  replaced_expired: "expired",
  previous_revoked: "revoked",
  previous_left: "left to expire",
  deleted_first_revoked: "revoked",
  deleted_first_left: "left to expire",
};

const REMOVED: DeleteSightings = { isDeclared: false };
const FORCED: DeleteSightings = { isDeclared: true };

/** The provider's notices tell what becomes of a token. Where there is none, the provider's plans do. */
export function createOutcomes(preview: PreviewJson, now: number) {
  const { steps, notices } = preview;
  const said = notices.flatMap(({ notice }) => notice ?? []);
  const told = new Map(
    said.flatMap(({ code, facts }) => {
      const end = ENDS[code];
      return end && "fingerprint" in facts ? [[facts.fingerprint, end] as const] : [];
    }),
  );
  const override = said.find((each) => each.code === "on_delete_override")?.facts.onDelete;
  const adopters = adoptersIn(preview);
  const run: Run = { steps, override, adopters, now };

  const expected = (step: Step, what: What): readonly Outcome[] => {
    const { old } = step;
    const state = readState(old?.outputs ?? {});
    if (!old || state.fingerprint === "") return [];
    if (isSkipped(old, steps)) {
      return outcomesOf([stepsOf(state, withAdopters(REMOVED, state, adopters), "letExpire", now)]);
    }
    if (!old.isDeleted) return outcomesOf(plansOf(step, what, state, run), told);
    // Pulumi asks for no diff of a token that is only replaced with its dependency, and deletes it as if it were removed.
    const isFollowing = old.replaceWith.length > 0 && !told.has(state.fingerprint);
    const plan = isFollowing
      ? stepsOf(state, REMOVED, override, now)
      : planDeletedFirst(state, override, now);
    const outcomes = outcomesOf([plan], told);
    if (steps.some((each) => each.op === "delete-replaced" && isSame(each, step) && !each.old?.isDeleted)) {
      return outcomes.map((each) => ({ ...each, isFirst: true }));
    }
    // What an earlier update revoked is not told again.
    const { own } = planDeletedFirst(state, undefined, now).fates;
    return own === "letExpire" ? outcomes.filter(({ isPrevious }) => !isPrevious) : [];
  };
  return (step: Step, what: What): readonly Outcome[] =>
    expected(step, what).map((each) => {
      const { end, fingerprint } = each;
      if (end === "adopted") return { ...each, ...defined({ adoptedBy: adopters.get(fingerprint) }) };
      const isOpen = end === "revoked" && mayStayInUse(fingerprint, step.urn, steps, adopters);
      return isOpen ? { ...each, end: "unknown" } : each;
    });
}

/** True if an option of the resource keeps Pulumi from calling the provider. */
function isSkipped({ isRetained, deletedWith }: Seen, steps: readonly Step[]): boolean {
  return (
    isRetained || steps.some(({ op, urn }) => urn === deletedWith && (op === "delete" || op === "replace"))
  );
}

/** The plans that the provider can follow: several if the preview does not tell which. */
function plansOf(
  step: Step,
  what: What,
  state: TokenState,
  { steps, override, adopters, now }: Run,
): readonly DeletePlan[] {
  const byDelete = (...seen: readonly DeleteSightings[]) =>
    seen.map((each) => stepsOf(state, withAdopters(each, state, adopters), override, now));
  if (what === "remove") return byDelete(REMOVED);
  if (what === "pending") return byDelete(...sightingsOfPending(step, state, steps));
  if (isForced(step)) return byDelete(FORCED);
  const fresh = isComparable(step, state) ? readInputs(step.fresh?.inputs ?? {}) : undefined;
  // Without its expiration, a token looks as if it never expired.
  const fates: readonly Fates[] = isExpirySeen(step)
    ? possibleReplacements(state, fresh, {}, override, now).map((plan) => plan.fates)
    : (["revoke", "letExpire"] as const).map((fate) => ({ own: fate, previous: fate }));
  return byDelete(...fates.map(replacedBy));
}

function isExpirySeen({ old }: Step): boolean {
  return ![old?.outputs["expiresAt"], old?.outputs["effectiveExpiresAt"]].includes(SECRET);
}

/** If dependents never received the replaced token, the previous token is judged by the new one as well. */
function replacedBy({ own, previous }: Fates): DeleteSightings {
  return { isDeclared: true, own: { replaced: own }, previous: { replaced: previous } };
}

/** True if the preview shows everything that the provider compares. */
function isComparable({ old, fresh }: Step, state: TokenState): boolean {
  const previous = wasHandedOn(state) ? undefined : asObject(old?.outputs["previous"]);
  const compared = [old?.outputs, previous, fresh?.inputs].flatMap((each) => REPLACING.map((input) => each?.[input])); // prettier-ignore
  return !hasPlaceholder(fresh?.inputs) && !compared.includes(SECRET);
}

/** The state of the next token tells why its previous token waits, unless a forced replacement keeps it from being read. */
function sightingsOfPending(
  step: Step,
  { fingerprint, previous }: TokenState,
  steps: readonly Step[],
): readonly DeleteSightings[] {
  const next = steps.find((each) => each.urn === step.urn && each.old !== undefined && !isSame(each, step));
  if (!next) return [REMOVED, FORCED, { isDeclared: true, own: { named: "letExpire" } }];
  if (next.op === "delete") return [REMOVED];
  const isRead = next.op !== "replace" || !isForced(next);
  const named = isRead ? readState(next.old?.outputs ?? {}).previous : undefined;
  const own = { named: named?.fingerprint === fingerprint ? named.fate : undefined };
  const isNamedElsewhere = named !== undefined && named.fingerprint === previous?.fingerprint;
  return [{ isDeclared: true, own, previous: { isNamedElsewhere } }];
}

function isSame(one: Step, other: Step): boolean {
  return one.urn === other.urn && one.old?.id === other.old?.id;
}

/** The replaced or removed token first. Where the plans differ, what becomes of a token is unknown. */
function outcomesOf(
  [plan, ...others]: readonly DeletePlan[],
  told: ReadonlyMap<string, Outcome["end"]> = new Map(),
): readonly Outcome[] {
  const outcomes = plan?.steps.map(({ token, action, reason }, at): Outcome => {
    const { fingerprint, which, expiry, isExpired } = token;
    const isPlanned = others.every((other) => other.steps[at]?.action === action);
    const planned = !isPlanned ? "unknown" : action === "revoke" ? "revoked" : "left to expire";
    const end = isExpired ? "expired" : (told.get(fingerprint) ?? planned);
    return {
      ...{ fingerprint, expiry, isPrevious: which === "previous", isFirst: false },
      end: reason === "gone" ? reason : action === "keep" && reason === "held elsewhere" ? "adopted" : end,
    };
  });
  return outcomes?.sort((one, other) => Number(one.isPrevious) - Number(other.isPrevious)) ?? [];
}
