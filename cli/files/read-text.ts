import { TokensError } from "../../provider/errors";
import { MAX_TEXT } from "./bounded";
import { decode } from "./encoding";
import type { System } from "../system";

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "there is no such file",
  EACCES: "it cannot be read: permission denied",
  EPERM: "it cannot be read: permission denied",
  ERR_FS_FILE_TOO_LARGE: `it is larger than ${MAX_TEXT}, which is more than is read`,
};

/** A file's text, or all of standard input for `-`; a file that cannot be read is one line of error. */
export async function readText(system: Pick<System, "files" | "input">, path: string): Promise<string> {
  try {
    return decode(await (path === "-" ? system.input.read() : system.files.read(path)));
  } catch (thrown) {
    throw unreadable(path === "-" ? "standard input" : path, thrown);
  }
}

export function unreadable(path: string, thrown: unknown): TokensError {
  const { code = "" } = thrown as NodeJS.ErrnoException;
  return new TokensError("file_unreadable", `${path}: ${WHY[code] ?? `it cannot be read (${code})`}`);
}
