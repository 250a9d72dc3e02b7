import type { DeleteSightings } from "../../../provider/domain/plan-delete";
import { readState, type TokenState } from "../../../provider/domain/state";
import type { PreviewJson, Step } from "../../pulumi/preview-json";
import { kindOf } from "../../../provider/domain/kinds";

/** The labels of the resources that adopt a token, by its fingerprint. */
export type Adopters = ReadonlyMap<string, string>;

/** The preview hides the value of `adopt`. Only the provider's notices tell which token a resource adopts. */
export function adoptersIn({ notices }: Pick<PreviewJson, "notices">): Adopters {
  return new Map(
    notices.flatMap(({ notice }) =>
      notice?.code === "will_adopt" ? [[notice.facts.fingerprint, notice.resource] as const] : [],
    ),
  );
}

/** A token that a resource adopts is not revoked by the delete of another record of it. */
export function withAdopters(
  seen: DeleteSightings,
  { fingerprint, previous }: TokenState,
  adopters: Adopters,
): DeleteSightings {
  return {
    ...seen,
    own: { ...seen.own, heldBy: adopters.get(fingerprint) },
    previous: { ...seen.previous, heldBy: adopters.get(previous?.fingerprint ?? "") },
  };
}

/** True if a token that its plan revokes may be in use after the update, because another record holds it then. */
export function mayStayInUse(
  fingerprint: string,
  urn: string,
  steps: readonly Step[],
  adopters: Adopters,
): boolean {
  // Its record is deleted first: before or after the adoption.
  if (adopters.has(fingerprint)) return true;
  const labels = new Set<unknown>(adopters.values());
  return steps.some(({ op, urn: other, type, old, fresh, reasons }) => {
    if (kindOf(type) === undefined) return false;
    const state = readState(old?.outputs ?? {});
    if (state.fingerprint === fingerprint) {
      // Left out by --target, that resource is unknown to the provider, which then revokes the token.
      return other !== urn && (op === "same" || op === "update");
    }
    const { adopt, label } = fresh?.inputs ?? {};
    const isNew = state.adopted === undefined || reasons.includes("adopt");
    // Its value is known in the update only.
    return adopt !== undefined && isNew && !labels.has(label);
  });
}
