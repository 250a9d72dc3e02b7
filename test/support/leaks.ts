import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";

/**
 * Of anything that is cut, wrapped or embedded, this many bytes of a secret in a row are found at whatever
 * place: chance does not make them. A run of twice as many always holds an aligned one.
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
  const forms = secrets.map((secret) =>
    formsOf(secretPart(secret)).map(({ text, run }) => ({ text: text.toLowerCase(), run })),
  );
  const ownersByRun = new Map<number, Map<string, number>>();
  forms.forEach((each, owner) => {
    for (const { text, run } of each) {
      const owners = ownersByRun.get(run) ?? new Map<string, number>();
      ownersByRun.set(run, owners);
      for (let at = 0; at + run <= text.length; at += 1) owners.set(text.slice(at, at + run), owner);
    }
  });
  return (text) => {
    const plain = text.toLowerCase();
    const found = new Set<number>();
    for (const [run, owners] of ownersByRun) {
      for (let at = 0; at + run <= plain.length; at += run) {
        const owner = owners.get(plain.slice(at, at + run));
        if (owner !== undefined) found.add(owner);
      }
    }
    forms.forEach((each, owner) => {
      if (!found.has(owner) && each.some((form) => plain.includes(form.text))) found.add(owner);
    });
    return found.size;
  };
}

/** All tokens share the header of a JWT, which is no secret. */
function secretPart(secret: string): string {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(secret) ? secret.slice(secret.indexOf(".") + 1) : secret;
}

/** Each form of a secret, with as many of its characters as tell `RUN` bytes or nearly so many. */
function formsOf(secret: string): readonly { readonly text: string; readonly run: number }[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const hex = bytes.toString("hex");
  const numbers = [...bytes];
  const base64 = [0, 1, 2].flatMap((shift) => {
    // The first and last characters depend on the neighbours.
    const core = Buffer.from("x".repeat(shift) + secret)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4);
    return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const characters = [
    secret,
    escaped,
    escaped.replaceAll("/", "\\/"),
    JSON.stringify(escaped).slice(1, -1),
    encodeURIComponent(secret),
    secret.replace(/[^a-z0-9]/gi, (character) => `%${character.charCodeAt(0).toString(16)}`),
    ...base64,
  ];
  // How Node and Go print bytes. A few numbers in a row stand in many a harmless file.
  const printed = [
    { text: hex, run: 2 * RUN },
    { text: hex.replace(/..(?!$)/g, "$& "), run: 3 * RUN },
    ...[",", ", ", " "].map((between) => ({ text: numbers.join(between), run: 4 * RUN })),
  ];
  return [...[...new Set(characters)].map((text) => ({ text, run: RUN })), ...printed].filter(
    ({ text }) => text !== "",
  );
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
