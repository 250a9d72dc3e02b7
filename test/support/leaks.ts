import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Where any of the secrets stands in the text: raw, URL-encoded, or as base64 at any of its three alignments. */
export function leaksIn(text: string, secrets: readonly string[]): number {
  return secrets.filter((secret) => shapes(secret).some((shape) => text.includes(shape))).length;
}

/** The files below a folder in which a secret stands, compressed ones included. */
export function filesWithLeaks(folder: string, secrets: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => leaksIn(readText(file), secrets) > 0);
}

function readText(file: string): string {
  const bytes = readFileSync(file);
  try {
    return gunzipSync(bytes).toString("latin1");
  } catch {
    return bytes.toString("latin1");
  }
}

function shapes(secret: string): string[] {
  const base64 = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.from("x".repeat(shift) + secret).toString("base64");
    // The first and last characters depend on the neighbours.
    const core = encoded.slice(shift === 0 ? 0 : 4, -4);
    return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64];
}
