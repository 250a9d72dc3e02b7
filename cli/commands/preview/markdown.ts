import { type Line, paragraphs } from "../../render/line";
import { escaped, markdownTable } from "../../render/markdown";
import type { Plan } from "./plan";
import { sumText, worded } from "./text";

const TITLES = ["Resource", "Kind", "What", "Why", "New token", "Old token"];

/** The plan as a comment on a pull request. */
export function planMarkdown(plan: Plan): readonly Line[] {
  const rows = plan.tokens.map((token) => {
    const { resource, kind, what, why, fresh, old } = worded(token);
    return [resource, kind, what, why, fresh, old];
  });
  return paragraphs(
    ["### BigCommerce tokens"],
    [escaped(sumText(plan))],
    rows.length > 0 ? markdownTable(TITLES, rows) : [],
    plan.warnings.map((warning) => `- **Warning:** ${escaped(warning)}`),
  );
}
