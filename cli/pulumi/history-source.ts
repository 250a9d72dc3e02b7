import { TokensError } from "../../provider/errors";
import type { System } from "../system";
import { readBackend } from "./backend";
import { cloudHistory } from "./cloud-history";
import { findStack } from "./stacks";
import { type HistoryEntry, readHistory } from "./history";
import { findHistory } from "./history-folder";

/** Which history a command is about; none of them: that of the stack that is selected. */
export interface HistorySource {
  readonly stack?: string | undefined;
  readonly history?: string | undefined;
}

type Reach = Pick<System, "run" | "files" | "env">;

/** Every update of one stack, oldest first. */
export async function openHistory(
  system: Reach,
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
      "far_backend",
      `the history in ${scheme(url)} cannot be read from here: copy its folder .pulumi/history and give --history`,
    );
  }
  const { name, others } = await findStack(system, source.stack);
  return readHistory(system.files, await findHistory(system.files, folder, name, others));
}

/** Without slashes at its end; the root stays what it is. */
function withoutSlashes(folder: string): string {
  let end = folder.length;
  while (end > 1 && folder[end - 1] === "/") end -= 1;
  return folder.slice(0, end);
}

function scheme(url: string): string {
  return /^[a-z0-9+]+:/i.exec(url)?.[0] ?? "this backend";
}
