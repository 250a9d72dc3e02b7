import { TokensError } from "../../provider/errors";
import { MAX_TEXT } from "./bounded";
import type { System } from "../system";

type Reasons = Readonly<Record<string, string>>;

const WHY: Reasons = {
  ENOENT: "the file does not exist",
  EISDIR: "this is a folder, not a file",
  ENOTDIR: "the file does not exist",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  ERR_FS_FILE_TOO_LARGE: `it is larger than ${MAX_TEXT}, and is not read`,
};

/** The text of a file, or of standard input for `-`. Throws an error of one line if it cannot be read. */
export async function readText(system: Pick<System, "files" | "input">, path: string): Promise<string> {
  try {
    return decode(await (path === "-" ? system.input.read() : system.files.read(path)));
  } catch (thrown) {
    throw unreadable(path === "-" ? "standard input" : path, thrown);
  }
}

/** `own`: what codes of Node.js mean for this path in particular. */
export function unreadable(path: string, thrown: unknown, own: Reasons = {}): TokensError {
  if (path === "") {
    return new TokensError(
      "file_unreadable",
      "a path is empty, as that of a variable that is not set: name a file or folder",
    );
  }
  const { code = "" } = thrown as NodeJS.ErrnoException;
  const why = own[code] ?? WHY[code] ?? `it cannot be read (${code})`;
  return new TokensError("file_unreadable", `${path}: ${why}`);
}

/** PowerShell's `>` writes UTF-16 with a byte order mark. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

export function encodingOf([first, second]: Uint8Array): "utf-16le" | "utf-8" {
  return first === 0xff && second === 0xfe ? "utf-16le" : "utf-8";
}
