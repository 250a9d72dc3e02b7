import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { TokensError } from "../../provider/errors";
import { MAX_BYTES, MAX_TEXT } from "./bounded";

/** Runs in a thread of its own. */
const unzip = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip);

/** The smallest gzip file. */
const MIN_BYTES = 18;

/** Unpacks a gzip file to no more than the size that it tells, so that memory can be planned. */
export async function unpack(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  // The last four bytes tell the unpacked size. https://www.rfc-editor.org/rfc/rfc1952#page-5
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = bytes.length < MIN_BYTES ? 0 : view.getUint32(bytes.length - 4, true);
  if (size > MAX_BYTES) {
    const why = `it is larger than ${MAX_TEXT} when unpacked, and is not read`;
    throw new TokensError("input_too_large", `${path}: ${why}`);
  }
  try {
    return await unzip(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new TokensError("file_invalid", `${path}: it is truncated, or not a gzip file`);
  }
}
