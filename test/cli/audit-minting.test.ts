import { effectLine } from "../support/effect-line";
import { audited, outline, type Recorded } from "./histories";
import { DAY, day, NOW, previous, printOf, token } from "./states";

const FIRST: Recorded = { day: -30, tokens: [token("a")], changes: { create: 2 } };
const GONE: Recorded = { day: -5, tokens: [], changes: { delete: 1 } };
const replaced = { changes: { replace: 1 } };

/** The successor of `a` in its resource, which names it. */
const after = (name: string, outputs: Readonly<Record<string, unknown>> = {}) =>
  token("a", {
    id: `jti-${name}`,
    outputs: { fingerprint: printOf(name), issuedAt: day(-20), previous: previous("a"), ...outputs },
  });

const toldWith = async (updates: readonly Recorded[], ...lines: readonly string[]) =>
  audited(updates, ["--events", "up.log"], { files: { "up.log": lines.join("\n") } });

/** As the engine notes what the provider's process writes. */
const noted = (message: string) =>
  JSON.stringify({ sequence: 7, timestamp: NOW - DAY, diagnosticEvent: { message, severity: "info#err" } });
const line = (effect: Parameters<typeof effectLine>[0], label: string, expiry = day(60)) =>
  noted(`bigcommerce-tokens: ${effectLine(effect, label, printOf("lost"), expiry)}`);

it.each<[string, Readonly<Record<string, unknown>>, string, RegExp]>([
  ["an end of its own", { expiresAt: day(70), lifetime: undefined }, "replaced", /its expiration changed/],
  ["a lifetime in place of an end", { expiresAt: day(70) }, "replaced", /its expiration changed/],
  ["another lifetime", { expiresAt: day(25), lifetime: "45d" }, "rotated", /due by its new lifetime/],
  ["nothing but a later end", { expiresAt: day(70) }, "rotated", /due since/],
])("a token that was replaced by one with %s", async (name, outputs, what, why) => {
  const isFixed = name.includes("end") && what === "replaced";
  const fixed = { lifetime: undefined, rotateBefore: undefined };
  const due = { rotateBefore: "85d" };
  const first = { ...FIRST, tokens: [token("a", { outputs: isFixed ? fixed : due })] };
  const { events } = await audited([first, { day: -20, tokens: [after("b", outputs)], ...replaced }]);
  expect(events[1]).toMatchObject({ what, detail: expect.stringMatching(why) });
});

it("a clock that is five minutes ahead of the store's makes no token older than its update", async () => {
  const at = (seconds: number) => token("a", { outputs: { issuedAt: day(-30 - (60 + seconds) / DAY) } });
  const update = async (seconds: number) =>
    (await audited([{ ...FIRST, tokens: [at(seconds)] }])).events[0]?.update?.number;
  expect([await update(300), await update(301)]).toEqual([1, undefined]);
});

it("a token of before is told at the time of its issue, and a predecessor in no update", async () => {
  const { events } = await audited([{ ...FIRST, day: -20, tokens: [after("b", { issuedAt: day(-25), previous: previous("a", { issuedAt: day(-20), expiresAt: day(60) }) })] }]); // prettier-ignore
  expect(events.map(({ what, time, update }) => [what, time, update?.number])).toEqual([
    ["minted", day(-25), undefined],
    ["minted", day(-20), undefined],
    ["left to expire", day(-20), 1],
  ]);
});

it("an end that was forced says so, and one of a pending token is that of its own replacement", async () => {
  const forced = after("b", { previous: undefined });
  const told = await audited([FIRST, { day: -20, tokens: [forced], ...replaced }]);
  expect(told.events[2]?.detail).toMatch(/^its replacement was forced:/);
  const waiting = { ...token("a"), delete: true };
  const successor = after("b", { channelIds: [1, 2] });
  const left = await audited([
    FIRST,
    { day: -20, tokens: [successor, waiting], ...replaced },
    { day: -10, tokens: [successor], changes: { same: 2 } },
  ]);
  expect(left.events.filter(({ what }) => what === "left to expire").map((each) => each.token?.fingerprint)).toEqual([printOf("a")]); // prettier-ignore
});

describe("over a gap in the history, an end was in the run that is missing, as the mint of a successor was", () => {
  const later = { day: -10, changes: { create: 1 } };

  it.each<[string, Recorded]>([
    ["that the state holds", { ...later, tokens: [after("b", { issuedAt: day(-20), previous: undefined })] }],
    [
      "that was replaced in its turn",
      { ...later, tokens: [after("c", { issuedAt: day(-10), previous: previous("b") })] },
    ],
  ])("of one %s", async (_, update) => {
    const { events } = await audited([FIRST, update]);
    const ofMissing = events.filter(({ detail }) =>
      detail.includes("in an update that is not in this history"),
    );
    expect(ofMissing.map(({ what, token: each }) => [what, each?.fingerprint])).toEqual([
      [expect.stringMatching(/minted|replaced/), printOf("b")],
      ["ended", printOf("a")],
    ]);
    expect(ofMissing[1]?.detail).toMatch(
      /^it was replaced in an update .*: its revocation was due, but nothing/,
    );
  });
});

it("a token that was replaced before any state held it is no successor", async () => {
  const lost = token("a", {
    id: "jti-lost",
    outputs: { fingerprint: printOf("lost") },
    rest: { delete: true },
  });
  const told = await audited([FIRST, { day: -20, tokens: [after("b", { channelIds: [1, 2] }), lost], ...replaced }]); // prettier-ignore
  expect(told.events.filter(({ what }) => what === "minted").map((each) => each.token?.fingerprint)).toEqual([printOf("a"), printOf("lost")]); // prettier-ignore
});

it("a restored state tells of its predecessors nothing new", async () => {
  const states = [after("b", { channelIds: [1, 2] })];
  const told = await audited([FIRST, { day: -20, tokens: states, ...replaced }, GONE, { day: -4, tokens: states }]); // prettier-ignore
  expect(outline(told).filter((each) => each.startsWith("drifted"))).toHaveLength(1);
});

describe("of a token that no state names", () => {
  it("what the log says is told: its name, its end, and no more than its label tells", async () => {
    const told = await toldWith([FIRST], line("minted", "acme/shop/dev/private/team/web"), line("revoke accepted", "acme/shop/dev/private/team/web")); // prettier-ignore
    expect([...outline(told)].sort()).toEqual(["minted a (confirmed)", "minted team/web (reported)", "revoked team/web (reported)"]); // prettier-ignore
    expect(told.tokens?.[1]).toMatchObject({ end: { how: "revoked", evidence: "reported" } });
  });

  it("a refused revocation failed", async () => {
    const told = await toldWith([FIRST], noted(`bigcommerce-tokens: warning: token ${printOf("lost")} of acme/shop/dev/private/x was not revoked and may work until ${day(60)}: no`)); // prettier-ignore
    expect(outline(told)).toContain("failed x (reported)");
  });

  it("a label of no kind is none of ours", async () => {
    expect(outline(await toldWith([FIRST], line("minted", "acme/shop/dev/other/x")))).toHaveLength(1);
  });

  it("its expiry is the time at which it expired, however late that was noticed", async () => {
    const told = await toldWith([FIRST], line("expired", "acme/shop/dev/private/x", day(-8)));
    expect(told.events.at(-1)).toMatchObject({ what: "expired", time: day(-8) });
  });
});
