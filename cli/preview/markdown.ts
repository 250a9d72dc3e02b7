import { escaped } from "../view/markdown";
import type { Plan } from "./plan";
import { sumText, worded } from "./words";

/** The plan as a comment on a pull request. */
export function planMarkdown(plan: Plan): string {
  const rows = plan.tokens.map((token) => {
    const { resource, kind, what, why, fresh, old } = worded(token);
    return [resource, kind, what, why, fresh, old].map((cell) => [cell].flat().map(escaped).join("<br>"));
  });
  const titles = ["Resource", "Kind", "What", "Why", "New token", "Old token"];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [
    "### BigCommerce tokens\n",
    `${escaped(sumText(plan))}\n`,
    ...(rows.length > 0 ? [[line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("")] : []),
    ...(plan.warnings.length > 0
      ? [plan.warnings.map((warning) => `- **Warning:** ${escaped(warning)}\n`).join("")]
      : []),
  ].join("\n");
}
