import { TokensError } from "../../provider/errors";
import { pulumi } from "../pulumi";
import type { World } from "../world";
import { cloudHistory } from "./cloud-history";
import { asObject, parseJson } from "./export";
import { type HistoryEntry, readHistory } from "./history";
import { findHistory } from "./history-folder";

/** Which history a command is about; none of them: that of the stack that is selected. */
export interface HistorySource {
  readonly stack?: string | undefined;
  readonly history?: string | undefined;
}

type Reach = Pick<World, "run" | "files" | "env">;

/** Every update of one stack, oldest first. */
export async function openHistory(world: Reach, source: HistorySource): Promise<AsyncIterable<HistoryEntry>> {
  if (source.history !== undefined) {
    const folder = source.history.replace(/(?<=.)\/+$/, "");
    return readHistory(world.files, await findHistory(world.files, folder, source.stack));
  }
  const url = await backend(world);
  if (/^https?:/.test(url)) return cloudHistory(world, source.stack);
  const path = filePath(url, world.env["HOME"] ?? "");
  if (path === undefined) {
    throw new TokensError(
      "far_backend",
      `the history in ${scheme(url)} cannot be read from here: copy its folder .pulumi/history and give --history`,
    );
  }
  const stack = await fullName(world, source.stack);
  return readHistory(world.files, await findHistory(world.files, path, stack));
}

async function backend(world: Reach): Promise<string> {
  const url = asObject(parseJson(await pulumi(world, "whoami", "--json"), "pulumi whoami"))?.["url"];
  if (typeof url === "string") return url;
  throw new TokensError(
    "no_backend",
    "pulumi whoami names no backend: give the history's folder as --history",
  );
}

/** Of `file://…`; undefined for a bucket. A part behind `?` sets options of the backend. */
function filePath(url: string, home: string): string | undefined {
  const [, path] = /^file:\/\/([^?]*)/.exec(url) ?? [];
  return path === undefined ? undefined : decodeURI(path).replace(/^~(?=\/|$)/, home) || "/";
}

function scheme(url: string): string {
  return /^[a-z0-9+]+:/i.exec(url)?.[0] ?? "this backend";
}

/** `<organization>/<project>/<stack>`, because stacks of several projects may have one name. */
async function fullName(world: Reach, stack: string | undefined): Promise<string> {
  const listed = parseJson(await pulumi(world, "stack", "ls", "--all", "--json"), "pulumi stack ls");
  const stacks = (Array.isArray(listed) ? listed : []).map(asObject);
  const fitting = stacks.flatMap((each) => {
    const name = each?.["name"];
    if (typeof name !== "string") return [];
    const fits =
      stack === undefined ? each?.["current"] === true : name === stack || name.endsWith(`/${stack}`);
    return fits ? [name] : [];
  });
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const why =
    stack === undefined
      ? "no stack is selected: say --stack, or `pulumi stack select`"
      : fitting.length === 0
        ? `there is no stack ${stack} in this backend`
        : `several stacks are named so: say --stack ${fitting.join(", or --stack ")}`;
  throw new TokensError("no_stack", why);
}
