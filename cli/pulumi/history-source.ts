import { TokensError } from "../../provider/errors";
import type { System } from "../system";
import { readBackend } from "./backend";
import { parseExport } from "./export";
import { findStack } from "./stacks";
import { type HistoryEntry, readHistory } from "./history";
import { findHistory, historiesBelow, isPathOf } from "./history-folder";
import { LIST, parseJson } from "./json";
import { pulumi, stackOption, type Runner } from "./run";
import { readUpdate, type Update } from "./updates";

/** Which history a command reads; if nothing is given, that of the selected stack. */
interface HistorySource {
  readonly stack?: string | undefined;
  readonly history?: string | undefined;
}

/** A history, and its name for people. */
interface NamedHistory {
  readonly name: string;
  readonly entries: AsyncIterable<HistoryEntry>;
}

const PAGE_SIZE = 100;

/** Every update of one stack, oldest first. */
export async function openHistory(
  system: Pick<System, "run" | "files" | "env">,
  source: HistorySource,
): Promise<AsyncIterable<HistoryEntry>> {
  if (source.history !== undefined) {
    const folder = withoutSlashes(source.history);
    return readHistory(system.files, await findHistory(system.files, folder, source.stack));
  }
  const { url, isService, folder } = await readBackend(system);
  if (isService) return cloudHistory(system, source.stack);
  if (folder === undefined) {
    throw new TokensError(
      "history_missing",
      `cannot read a history in ${scheme(url)}: copy the folder .pulumi/history from there, and name it by --history`,
    );
  }
  const { name, others } = await findStack(system, source.stack);
  return readHistory(system.files, await findHistory(system.files, folder, name, others));
}

/** The histories in the folder that was named, else those of the backend: of one stack, or of all. */
export async function openHistories(
  system: Pick<System, "run" | "files" | "env">,
  { history, stack }: HistorySource,
): Promise<readonly NamedHistory[]> {
  const below = async (root: string, own?: string) =>
    (await historiesBelow(system.files, root))
      .filter(({ path }) => own === undefined || isPathOf(path, own))
      .map(({ folder }) => ({ name: folder, entries: readHistory(system.files, folder) }));
  if (history !== undefined) return below(history);
  const { folder, isService } = await readBackend(system);
  if (folder !== undefined) return below(`${folder}/.pulumi/history`, stack);
  // Pulumi Cloud takes one request a version, which is too many for every stack of an organization.
  if (isService && stack !== undefined) {
    return [{ name: `of stack ${stack}`, entries: cloudHistory(system, stack) }];
  }
  throw new TokensError(
    "history_missing",
    "no history was searched: name a stack of Pulumi Cloud by --stack, or the folder of a history by --history",
  );
}

/** Every version of a state that Pulumi Cloud keeps, oldest first. It returns one at a time. */
async function* cloudHistory(system: Runner, stack: string | undefined): AsyncGenerator<HistoryEntry> {
  const chosen = stackOption(stack);
  for (const update of await updatesOf(system, chosen)) {
    const version = String(update.number);
    const text = await pulumi(system, "stack", "export", "--version", version, ...chosen);
    yield { update, deployment: parseExport(text, `version ${version} of the stack`) };
  }
}

/** Oldest first, as opposed to Pulumi. An update that is still running has no state yet. */
async function updatesOf(system: Runner, chosen: readonly string[]): Promise<readonly Update[]> {
  const updates: Update[] = [];
  for (let page = 1; ; page += 1) {
    const paging = ["--page-size", String(PAGE_SIZE), "--page", String(page)];
    const text = await pulumi(system, "stack", "history", "--json", "--full-dates", ...paging, ...chosen);
    const entries = LIST.parse(parseJson(text, "pulumi stack history"));
    updates.push(...entries.flatMap((entry) => readUpdate(entry, 0) ?? []));
    if (entries.length < PAGE_SIZE) break;
  }
  return updates
    .filter(({ number, kind, result }) => number > 0 && kind !== "preview" && result !== "in-progress")
    .sort((a, b) => a.number - b.number);
}

/** Without slashes at the end; `/` stays `/`. */
function withoutSlashes(folder: string): string {
  let end = folder.length;
  while (end > 1 && folder[end - 1] === "/") end -= 1;
  return folder.slice(0, end);
}

function scheme(url: string): string {
  return /^([a-z0-9+]+):/i.exec(url)?.[1] ?? "this backend";
}
