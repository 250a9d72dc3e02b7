import { cli } from "../cli/fake-system";
import { historyFiles, type Recorded } from "../cli/histories";
import { DAY, day, type Exported, exported, NOW, previous, printOf, token, urnOf } from "../cli/states";
import { jsonAnswer, linesAnswer, markdownAnswer, pageAnswer, tableAnswer } from "./support/command";
import { type Cases, compareWithRecording } from "./support/recording";

type Outputs = Readonly<Record<string, unknown>>;

const PROSE = ["events[].detail"];
const LABEL = (name: string) => `acme/shop/dev/private/${name}`;

/** The resource `a` with another token. */
const after = (name: string, outputs: Outputs = {}): Exported =>
  token("a", { id: `jti-${name}`, outputs: { fingerprint: printOf(name), issuedAt: day(-20), ...outputs } });
const left = { previous: previous("a", { expiresAt: day(60) }), channelIds: [1, 2], expiresAt: day(70) };
const adopted = (name: string, outputs: Outputs = {}) =>
  token("web", { id: `jti-${name}`, outputs: { fingerprint: printOf(name), issuedAt: day(-200), adopted: printOf(name), ...outputs } }); // prettier-ignore
const brief = token("brief", { outputs: { expiresAt: day(-12) } });
const gone = { ...token("g"), outputs: { ...(token("g")["outputs"] as object), gone: true } };
const author = { "git.author": "Ann", "git.head": "fd41011c0ffee", "git.dirty": "true" };

/** A token of every fate: one that is left to expire, revoked, dropped, seen gone, adopted, expired, deleted first. */
const HISTORY: readonly Recorded[] = [
  { day: -30, tokens: [token("a"), token("g"), brief, adopted("w")], changes: { create: 5 }, message: "first", environment: author },
  { day: -20, tokens: [after("b", left), token("g"), brief, adopted("w")], changes: { replace: 1 } },
  { day: -15, kind: "refresh", tokens: [after("b", left), gone, brief, adopted("w")], changes: { update: 1 } },
  { day: -14, tokens: [after("b", left), token("g", { id: "jti-h", outputs: { fingerprint: printOf("h"), issuedAt: day(-14) } }), brief, adopted("w")], changes: { replace: 1 } },
  { day: -10, tokens: [after("c", { channelIds: [3], previous: previous("b") }), token("first"), adopted("w")], changes: { replace: 1, delete: 2, create: 1 }, message: "less\nmore" },
  { day: -9, result: "failed", tokens: [after("c", { channelIds: [3] }), token("first"), adopted("w")], pendingOperations: [{ resource: token("lost"), type: "creating" }] },
  { day: -8, tokens: [after("c", { channelIds: [3] }), { ...token("first"), pendingReplacement: true }], changes: { same: 3 } },
  { day: -7, tokens: [token("due", { outputs: { lifetime: "30d", expiresAt: day(20) } })], changes: { delete: 2, create: 1 } },
  { day: -6, tokens: undefined, kind: "import" } as unknown as Recorded,
  { day: -5, kind: "destroy", tokens: [], changes: { delete: 1 } },
]; // prettier-ignore

const line = (text: string) => `bigcommerce-tokens: ${text}`;
const event = (at: number, message: string, rest: object = {}) =>
  JSON.stringify({ sequence: 7, timestamp: Math.round(NOW + at * DAY), diagnosticEvent: { message, severity: "info#err", ...rest } }); // prettier-ignore
const SAID = [
  line(`minted ${LABEL("a")} ${printOf("a")} ${day(60)}`),
  line(`left to expire ${LABEL("a")} ${printOf("a")} ${day(60)}`),
  line(`adopted ${LABEL("web")} ${printOf("w")} ${day(60)}`),
  line(`revoke accepted ${LABEL("a")} ${printOf("b")} ${day(70)}`),
  line(`expired ${LABEL("brief")} ${printOf("brief")} ${day(-12)}`),
  line(`warning: token ${printOf("c")} of ${LABEL("a")} was revoked before this run, says the store's list`),
  line(
    `warning: token ${printOf("due")} of ${LABEL("due")} was not revoked and may work until ${day(20)}: no`,
  ),
  line(`warning: ${LABEL("g")}: token ${printOf("g")} was revoked outside of this stack; the next \`pulumi up\` mints a new one`), // prettier-ignore
  line(`minted ${LABEL("unknown")} ${printOf("unknown")} never`),
  line(`revoke accepted ${LABEL("unknown")} ${printOf("unknown")} never`),
];
const DAYS = [-30, -20, -30, -10, -10, -7, -5, -15, -9.5, -9.4];

const FILES = {
  ...historyFiles(HISTORY),
  "up.jsonl": [
    ...SAID.map((text, at) => event((DAYS[at] ?? 0) - 1 / 3_600, text)),
    event(-9 - 1 / 3_600, "no", { severity: "error", urn: urnOf("lost") }),
  ].join("\n"),
  "up.log": SAID.map((text) => ` +  pulumi:pulumi:Stack shop-dev running ${text}`).join("\n"),
  "quiet.log": "nothing of ours\n",
  before: exported(token("a"), token("g"), brief),
  after: exported(after("b", left), token("g", { rest: { delete: true } }), adopted("w")),
};

const run = (args: readonly string[]) => cli(["audit", ...args], { now: NOW, files: FILES });

const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  "a history": ["--history", "h"],
  "a history with an event log": ["--history", "h", "--events", "up.jsonl"],
  "a history with a printed log": ["--history", "h", "--events", "up.log"],
  "a span of a history": ["--history", "h", "--since", day(-15), "--until", day(-8)],
  "what was alive": ["--history", "h", "--live-between", day(-13), day(-9)],
  "what was alive, with an event log": [
    "--history",
    "h",
    "--events",
    "up.jsonl",
    "--live-between",
    "12d",
    "9d",
  ],
  "two exports": ["diff", "before", "after"],
  "two exports with an event log": ["diff", "before", "after", "--events", "up.jsonl"],
};

/** Which the views for people show. */
const SHOWN = ["a history with an event log", "what was alive", "two exports"];

const cases: Cases = {
  ...Object.fromEntries(
    Object.entries(QUESTIONS).flatMap(([name, args]) => [
      [`${name}, as JSON`, async () => jsonAnswer(await run([...args, "--format", "json"]), PROSE)],
      ...(SHOWN.includes(name)
        ? ([
            [`${name}, as a table`, async () => tableAnswer(await run(args))],
            [
              `${name}, in Markdown`,
              async () => markdownAnswer(await run([...args, "--format", "markdown"])),
            ],
            [`${name}, as a page`, async () => pageAnswer(await run([...args, "--format", "html"]))],
          ] as const)
        : []),
    ]),
  ),
  "--json is --format json": async () => jsonAnswer(await run(["diff", "before", "after", "--json"]), PROSE),
  "a log that says nothing": async () =>
    tableAnswer(await run(["diff", "before", "before", "--events", "quiet.log"])),
  "an export that is not there": async () => linesAnswer(await run(["diff", "before", "nowhere"])),
  "a history for two exports": async () =>
    linesAnswer(await run(["--history", "h", "diff", "before", "after"])),
  "half a span": async () => linesAnswer(await run(["--history", "h", "--live-between", day(-9)])),
  "two formats": async () => linesAnswer(await run(["--history", "h", "--json", "--format", "html"])),
};

compareWithRecording("cli-audit", cases, { isOrdered: true });
