import { createElapsed } from "./elapsed.mjs";

const STYLES = { bold: 1, dim: 2, green: 32, red: 31, cyan: 36 };

/** The head of every JWT: whatever is one is never printed, known or not. */
const JWT = /eyJ[\w-]{8,}/;

const QUOTE = "    | ";

/**
 * All that the demo prints. `secrets` is asked before each line; a line with one of them is refused by an error.
 * `titles` are those of all steps, in their order.
 */
export function createVoice({ stream, env, secrets, titles = [] }) {
  const isTerminal = stream.isTTY === true && env.TERM !== "dumb";
  const colours = isTerminal && !env.NO_COLOR;
  const elapsed = createElapsed({ stream, isTerminal });
  const paint = (style, text) => (colours ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text);

  const isSecret = (text) => JWT.test(text) || secrets().some((secret) => text.includes(secret));

  function print(text, style) {
    if (isSecret(text)) throw new Error("a line with a secret in it was not printed");
    elapsed.beforeLine();
    for (const row of wrap(text, stream.isTTY ? stream.columns : 0)) {
      stream.write(`${style ? paint(style, row) : row}\n`);
    }
  }

  return {
    step(title) {
      print("");
      print(`step ${titles.indexOf(title) + 1} of ${titles.length}  ${title}`, "bold");
      elapsed.begin();
    },
    /** From here on a silent demo needs no explanation. */
    rest: () => elapsed.rest(),
    command: (text) => print(`    $ ${text}`, "cyan"),
    /** A line that a command printed. */
    quote: (line) => print(`${QUOTE}${line}`, "dim"),
    /** How many characters a quoted line may have; undefined where nothing need fit. */
    room: () => (stream.isTTY ? stream.columns - QUOTE.length : undefined),
    gap: () => print(""),
    say: (text) => print(`    ${text}`),
    result: (text) => print(`    ${text}`, "green"),
    failure: (text) => print(text, "red"),
    /** For what is written into a file. */
    insistClean(text) {
      if (isSecret(text)) throw new Error("a page with a secret in it was not written");
    },
  };
}

/** Rows that fit the terminal, broken at spaces; those after the first begin like it, and a little more to the right. */
function wrap(text, columns) {
  if (!(columns >= 40) || text.length <= columns) return [text];
  const [begin] = /^\s*(?:[|$]\s*)?/.exec(text);
  const indent = `${begin.replace("$", " ")}  `;
  const rows = [];
  let rest = text;
  while (rest.length > columns) {
    const last = rest.lastIndexOf(" ", columns);
    // A word that is longer than a row is left to the terminal.
    const space = last > indent.length ? last : rest.indexOf(" ", columns);
    if (space === -1) break;
    rows.push(rest.slice(0, space));
    rest = indent + rest.slice(space + 1);
  }
  return [...rows, rest];
}
