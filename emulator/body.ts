import type { IncomingMessage } from "node:http";

/** No request to these routes needs nearly as much. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The body, or why there is none: the client closed the connection early, or the body exceeds the limit. */
type ReadBody = { readonly text: string } | "gone" | "too large";

/** Keeps at most `maxBytes` in memory. Reads the rest too, so that the client receives the answer. */
export async function readBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    return "gone";
  }
  return length > maxBytes ? "too large" : { text: Buffer.concat(chunks).toString("utf8") };
}
