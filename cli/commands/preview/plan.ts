import type { KindName } from "../../../provider/domain/kinds";
import { readExpiry } from "../../../provider/domain/expiry";
import { hasPlaceholder } from "../../../provider/pulumi-values";
import { kindOf, partsOf } from "../../pulumi/urn";
import type { PreviewJson, Seen, Step } from "../../pulumi/preview-json";
import type { PlannedExpiry, What } from "./model";
import { createEnds, type Ended } from "./outcomes";
import { type Reason, reasonsOf } from "./reasons";

/** What an update would do to a token resource. */
export interface Planned {
  readonly urn: string;
  readonly resource: string;
  readonly kind: KindName;
  readonly what: What;
  /** Why, of one that is rotated or replaced. */
  readonly reasons: readonly Reason[];
  readonly label?: string;
  /** When the new token would end; absent where there is none. */
  readonly until?: PlannedExpiry;
  /** What becomes of the tokens that there are. */
  readonly ends: readonly Ended[];
}

export interface Plan {
  readonly tokens: readonly Planned[];
  /** How many an update would record anew, which sends nothing and mints nothing. */
  readonly recorded: number;
  /** What the provider warns of. */
  readonly warnings: readonly string[];
}

/** What the preview comes to for tokens at `now`, Unix seconds: in-place updates are counted, and rotate nothing. */
export function planOf(digest: PreviewJson, now: number): Plan {
  const steps = digest.steps.flatMap((step) => {
    const kind = kindOf(step.type);
    return kind ? [{ step, kind }] : [];
  });
  const ends = createEnds(digest, now);
  const tokens = steps.flatMap(({ step, kind }): readonly Planned[] => {
    const what = whatOf(step, digest.steps);
    if (!what) return [];
    const reasons = what === "replace" ? reasonsOf(step) : [];
    const rotates =
      reasons.length > 0 && reasons.every(({ kind: why }) => why === "due" || why === "stricter");
    const label = labelOf(step.fresh ?? step.old);
    return [
      {
        urn: step.urn,
        resource: partsOf(step.urn).resource,
        kind,
        what: rotates ? "rotate" : what,
        reasons,
        ...(label !== undefined && { label }),
        ...(what !== "remove" && what !== "pending" && { until: endOf(step.fresh) }),
        ends: ends.of(step, what, reasons),
      },
    ];
  });
  return {
    tokens: [...tokens].sort((one, other) => (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0)),
    recorded: steps.filter(({ step }) => step.op === "update").length,
    warnings: [
      ...new Set(
        digest.notices
          // The plan itself says what is due.
          .filter(({ isWarning, notice }) => isWarning && notice?.code !== "due")
          .map(({ text }) => text),
      ),
    ],
  };
}

/** `create-replacement` and `delete-replaced` are parts of a `replace`, which always stands beside them. */
function whatOf({ op, urn, old, fresh }: Step, steps: readonly Step[]): What | undefined {
  if (op === "create") return fresh?.inputs["adopt"] === undefined ? "mint" : "adopt";
  if (op === "replace") return "replace";
  if (op === "delete") return "remove";
  if (op !== "delete-replaced") return undefined;
  return steps.some((each) => each.op === "replace" && each.urn === urn && each.old?.id === old?.id)
    ? undefined
    : "pending";
}

function endOf(fresh: Seen | undefined): PlannedExpiry {
  const expiresAt = fresh?.inputs["expiresAt"];
  return typeof expiresAt !== "string" || hasPlaceholder(expiresAt) || !isTime(expiresAt)
    ? "unknown"
    : readExpiry(expiresAt);
}

function isTime(text: string): boolean {
  return text === "never" || !Number.isNaN(Date.parse(text));
}

function labelOf(state: Seen | undefined): string | undefined {
  const label = state?.inputs["label"] ?? state?.outputs["label"];
  return typeof label === "string" ? label : undefined;
}
