import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Clock } from "../clock";
import { defined } from "../defined";
import { MAX_LABEL_CHARACTERS } from "../domain/label";
import { ON_DELETE } from "../domain/properties";
import { sha256 } from "../domain/fingerprint";
import { VISIBLE_ASCII } from "../domain/store-address";
import type { SharedFacts, SharedRecord, SharedToken } from "../handlers/records";

const MAX_AGE_MS = 24 * 3_600_000;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const ADDRESS = /^[\w.[\]:-]{1,200}:\d{1,5}$/;

/** Nothing is shared: each process knows what it has seen itself. */
const ALONE: SharedRecord = { add: () => undefined, find: () => undefined };

interface Entry {
  /** A hash of id and fingerprint. */
  readonly token: string;
  readonly facts: SharedFacts;
}

/**
 * What the provider processes of one engine tell each other, in a file that only their user can read: Pulumi may check and
 * create with one process and delete with another. It holds hashes of ids and fingerprints, fates and labels. Whatever is wrong
 * with folder or file, each process goes on with what it has seen itself. On Windows nothing is shared.
 */
export function openSharedRecord(
  engineAddress: string | undefined,
  clock: Clock,
  folder = ownFolder(),
): SharedRecord {
  if (engineAddress === undefined || !ADDRESS.test(engineAddress) || folder === undefined) return ALONE;
  const path = join(folder, sha256(engineAddress, 32));
  let file: number | undefined;
  const open = () => (file ??= openOwnFile(folder, path, clock.now()));
  const written = new Set<string>();
  let found: RecordRead | undefined;
  return {
    add(token, facts = {}) {
      const entry = { token: keyOf(token), facts };
      const text = JSON.stringify(entry);
      if (written.has(text)) return;
      written.add(text);
      quietly(() => writeSync(open(), `${JSON.stringify({ at: clock.now(), ...entry })}\n`));
    },
    find(token) {
      found = quietly(() => readRecord(folder, path, clock.now(), found));
      return found?.facts.get(keyOf(token));
    },
  };
}

function keyOf({ id, fingerprint }: SharedToken): string {
  return sha256(JSON.stringify([id, fingerprint]), 32);
}

/** Undefined on Windows, which has no owner and mode to check. */
function ownFolder(): string | undefined {
  const uid = process.getuid?.();
  return uid === undefined ? undefined : join(tmpdir(), `bigcommerce-tokens-${uid}`);
}

function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Throws for a folder or a file of another user, and for one that others can read or write. */
function openOwnFile(folder: string, path: string, now: number): number {
  quietly(() => {
    mkdirSync(folder, { mode: 0o700 });
  });
  const held = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    requireOwn(held);
  } finally {
    closeSync(held);
  }
  removeOld(folder, now);
  const file = openSync(
    path,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    0o600,
  );
  try {
    requireOwn(file);
    const stats = fstatSync(file);
    const { size, nlink } = stats;
    if (!stats.isFile() || nlink !== 1) throw new Error("no file, or a link");
    if (size > MAX_FILE_BYTES) ftruncateSync(file);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function requireOwn(descriptor: number): void {
  const { uid, mode } = fstatSync(descriptor);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error("not this user's own");
}

/** Removes the files of engines that ended long ago. */
function removeOld(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    quietly(() => {
      if (now - statSync(path).mtimeMs > MAX_AGE_MS) rmSync(path);
    });
  }
}

/** What a file of this many bytes holds, by token: the last of each fact. */
interface RecordRead {
  readonly bytes: number;
  readonly facts: ReadonlyMap<string, SharedFacts>;
}

/** Entries are only appended: a file of the same size is not read again. A damaged line counts as none. */
function readRecord(folder: string, path: string, now: number, before?: RecordRead): RecordRead {
  const file = openOwnFile(folder, path, now);
  try {
    const { size: bytes } = fstatSync(file);
    if (before?.bytes === bytes) return before;
    const facts = new Map<string, SharedFacts>();
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const entry = quietly(() => readEntry(line, now));
      if (entry) facts.set(entry.token, { ...facts.get(entry.token), ...entry.facts });
    }
    return { bytes, facts };
  } finally {
    closeSync(file);
  }
}

function readEntry(line: string, now: number): Entry | undefined {
  const { at, token, facts } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  if (typeof at !== "number" || typeof token !== "string" || Math.abs(now - at) > MAX_AGE_MS)
    return undefined;
  const { fate, keptBy } = facts as Readonly<Record<string, unknown>>;
  const isLabel =
    typeof keptBy === "string" && VISIBLE_ASCII.test(keptBy) && keptBy.length <= MAX_LABEL_CHARACTERS;
  const known = {
    fate: ON_DELETE.find((each) => each === fate),
    keptBy: isLabel ? keptBy : undefined,
  };
  return { token, facts: defined(known) };
}
