import { TokensError } from "../../provider/errors";
import { pulumi } from "./run";
import { unreadable } from "../files/read-text";
import type { Backend } from "./backend";
import { asObject, parseJson } from "./json";
import type { System } from "../system";
import { fullName, NO_ORGANIZATION, type Owner } from "./stacks";

/** Throws while an update holds the stack; what it returns, if anything, is why that could not be seen. */
export async function requireUnlocked(
  system: Pick<System, "run" | "files">,
  owner: Owner,
  backend: Backend,
): Promise<string | undefined> {
  if (backend.isService) {
    if (await isUpdating(system, owner)) throw locked(owner);
    return undefined;
  }
  if (backend.folder === undefined) {
    return "whether an update is under way cannot be seen in this backend: make sure that none is";
  }
  const locks = `${backend.folder}/.pulumi/locks/${NO_ORGANIZATION}`;
  // Backends of before 2023 know no projects.
  for (const place of [`${owner.project}/${owner.stack}`, owner.stack]) {
    if (await hasLock(system, `${locks}/${place}`)) throw locked(owner);
  }
  return undefined;
}

async function isUpdating(
  system: Pick<System, "run">,
  { organization, project, stack }: Owner,
): Promise<boolean> {
  const listed = parseJson(await pulumi(system, "stack", "ls", "--all", "--json"), "pulumi stack ls");
  const names = [
    stack,
    `${organization}/${stack}`,
    `${organization}/${project}/${stack}`,
    `${project}/${stack}`,
  ];
  return (Array.isArray(listed) ? listed : [])
    .map(asObject)
    .some((each) => names.includes(String(each?.["name"])) && each?.["updateInProgress"] === true);
}

/** https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/lock.go */
async function hasLock(system: Pick<System, "files">, folder: string): Promise<boolean> {
  try {
    return (await system.files.names(folder)).some((name) => name.endsWith(".json"));
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw unreadable(folder, thrown);
  }
}

function locked(owner: Owner): TokensError {
  return new TokensError(
    "locked",
    `an update of ${fullName(owner)} is under way, whose tokens its state may not hold yet: run this after it (of one ` +
      "that was killed, `pulumi cancel` removes the lock)",
  );
}
