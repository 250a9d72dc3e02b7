/** The lines of previews and updates that tell a reader something; those in ONCE when they first appear. */
export function createReader() {
  const seen = new Set();
  const tell = (line) => {
    const text = line.trim();
    if (OWN_WARNING.test(text)) return undefined;
    if (TELLING.some((pattern) => pattern.test(text))) return text;
    if (!ONCE.some((pattern) => pattern.test(text)) || seen.has(text)) return undefined;
    seen.add(text);
    return text;
  };
  return {
    tell,

    /** Of a run with `--diff`: also what changes in the resource that is replaced, nested objects left out. */
    tellDiff() {
      let inside = false;
      return (line) => {
        if (/^\s*\+-\S+dynamic\/bigcommerce/.test(line)) inside = true;
        if (/^\s*--outputs:--/.test(line)) inside = false;
        if (!inside) return tell(line);
        if (!CHANGED.test(line)) return undefined;
        return line.slice(4).replace(/{$/, "{...}");
      };
    },
  };
}

/** The demo's rotation window of minutes causes it; the story says so once. */
const OWN_WARNING = /^bigcommerce-tokens: warning: \S+: is rotated only in the last 24 hours/;

const TELLING = [
  /^bigcommerce-tokens: (?!store )/,
  /^\+ {2}\S+dynamic\/bigcommerce:\w+ \w+ create$/,
  /^([+~-]+ ?)?\d+ (to )?(create|created|unchanged|replaced|deleted|updated|errored)$/,
  /\berror: /,
];

const ONCE = [/^bigcommerce-tokens: store /, /^\w+\s*: \[secret\]$/];

/** The head of the resource, one of its own properties that changes or is secret, or an entry of a list. */
const CHANGED = /^ {4}(\+-| {2}[~+-] \S| {6}[~+-] \[| {4}\S.*: \[secret\]$)/;
