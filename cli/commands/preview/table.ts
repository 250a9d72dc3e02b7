import { defined } from "../../../provider/defined";
import { formatExpiry, formatTime } from "../../../provider/domain/expiry";
import { type Line, paragraphs } from "../../render/line";
import { escaped, markdownTable } from "../../render/markdown";
import { type Cell, type Column, table, type Tone } from "../../render/table";
import type { Output } from "../../system";
import type { Plan, Planned } from "./plan";
import type { What } from "./reasons";
import { sumText, textsOf } from "./text";

const COLUMNS: readonly Column[] = [
  { title: "resource", least: 14 },
  { title: "kind" },
  { title: "what" },
  { title: "why", least: 20 },
  { title: "new token", least: 18 },
  { title: "old token", least: 30 },
];
const TITLES = ["Resource", "Kind", "What", "Why", "New token", "Old token"];
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
  const rows = plan.tokens.flatMap(rowsOf);
  return paragraphs(
    rows.length > 0 ? table(COLUMNS, rows, options) : [],
    plan.warnings.map((line) => `warning: ${line}`),
    [sumText(plan)],
  );
}

/** The rows of a resource: one for each old token. */
function rowsOf(token: Planned): readonly (readonly Cell[])[] {
  const { resource, kind, what } = token;
  const { does, why, fresh, old } = textsOf(token);
  const [first = "", ...others] = old;
  const whose = [{ text: resource }, { text: kind }];
  const blank = { text: "" };
  return [
    [...whose, { text: does, tone: TONES[what] }, { text: why }, { text: fresh }, { text: first }],
    ...others.map((other) => [...whose, blank, blank, blank, { text: other }]),
  ];
}

/** The plan as a comment on a pull request. */
export function planMarkdown(plan: Plan): readonly Line[] {
  const rows = plan.tokens.map((token) => {
    const { does, why, fresh, old } = textsOf(token);
    return [token.resource, token.kind, does, why, fresh, old];
  });
  return paragraphs(
    ["### BigCommerce tokens"],
    [escaped(sumText(plan))],
    rows.length > 0 ? markdownTable(TITLES, rows) : [],
    plan.warnings.map((warning) => `- **Warning:** ${escaped(warning)}`),
  );
}

/** The plan for programs. A key is absent if it does not apply. `"unknown"`: only the update will know the value. */
export function planJson({ tokens, recorded, warnings }: Plan): unknown {
  return {
    version: 1,
    tokens: tokens.map(({ urn, resource, kind, what, reasons, label, until, outcomes }) => ({
      ...{ urn, resource, kind, what, label },
      reasons: reasons.map((reason) =>
        reason.kind === "due"
          ? defined({ ...reason, since: reason.since === undefined ? undefined : formatTime(reason.since) })
          : reason,
      ),
      expiresAt: until === undefined || until === "unknown" ? until : formatExpiry(until),
      ends: outcomes.map(({ fingerprint, isPrevious, end, expiry, adoptedBy }) => ({
        ...{ fingerprint, isPredecessor: isPrevious, end, adoptedBy },
        expiresAt: formatExpiry(expiry),
      })),
    })),
    ...{ recorded, warnings },
  };
}
