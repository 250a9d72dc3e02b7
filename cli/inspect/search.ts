import { TokensError } from "../../provider/errors";
import { asError } from "../../provider/notices";
import { asObject, parseJson } from "../state/export";
import { isHistory, namesIn, readHistory } from "../state/history";
import { pulumi } from "../pulumi";
import { readStacks, type Source } from "../state/source";
import { type HeldToken, tokensOf } from "../state/tokens";
import type { Update } from "../state/updates";
import type { World } from "../world";

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
  world: World,
  fingerprint: string,
  source: Source & { readonly history?: string | undefined },
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
    const stacks = await readStacks(world, isGiven ? source : { all: true });
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
    const folders = await historyFolders(world, source);
    const each: Found[] = [];
    for (const folder of folders) {
      searched.push(`history ${folder}`);
      each.push(...(await foundIn(world, folder, fingerprint)));
    }
    return each;
  };
  return {
    found: source.history === undefined ? await attempt(inHistory) : await inHistory(),
    searched,
    problems,
  };
}

/** The folders of stacks below the one that was named, else below that of a backend of files. */
async function historyFolders(
  world: World,
  { history, file, stack }: Source & { readonly history?: string | undefined },
): Promise<readonly string[]> {
  if (history !== undefined) return stackFolders(world, history, MAX_DEPTH);
  if (file !== undefined) return [];
  const { url } =
    asObject(parseJson(await pulumi(world, "whoami", "--verbose", "--json"), "pulumi whoami")) ?? {};
  if (typeof url !== "string" || !url.startsWith("file://")) {
    throw new TokensError(
      "no_history",
      "the history of this backend is in no folder that can be searched: --history names one, `audit` reads the others",
    );
  }
  const root = url.slice("file://".length).replace(/^~(?=\/|$)/, world.env["HOME"] ?? "~");
  const folders = await stackFolders(world, `${root}/.pulumi/history`, MAX_DEPTH);
  const name = stack?.split("/").at(-1);
  return name === undefined ? folders : folders.filter((folder) => folder.endsWith(`/${name}`));
}

async function stackFolders(world: World, folder: string, depth: number): Promise<readonly string[]> {
  const names = await namesIn(world.files, folder);
  if (isHistory(names)) return [folder];
  if (depth === 0) return [];
  const inside = names.filter((name) => name === ".pulumi" || !/^\.|^node_modules$|\.json/.test(name));
  const folders: string[] = [];
  for (const name of inside.sort()) {
    try {
      folders.push(...(await stackFolders(world, `${folder}/${name}`, depth - 1)));
    } catch {
      // A file among folders.
    }
  }
  return folders;
}

async function foundIn(world: World, folder: string, fingerprint: string): Promise<readonly Found[]> {
  let first: Update | undefined;
  let last: { readonly token: HeldToken; readonly update: Update } | undefined;
  for await (const { update, deployment } of readHistory(world.files, folder)) {
    const token = deployment && tokensOf(deployment).find((each) => each.fingerprint === fingerprint);
    if (!token) continue;
    first ??= update;
    last = { token, update };
  }
  if (!first || !last) return [];
  return [
    {
      from: `${last.token.project}/${last.token.stack}`,
      token: last.token,
      updates: { first, last: last.update },
    },
  ];
}
