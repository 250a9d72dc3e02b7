/** The mutants that docs/mutation.md lists with a reason: below the heading of a file, then below a line of its code. */
function listedIn(document) {
  const listed = [];
  let file;
  let line;
  for (const text of document.split("\n")) {
    if (text.startsWith("#")) file = /^#+ `(.+)`$/.exec(text)?.[1];
    if (file === undefined) continue;
    const [code, replacement] = codesOf(text);
    if (text.startsWith("- ")) line = code;
    if (!text.startsWith("  - ")) continue;
    const reason = /` → `.*`: (.+)$/.exec(text)?.[1];
    if (line === undefined || reason === undefined) throw new Error(`No mutant with a reason: ${text}`);
    listed.push({ file, line, original: code, replacement, reason });
  }
  return listed;
}

/** The code spans in a line of Markdown. */
function codesOf(text) {
  return [...text.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g)].map(([, , code]) => oneLine(code));
}

function oneLine(code) {
  return code.replace(/\s+/g, " ").trim();
}

function isSame(a, b) {
  return ["file", "line", "original", "replacement"].every((key) => oneLine(a[key]) === oneLine(b[key]));
}

/** True if no test failed with the mutant: no test reached it, or none noticed. */
function isOpen({ fate }) {
  return fate === "unreached" || fate === "unnoticed";
}

/** Counts the mutants of each file, names those that are neither noticed nor listed, and what is wrong with that. */
function assess(mutants, listed, gates) {
  const files = [...new Set(mutants.map(({ file }) => file))].sort();
  const isListed = (mutant) => listed.some((entry) => isSame(entry, mutant));
  const left = mutants.filter(isOpen);
  const missed = gates.flatMap(({ path, percent }) => {
    const { score } = countIn(mutants, path, isListed);
    if (!files.some((file) => isIn(file, path)) || score >= percent) return [];
    return [`${path}: ${shown(score)} % of the mutants are noticed. The gate is ${percent} %.`];
  });
  const stale = listed
    .filter((entry) => files.includes(entry.file) && !left.some((mutant) => isSame(entry, mutant)))
    .map(({ file, line, original }) => `${file}: listed, but noticed or gone: ${original} in ${line}`);
  return {
    counts: [...files, ""].map((path) => countIn(mutants, path, isListed)),
    open: left.filter((mutant) => !isListed(mutant)),
    problems: [...missed, ...stale],
  };
}

/** Listed mutants do not count for the score. */
function countIn(mutants, path, isListed) {
  const own = mutants.filter(({ file }) => isIn(file, path));
  const open = own.filter(isOpen);
  const listed = open.filter(isListed).length;
  const noticed = own.length - open.length;
  const endless = own.filter(({ fate }) => fate === "endless").length;
  const score = own.length === listed ? 100 : (100 * noticed) / (own.length - listed);
  return { path, mutants: own.length, noticed, endless, listed, open: open.length - listed, score };
}

function isIn(file, path) {
  return path === "" || file === path || file.startsWith(`${path}/`);
}

/** Never rounded up: 99.96 is not 100.0. */
function shown(score) {
  return (Math.floor(score * 10) / 10).toFixed(1);
}

/** The counts as a table in Markdown. */
function table(counts) {
  const rows = counts.map(({ path, mutants, noticed, endless, listed, open, score }) =>
    [path || "together", mutants, noticed, endless, listed, open, `${shown(score)} %`].join(" | "),
  );
  const head = [
    "file | mutants | noticed | endless | listed | open | score",
    "--- | --: | --: | --: | --: | --: | --:",
  ];
  return [...head, ...rows].map((row) => `| ${row} |`).join("\n");
}

module.exports = { assess, isOpen, listedIn, table };
