import { effectiveExpiry, type Expiry, isPast, readExpiry } from "../../../provider/domain/expiry";
import { endOf } from "../../../provider/domain/plan-delete";
import { fateOf, fateOfDeletedFirst, rightsOf } from "../../../provider/domain/plan-replacement";
import { livePredecessor } from "../../../provider/domain/previous-token";
import type { CheckedInputs, Fate, OnDelete, TokenState } from "../../../provider/domain/state";
import type { NoticeCode } from "../../../provider/notice-formats";
import { hasPlaceholder } from "../../../provider/pulumi-values";
import type { PreviewJson, Seen, Step } from "../../pulumi/preview-json";
import type { What } from "./model";
import { type Reason, reasonsOf } from "./reasons";
import { SECRET } from "../../pulumi/preview-properties";

/** What becomes of a token that there is. */
export interface Ended {
  readonly fingerprint: string;
  /** Whether only its successor's state still describes it. */
  readonly isPredecessor: boolean;
  /** `gone`: a refresh saw that it is no more. `unknown`: only the update, or a preview with more steps, could tell. */
  readonly end: "revoked" | "left to expire" | "expired" | "gone" | "unknown";
  /** The effective one. */
  readonly expiry: Expiry;
  /** Whether its record is deleted before its successor is minted. */
  readonly isFirst?: true;
}

interface Ends {
  of(step: Step, what: What, reasons: readonly Reason[]): readonly Ended[];
}

/** What the provider says that becomes of a token. */
const ENDS: Readonly<Partial<Record<NoticeCode, Ended["end"]>>> = {
  replaced_undecided: "unknown",
  replaced_revoked: "revoked",
  replaced_left: "left to expire",
  replaced_expired: "expired",
  previous_revoked: "revoked",
  previous_left: "left to expire",
  deleted_first_revoked: "revoked",
  deleted_first_left: "left to expire",
};

/** The provider's own lines decide; what it says nothing of follows from its rules. */
export function createEnds({ steps, notices }: PreviewJson, now: number): Ends {
  const said = notices.flatMap(({ notice }) => notice ?? []);
  const told = new Map(
    said.flatMap(({ code, facts }) => {
      const end = ENDS[code];
      return end && "fingerprint" in facts ? [[facts.fingerprint, end] as const] : [];
    }),
  );
  const override = said.find((each) => each.code === "on_delete_override")?.facts.onDelete;

  const ended = (
    token: { readonly fingerprint: string; readonly expiry: Expiry; readonly isPredecessor: boolean },
    fate: Fate | undefined,
  ): Ended => {
    const ruled = fate === undefined ? "unknown" : fate === "revoke" ? "revoked" : "left to expire";
    const end = isPast(token.expiry, now) ? "expired" : (told.get(token.fingerprint) ?? ruled);
    return { ...token, end };
  };
  return {
    of(step, what, reasons) {
      if (!step.old) return [];
      const state = step.old.outputs as unknown as TokenState;
      if (typeof state.fingerprint !== "string") return [];
      const fate = fateIn(step, what, reasons, override, steps);
      const token = { fingerprint: state.fingerprint, expiry: effectiveExpiry(state), isPredecessor: false };
      const own = state.gone ? { ...token, end: "gone" as const } : ended(token, fate);
      const live = livePredecessor(state, now);
      if (isUntouched(step.old, steps)) {
        const left = live && {
          fingerprint: live.facts.fingerprint,
          expiry: readExpiry(live.facts.expiresAt),
          isPredecessor: true,
        };
        const leave = (each: typeof token): Ended => ({ ...each, end: leftBy(each.expiry, now) });
        return [state.gone ? own : leave(token), ...(left ? [leave(left)] : [])];
      }
      if (step.old.isDeleted) return endsOfDeleted(step, own, live, { steps, override });
      if (!live) return [own];
      const { fingerprint, expiresAt } = live.facts;
      const older = { fingerprint, expiry: readExpiry(expiresAt), isPredecessor: true };
      if (what === "remove") return [own, ended(older, fate)];
      return [own, ended(older, override ?? (isPassedOn(state, reasons) ? undefined : "revoke"))];
    },
  };
}

/** Whether an option of the resource keeps Pulumi from calling the provider. */
function isUntouched({ isRetained, deletedWith }: Seen, steps: readonly Step[]): boolean {
  return (
    isRetained || steps.some(({ op, urn }) => urn === deletedWith && (op === "delete" || op === "replace"))
  );
}

function leftBy(expiry: Expiry, now: number): Ended["end"] {
  return isPast(expiry, now) ? "expired" : "left to expire";
}

/** Of a record that is deleted first: what an earlier update revoked is not told again. */
function endsOfDeleted(
  { urn, old }: Step,
  own: Ended,
  live: ReturnType<typeof livePredecessor>,
  { steps, override }: { readonly steps: readonly Step[]; readonly override: OnDelete | undefined },
): readonly Ended[] {
  const isNow = steps.some((each) => each.op === "delete-replaced" && each.urn === urn && each.old?.id === old?.id && !each.old?.isDeleted); // prettier-ignore
  const isLeft = fateOfDeletedFirst((old?.outputs ?? {}) as unknown as TokenState) === "letExpire";
  if (!isNow) return isLeft ? [own] : [];
  const first = { ...own, ...(own.end === "revoked" && { isFirst: true as const }) };
  if (!live) return [first];
  const { fingerprint, expiresAt } = live.facts;
  const end = override === "letExpire" ? "left to expire" : "revoked";
  const older: Ended = { fingerprint, expiry: readExpiry(expiresAt), isPredecessor: true, end };
  return [first, end === "revoked" ? { ...older, isFirst: true } : older];
}

/** Its predecessor is the successor's by then, which answers for it by its own rights. */
function isPassedOn({ gone }: TokenState, reasons: readonly Reason[]): boolean {
  return gone === true && reasons.every(({ kind }) => kind !== "forced");
}

/** As the provider would decide it; undefined where the preview does not tell enough. */
function fateIn(
  step: Step,
  what: What,
  reasons: readonly Reason[],
  override: OnDelete | undefined,
  steps: readonly Step[],
): Fate | undefined {
  const old = (step.old?.outputs ?? {}) as unknown as TokenState;
  if (what === "remove") return endOf({ cause: "removed" }, old.onDelete, override);
  if (what === "pending") return pendingFate(step, old, override, steps);
  if (step.old?.isDeleted) return fateOfDeletedFirst(old, override);
  if (reasons.some(({ kind }) => kind === "forced")) return override ?? "revoke";
  const fresh = (step.fresh?.inputs ?? {}) as unknown as CheckedInputs;
  const compared = [old, fresh].map(({ channelIds, scopes, allowedCorsOrigins, storeHash, expiresAt }) => [
    ...[channelIds, scopes, allowedCorsOrigins, storeHash, expiresAt],
  ]);
  if (hasPlaceholder(fresh) || compared.flat().some((each: unknown) => each === SECRET)) return undefined;
  const fate = fateOf(rightsOf(old), { ...fresh, expiry: readExpiry(fresh.expiresAt) }, fresh.overlap);
  return override ?? fate;
}

/** Its successor's state names its fate, unless the successor goes as well; a forced one is named by none. */
function pendingFate(
  { urn, old }: Step,
  state: TokenState,
  override: OnDelete | undefined,
  steps: readonly Step[],
): Fate | undefined {
  const successor = steps.find(
    (each) => each.urn === urn && each.old !== undefined && each.old.id !== old?.id,
  );
  if (!successor) return override;
  if (successor.op === "delete") return endOf({ cause: "removed" }, state.onDelete, override);
  const { previous } = successor.old?.outputs as unknown as TokenState;
  // A forced replacement is not compared with the state, so that what its state names is not learnt.
  const isCompared =
    successor.op !== "replace" || reasonsOf(successor).every(({ kind }) => kind !== "forced");
  const named = isCompared && previous?.fingerprint === state.fingerprint ? previous.fate : undefined;
  return override ?? named ?? "revoke";
}
