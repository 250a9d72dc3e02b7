import { formatExpiry, formatTime } from "../../../provider/domain/expiry";
import { type Line, paragraphs } from "../../render/line";
import { type Cell, type Column, table, type Tone } from "../../render/table";
import type { Output } from "../../system";
import type { PlannedExpiry, What } from "./model";
import type { Plan, Planned } from "./plan";
import { sumText, worded } from "./text";

const COLUMNS: readonly Column[] = [
  { title: "resource", least: 14 },
  { title: "kind" },
  { title: "what" },
  { title: "why", least: 20 },
  { title: "new token", least: 18 },
  { title: "old token", least: 30 },
];
const TONES: Readonly<Record<What, Tone>> = {
  mint: "good",
  adopt: "good",
  rotate: "warn",
  replace: "warn",
  remove: "bad",
  pending: "bad",
};

/** The plan for a terminal. */
export function planText(plan: Plan, options: Pick<Output, "columns">): readonly Line[] {
  const rows = plan.tokens.flatMap((token) => rowsOf(token));
  return paragraphs(
    rows.length > 0 ? table(COLUMNS, rows, options) : [],
    plan.warnings.map((line) => `warning: ${line}`),
    [sumText(plan)],
  );
}

/** The rows of a resource: one for each old token. */
function rowsOf(token: Planned): readonly (readonly Cell[])[] {
  const { resource, kind, what, why, fresh, old } = worded(token);
  const [first = "", ...others] = old;
  const blank = { text: "" };
  return [
    [
      ...[{ text: resource }, { text: kind }, { text: what, tone: TONES[token.what] }],
      ...[{ text: why }, { text: fresh }, { text: first }],
    ],
    ...others.map((other) => [{ text: resource }, { text: kind }, blank, blank, blank, { text: other }]),
  ];
}

/** The plan for programs. A key is absent if it does not apply. `"unknown"`: only the update will know the value. */
export function planJson({ tokens, recorded, warnings }: Plan): unknown {
  return {
    version: 1,
    tokens: tokens.map(({ urn, resource, kind, what, reasons, label, until, ends }) => ({
      ...{ urn, resource, kind, what, label },
      reasons: reasons.map((reason) =>
        reason.kind === "due" && reason.since !== undefined
          ? { ...reason, since: formatTime(reason.since) }
          : reason,
      ),
      ...(until !== undefined && { expiresAt: textOf(until) }),
      ends: ends.map(({ fingerprint, isPredecessor, end, expiry }) => ({
        ...{ fingerprint, isPredecessor, end },
        expiresAt: formatExpiry(expiry),
      })),
    })),
    recorded,
    warnings,
  };
}

function textOf(expiry: PlannedExpiry): string {
  return expiry === "unknown" ? expiry : formatExpiry(expiry);
}
