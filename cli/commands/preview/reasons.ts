import { rotateBeforeSeconds } from "../../../provider/domain/inputs";
import { durationSeconds, effectiveExpiry, type Expiry, readExpiry } from "../../../provider/domain/expiry";
import { type CheckedInputs, REPLACING, type TokenState } from "../../../provider/domain/state";
import { hasPlaceholder } from "../../../provider/pulumi-values";
import type { Step } from "../../pulumi/preview-json";
import { SECRET } from "../../pulumi/preview-properties";

/** Why a token would be replaced. */
export type Reason =
  /** Its rotation window has begun; `since` is Unix seconds, absent where the window is a secret. */
  | { readonly kind: "due"; readonly since?: number }
  /** It may live no longer than this from now on, and would. */
  | { readonly kind: "stricter"; readonly from: string; readonly to: string }
  /** `to` is absent where it is not known before the update. */
  | { readonly kind: "changed"; readonly input: string; readonly from: string; readonly to?: string }
  /** A refresh saw that it was revoked, or is missing from the store's list. */
  | { readonly kind: "gone" }
  /** Another token that was made by hand takes its place. */
  | { readonly kind: "adopted" }
  /** A dependency is replaced delete-first, which takes the token's record along. */
  | { readonly kind: "deleted first" }
  /** `--replace`, `pulumi state taint`, or the option `replacementTrigger`. */
  | { readonly kind: "forced" };

/** Of a step that replaces a token. */
export function reasonsOf({ reasons, old, fresh }: Step): readonly Reason[] {
  if (old?.isDeleted) return [{ kind: "deleted first" }];
  const told: readonly Reason[] = [
    ...(reasons.includes("token") ? [{ kind: "gone" } as const] : []),
    ...(reasons.includes("adopt") ? [{ kind: "adopted" } as const] : []),
  ];
  const changed = REPLACING.filter((input) => reasons.includes(input));
  if (changed.length + told.length === 0) return [{ kind: "forced" }];
  const before = (old?.outputs ?? {}) as unknown as TokenState;
  const after = (fresh?.inputs ?? {}) as unknown as CheckedInputs;
  const changes = changed.flatMap((input): readonly Reason[] => {
    const isClock = input === "expiresAt" && after.lifetime !== undefined;
    // A token that is adopted brings its own end along.
    if (isClock && reasons.includes("adopt")) return [];
    return isClock && !hasPlaceholder([after.lifetime, after.expiresAt])
      ? [rotation(before, after)]
      : [{ kind: "changed", input, from: textOf(before[input]), ...toOf(after[input]) }];
  });
  return [...told, ...changes];
}

/** A token is due when its successor would end later, and too long-lived when it would end sooner. */
function rotation(before: TokenState, after: CheckedInputs): Reason {
  const end = effectiveExpiry(before);
  if (isLater(end, readExpiry(after.expiresAt))) {
    return { kind: "stricter", from: before.lifetime ?? textOf(before.expiresAt), to: after.lifetime ?? "" };
  }
  const isKnown = [after.lifetime, after.rotateBefore].every(
    (each) => each === undefined || durationSeconds(each) !== undefined,
  );
  return end === "never" || !isKnown
    ? { kind: "due" }
    : { kind: "due", since: end - rotateBeforeSeconds(after) };
}

function isLater(end: Expiry, other: Expiry): boolean {
  return other !== "never" && (end === "never" || end > other);
}

function toOf(value: unknown): { readonly to?: string } {
  return hasPlaceholder(value) ? {} : { to: textOf(value) };
}

function textOf(value: unknown): string {
  if (value === undefined) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(String).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : SECRET;
}
