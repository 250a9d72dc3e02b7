/** Masks every secret in a text from outside, and makes it one line. */
export type Redactor = (text: string) => string;

const MASK = "***";

/** Masks every run of so many characters of a secret, so that a part of it is masked too. */
const RUN = 12;

/** `eyJ` is `{"` in base64url, `ZXlK` is that in base64 again. A host name has them in lower case. */
const TOKEN_LIKE = /(eyJ|ZXlK)[\w-]{8,}(\.[\w-]*){0,2}|(?<![\w-])[\w-]{16,}(\.[\w-]{16,}){2}/gi;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;

const LEFT_OUT = "the server's text was left out";

/** The rest of a text is not read: it is too long to be shown anyway. */
const MAX_READ = 4_096;

/** 200 characters of printable ASCII. */
const LINE = /^[\x20-\x7e]{1,200}$/;

/** Matches secrets in a form that is not searched for: hexadecimal, reversed, URL-encoded twice. */
const CODED = /[A-Za-z0-9]{16}|[=%]/;

/** Masks the secrets as they are, JSON-escaped, URL-encoded and in base64, in any case, and everything like a token. */
export function createRedactor(secrets: readonly string[]): Redactor {
  let runs: ReadonlyMap<number, ReadonlySet<string>> | undefined;
  return (text) => {
    runs ??= runsOf(secrets);
    const line = text.replace(UNPRINTABLE, " ").trim();
    return maskRuns(line, runs).replace(TOKEN_LIKE, MASK);
  };
}

/** True if a text reads like a sentence and can hold no secret in another form. */
export function isPlain(text: string): boolean {
  return LINE.test(text) && !CODED.test(text);
}

/** The texts of a server as they may be shown: secrets masked, and everything but plain sentences left out. */
export function shownTexts(texts: readonly string[], redact: Redactor): readonly string[] {
  const lines = texts
    .map((text) => redact(plainQuotes(text.slice(0, MAX_READ))))
    .filter((line) => line !== "");
  const shown = lines.map((line) => (isPlain(line) ? line : LEFT_OUT));
  return shown.filter((line, at) => line !== LEFT_OUT || shown.indexOf(line) === at);
}

function runsOf(secrets: readonly string[]): ReadonlyMap<number, ReadonlySet<string>> {
  const bySize = new Map<number, Set<string>>();
  for (const form of secrets.flatMap(formsOf)) {
    const text = lower(form);
    const size = Math.min(RUN, text.length);
    const runs = bySize.get(size) ?? new Set();
    for (let at = 0; size > 0 && at + size <= text.length; at += 1) {
      runs.add(text.slice(at, at + size));
    }
    bySize.set(size, runs);
  }
  return bySize;
}

function formsOf(secret: string): readonly string[] {
  if (secret === "") return [];
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    escaped,
    escaped.replaceAll("/", "\\/"),
    encodeURIComponent(secret.replace(/\p{Cs}/gu, "")),
    ...[0, 1, 2].flatMap((offset) => base64At(secret, offset)),
  ];
}

/** The base64 of a secret inside another text depends on its offset in a group of three bytes. */
function base64At(secret: string, offset: number): readonly string[] {
  const text = Buffer.from("\0".repeat(offset) + secret).toString("base64");
  const inner = text.replace(/={1,2}$/, "").slice(offset === 0 ? 0 : 4);
  return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")].filter((form) => form.length >= RUN);
}

function maskRuns(text: string, bySize: ReadonlyMap<number, ReadonlySet<string>>): string {
  const plain = lower(text);
  const secret = new Uint8Array(text.length);
  for (const [size, runs] of bySize) {
    for (let at = 0; at + size <= plain.length; at += 1) {
      if (runs.has(plain.slice(at, at + size))) secret.fill(1, at, at + size);
    }
  }
  let masked = "";
  for (let at = 0; at < text.length; at += 1) {
    masked += secret[at] === 0 ? text.charAt(at) : secret[at - 1] === 1 ? "" : MASK;
  }
  return masked;
}

/** ASCII only: other letters can change the length of the text. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Replaces typographic quotes, which some of BigCommerce's texts have. */
function plainQuotes(text: string): string {
  return text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
}
