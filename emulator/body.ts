import type { IncomingMessage } from "node:http";

/** Far more than any request to these routes needs. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A body, or why there is none: the sender went away before its end, or sent more than is kept. */
export type ReadBody = { readonly text: string } | "gone" | "too large";

/** Reads to the end, so that the sender hears the answer, and keeps `maxBytes` at the most. */
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
