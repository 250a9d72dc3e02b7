import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";

/**
 * Of anything that is cut, wrapped or embedded, this many bytes of a secret in a row are found at whatever
 * place: chance does not make them. A run of twice as many always holds an aligned one.
 */
const RUN = 16;

/** Of the sum over a run's characters. */
const FACTOR = 0x01000193;
/** Jest looks up a global in its sandbox each time, which took most of the search. */
const { imul } = Math;

/** How many of the secrets stand in the text: as they are or encoded, in any case, whole or a large part of them. */
export function leaksIn(text: string, secrets: readonly string[]): number {
  return leakSearch(secrets)(text);
}

/** The files below a folder that hold a secret, in their content or in their name, compressed ones included. */
export function filesWithLeaks(
  folder: string,
  secrets: readonly string[],
  search = leakSearch(secrets),
): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => [file.slice(folder.length), ...textsOf(file)].some((text) => search(text) > 0));
}

/** `leaksIn` for many texts: the index of the secrets is built once. */
export function leakSearch(secrets: readonly string[]): (text: string) => number {
  const forms = secrets.map((secret) =>
    formsOf(secretPart(secret)).map(({ text, run }) => ({ text: text.toLowerCase(), run })),
  );
  const all = forms.flat();
  const indexes = [...new Set(all.map(({ run }) => run))].map((run) => {
    const texts = all.filter((form) => form.run === run).map(({ text }) => text);
    return { run, mayHold: runsOf(texts, run) };
  });
  // A longer form that stands there whole holds an aligned run.
  const short = forms.map((each) => each.filter(({ text, run }) => text.length < 2 * run));
  return (text) => {
    const plain = text.toLowerCase();
    const found = new Set<number>();
    for (const { run, mayHold } of indexes) {
      for (let at = 0; at + run <= plain.length; at += run) {
        if (!mayHold(plain, at)) continue;
        const cut = plain.slice(at, at + run);
        const owner = forms.findLastIndex((each) =>
          each.some((form) => form.run === run && form.text.includes(cut)),
        );
        if (owner >= 0) found.add(owner);
      }
    }
    short.forEach((each, owner) => {
      if (each.some((form) => plain.includes(form.text))) found.add(owner);
    });
    return found.size;
  };
}

/**
 * Tells whether a run of one of these texts may stand at a place of another text. It errs only by saying yes, and
 * hardly ever: an array of hashes is built in a tenth of the time that a map of strings takes.
 */
function runsOf(texts: readonly string[], run: number): (text: string, at: number) => boolean {
  const count = texts.reduce((sum, { length }) => sum + Math.max(0, length - run + 1), 0);
  const bits = Math.ceil(Math.log2(2 * count + 2));
  const hashes = new Uint32Array(2 ** bits);
  /** The place of a hash, or the empty one where it belongs. */
  const slotOf = (hash: number): number => {
    let slot = imul(hash, 0x9e3779b1) >>> (32 - bits);
    while (hashes[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) % hashes.length;
    return slot;
  };
  let highest = 1;
  for (let at = 1; at < run; at += 1) highest = imul(highest, FACTOR);
  for (const text of texts) {
    if (text.length < run) continue;
    let sum = sumOf(text, 0, run);
    for (let at = 0; ; at += 1) {
      const hash = sum >>> 0 || 1;
      hashes[slotOf(hash)] = hash;
      if (at + run >= text.length) break;
      const rest = (sum - imul(text.charCodeAt(at), highest)) | 0;
      sum = (imul(rest, FACTOR) + text.charCodeAt(at + run)) | 0;
    }
  }
  return (text, at) => hashes[slotOf(sumOf(text, at, run) >>> 0 || 1)] !== 0;
}

/** A polynomial of the characters, modulo 2 to the 32: that of the next place follows from it. */
function sumOf(text: string, from: number, run: number): number {
  let sum = 0;
  for (let at = from; at < from + run; at += 1) sum = (imul(sum, FACTOR) + text.charCodeAt(at)) | 0;
  return sum;
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
