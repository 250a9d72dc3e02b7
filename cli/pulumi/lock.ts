import { TokensError } from "../../provider/errors";
import { unreadable } from "../files/read-text";
import type { Backend } from "./backend";
import type { System } from "../system";
import { fullNameOf, isUpdating, NO_ORGANIZATION, type StackName } from "./stacks";

/** Throws while an update of the stack is running. Returns why this cannot be known, if it cannot. */
export async function requireUnlocked(
  system: Pick<System, "run" | "files">,
  name: StackName,
  { isService, folder }: Backend,
): Promise<string | undefined> {
  if (!isService && folder === undefined) {
    return "this backend does not tell whether an update is running: make sure that none is";
  }
  const isLocked =
    folder === undefined ? await isUpdating(system, name) : await hasLock(system, folder, name);
  if (!isLocked) return undefined;
  throw new TokensError(
    "stack_locked",
    `an update of ${fullNameOf(name)} is running, and its state may not hold the new tokens yet: run this again ` +
      "when it has ended (if it was killed, `pulumi cancel` removes its lock)",
  );
}

/** https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/lock.go */
async function hasLock(
  { files }: Pick<System, "files">,
  backend: string,
  { project, stack }: StackName,
): Promise<boolean> {
  // Backends from before 2023 have no projects.
  for (const place of [`${project}/${stack}`, stack]) {
    const folder = `${backend}/.pulumi/locks/${NO_ORGANIZATION}/${place}`;
    try {
      if ((await files.names(folder)).some((name) => name.endsWith(".json"))) return true;
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") throw unreadable(folder, thrown);
    }
  }
  return false;
}
