import { TokensError } from "../../provider/errors";
import { quoted } from "../shell";
import type { Files } from "../system";
import { isHistory, namesIn } from "./history";

/** The history of one stack, below what a person points at: its own folder, a backend's history, or a backend. */
export async function findHistory(
  files: Pick<Files, "names">,
  folder: string,
  stack: string | undefined,
  others: readonly string[] = [],
): Promise<string> {
  let root = folder;
  let names = await namesIn(files, root);
  if (isHistory(names)) return root;
  for (const inner of [".pulumi", "history"]) {
    if (!names.includes(inner)) continue;
    root = `${root}/${inner}`;
    names = await namesIn(files, root);
  }
  const found = await stacksBelow(files, root, names);
  const isOther = (path: string) => path.includes("/") && others.some((other) => other.endsWith(`/${path}`));
  const fitting = found.filter((path) => (stack === undefined || fits(path, stack)) && !isOther(path));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return `${root}/${only}`;
  throw new TokensError("no_history", `${folder}: ${problem(found, fitting, stack)}`);
}

/** Whether a stack's name, which may say less or more, means the folder of `<project>/<stack>`. */
function fits(path: string, stack: string): boolean {
  return path === stack || path.endsWith(`/${stack}`) || stack.endsWith(`/${path}`);
}

function problem(found: readonly string[], fitting: readonly string[], stack: string | undefined): string {
  if (found.length === 0) return "there is no history of a stack in it, which would be *.history.json files";
  const list = [...(fitting.length > 0 ? fitting : found)].sort().map(quoted).join(", ");
  return fitting.length === 0 && stack !== undefined
    ? `there is no history of stack ${stack} in it; there is one of ${list}`
    : `it has the histories of several stacks: choose one by --stack: ${list}`;
}

/** `<project>/<stack>`, and `<stack>` alone in backends of before 2023. */
async function stacksBelow(
  files: Pick<Files, "names">,
  root: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names.filter((each) => !each.startsWith("."))) {
    const inner = await namesOf(files, `${root}/${name}`);
    if (isHistory(inner)) found.push(name);
    for (const stack of inner) {
      if (/\.(json|gz|attrs)$/.test(stack)) continue;
      if (isHistory(await namesOf(files, `${root}/${name}/${stack}`))) found.push(`${name}/${stack}`);
    }
  }
  return found;
}

/** None, where it is no folder. */
async function namesOf(files: Pick<Files, "names">, folder: string): Promise<readonly string[]> {
  try {
    return await files.names(folder);
  } catch {
    return [];
  }
}
