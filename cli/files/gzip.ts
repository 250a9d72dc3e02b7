import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { TokensError } from "../../provider/errors";
import { MAX_BYTES, MAX_TEXT } from "./bounded";

/** In a thread of its own. */
const unzip = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip);

/** Of the least that a gzip file consists of. */
const MIN_BYTES = 18;

/** How many bytes a gzip file says that it unpacks to: its last four. https://www.rfc-editor.org/rfc/rfc1952#page-5 */
function unpackedBytes(bytes: Uint8Array): number {
  if (bytes.length < MIN_BYTES) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
}

/** Never more than it says itself, so that memory can be planned by that. */
export async function unpack(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  const size = unpackedBytes(bytes);
  if (size > MAX_BYTES) {
    throw new TokensError(
      "input_too_large",
      `${path}: unpacked, it is larger than ${MAX_TEXT}, which is more than is read`,
    );
  }
  try {
    return await unzip(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new TokensError("file_invalid", `${path}: it is truncated, or no gzip file`);
  }
}
