/** Whatever looks like the tag of a row, so that a mistyped one is told instead of ignored. */
const LIKE_A_TAG = /\[\s*[a-z]\d{1,3}(?:\s*[,;]?\s*[a-z]\d{1,3})*\s*\]/gi;
const TAG = /^\[[A-Z]\d{1,3}(?:,[A-Z]\d{1,3})*\]$/;

/**
 * The catalogue of faults as the tests show it: the document, and what is wrong.
 * `groups` is catalogue.json; a test is `{ title, file, passed }`, its title with those of its describes.
 */
function report(groups, tests) {
  const rows = groups.flatMap((group) => group.rows);
  const shownBy = new Map(rows.map(({ id }) => [id, []]));
  const problems = [];
  for (const test of tests) {
    for (const tag of new Set(test.title.match(LIKE_A_TAG) ?? [])) {
      const ids = TAG.test(tag) ? tag.slice(1, -1).split(",") : [];
      const unknown = ids.filter((id) => !shownBy.has(id));
      if (ids.length === 0 || unknown.length > 0) {
        problems.push(`${tag} names no row of the catalogue: ${test.file}: ${test.title}`);
      }
      if (test.passed) for (const id of ids) shownBy.get(id)?.push(test);
    }
  }
  for (const { id, skipped } of rows) {
    const shown = shownBy.get(id).length > 0;
    if (!shown && skipped === undefined) problems.push(`${id} is shown by no test that passed`);
    if (shown && skipped !== undefined) problems.push(`${id} is shown by a test, and skipped all the same`);
  }
  return { text: documentOf(groups, shownBy), problems };
}

function documentOf(groups, shownBy) {
  const rows = groups.flatMap((group) => group.rows);
  const skipped = rows.filter((row) => row.skipped !== undefined).length;
  const shown = rows.filter(({ id }) => shownBy.get(id).length > 0).length;
  return [
    "# Faults, and what the tests show of them",
    "",
    "Written by `npm run faults` from the titles of the tests, in which a test that shows a row has the row's id.",
    "`npm test` fails where such a test does not pass, where a row has none, and where this document no longer agrees.",
    "NOT_SENT: the request never left. REJECTED: BigCommerce answered and did nothing. UNKNOWN: it may have been done.",
    "",
    `${rows.length} rows: ${shown} shown, ${skipped} skipped.`,
    ...groups.flatMap(({ title, rows: own }) => [
      "",
      `## ${title}`,
      "",
      "| row | fault | what happens | shown by |",
      "| --- | --- | --- | --- |",
      ...own.map((row) => lineOf(row, shownBy.get(row.id))),
    ]),
    "",
  ].join("\n");
}

function lineOf({ id, fault, behaviour, skipped }, tests) {
  const files = [...new Set(tests.map(({ file }) => file))].sort();
  const rest = skipped === undefined ? "no test" : `skipped: ${skipped}`;
  const result = files.length > 0 ? files.join(", ") : rest;
  return `| ${[id, fault, behaviour, result].map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
}

module.exports = { report };
