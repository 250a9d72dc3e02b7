import { type Effect, effectLine } from "../support/effect-line";
import { cli } from "./fake-system";
import { audited, historyFiles, outline, type Recorded } from "./histories";
import { day, NOW, previous, printOf, token } from "./states";

const A = printOf("a");
const B = printOf("b");
const LABEL = "acme/shop/dev/private/a";

/** The resource `a` with the successor of its first token, which was left to expire. */
const rotated = (outputs: Readonly<Record<string, unknown>> = {}) =>
  token("a", { id: "jti-b", outputs: { fingerprint: B, channelIds: [1, 2], previous: previous("a", { expiresAt: day(60) }), ...outputs } }); // prettier-ignore
const FIRST: Recorded = { day: -30, tokens: [token("a")], changes: { create: 2 } };
const ROTATION: Recorded = { day: -20, tokens: [rotated()], changes: { replace: 1 } };
const LATER: Recorded = { day: -10, tokens: [rotated({ rotateBefore: "20d" })], changes: { update: 1 } };
const DESTROY: Recorded = { day: -5, kind: "destroy", tokens: [], changes: { delete: 1 } };
const ALL = [FIRST, ROTATION, LATER, DESTROY];

function printed(effect: Effect, name: string): string {
  return `    bigcommerce-tokens: ${effectLine(effect, LABEL, printOf(name), day(60))}`;
}

const refused = `    bigcommerce-tokens: warning: token ${A} of ${LABEL} was not revoked and may work until ${day(60)}: no`;
const ofRotation = [printed("minted", "b"), printed("left to expire", "a")].join("\n");
const ofDestroy = [printed("revoke accepted", "a"), printed("revoke accepted", "b")].join("\n");

async function toldWith(updates: readonly Recorded[], logs: readonly string[], args: readonly string[] = []) {
  const files = Object.fromEntries(logs.map((log, at) => [`${at}.log`, log]));
  return audited(updates, [...Object.keys(files).flatMap((file) => ["--events", file]), ...args], { files });
}

type Told = Awaited<ReturnType<typeof toldWith>>;

/** How the first token ended, by update. */
function endsOfA({ events }: Told): readonly string[] {
  return events
    .filter(({ token: each, predecessor, what }) => each?.fingerprint === A && !predecessor && what !== "minted")
    .map(({ what, update, evidence }) => `#${update?.number ?? "-"} ${what} (${evidence})`);
} // prettier-ignore

it.each<[string, readonly string[]]>([
  ["the last update alone", [ofDestroy]],
  ["each, the older first", [ofRotation, ofDestroy]],
  ["each, the newer first", [ofDestroy, ofRotation]],
  ["all that was kept in one file", [`${ofRotation}\n${ofDestroy}`]],
])("a predecessor's revocation is that of the update in which it left the state: log of %s", async (_, logs) => {
  const told = await toldWith(ALL, logs);
  expect(endsOfA(told).map((each) => each.replace("inferred", "reported"))).toEqual(["#2 left to expire (reported)", "#4 revoked (reported)"]);
  expect(told.events.findLast(({ token: each }) => each?.fingerprint === A)?.time).toBe(day(-5));
  const { alive } = await toldWith(ALL, logs, ["--live-between", day(-15), day(-14)]);
  expect(alive?.map(({ fingerprint }) => fingerprint)).toEqual([A, B]);
}); // prettier-ignore

it("it is that of the rotation, where the log has that update and nothing that left the token", async () => {
  const log = [printed("minted", "b"), printed("revoke accepted", "a")].join("\n");
  expect(endsOfA(await toldWith(ALL, [log]))).toEqual(["#2 revoked (reported)"]);
});

it("of a predecessor that was named before the history begins, it is the later update's as well", async () => {
  const told = await toldWith([LATER, DESTROY], [ofDestroy]);
  expect(endsOfA(told)).toEqual(["#1 left to expire (inferred)", "#2 revoked (reported)"]);
});

it.each([
  ["the older first", [ofRotation, refused]],
  ["the newer first", [refused, ofRotation]],
])("a refusal is told beside the line of before: %s", async (_, logs) => {
  expect(endsOfA(await toldWith(ALL, logs))).toEqual([
    "#2 left to expire (reported)",
    "#4 failed (reported)",
  ]);
});

it("logs with times and without them, of one update and of others, are told alike in every order", async () => {
  const timed = (at: number, text: string) =>
    text
      .split("\n")
      .map((line) => ({ message: line.trim(), severity: "info#err" }))
      .map((diagnosticEvent) =>
        JSON.stringify({ sequence: 7, timestamp: NOW + at * 86_400, diagnosticEvent }),
      )
      .join("\n");
  const lost = ["y", "z"].map((name) =>
    [printed("revoke accepted", name), printed("minted", name)].join("\n"),
  );
  const logs = [ofRotation, timed(-20, ofRotation), timed(-5, ofDestroy), ofDestroy, ...lost];
  const told = await toldWith(ALL, logs);
  expect(endsOfA(told)).toEqual(["#2 left to expire (inferred)", "#4 revoked (accepted)"]);
  // What no state names is told from the events alone.
  expect(outline(told)).toHaveLength(5);
  expect(await toldWith(ALL, [...logs].reverse())).toEqual(told);
});

it("an error of a resource is told in each update that it failed, in whatever order", async () => {
  const error = (at: number) =>
    JSON.stringify({
      sequence: 7,
      timestamp: NOW + at * 86_400 - 10,
      diagnosticEvent: { message: "no", severity: "error", urn: token("a")["urn"] },
    });
  const failed = (at: number): Recorded => ({ day: at, result: "failed", tokens: [token("a")] });
  for (const days of [[-20, -10], [-10, -20]]) {
    const { events } = await toldWith([FIRST, failed(-20), failed(-10)], days.map(error));
    expect(events.slice(1).map(({ detail, update }) => [detail, update?.number])).toEqual([["no", 2], ["no", 3]]);
  }
}); // prettier-ignore

describe("a log that holds no line of the provider", () => {
  const shown = async (logs: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    cli(["audit", "--history", "h", ...Object.keys(logs).flatMap((log) => ["--events", log]), ...args], {
      ...{ now: NOW, files: { ...historyFiles(ALL), ...logs }, stdin: logs["-"] ?? "" },
    });

  it.each([
    "",
    "Resources:\n    3 unchanged\n",
    '{"a": 1',
    '{"diagnosticEvent":{"severity":"error","urn":"urn:x"}}',
  ])("is named on standard error, and changes nothing else: %j", async (text) => {
    const plain = await shown({});
    expect(await shown({ "up.log": text })).toEqual({
      ...plain,
      stderr: "up.log holds no line of the provider\n",
    });
  });

  it("is told apart from one that holds some, of standard input too", async () => {
    const error = JSON.stringify({
      diagnosticEvent: { message: "no", severity: "error", urn: token("a")["urn"] },
    });
    const { code, stderr } = await shown({ "-": "x", "a.log": "x", "b.log": ofDestroy, "c.log": error });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "standard input holds no line of the provider\na.log holds no line of the provider\n",
    });
  });
});
