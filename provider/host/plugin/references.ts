import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

import { TokensError } from "../../errors";

/** Where an imported token may come from. */
export interface References {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const MAX_FILE_BYTES = 64 * 1024;
const HOW =
  "give env:NAME or file:PATH, which name an environment variable or a file that holds the token: BigCommerce never shows " +
  "an existing token again, and the token itself must not be an id";

/**
 * The token that an import's id refers to: `env:NAME` or `file:PATH`, and for a private token `?scopes=A,B` behind it. No
 * message quotes the id, where a token or a credential may stand by mistake.
 */
export function referencedToken(
  id: string,
  { environment }: References,
): { readonly token: string; readonly scopes?: readonly string[] } {
  const [, place, rest = ""] = /^(env|file):(.+)$/s.exec(id) ?? [];
  const [, target = rest, listed] = /^(.*)\?scopes=([\w,]*)$/s.exec(rest) ?? [];
  const scopes = listed === undefined ? {} : { scopes: listed.split(",") };
  if (place === "file") return { token: readToken(target), ...scopes };
  if (place !== "env" || !/^[A-Za-z_]\w{0,127}$/.test(target))
    throw refused(`the id is no reference; ${HOW}`);
  const token = Object.hasOwn(environment, target) ? environment[target] : undefined;
  if (!token) throw refused("the environment variable that the id names is not set");
  return { token, ...scopes };
}

function readToken(path: string): string {
  try {
    // A pipe that nobody writes to would block the process for ever.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(file).isFile()) throw new Error("no file");
      const bytes = Buffer.alloc(MAX_FILE_BYTES);
      const length = readSync(file, bytes, 0, MAX_FILE_BYTES, 0);
      return bytes
        .toString("utf8", 0, length)
        .replace(/^\ufeff/, "")
        .replace(/\r?\n$/, "");
    } finally {
      closeSync(file);
    }
  } catch {
    throw refused("the file cannot be read; give its path from the program's folder, or an absolute one");
  }
}

function refused(why: string): TokensError {
  return new TokensError("import_refused", `nothing was imported: ${why}`);
}
