import { TokensError } from "../../provider/errors";
import { unreadable } from "../files/read-text";
import type { Backend } from "./backend";
import type { System } from "../system";
import { fullNameOf, isUpdating, NO_ORGANIZATION, type StackName } from "./stacks";

/** Throws while an update of the stack is running. Returns why this cannot be known, if it cannot. */
export async function requireUnlocked(
  system: Pick<System, "run" | "files">,
  name: StackName,
  backend: Backend,
): Promise<string | undefined> {
  if (backend.isService) {
    if (await isUpdating(system, name)) throw locked(name);
    return undefined;
  }
  if (backend.folder === undefined) {
    return "this backend does not tell whether an update is running: make sure that none is";
  }
  const locks = `${backend.folder}/.pulumi/locks/${NO_ORGANIZATION}`;
  // Backends from before 2023 have no projects.
  for (const place of [`${name.project}/${name.stack}`, name.stack]) {
    if (await hasLock(system, `${locks}/${place}`)) throw locked(name);
  }
  return undefined;
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

function locked(name: StackName): TokensError {
  return new TokensError(
    "stack_locked",
    `an update of ${fullNameOf(name)} is running, and its state may not hold the new tokens yet: run this again ` +
      "when it has ended (if it was killed, `pulumi cancel` removes its lock)",
  );
}
