import { defined } from "../../../provider/defined";
import { type Expiry, readExpiry } from "../../../provider/domain/expiry";
import { type KindName, kindOf } from "../../../provider/domain/kinds";
import { hasPlaceholder } from "../../../provider/pulumi-values";
import type { PreviewJson, Seen, Step } from "../../pulumi/preview-json";
import { partsOf } from "../../../provider/domain/urn";
import { createOutcomes, type Outcome } from "./outcomes";
import { type Reason, reasonsOf, type What } from "./reasons";

/** What an update would do to a token resource. */
export interface Planned {
  readonly urn: string;
  readonly resource: string;
  readonly kind: KindName;
  readonly what: What;
  /** Why it is rotated or replaced. */
  readonly reasons: readonly Reason[];
  readonly label?: string;
  /** When the new token expires. Absent if there is none; `unknown` if only the update knows it. */
  readonly until?: Expiry | "unknown";
  /** What becomes of the old tokens. */
  readonly outcomes: readonly Outcome[];
}

export interface Plan {
  /** In the order of their URNs. */
  readonly tokens: readonly Planned[];
  /** How many resources an update only records anew: it mints nothing and sends nothing. */
  readonly recorded: number;
  /** What the provider warns of. */
  readonly warnings: readonly string[];
}

/** What the preview shows for tokens at `now`, Unix seconds. */
export function planOf(preview: PreviewJson, now: number): Plan {
  const steps = preview.steps.flatMap((step) => {
    const kind = kindOf(step.type);
    return kind ? [{ step, kind }] : [];
  });
  const outcomesOf = createOutcomes(preview, now);
  const tokens = steps.flatMap(({ step, kind }): readonly Planned[] => {
    const what = whatOf(step, preview.steps);
    if (!what) return [];
    const { urn, old, fresh } = step;
    const reasons = what === "replace" ? reasonsOf(step) : [];
    const isRotated = reasons.length > 0 && reasons.every((why) => why.kind === "due" || why.kind === "stricter"); // prettier-ignore
    const label = labelOf(fresh ?? old);
    const until = what === "remove" || what === "pending" ? undefined : expiryOf(fresh);
    return [
      {
        ...{ urn, resource: partsOf(urn).resource, kind, what: isRotated ? "rotate" : what, reasons },
        ...defined({ label, until }),
        outcomes: outcomesOf(step, what),
      },
    ];
  });
  // The plan itself tells what is due.
  const warnings = preview.notices.filter(({ isWarning, notice }) => isWarning && notice?.code !== "due");
  return {
    tokens: tokens.sort((one, other) => (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0)),
    recorded: steps.filter(({ step }) => step.op === "update").length,
    warnings: [...new Set(warnings.map(({ text }) => text))],
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

/** Only the update knows an expiration that is no time. */
function expiryOf(fresh: Seen | undefined): Expiry | "unknown" {
  const text = fresh?.inputs["expiresAt"];
  if (typeof text !== "string" || hasPlaceholder(text)) return "unknown";
  const expiry = readExpiry(text);
  return expiry === "never" && text !== expiry ? "unknown" : expiry;
}

function labelOf(state: Seen | undefined): string | undefined {
  const label = state?.inputs["label"] ?? state?.outputs["label"];
  return typeof label === "string" ? label : undefined;
}
