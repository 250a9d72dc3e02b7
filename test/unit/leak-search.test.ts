import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { filesWithLeaks, leaksIn } from "../support/leaks";

const HEADER = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9";
const TOKEN = `${HEADER}.eyJjaWQiOlsxXSwiZWF0IjoxNzkzNTUzNDQ1fQ.c2lnbmF0dXJl-X2lzX3RoZV9zZWNyZXRfcGFydF9vZl9pdA`;
const CREDENTIAL = ["0f9e8d7c6b5a4938", "2716051423aebfc"].join("");
const AWKWARD = 'quotes " and \\ and / and + and = signs';
const OTHERS = ["another-secret-that-stands-nowhere", "f".repeat(31)];

const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");
const wrapped = (text: string) => text.replace(/.{76}/g, "$&\n");

/** Each way in which a secret could stand in a text. */
const PLANTS: readonly (readonly [string, (secret: string) => string])[] = [
  ["raw", (secret) => secret],
  ["in capitals", (secret) => secret.toUpperCase()],
  ["in lower case, as in a host name", (secret) => secret.toLowerCase()],
  ["JSON-escaped", (secret) => JSON.stringify({ secret })],
  ["JSON-escaped with slashes, too", (secret) => JSON.stringify({ secret }).replaceAll("/", "\\/")],
  ["JSON inside of JSON", (secret) => JSON.stringify(JSON.stringify({ secret }))],
  ["URL-encoded", (secret) => encodeURIComponent(secret)],
  ["URL-encoded, small letters", (secret) => encodeURIComponent(secret).toLowerCase()],
  ["URL-encoded, dots and dashes too", (secret) => encodeURIComponent(secret).replace(/[-._]/g, (c) => `%${hex(c)}`)],
  ["base64", base64],
  ["base64 with 1 byte before it", (secret) => base64(`a${secret}`)],
  ["base64 with 2 bytes before it", (secret) => base64(`ab${secret}!`)],
  ["base64 with a header's name before it", (secret) => base64(`X-Auth-Token: ${secret}\r\n`)],
  ["base64url", (secret) => Buffer.from(`a${secret}?`).toString("base64url")],
  ["base64, wrapped at 76 columns", (secret) => wrapped(base64(`ab${secret}${secret}`))],
  ["hex", hex],
  ["hex in capitals", (secret) => hex(secret).toUpperCase()],
  ["a Buffer as Node prints it", (secret) => Buffer.from(secret).toString("hex").replace(/../g, "$& ")],
  ["a Buffer as JSON", (secret) => JSON.stringify(Buffer.from(secret))],
  ["bytes as Node prints an array", (secret) => [...Buffer.from(secret)].join(", ")],
  ["bytes as Go prints them", (secret) => [...Buffer.from(secret)].join(" ")],
]; // prettier-ignore

describe("the search for leaks, which every story relies on", () => {
  const secrets = [TOKEN, CREDENTIAL, AWKWARD];

  describe.each(PLANTS)("finds a planted secret: %s", (_, plant) => {
    it.each(secrets)("of %s", (secret) => {
      expect(leaksIn(`before ${plant(secret)} after`, [...OTHERS, secret])).toBe(1);
    });
  });

  // A display that cuts long values leaves a beginning; a log that wraps, an end.
  it.each([
    ["the first 90 characters of a token", TOKEN.slice(0, 90)],
    ["a token without its signature", TOKEN.slice(0, TOKEN.lastIndexOf("."))],
    ["the signature of a token", TOKEN.slice(TOKEN.lastIndexOf(".") + 1)],
    ["base64 of the signature's last 36 characters", base64(TOKEN.slice(-36))],
    ["a Buffer of which Node prints 50 bytes", Buffer.from(TOKEN.slice(30)).toString("hex", 0, 50)],
  ])("finds a part: %s", (_, part) => {
    for (const before of ["", "x", "x".repeat(9), "x".repeat(15)]) {
      expect(leaksIn(`${before}${part}…`, [...OTHERS, TOKEN])).toBe(1);
    }
  });

  it("counts every secret that it finds, once", () => {
    const text = `${CREDENTIAL} ${base64(CREDENTIAL)} ${TOKEN} ${TOKEN}`;
    expect(leaksIn(text, [...OTHERS, CREDENTIAL, TOKEN])).toBe(2);
  });

  it.each([
    ["a harmless text", "a harmless text"],
    ["no text", ""],
    ["what all tokens have in common", HEADER],
    ["a few characters of a credential", CREDENTIAL.slice(0, 12)],
    ["the hash of a token", "5f8e23ac9a2d1b44"],
    // Bytes of programs look like this, and so do those of every secret.
    ["five bytes in a row", [...Buffer.from(CREDENTIAL)].slice(4, 9).join(", ")],
    ["eight bytes in hex", hex(TOKEN.slice(60, 68))],
  ])("finds nothing in %s", (_, text) => {
    expect(leaksIn(text, [TOKEN, CREDENTIAL])).toBe(0);
  });
});

describe("the search for leaks in files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "leaks-"));
    mkdirSync(join(folder, "below"));
    writeFileSync(join(folder, "harmless"), "x");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const found = () => filesWithLeaks(folder, [...OTHERS, TOKEN]);

  it.each(PLANTS)("finds a secret in a file, packed or not: %s", (_, plant) => {
    const text = `{"a":"${plant(TOKEN)}"}`;
    const plain = join(folder, "below", "plain.json.bak");
    const packed = join(folder, "packed.log.gz");
    writeFileSync(plain, text);
    writeFileSync(packed, gzipSync(text));
    expect(found().sort()).toEqual([plain, packed].sort());
  });

  it("finds a secret in a packed file that lacks its end, as a killed process leaves it", () => {
    const cut = join(folder, "cut.log.gz");
    const packed = gzipSync(`${TOKEN}\n${"and a line after it\n".repeat(9)}`);
    writeFileSync(cut, packed.subarray(0, -12));
    expect(found()).toEqual([cut]);
  });

  it("finds a secret in what was packed in pieces", () => {
    const file = join(folder, "pieces.gz");
    writeFileSync(file, Buffer.concat([gzipSync("first\n"), gzipSync(TOKEN)]));
    expect(found()).toEqual([file]);
  });

  it("finds a secret in the name of a file or a folder", () => {
    mkdirSync(join(folder, CREDENTIAL));
    const files = [join(folder, CREDENTIAL, "a"), join(folder, `b-${CREDENTIAL}.json`)];
    for (const file of files) writeFileSync(file, "x");
    expect(filesWithLeaks(folder, [CREDENTIAL]).sort()).toEqual(files.sort());
  });

  it("reads a file that only begins like a packed one as it is", () => {
    const file = join(folder, "odd.gz");
    writeFileSync(file, Buffer.concat([Buffer.from([0x1f, 0x8b, 0x00]), Buffer.from(TOKEN)]));
    expect(found()).toEqual([file]);
  });

  it("finds nothing where there is nothing", () => {
    expect(found()).toEqual([]);
  });
});
