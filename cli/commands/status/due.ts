import { jsonText } from "../../render/json";
import { urnProblem } from "../../pulumi/urn";
import type { Report } from "./report";

export interface Due {
  /** The arguments with which `pulumi up` rotates the due tokens and updates their dependants. Empty if none is due. */
  readonly args: readonly string[];
  /** One line for each due resource whose name cannot be an argument. */
  readonly refused: readonly string[];
}

export function dueIn({ rows }: Report): Due {
  const due = rows.filter(({ rotates }) => rotates).map(({ token }) => token);
  const urns = [...new Set(due.map(({ urn }) => urn))];
  const usable = urns.filter((urn) => urnProblem(urn) === undefined);
  return {
    args: usable.length === 0 ? [] : [...usable.map((urn) => `--target=${urn}`), "--target-dependents"],
    refused: [...new Map(due.map(({ urn, resource }) => [urn, refusal(urn, resource)])).values()].flat(),
  };
}

function refusal(urn: string, resource: string): readonly string[] {
  const problem = urnProblem(urn);
  if (problem === undefined) return [];
  const name = jsonText(resource);
  return [
    `${name} is due, and omitted: ${problem}; rename the resource, with aliases: [{ name: ${name} }]; renaming sends no request`,
  ];
}
