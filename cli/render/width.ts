import { printable } from "../../provider/printable";

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
const ELLIPSIS = "…";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

const ASCII = /^[\x20-\x7e]*$/;
const TOKEN_PREFIX = "eyJ";
const TOKEN_LIKE = /(?<![\w-])[\w-]{13,}(?:\.[\w-]{8,}){1,2}/g;

/** Makes untrusted text safe to show: it is printable, and tokens in it are masked. */
export function safeText(text: string): string {
  const clean = ASCII.test(text) ? text : printable(text);
  return clean.includes(TOKEN_PREFIX) ? clean.replace(TOKEN_LIKE, maskToken) : clean;
}

/** Masks the token in a word. `eyJ` within a word begins a token only if the word has both dots of a JWT. */
function maskToken(word: string): string {
  const at = word.search(/eyJ[\w-]{10}/);
  const isToken = at === 0 || (at > 0 && word.split(".").length === 3);
  return isToken ? `${word.slice(0, at)}***` : word;
}

/** The number of terminal columns that a printable text needs. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  return [...segmenter.segment(text)].reduce((sum, { segment }) => sum + columnsOf(segment), 0);
}

/** Pads or cuts the text to exactly this width. */
export function fitTo(text: string, width: number): string {
  const own = widthOf(text);
  return own <= width ? text + " ".repeat(width - own) : cutTo(text, width);
}

function cutTo(text: string, width: number): string {
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += columnsOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  const cut = width > 0 ? kept + ELLIPSIS : "";
  return cut + " ".repeat(width - widthOf(cut));
}

function columnsOf(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : 1;
}
