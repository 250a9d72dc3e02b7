import { decode, unreadable } from "../files/read-text";
import type { Files } from "../system";
import { createCheckpoints } from "./checkpoints";
import { unpack } from "../files/gzip";
import type { Deployment } from "./export";
import { parseJson } from "./json";
import { readUpdate, type Update } from "./updates";

/** One update, and the state that it wrote. The state is absent if its file is missing. */
export interface HistoryEntry {
  readonly update: Update;
  readonly deployment?: Deployment;
}

const NAME = /^(.*-(\d+))\.(history|checkpoint)\.json(\.gz)?$/;

/** States that are read ahead, */
const MAX_AHEAD = 4;
/** and only one if more would take more memory than this. */
const MAX_AHEAD_BYTES = 64 * 1024 * 1024;

interface Pair {
  readonly nanoseconds: bigint;
  history?: string;
  checkpoint?: string;
}

/**
 * The updates in a stack's folder of the history of a file or bucket backend, oldest first.
 * https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/state.go
 */
export async function* readHistory(
  files: Pick<Files, "names" | "read">,
  folder: string,
): AsyncGenerator<HistoryEntry> {
  const pairs = pairsOf(await namesIn(files, folder));
  const readPair = async ({ history, checkpoint }: Pair) => ({
    history: history && { name: history, bytes: await content(files, `${folder}/${history}`) },
    checkpoint: checkpoint && { name: checkpoint, bytes: await content(files, `${folder}/${checkpoint}`) },
  });
  const readCheckpoint = createCheckpoints();
  let place = 0;
  const sizeOf = ({ checkpoint }: Awaited<ReturnType<typeof readPair>>) =>
    checkpoint ? checkpoint.bytes.length : 0;
  for await (const { history, checkpoint } of ahead(pairs, readPair, sizeOf)) {
    place += 1;
    const update =
      history && readUpdate(parseJson(decode(history.bytes), `${folder}/${history.name}`), place);
    yield {
      update: update || { number: place, kind: "update", result: "unknown" },
      ...(checkpoint && { deployment: readCheckpoint(checkpoint.bytes, `${folder}/${checkpoint.name}`) }),
    };
  }
}

/** The results in order. A few are begun ahead: as many as fit into memory, if all are as large as the last one. */
async function* ahead<T, R>(
  values: readonly T[],
  start: (value: T) => Promise<R>,
  sizeOf: (result: R) => number,
): AsyncGenerator<R> {
  const begin = (value: T) => {
    const under = start(value);
    // If reading stops early, a rejection must not stay unhandled.
    under.catch(() => undefined);
    return under;
  };
  const queue = values.slice(0, 1).map(begin);
  let begun = queue.length;
  while (queue.length > 0) {
    const first = await (queue.shift() as Promise<R>);
    const fitting = Math.floor(MAX_AHEAD_BYTES / Math.max(1, sizeOf(first)));
    const more = Math.min(Math.max(1, fitting), MAX_AHEAD) - queue.length;
    const next = values.slice(begun, begun + Math.max(0, more));
    queue.push(...next.map(begin));
    begun += next.length;
    yield first;
  }
}

/** True if these are the names in a stack's history folder. */
export function isHistory(names: readonly string[]): boolean {
  return names.some((name) => NAME.test(name));
}

export type Folders = Pick<Files, "names">;

const FOLDER = { ENOENT: "the folder does not exist", ENOTDIR: "this is a file, not a folder" };

export function namesIn(files: Folders, folder: string): Promise<readonly string[]> {
  return files.names(folder).catch((thrown: unknown) => {
    throw unreadable(folder, thrown, FOLDER);
  });
}

function pairsOf(names: readonly string[]): readonly Pair[] {
  const pairs = new Map<string, Pair>();
  for (const name of names) {
    const [, stem, nanoseconds, part] = NAME.exec(name) ?? [];
    if (stem === undefined || nanoseconds === undefined) continue;
    const pair = pairs.get(stem) ?? { nanoseconds: BigInt(nanoseconds) };
    pair[part === "history" ? "history" : "checkpoint"] = name;
    pairs.set(stem, pair);
  }
  return [...pairs.values()].sort((a, b) => (a.nanoseconds < b.nanoseconds ? -1 : 1));
}

async function content(files: Pick<Files, "read">, path: string): Promise<Uint8Array> {
  const bytes = await files.read(path).catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  return path.endsWith(".gz") ? unpack(bytes, path) : bytes;
}
