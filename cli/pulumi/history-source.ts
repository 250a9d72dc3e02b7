import { TokensError } from "../../provider/errors";
import { pulumi } from "./run";
import { quoted } from "../shell";
import type { System } from "../system";
import { readBackend } from "./backend";
import { cloudHistory } from "./cloud-history";
import { asObject, parseJson } from "./json";
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
  const { stack, others } = await stackOf(system, source.stack);
  return readHistory(system.files, await findHistory(system.files, folder, stack, others));
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

/** The stack that is meant, and all others, as Pulumi lists them: those of the project at hand by their last name alone. */
async function stackOf(
  system: Reach,
  stack: string | undefined,
): Promise<{ readonly stack: string; readonly others: readonly string[] }> {
  const listed = parseJson(await pulumi(system, "stack", "ls", "--all", "--json"), "pulumi stack ls");
  const stacks = (Array.isArray(listed) ? listed : []).flatMap((each) => {
    const { name, current } = asObject(each) ?? {};
    return typeof name === "string" ? [{ name, isCurrent: current === true }] : [];
  });
  // Where Pulumi knows no organizations, every stack is of this one.
  const asked = stack?.replace(/^organization\//, "");
  const fitting = stacks.filter(({ name, isCurrent }) =>
    asked === undefined ? isCurrent : name === asked || name.endsWith(`/${asked}`),
  );
  const project = stacks.find(({ isCurrent }) => isCurrent)?.name.replace(/[^/]+$/, "") ?? "";
  const exact = fitting.filter(({ name }) => name === asked || name === `${project}${asked ?? ""}`);
  const [only, ...more] = exact.length > 0 ? exact : fitting;
  const othersThan = (mine: string) => stacks.map(({ name }) => name).filter((name) => name !== mine);
  if (only && more.length === 0) return { stack: only.name, others: othersThan(only.name) };
  // Which project is at hand, the list does not say; the history's folder does.
  const here = stacks.find(({ name }) => asked?.endsWith(`/${name}`));
  if (asked !== undefined && here && !only) return { stack: asked, others: othersThan(here.name) };
  const names = fitting.map(({ name }) => quoted(name)).join(", or --stack ");
  const why =
    stack === undefined
      ? "no stack is selected: say --stack, or `pulumi stack select`"
      : fitting.length === 0
        ? `there is no stack ${stack} in this backend`
        : `several stacks are named so: say --stack ${names}`;
  throw new TokensError("no_stack", why);
}
