import { TextDecoder } from "node:util";

import { encodingOf } from "./read-text";

/** In characters. A longer line is left out: no event of a token is as long. */
const MAX_LINE = 1024 * 1024;

/** The lines of a text, one at a time. */
export async function* linesIn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxLine = MAX_LINE,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let rest = "";
  let isTooLong = false;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    lines[0] = rest + (lines[0] ?? "");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!isTooLong && line.length <= maxLine) yield line.replace(/\r$/, "");
      isTooLong = false;
    }
    if (rest.length > maxLine) {
      rest = "";
      isTooLong = true;
    }
  }
  if (!isTooLong && rest !== "") yield rest;
}
