import { TokensError } from "../../provider/errors";
import { asError } from "../../provider/notices";
import { readBackend } from "../pulumi/backend";
import { cloudHistory } from "../pulumi/cloud-history";
import { type HistoryEntry, isHistory, namesIn, readHistory } from "../pulumi/history";
import { readStates, type StateSource } from "../pulumi/states";
import { type HeldToken, tokensOf } from "./held-token";
import type { Update } from "../pulumi/updates";
import type { System } from "../system";

/** Where a token stands, or stood. */
export interface Found {
  readonly from: string;
  readonly token: HeldToken;
  /** Of a token that only the history knows: the updates whose states hold it. */
  readonly updates?: { readonly first: Update; readonly last: Update };
}

export interface Search {
  readonly found: readonly Found[];
  /** The states and histories that were looked through, for people. */
  readonly searched: readonly string[];
  /** Why some were not. */
  readonly problems: readonly string[];
}

/** `.pulumi/history/<project>/<stack>`, from wherever in it a folder was named. */
const MAX_DEPTH = 4;

/** Looks through the states first, and only where none holds it through their histories. */
export async function searchFor(
  system: System,
  fingerprint: string,
  source: StateSource & { readonly history?: string | undefined },
): Promise<Search> {
  const problems: string[] = [];
  const searched: string[] = [];
  const attempt = async (find: () => Promise<readonly Found[]>) => {
    try {
      return await find();
    } catch (thrown) {
      problems.push(asError(thrown).message);
      return [];
    }
  };
  const isGiven = source.stack !== undefined || source.file !== undefined;
  const inStates = async () => {
    const stacks = await readStates(system, isGiven ? source : { all: true });
    searched.push(...stacks.map(({ name }) => `state ${name}`));
    return stacks.flatMap(({ name, deployment }) =>
      tokensOf(deployment)
        .filter((token) => token.fingerprint === fingerprint)
        .map((token) => ({ from: name, token })),
    );
  };
  // A source that was named must be readable; the others are tried.
  const found = isGiven ? await inStates() : await attempt(inStates);
  if (found.length > 0) return { found, searched, problems };
  const inHistory = async () => {
    const each: Found[] = [];
    for (const { name, entries } of await histories(system, source)) {
      searched.push(`history ${name}`);
      each.push(...(await foundIn(entries, fingerprint)));
    }
    return each;
  };
  return {
    found: source.history === undefined ? await attempt(inHistory) : await inHistory(),
    searched,
    problems,
  };
}

interface History {
  readonly name: string;
  readonly entries: AsyncIterable<HistoryEntry>;
}

/** Those of the stacks below the folder that was named, else those of the backend. */
async function histories(
  system: System,
  { history, file, stack }: StateSource & { readonly history?: string | undefined },
): Promise<readonly History[]> {
  const below = async (root: string) =>
    (await stackFolders(system, root, MAX_DEPTH)).map((name) => ({
      name,
      entries: readHistory(system.files, name),
    }));
  if (history !== undefined) return below(history);
  if (file !== undefined) return [];
  const { folder, isService } = await readBackend(system);
  if (folder !== undefined) {
    const all = await below(`${folder}/.pulumi/history`);
    const name = stack?.split("/").slice(-2).join("/");
    return name === undefined ? all : all.filter((each) => each.name.endsWith(`/${name}`));
  }
  // Each of its versions is a request: too many for every stack of an organization.
  if (isService && stack !== undefined) {
    return [{ name: `of stack ${stack}`, entries: cloudHistory(system, stack) }];
  }
  throw new TokensError(
    "no_history",
    "no history: say --stack for that of one stack in Pulumi Cloud, or --history for a folder of a bucket's",
  );
}

async function stackFolders(system: System, folder: string, depth: number): Promise<readonly string[]> {
  const names = await namesIn(system.files, folder);
  if (isHistory(names)) return [folder];
  if (depth === 0) return [];
  const inside = names.filter((name) => name === ".pulumi" || !/^\.|^node_modules$|\.json/.test(name));
  const folders: string[] = [];
  for (const name of inside.sort()) {
    try {
      folders.push(...(await stackFolders(system, `${folder}/${name}`, depth - 1)));
    } catch {
      // A file among folders.
    }
  }
  return folders;
}

async function foundIn(entries: AsyncIterable<HistoryEntry>, fingerprint: string): Promise<readonly Found[]> {
  let first: Update | undefined;
  let last: { readonly token: HeldToken; readonly update: Update } | undefined;
  for await (const { update, deployment } of entries) {
    const token = deployment && tokensOf(deployment).find((each) => each.fingerprint === fingerprint);
    if (!token) continue;
    first ??= update;
    last = { token, update };
  }
  if (!first || !last) return [];
  const { token } = last;
  return [{ from: `${token.project}/${token.stack}`, token, updates: { first, last: last.update } }];
}
