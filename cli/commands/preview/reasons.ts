import { defined } from "../../../provider/defined";
import { durationSeconds, earlier, effectiveExpiry, formatExpiry } from "../../../provider/domain/expiry";
import { type CheckedInputs, readInputs, readState, type TokenState } from "../../../provider/domain/state";
import { REPLACING } from "../../../provider/domain/properties";
import { hasPlaceholder } from "../../../provider/pulumi-values";
import type { Step } from "../../pulumi/preview-json";
import { SECRET } from "../../pulumi/preview-properties";
import { rotateBeforeSeconds } from "../../../provider/domain/rotation";

/** `adopt`: takes over a token created by hand. `pending`: an earlier update replaced or removed it, and could not revoke it. */
export type What = "mint" | "adopt" | "rotate" | "replace" | "remove" | "pending";

/** Why a token is replaced. */
export type Reason =
  /** Its rotation window has begun; `since` is Unix seconds, absent if the window is a secret. */
  | { readonly kind: "due"; readonly since?: number }
  /** It expires later than its new lifetime allows. */
  | { readonly kind: "stricter"; readonly from: string; readonly to: string }
  /** `to` is absent if only the update knows it. */
  | { readonly kind: "changed"; readonly input: string; readonly from: string; readonly to?: string }
  /** A refresh found it revoked, or missing from the store's list. */
  | { readonly kind: "gone" }
  /** The resource adopts another token, which was created by hand. */
  | { readonly kind: "adopted" }
  /** Pulumi deletes a dependency before it replaces it, and the token's record with it. */
  | { readonly kind: "deleted first" }
  /** `--replace`, `pulumi state taint`, or the options `replacementTrigger` and `replaceWith`. */
  | { readonly kind: "forced" };

/** Of a step that replaces a token. */
export function reasonsOf({ reasons, old, fresh }: Step): readonly Reason[] {
  if (old?.isDeleted) return [{ kind: "deleted first" }];
  const isAdopted = reasons.includes("adopt");
  const [before = {}, after = {}] = [old?.outputs, fresh?.inputs];
  const found: readonly Reason[] = [
    ...(reasons.includes("token") ? [{ kind: "gone" } as const] : []),
    ...(isAdopted ? [{ kind: "adopted" } as const] : []),
  ];
  const changed = REPLACING.filter((input) => reasons.includes(input));
  if (changed.length + found.length === 0) return [{ kind: "forced" }];
  const changes = changed.flatMap((input): readonly Reason[] => {
    const isClock = input === "expiresAt" && after["lifetime"] !== undefined;
    // An adopted token has its own expiration.
    if (isClock && isAdopted) return [];
    if (isClock && !hasPlaceholder([after["lifetime"], after["expiresAt"]])) {
      return [rotation(readState(before), readInputs(after))];
    }
    const to = hasPlaceholder(after[input]) ? undefined : textOf(after[input]);
    return [{ kind: "changed", input, from: textOf(before[input]), ...defined({ to }) }];
  });
  return [...found, ...changes];
}

/** True if a value that only the update knows may turn out to be the old one. */
export function isOpen(reasons: readonly Reason[]): boolean {
  return reasons.length > 0 && reasons.every((why) => why.kind === "changed" && why.to === undefined);
}

export function isForced(step: Step): boolean {
  return reasonsOf(step).some(({ kind }) => kind === "forced");
}

/** A token is due if its new token expires later, and too long-lived if that one expires sooner. */
function rotation(before: TokenState, after: CheckedInputs): Reason {
  const { lifetime = "", rotateBefore = lifetime } = after;
  const expiry = effectiveExpiry(before);
  if (earlier(expiry, after.expiresAt) !== expiry) {
    return { kind: "stricter", from: before.lifetime ?? formatExpiry(before.expiresAt), to: lifetime };
  }
  const isShown = [lifetime, rotateBefore].every((each) => durationSeconds(each) !== undefined);
  return expiry === "never" || !isShown
    ? { kind: "due" }
    : { kind: "due", since: expiry - rotateBeforeSeconds(after) };
}

function textOf(value: unknown): string {
  if (value === undefined) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(String).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : SECRET;
}
