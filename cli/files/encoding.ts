/** PowerShell's `>` writes UTF-16 with a byte order mark. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

export function encodingOf([first, second]: Uint8Array): "utf-16le" | "utf-8" {
  return first === 0xff && second === 0xfe ? "utf-16le" : "utf-8";
}
