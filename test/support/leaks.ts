import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";

/**
 * Of anything that is cut, wrapped or embedded, this many characters in a row are found at whatever place:
 * chance does not make them. A run of twice as many always holds an aligned one.
 */
const RUN = 16;

/** How many of the secrets stand in the text: as they are or encoded, in any case, whole or a large part of them. */
export function leaksIn(text: string, secrets: readonly string[]): number {
  return searchFor(secrets)(text);
}

/** The files below a folder that hold a secret, in their content or in their name, compressed ones included. */
export function filesWithLeaks(folder: string, secrets: readonly string[]): string[] {
  const search = searchFor(secrets);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => [file.slice(folder.length), ...textsOf(file)].some((text) => search(text) > 0));
}

function searchFor(secrets: readonly string[]): (text: string) => number {
  const forms = secrets.map((secret) => formsOf(secretPart(secret)).map((form) => form.toLowerCase()));
  const owners = new Map<string, number>();
  forms.forEach((each, owner) => {
    for (const form of each) {
      for (let at = 0; at + RUN <= form.length; at += 1) owners.set(form.slice(at, at + RUN), owner);
    }
  });
  return (text) => {
    const plain = text.toLowerCase();
    const found = new Set<number>();
    for (let at = 0; at + RUN <= plain.length; at += RUN) {
      const owner = owners.get(plain.slice(at, at + RUN));
      if (owner !== undefined) found.add(owner);
    }
    forms.forEach((each, owner) => {
      if (!found.has(owner) && each.some((form) => plain.includes(form))) found.add(owner);
    });
    return found.size;
  };
}

/** All tokens share the header of a JWT, which is no secret. */
function secretPart(secret: string): string {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(secret) ? secret.slice(secret.indexOf(".") + 1) : secret;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const numbers = [...bytes];
  const base64 = [0, 1, 2].flatMap((shift) => {
    // The first and last characters depend on the neighbours.
    const core = Buffer.from("x".repeat(shift) + secret)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4);
    return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const forms = [
    secret,
    escaped,
    escaped.replaceAll("/", "\\/"),
    JSON.stringify(escaped).slice(1, -1),
    encodeURIComponent(secret),
    secret.replace(/[^a-z0-9]/gi, (character) => `%${character.charCodeAt(0).toString(16)}`),
    ...base64,
    // How Node and Go print bytes.
    bytes.toString("hex"),
    bytes.toString("hex").replace(/..(?!$)/g, "$& "),
    numbers.join(","),
    numbers.join(", "),
    numbers.join(" "),
  ];
  return [...new Set(forms)].filter((form) => form !== "");
}

/** What a file holds, and what that unpacks to, though the end may be missing. */
function textsOf(file: string): string[] {
  const bytes = readFileSync(file);
  const texts = [bytes.toString("latin1")];
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      texts.push(gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString("latin1"));
    } catch {
      // Not gzip after all.
    }
  }
  return texts;
}
