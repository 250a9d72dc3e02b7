"use strict";

/** Of what a do-nothing provider takes, at most: with Pulumi's default options, and for programs without TypeScript. */
const SHARES = {
  typescript: { up: 0.75, preview: 0.72, "no-change up": 0.72, refresh: 1.25, destroy: 0.65 },
  javascript: { up: 0.95, preview: 0.95, "no-change up": 0.95, destroy: 0.95 },
};
const WAYS = { typescript: "", javascript: ", `typescript: false`" };
const GOAL_TOKENS = 200;
const GROWTH = { from: 50, to: 500 };
const VARIANTS = { noop: "no-op", "by-hand": "by hand", ours: "this package", plugin: "plugin" };
const SCENARIOS = {
  typescript: "Pulumi's default options",
  javascript: "`typescript: false`",
  latency: "each answer of BigCommerce takes 100 ms",
  plugin: "the provider plugin (docs/reference/plugin.md)",
  quota: "BigCommerce answers 150 requests in 30 s",
};

/** What was promised and what was measured, for all goals about which the results say something. */
function goalRows(results) {
  return [...shareRows(results), ...growthRows(results), ...processRows(results), ...cliRows(results)];
}

function shareRows({ cycles = {} }) {
  return Object.entries(SHARES).flatMap(([scenario, goals]) => {
    const measured = cycles[scenario]?.[GOAL_TOKENS];
    if (!measured?.ours || !measured.noop) return [];
    return Object.entries(goals).map(([phase, goal]) =>
      row({
        what: `${phase}, ${GOAL_TOKENS} tokens, of the no-op's time${WAYS[scenario]}`,
        goal,
        value: measured.ours[phase] / measured.noop[phase],
        detail: `${seconds(measured.ours[phase])} of ${seconds(measured.noop[phase])}`,
      }),
    );
  });
}

/** Seconds that each further token adds. */
function growthRows({ cycles = {} }) {
  const [few, many] = [GROWTH.from, GROWTH.to].map((tokens) => cycles.typescript?.[tokens]);
  if (!few || !many) return [];
  const added = (variant, phase) => (many[variant][phase] - few[variant][phase]) / (GROWTH.to - GROWTH.from);
  return Object.keys(SHARES.typescript).map((phase) => {
    const [ours, noop] = [added("ours", phase), added("noop", phase)];
    return row({
      what: `${phase}, what a token adds from ${GROWTH.from} to ${GROWTH.to}, of the no-op's`,
      goal: 1,
      value: ours / noop,
      detail: `${milliseconds(ours * 1_000)} of ${milliseconds(noop * 1_000)} a token`,
    });
  });
}

function processRows({ process: measured }) {
  if (!measured) return [];
  const { noop, ours } = measured;
  return [
    {
      what: "check and diff of a token, after the first",
      goal: 0.3,
      value: ours.checkAndDiff,
      unit: milliseconds,
    },
    { what: "the first check, with all that it loads", goal: 60, value: ours.firstCheck, unit: milliseconds },
    {
      what: "memory of the provider's process, over the no-op's",
      goal: 30,
      value: ours.megabytes - noop.megabytes,
      unit: megabytes,
      detail: `${megabytes(ours.megabytes)} and ${megabytes(noop.megabytes)}`,
    },
    {
      what: "state of a token",
      goal: 2.3,
      value: ours.bytes / 1_000,
      unit: kilobytes,
      detail: `no-op: ${kilobytes(noop.bytes / 1_000)}`,
    },
  ].map(row);
}

function cliRows({ commandLine: measured }) {
  if (!measured) return [];
  return [
    {
      what: "`pulumi-bigcommerce-tokens --help`",
      goal: 120,
      value: measured.help * 1_000,
      unit: milliseconds,
      detail: `\`node -e ""\`: ${milliseconds(measured.node * 1_000)}`,
    },
    {
      what: "`status` of 1,000 tokens, of the time of `pulumi stack export` alone",
      goal: 1.5,
      value: measured.status / measured.export,
      detail: `${seconds(measured.status, 2)} of ${seconds(measured.export, 2)}`,
    },
  ].map(row);
}

/** The figure decides as it is printed: a reader must see why a goal is missed. */
function row({ what, goal, value, unit = (number) => number.toFixed(2), detail = "" }) {
  const shown = unit(value);
  const met = parseFloat(shown) <= goal;
  return { what, goal: `<= ${unit(goal)}`, value: shown, detail, met };
}

function seconds(value, digits = 1) {
  return `${value.toFixed(digits)} s`;
}

function milliseconds(value) {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function megabytes(value) {
  return `${value.toFixed(0)} MB`;
}

function kilobytes(value) {
  return `${value.toFixed(2)} kB`;
}

function goalTable(rows) {
  return table(
    ["what", "goal", "measured", "figures", ""],
    rows.map(({ what, goal, value, detail, met }) => [what, goal, value, detail, met ? "met" : "**missed**"]),
  );
}

/** One table for each scenario and number of tokens: seconds, and the package's share of the others'. */
function cycleTables({ cycles = {} }) {
  return Object.entries(cycles).flatMap(([scenario, byTokens]) =>
    Object.entries(byTokens).map(([tokens, byVariant]) => {
      const variants = Object.keys(VARIANTS).filter((variant) => byVariant[variant]);
      const others = byVariant.ours ? variants.filter((variant) => variant !== "ours") : [];
      const phases = Object.keys(byVariant[variants[0]]);
      const runs = byVariant.runs > 1 ? `the best of ${byVariant.runs} runs` : "one run";
      const title = `${tokens} ${tokens === "1" ? "token" : "tokens"}, ${SCENARIOS[scenario]}, ${runs}`;
      const head = [
        "",
        ...variants.map((variant) => VARIANTS[variant]),
        ...others.map((each) => `of ${VARIANTS[each]}`),
      ];
      const lines = phases.map((phase) => [
        phase,
        ...variants.map((variant) => seconds(byVariant[variant][phase])),
        ...others.map((each) => (byVariant.ours[phase] / byVariant[each][phase]).toFixed(2)),
      ]);
      return { title, text: table(head, lines) };
    }),
  );
}

function table(head, lines) {
  const text = (cells) => `| ${cells.join(" | ")} |`;
  return [text(head), text(head.map(() => "---")), ...lines.map(text)].join("\n");
}

/** Replaces what stands between the two marks of a part; everything else was written by hand, and stays. */
function replacePart(document, name, text) {
  const [begin, end] = [`<!-- bench ${name} -->`, `<!-- end of bench ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no part between ${begin} and ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${document.slice(to)}`;
}

module.exports = { goalRows, goalTable, cycleTables, replacePart };
