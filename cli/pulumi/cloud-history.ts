import { pulumi, stackOption } from "./run";
import type { System } from "../system";
import { parseExport } from "./export";
import { LIST, parseJson } from "./json";
import type { HistoryEntry } from "./history";
import { readUpdate, type Update } from "./updates";

const PAGE_SIZE = 100;

/** Every version of a state that Pulumi Cloud keeps, oldest first. It returns one at a time. */
export async function* cloudHistory(
  system: Pick<System, "run">,
  stack: string | undefined,
): AsyncGenerator<HistoryEntry> {
  const chosen = stackOption(stack);
  for (const update of await updatesOf(system, chosen)) {
    const version = String(update.number);
    const text = await pulumi(system, "stack", "export", "--version", version, ...chosen);
    yield { update, deployment: parseExport(text, `version ${version} of the stack`) };
  }
}

/** Oldest first, as opposed to Pulumi. An update that is still running has no state yet. */
async function updatesOf(system: Pick<System, "run">, chosen: readonly string[]): Promise<readonly Update[]> {
  const updates: Update[] = [];
  for (let page = 1; ; page += 1) {
    const paging = ["--page-size", String(PAGE_SIZE), "--page", String(page)];
    const text = await pulumi(system, "stack", "history", "--json", "--full-dates", ...paging, ...chosen);
    const entries = LIST.parse(parseJson(text, "pulumi stack history"));
    const read = entries.map((entry) => readUpdate(entry, 0)).filter((update) => update !== undefined);
    updates.push(...read.filter(({ number, kind, result }) => number > 0 && kind !== "preview" && result !== "in-progress")); // prettier-ignore
    if (entries.length < PAGE_SIZE) break;
  }
  return updates.sort((a, b) => a.number - b.number);
}
