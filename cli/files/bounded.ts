import { open } from "node:fs/promises";

/** A state, a log line's file, or what Pulumi prints, is not read beyond this: states of 50 MB are large. */
export const MAX_BYTES = 128 * 1024 * 1024;

/** As people say it. */
export const MAX_TEXT = "128 MB";

const READ_BYTES = 1024 * 1024;

/** What Node.js says of a file that is too large for it. */
const TOO_LARGE = "ERR_FS_FILE_TOO_LARGE";

/** The whole of a file, or of a pipe that has a name; rejects where that is too large. */
export async function readBounded(path: string, maxBytes = MAX_BYTES): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLarge();
    // What has no size of its own, as a pipe, may never end.
    if (size === 0) return await collect(file.createReadStream({ highWaterMark: READ_BYTES, autoClose: false }), maxBytes); // prettier-ignore
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** All chunks as one; rejects where that is too large. */
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
