import type { Redactor } from "./redact";

const LEFT_OUT = "the server's text was left out";

/** What lies behind is not looked at; such a text is left out anyway. */
const MAX_READ = 4_096;

/** 200 characters of printable ASCII. */
const LINE = /^[\x20-\x7e]{1,200}$/;

/** A secret in a form that nobody knows to look for: hexadecimal, reversed, URL-encoded twice. */
const CODED = /[A-Za-z0-9]{16}|[=%]/;

/** Whether a text of a server reads like a sentence, and can hold no secret in another form. */
export function isPlain(text: string): boolean {
  return LINE.test(text) && !CODED.test(text);
}

/** What may be shown of a server's texts: known secrets masked, and nothing that is no plain sentence. */
export function shownTexts(texts: readonly string[], redact: Redactor): readonly string[] {
  const lines = texts.map((text) => redact(straight(text.slice(0, MAX_READ)))).filter((line) => line !== "");
  const shown = lines.map((line) => (isPlain(line) ? line : LEFT_OUT));
  return shown.filter((line, at) => line !== LEFT_OUT || shown.indexOf(line) === at);
}

/** With the quotes of a typewriter, which some of BigCommerce's own texts have not. */
function straight(text: string): string {
  return text.replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
}
