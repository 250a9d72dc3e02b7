import * as z from "zod";

import { TokensError } from "../../provider/errors";
import { pulumi } from "./run";
import type { System } from "../system";
import { parseJson } from "./json";

/** Where Pulumi stores its stacks. */
export interface Backend {
  readonly url: string;
  /** True for Pulumi Cloud, and for a service like it. */
  readonly isService: boolean;
  /** The folder of a file backend. */
  readonly folder?: string;
}

const WHOAMI = z.object({ url: z.string() });

export async function readBackend(system: Pick<System, "run" | "env">): Promise<Backend> {
  const whoami = WHOAMI.safeParse(parseJson(await pulumi(system, "whoami", "--json"), "pulumi whoami"));
  if (!whoami.success) {
    throw new TokensError("backend_unknown", "pulumi whoami names no backend: run `pulumi login`");
  }
  const { url } = whoami.data;
  const folder = folderOf(url, system.env["HOME"] ?? "~");
  return { url, isService: /^https?:/.test(url), ...(folder !== undefined && { folder }) };
}

/** What follows a `?` sets options of the backend. */
function folderOf(url: string, home: string): string | undefined {
  const [, path] = /^file:\/\/([^?]*)/.exec(url) ?? [];
  return path === undefined ? undefined : decoded(path).replace(/^~(?=\/|$)/, home) || "/";
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    throw new TokensError(
      "backend_unknown",
      `cannot read the address of Pulumi's backend, file://${path}: a % in it begins no escape sequence. Write it as %25 in \`pulumi login\``,
    );
  }
}
