import { TokensError } from "../../provider/errors";
import { quoted } from "../../provider/domain/shell";
import { type Folders, isHistory, namesIn } from "./history";

/** A folder that holds the history of one stack. */
interface HistoryFolder {
  readonly folder: string;
  /** `<project>/<stack>`, or `<stack>` alone in backends from before 2023; empty if the folder itself was named. */
  readonly path: string;
}

type Histories = readonly HistoryFolder[];

/** `<any>/<project>/<stack>`: in a copy, the folder of the history may have another name. */
const MAX_DEPTH = 3;

/** The history of one stack, in the folder that a person named or below it: a backend, its history, or the stack's own. */
export async function findHistory(
  files: Folders,
  folder: string,
  stack: string | undefined,
  others: readonly string[] = [],
): Promise<string> {
  const found = await historiesBelow(files, folder);
  const isOther = (path: string) => path.includes("/") && others.some((other) => other.endsWith(`/${path}`));
  const fitting = found.filter(
    ({ path }) => path === "" || ((stack === undefined || isPathOf(path, stack)) && !isOther(path)),
  );
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only.folder;
  throw new TokensError("history_missing", `${folder}: ${problem(found, fitting, stack)}`);
}

/** Every history in a folder and below it, sorted by path. */
export async function historiesBelow(files: Folders, folder: string): Promise<Histories> {
  let root = folder;
  let names = await namesIn(files, root);
  if (isHistory(names)) return [{ folder, path: "" }];
  // A project may have one of these names, too.
  const isRoot = /(^|\/)\.pulumi\/history$/.test(folder);
  for (const inner of isRoot ? [] : [".pulumi", "history"]) {
    if (!names.includes(inner)) continue;
    root = `${root}/${inner}`;
    names = await namesIn(files, root);
  }
  const paths = await pathsIn(files, root, names);
  return paths.sort().map((path) => ({ folder: `${root}/${path}`, path }));
}

/** True if the name of a stack, full or in part, means the folder `<project>/<stack>`. */
export function isPathOf(path: string, stack: string): boolean {
  return path === stack || path.endsWith(`/${stack}`) || stack.endsWith(`/${path}`);
}

function problem(found: Histories, fitting: Histories, stack: string | undefined): string {
  if (found.length === 0) return "it has no history of a stack, which would be *.history.json files";
  const list = (fitting.length > 0 ? fitting : found).map(({ path }) => quoted(path)).join(", ");
  return fitting.length === 0 && stack !== undefined
    ? `it has no history of stack ${stack}; it has those of ${list}`
    : `it has the histories of several stacks: name one by --stack: ${list}`;
}

async function pathsIn(files: Folders, root: string, names: readonly string[], depth = 1): Promise<string[]> {
  const paths: string[] = [];
  for (const name of names.filter((each) => !/^\.|^node_modules$|\.(json|gz|attrs)$/.test(each))) {
    // A file has no names in it.
    const inside = await files.names(`${root}/${name}`).catch(() => []);
    if (isHistory(inside)) paths.push(name);
    if (depth === MAX_DEPTH) continue;
    const below = await pathsIn(files, `${root}/${name}`, inside, depth + 1);
    paths.push(...below.map((path) => `${name}/${path}`));
  }
  return paths;
}
