import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { TokensError } from "../../provider/errors";
import { MAX_BYTES, MAX_TEXT } from "./bounded";

/** Runs in a thread of its own. */
const unzip = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip);

/** The smallest gzip file. */
const MIN_BYTES = 18;

/** The unpacked size, which the last four bytes of a gzip file tell. https://www.rfc-editor.org/rfc/rfc1952#page-5 */
function unpackedBytes(bytes: Uint8Array): number {
  if (bytes.length < MIN_BYTES) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
}

/** Unpacks a gzip file to no more than the size that it tells, so that memory can be planned. */
export async function unpack(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  const size = unpackedBytes(bytes);
  if (size > MAX_BYTES) {
    throw new TokensError(
      "input_too_large",
      `${path}: it is larger than ${MAX_TEXT} when unpacked, and is not read`,
    );
  }
  try {
    return await unzip(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new TokensError("file_invalid", `${path}: it is truncated, or not a gzip file`);
  }
}
