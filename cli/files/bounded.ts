import { open } from "node:fs/promises";

/** The largest state, log or output of Pulumi that is read. States of 50 MB are large. */
export const MAX_BYTES = 128 * 1024 * 1024;

/** The same for people. */
export const MAX_TEXT = "128 MB";

const READ_BYTES = 1024 * 1024;

/** Node.js uses this code for files that it cannot read whole. */
const TOO_LARGE = "ERR_FS_FILE_TOO_LARGE";

/** Reads a whole file or named pipe. Rejects if it is too large. */
export async function readBounded(path: string, maxBytes = MAX_BYTES): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLarge();
    // A pipe has no size, and may never end.
    if (size === 0) return await collect(file.createReadStream({ highWaterMark: READ_BYTES, autoClose: false }), maxBytes); // prettier-ignore
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** All chunks in one. Rejects if they are too large. */
export async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes = MAX_BYTES): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}

function tooLarge(): Error {
  return Object.assign(new Error("too large"), { code: TOO_LARGE });
}
