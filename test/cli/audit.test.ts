import { audited, outline, type Recorded } from "./histories";
import { DAY, day, NOW, type Exported, previous, printOf, token } from "./states";

/** Of most tokens here. */
const END = day(20);

/** The resource `web`, holding the token of a name that was issued on a day. */
function web(name: string, issued: number, outputs: Readonly<Record<string, unknown>> = {}): Exported {
  return {
    ...token("web", { id: `jti-${name}`, outputs: { fingerprint: printOf(name), issuedAt: day(issued), ...outputs } }), // prettier-ignore
  };
}

const first: Recorded = { day: -90, tokens: [web("a", -90, { expiresAt: END })], changes: { create: 2 } };
const replaced = { changes: { replace: 1 } };

it("tells a mint with its update, time, author, commit and message", async () => {
  const environment = { "git.author": "Ann", "git.head": "fd4101106dda504aaae8b30f10d23be88a5dc331" };
  const { events } = await audited([{ ...first, message: "first tokens", environment }]);
  expect(events).toEqual([
    {
      what: "minted",
      evidence: "confirmed",
      time: day(-90),
      until: END,
      changes: [],
      detail: expect.stringContaining("works until"),
      token: expect.objectContaining({ resource: "web", fingerprint: printOf("a"), id: "jti-a" }),
      update: {
        ...{
          number: 1,
          kind: "update",
          result: "succeeded",
          changes: { create: 2 },
          message: "first tokens",
        },
        ...{ user: "Ann", commit: "fd4101106dda504aaae8b30f10d23be88a5dc331" },
        ...{ startedAt: expect.any(String), endedAt: day(-90) },
      },
    },
  ]);
});

it("tells a rotation, since when it was due, and that its predecessor was left to expire", async () => {
  const rotated = web("b", -29, { expiresAt: day(61), previous: previous("a", { expiresAt: day(1) }) });
  const told = await audited([
    { day: -90, tokens: [web("a", -90, { expiresAt: day(1) })] },
    { day: -29, tokens: [rotated], ...replaced },
  ]);
  expect(outline(told)).toEqual([
    "minted web (confirmed)",
    "rotated web (confirmed)",
    "left to expire web (inferred)",
  ]);
  expect(told.events[1]).toMatchObject({
    predecessor: printOf("a"),
    detail: `due since ${day(-29)}`,
    changes: [{ input: "expiresAt", from: day(1), to: day(61) }],
  });
  expect(told.events[2]).toMatchObject({ until: day(1), update: { number: 2 } });
});

it.each([
  ["channelIds", [1], [1, 2], "[1]", "[1, 2]"],
  ["scopes", ["Customer"], ["Unauthenticated"], "[Customer]", "[Unauthenticated]"],
  ["storeHash", "abc123", "def456", "abc123", "def456"],
])("tells which input replaced a token, from what to what: %s", async (input, old, fresh, from, to) => {
  const expiresAt = day(60);
  const { events } = await audited([
    { day: -90, tokens: [web("a", -90, { expiresAt, [input]: old })] },
    { day: -5, tokens: [web("b", -5, { expiresAt, [input]: fresh, previous: previous("a") })], ...replaced },
  ]);
  expect(events[1]).toMatchObject({ what: "replaced", changes: [{ input, from, to }] });
});

it("a replacement that no change asked for was forced", async () => {
  const told = await audited([first, { day: -80, tokens: [web("b", -80, { expiresAt: END })], ...replaced }]);
  expect(told.events[1]).toMatchObject({ what: "replaced", detail: expect.stringContaining("forced") });
  expect(outline(told)[2]).toBe("ended web (inferred)");
});

describe("a token that left the state", () => {
  const gone = { day: -50, tokens: [], changes: { delete: 1 } };
  const keeping = web("a", -90, { expiresAt: END, onDelete: "letExpire" });
  const forceful = web("b", -80, { previous: previous("a", { fate: "revoke", expiresAt: END }) });

  it.each<[string, Recorded[], string]>([
    ["removed, to be revoked", [first, gone], "ended web (inferred)"],
    ["removed, to expire", [{ ...first, tokens: [keeping] }, gone], "left to expire web (inferred)"],
    [
      "replaced, to be revoked",
      [first, { day: -80, tokens: [forceful], ...replaced }],
      "ended web (inferred)",
    ],
    ["dropped without a deletion", [first, { ...gone, changes: { same: 3 } }], "drifted web (inferred)"],
    ["expired before", [first, { ...gone, day: 25 }], "expired web (inferred)"],
  ])("%s", async (_, updates, last) => {
    const told = await audited(updates);
    expect(outline(told).at(-1)).toBe(last);
    expect(JSON.stringify(told)).not.toContain("revoked");
  });

  it("was a predecessor that a second replacement ended", async () => {
    const second = web("b", -80, { channelIds: [1, 2], previous: previous("a", { expiresAt: END }) });
    const third = web("c", -70, { channelIds: [1, 2, 3], previous: previous("b", { expiresAt: day(60) }) });
    const told = await audited([
      first,
      { day: -80, tokens: [second], ...replaced },
      { day: -70, tokens: [third], ...replaced },
    ]);
    expect(outline(told).slice(3)).toEqual([
      "replaced web (confirmed)",
      "left to expire web (inferred)",
      "ended web (inferred)",
    ]);
    expect(told.events.at(-1)?.token?.fingerprint).toBe(printOf("a"));
  });

  it("was a predecessor that had expired by then, of which nothing is left to tell", async () => {
    const second = web("b", -80, { channelIds: [1, 2], previous: previous("a", { expiresAt: END }) });
    const told = await audited([
      first,
      { day: -80, tokens: [second], ...replaced },
      { day: 21, tokens: [web("b", -80, { channelIds: [1, 2] })], changes: { same: 3 } },
    ]);
    expect(outline(told)).toHaveLength(3);
  });
});

it("a token that waits for its deletion failed, and is ended when it leaves, which no update counts", async () => {
  const narrowed = web("b", -80, { channelIds: [2], previous: previous("a", { fate: "revoke" }) });
  const told = await audited([
    first,
    {
      day: -80,
      result: "failed",
      tokens: [narrowed, { ...web("a", -90, { expiresAt: END }), delete: true }],
      ...replaced,
    },
    { day: -79, tokens: [narrowed], changes: { same: 3 } },
  ]);
  expect(outline(told)).toEqual([
    "minted web (confirmed)",
    "replaced web (confirmed)",
    "failed web (inferred)",
    "ended web (inferred)",
  ]);
});

it("a token that waits for its deletion is revoked once the successor that left it to expire is replaced", async () => {
  const waiting = { ...web("a", -90, { expiresAt: END }), delete: true };
  const second = web("b", -80, { channelIds: [1, 2], previous: previous("a", { expiresAt: END }) });
  const third = web("c", -79, { channelIds: [1, 2, 3], previous: previous("b", { expiresAt: day(60) }) });
  const told = await audited([
    first,
    { day: -80, result: "failed", tokens: [second, waiting], ...replaced },
    { day: -79, tokens: [third], ...replaced },
  ]);
  const ends = told.events.filter(({ what, update }) => update?.number === 3 && !what.startsWith("replaced"));
  expect(ends.map(({ what, token: each }) => [what, each?.fingerprint])).toEqual([
    ["left to expire", printOf("b")],
    ["ended", printOf("a")],
  ]);
  expect(ends[1]).toMatchObject({ evidence: "inferred", detail: expect.stringContaining("its revocation was due") }); // prettier-ignore
  expect(ends[1]?.detail).toMatch(/^a second replacement followed: /);
});

it.each(["revoke", "letExpire"])("a token that waits for its deletion goes by its own onDelete if its resource is removed: %s", async (onDelete) => {
  const waiting = { ...web("a", -90, { expiresAt: END, onDelete }), delete: true };
  const second = web("b", -80, { onDelete: onDelete === "revoke" ? "letExpire" : "revoke" });
  const told = await audited([
    first,
    { day: -80, result: "failed", tokens: [second, waiting], ...replaced },
    { day: -79, tokens: [], changes: { delete: 1 } },
  ]);
  const ends = told.events.filter(({ update, token: each }) => update?.number === 3 && each?.fingerprint === printOf("a"));
  expect(ends.map(({ what }) => what)).toEqual([onDelete === "revoke" ? "ended" : "left to expire"]);
}); // prettier-ignore

it.each<[string, Partial<Recorded>, RegExp]>([
  ["a failed update", { result: "failed", changes: { same: 2 } }, /does not say why/],
  [
    "an interrupted mint",
    {
      pendingOperations: [{ type: "creating", resource: { urn: "urn:pulumi:dev::shop::x::web", type: token("web")["type"] } }], // prettier-ignore
    },
    /^web: an interrupted update may have minted/,
  ],
  [
    "an unsettled token",
    { tokens: [web("a", -90, { verified: false, expiresAt: END })] },
    /with a partial failure/,
  ],
])("tells %s", async (_, rest, detail) => {
  const { events } = await audited([first, { day: -80, tokens: first.tokens ?? [], ...rest }]);
  expect(events.slice(1)).toEqual([expect.objectContaining({ what: "failed", detail: expect.stringMatching(detail) })]); // prettier-ignore
});

it("a token that an update leaves with errors is not settled, though its outputs are the same", async () => {
  const [same] = first.tokens ?? [];
  const { events } = await audited([first, { day: -80, tokens: [{ ...same, initErrors: ["failed"] }] }]);
  expect(events[1]).toMatchObject({
    what: "failed",
    detail: expect.stringContaining("with a partial failure"),
  });
});

it("a failed update without a state is told, and loses nothing", async () => {
  const told = await audited([
    first,
    { day: -80, result: "failed" },
    { day: -79, tokens: first.tokens ?? [] },
  ]);
  expect(outline(told)).toEqual(["minted web (confirmed)", "failed - (inferred)"]);
});

it("other rights of the same token are a drift, and a policy is none", async () => {
  const edited = web("a", -90, { expiresAt: END, channelIds: [1, 9], rotateBefore: "10d" });
  const { events } = await audited([first, { day: -80, tokens: [edited], changes: { same: 2 } }]);
  expect(events.slice(1)).toEqual([
    expect.objectContaining({
      what: "drifted",
      changes: [{ input: "channelIds", from: "[1]", to: "[1, 9]" }],
    }),
  ]);
});

it("tokens of before the history, predecessors included, are told as such", async () => {
  const old = web("b", -200, { previous: previous("a", { issuedAt: day(-300), expiresAt: day(5) }) });
  const { events } = await audited([{ day: -90, tokens: [old], changes: { update: 1 } }]);
  expect(events.map(({ what, detail, update }) => [what, detail.split(";")[0], update?.number])).toEqual([
    ["minted", "before this history begins", undefined],
    ["minted", "before this history begins", undefined],
    ["left to expire", expect.stringContaining("works until"), 1],
  ]);
});

it("a token that nothing replaced in time expired, by the clock alone", async () => {
  const { events } = await audited([first], [], { now: NOW + 21 * DAY });
  expect(events.at(-1)).toMatchObject({ what: "expired", time: END, evidence: "inferred" });
});

it("a history that runs ahead of the clock is told in its own order", async () => {
  const ahead = web("b", 100, { expiresAt: day(190) });
  const told = await audited([first, { day: -89, tokens: [ahead], ...replaced }]);
  expect(outline(told)).toEqual([
    "minted web (confirmed)",
    "expired web (inferred)",
    "rotated web (confirmed)",
  ]);
});
