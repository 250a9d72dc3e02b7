import { effectLine } from "../support/effect-line";
import { audited, outline, type Recorded } from "./histories";
import { DAY, day, NOW, previous, printOf, SECRET, token } from "./states";

const A = printOf("a");
const FIRST: Recorded = { day: -30, tokens: [token("a")], changes: { create: 2 } };
const GONE: Recorded = { day: -5, tokens: [], changes: { delete: 1 } };
const replaced = { changes: { replace: 1 } };

/** The successor of `a` in its resource. */
const after = (name: string, outputs: Readonly<Record<string, unknown>> = {}) =>
  token("a", { id: `jti-${name}`, outputs: { fingerprint: printOf(name), ...outputs } });

function accepted(seconds: number, name = "a"): string {
  const line = effectLine("revoke accepted", `acme/shop/dev/private/${name}`, printOf(name), day(60));
  const diagnosticEvent = { message: `bigcommerce-tokens: ${line}`, severity: "info#err" };
  return JSON.stringify({ sequence: 7, timestamp: seconds, diagnosticEvent });
}

const toldWith = async (updates: readonly Recorded[], ...lines: readonly string[]) =>
  audited(updates, ["--events", "up.jsonl"], { files: { "up.jsonl": lines.join("\n") } });

describe("the end of a token", () => {
  it("is told once, where a state brings back what only a deletion is left of", async () => {
    const waiting = { ...token("a"), delete: true };
    const told = await audited([FIRST, GONE, { day: -4, tokens: [waiting] }, { ...GONE, day: -3 }]);
    expect(outline(told).filter((line) => line.startsWith("minted"))).toHaveLength(1);
  });

  it("is its expiry, in no update, where it had expired before", async () => {
    const brief = token("a", { outputs: { expiresAt: day(-20) } });
    const told = await audited([{ ...FIRST, tokens: [brief] }, { day: -10, tokens: [brief] }, GONE]);
    expect(told.events[1]).toMatchObject({ what: "expired", time: day(-20) });
    expect(told.events[1]).not.toHaveProperty("update");
    expect(told.tokens?.[0]?.end).toMatchObject({ how: "expired", time: day(-20) });
  });

  it("comes after what the updates before it did, though the log's clock was behind", async () => {
    const told = await toldWith([FIRST, { day: -10, tokens: [token("a")] }, GONE], accepted(NOW - 12 * DAY));
    expect(told.events.at(-1)).toMatchObject({ what: "revoked", time: day(-10) });
  });

  it("has the log's own time where the last update came before it or after it", async () => {
    const same = [-10, -5].map((at) => ({ day: at, tokens: [token("a")] }));
    const told = await toldWith([FIRST, ...same], accepted(NOW - 12 * DAY));
    expect(told.events.at(-1)).toMatchObject({ what: "revoked", time: day(-12) });
  });

  it("is that of this update, where the log says it within the second in which the update ended", async () => {
    const told = await toldWith([FIRST, GONE], accepted(NOW - 5 * DAY + 1));
    expect(outline(told)).toEqual(["minted a (confirmed)", "revoked a (accepted)"]);
    const late = await toldWith([FIRST, GONE], accepted(NOW - 5 * DAY + 2));
    expect(outline(late)).toEqual(["minted a (confirmed)", "ended a (inferred)", "revoked a (accepted)"]);
  });

  it("is a drop where an update only replaced something, and none of what had waited for its deletion", async () => {
    const waiting = { ...token("a"), delete: true };
    expect(outline(await audited([FIRST, { ...GONE, ...replaced }])).at(-1)).toBe("drifted a (inferred)");
    const told = await audited([FIRST, { day: -6, tokens: [waiting] }, { ...GONE, changes: { same: 1 } }]);
    expect(outline(told).at(-1)).toBe("ended a (inferred)");
  });

  it("is no drop where its resource goes on with another, which no count says", async () => {
    const told = await audited([FIRST, { day: -5, tokens: [after("b")], changes: { same: 2 } }]);
    expect(outline(told).at(-1)).toBe("ended a (inferred)");
  });

  it("by the clock comes not before the history's own", async () => {
    const brief = token("a", { outputs: { expiresAt: day(20) } });
    const told = await audited([
      { ...FIRST, tokens: [brief] },
      { day: 30, tokens: [brief] },
    ]);
    expect(outline(told).at(-1)).toBe("expired a (inferred)");
  });

  it("of a predecessor that its resource's own removal leaves is told when it was replaced, and not again", async () => {
    const successor = after("b", { channelIds: [1, 2], onDelete: "letExpire", previous: previous("a", { expiresAt: day(60) }) }); // prettier-ignore
    const told = await audited([FIRST, { day: -20, tokens: [successor], ...replaced }, GONE]);
    expect(outline(told).slice(2)).toEqual(["left to expire a (inferred)", "left to expire a (inferred)"]);
    expect(told.events.slice(2).map((event) => event.token?.fingerprint)).toEqual([A, printOf("b")]);
  });

  it("of a predecessor goes on while a later state still names it", async () => {
    const named = { previous: previous("a", { expiresAt: day(60) }), channelIds: [1, 2] };
    const states = [after("b", named), after("b", { ...named, rotateBefore: "20d" })];
    const told = await audited([FIRST, ...states.map((state, at) => ({ day: at - 20, tokens: [state] }))]);
    expect(outline(told)).toHaveLength(3);
  });
});

describe("a token", () => {
  it("is told with the rights of its latest state, and of its own resource", async () => {
    const edited = token("a", { outputs: { channelIds: [1, 9] } });
    const successor = after("b", { channelIds: [1, 9, 10], previous: previous("a", { channelIds: [7], expiresAt: day(60) }) }); // prettier-ignore
    const told = await audited([
      FIRST,
      { day: -20, tokens: [edited] },
      { day: -10, tokens: [successor], ...replaced },
    ]);
    expect(told.tokens?.[0]).toMatchObject({ fingerprint: A, channelIds: [1, 9] });
    const updated = { ...successor, outputs: { ...(successor["outputs"] as object), rotateBefore: "20d" } };
    const later = [FIRST, { day: -10, tokens: [successor], ...replaced }, { day: -9, tokens: [updated] }];
    expect((await audited(later)).tokens?.[0]).toMatchObject({ fingerprint: A, channelIds: [1] });
    expect((await audited([FIRST, { day: -20, tokens: [edited] }])).tokens?.[0]).toMatchObject({ channelIds: [1, 9] }); // prettier-ignore
  });

  it("has no update that minted it, where that is not in the history", async () => {
    const old = token("b", { outputs: { issuedAt: day(-300) } });
    const { tokens } = await audited([{ ...FIRST, tokens: [token("a"), old] }]);
    expect(tokens?.map((each) => "mintedIn" in each)).toEqual([true, false]);
  });

  it("whose fingerprint is a secret is known by its id", async () => {
    const hidden = (id: string) => token("a", { id, outputs: { fingerprint: SECRET } });
    const told = await audited([{ ...FIRST, tokens: [hidden("one")] }, { day: -5, tokens: [hidden("two")], ...replaced }]); // prettier-ignore
    expect(told.events[1]).toMatchObject({ what: "replaced", predecessor: "one" });
  });

  it("that waits for its deletion beside its successor is not the resource's own", async () => {
    const waiting = { ...token("a"), delete: true };
    const first = {
      day: -20,
      result: "failed",
      tokens: [after("b", { channelIds: [2] }), waiting],
      ...replaced,
    };
    const told = await audited([FIRST, first, { day: -10, tokens: [after("c", { channelIds: [3] })], ...replaced }]); // prettier-ignore
    expect(told.events.filter(({ what }) => what === "replaced").map((each) => each.predecessor)).toEqual([A, printOf("b")]); // prettier-ignore
  });

  it("that was deleted for its successor is the resource's no longer", async () => {
    const told = await audited([FIRST, { ...GONE, tokens: [{ ...token("a"), pendingReplacement: true }] }]); // prettier-ignore
    expect(outline(told)).toEqual([
      "minted a (confirmed)",
      "left to expire a (inferred)",
      "failed a (inferred)",
    ]);
  });

  it("is the same while its ciphertext alone is another", async () => {
    const again = token("a", { outputs: { token: { ...SECRET, ciphertext: "v1:other" } } });
    const told = await audited([FIRST, { day: -5, tokens: [again] }]);
    expect(outline(told)).toEqual(["minted a (confirmed)"]);
  });
});

it("a report says from when to when its history is, and of which stack, though the last state is empty", async () => {
  const last = `h/dev-${NOW - 4 * DAY}000000000.checkpoint.json`;
  const files = { [last]: '{"version":3,"checkpoint":{"latest":{"manifest":{}}}}' };
  const told = await audited([FIRST, GONE, { day: -4, kind: "destroy" }], [], { files });
  expect(told).toMatchObject({ from: day(-30 - 60 / DAY), to: day(-4), stack: "shop/dev" });
});

it("an error of no update is told as well", async () => {
  const urn = String(token("a")["urn"]);
  const error = {
    sequence: 7,
    timestamp: NOW - 2 * DAY,
    diagnosticEvent: { message: "no", severity: "error", urn },
  };
  const told = await toldWith([FIRST], JSON.stringify(error));
  expect(told.events.at(-1)).toMatchObject({ what: "failed", detail: "no", time: day(-2) });
  expect(told.events.at(-1)).not.toHaveProperty("update");
});
