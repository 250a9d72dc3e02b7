import type { Redactor } from "./redact";

const LEFT_OUT = "the server's text was left out";

/** The rest of a text is not read: it is too long to be shown anyway. */
const MAX_READ = 4_096;

/** 200 characters of printable ASCII. */
const LINE = /^[\x20-\x7e]{1,200}$/;

/** Matches secrets in a form that is not searched for: hexadecimal, reversed, URL-encoded twice. */
const CODED = /[A-Za-z0-9]{16}|[=%]/;

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

/** Replaces typographic quotes, which some of BigCommerce's texts have. */
function plainQuotes(text: string): string {
  return text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
}
