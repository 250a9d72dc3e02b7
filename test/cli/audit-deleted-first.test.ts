import { effectLine } from "../support/effect-line";
import { audited, outline, type Recorded, type ToldAudit } from "./histories";
import { DAY, day, type Exported, NOW, previous, printOf, token } from "./states";

type Rest = Readonly<Record<string, unknown>>;

const A = printOf("a");
const first = (outputs: Rest = {}): Recorded => ({ day: -30, tokens: [token("a", { outputs })], changes: { create: 3 } }); // prettier-ignore
/** The state that an update left which ended after the deletion, and before the successor. */
const interrupted = (outputs: Rest = {}, rest: Rest = {}): Recorded => ({
  ...{ day: -20, result: "failed", changes: { replace: 1, same: 1 } },
  tokens: [{ ...token("a", { outputs }), pendingReplacement: true, ...rest }],
});
const successor = (outputs: Rest = {}): Exported =>
  token("a", {
    id: "jti-b",
    outputs: { fingerprint: printOf("b"), issuedAt: day(-10), previous: previous("a", { expiresAt: day(60) }), ...outputs }, // prettier-ignore
  });
const replaced = (outputs: Rest = {}): Recorded => ({ day: -10, tokens: [successor(outputs)], changes: { replace: 2 } }); // prettier-ignore

const endsOfA = ({ events }: ToldAudit) =>
  events.filter(({ what, token: each }) => each?.fingerprint === A && what !== "minted");
const mintOfB = ({ events }: ToldAudit) =>
  events.find(({ token: each }) => each?.fingerprint === printOf("b"));

describe("a dependency that is replaced delete-first, in one update", () => {
  it.each<[string, Rest, Rest]>([
    ["asked for nothing else: a lifetime that is not due", {}, { expiresAt: day(80) }],
    ["asked for nothing else: a fixed end", { lifetime: undefined }, { lifetime: undefined }],
  ])("is why the token was replaced where the state %s", async (_, old, fresh) => {
    const told = await audited([first(old), replaced(fresh)]);
    expect(mintOfB(told)).toMatchObject({ what: "replaced", detail: expect.stringMatching(/^a dependency was deleted first/) }); // prettier-ignore
    expect(endsOfA(told)).toEqual([
      expect.objectContaining({ what: "left to expire", evidence: "inferred", until: day(60) }),
    ]);
  });

  it("may be why a token was left that its successor does not cover", async () => {
    const told = await audited([first(), replaced({ channelIds: [2] })]);
    expect(mintOfB(told)?.detail).toMatch(/^its rights changed; a dependency was deleted first, or BIGCOMMERCE_ON_DELETE=letExpire was set/); // prettier-ignore
    expect(outline(told).at(-1)).toBe("left to expire a (inferred)");
  });

  it.each<[string, Rest]>([
    ["the successor covers it", { channelIds: [1, 2] }],
    ["overlap asked for it", { channelIds: [2], overlap: "always" }],
  ])("is not blamed where %s", async (_, fresh) => {
    expect(mintOfB(await audited([first(), replaced(fresh)]))?.detail).toMatch(/^its rights changed(?!; a dep)/); // prettier-ignore
  });

  it("is not blamed for a rotation that was due, by the old window or by the new one", async () => {
    for (const [old, fresh] of [
      [{ rotateBefore: "75d" }, { expiresAt: day(80) }],
      [{}, { expiresAt: day(80), rotateBefore: "75d" }],
    ] as const) {
      expect(mintOfB(await audited([first(old), replaced(fresh)]))?.what).toBe("rotated");
    }
  });

  it("is named beside force where nothing names the one before, because it was revoked", async () => {
    const told = await audited([first({ overlap: "never" }), replaced({ previous: undefined })]);
    expect(mintOfB(told)?.detail).toMatch(/^forced .*, or deleted first for a dependency/);
  });
});

describe("an update that ended between the deletion and the mint", () => {
  it("left the token, and says until when it works and why", async () => {
    const told = await audited([first(), interrupted()]);
    expect(endsOfA(told)).toEqual([
      expect.objectContaining({
        ...{ what: "left to expire", evidence: "inferred", until: day(60) },
        detail: `a dependency was deleted first, and the update ended before the new token was minted: works until ${day(60)}`,
      }),
      expect.objectContaining({ what: "failed", detail: expect.stringMatching(/^its replacement was interrupted/) }), // prettier-ignore
    ]);
    const { alive } = await audited([first(), interrupted()], ["--live-between", day(-2), day(-1)]);
    expect(alive).toEqual([expect.objectContaining({ fingerprint: A, isSure: true, until: day(60) })]);
  });

  it.each([{ overlap: "never" }, { verified: false }])(
    "revoked it where the rule says so, which nothing at hand proves: %j",
    async (outputs) => {
      const told = await audited([first(outputs), interrupted(outputs)]);
      expect(endsOfA(told)).toContainEqual(
        expect.objectContaining({ what: "ended", evidence: "inferred", detail: expect.stringContaining("its revocation was due") }), // prettier-ignore
      );
    },
  );

  it("is told by the provider's own line where there is one", async () => {
    const line = `bigcommerce-tokens: ${effectLine("revoke accepted", "acme/shop/dev/private/a", A, day(60))}`;
    const files = {
      "up.log": JSON.stringify({
        sequence: 7,
        timestamp: NOW - 20 * DAY - 10,
        diagnosticEvent: { message: line, severity: "info#err" },
      }),
    };
    const told = await audited([first(), interrupted()], ["--events", "up.log"], { files });
    expect(endsOfA(told)[0]).toMatchObject({ what: "revoked", evidence: "accepted" });
  });

  it("is what the next update's successor tells of, and the token ends once", async () => {
    const told = await audited([first(), interrupted(), replaced({ channelIds: [2] })]);
    expect(mintOfB(told)).toMatchObject({
      ...{ what: "replaced", predecessor: A, changes: [{ input: "channelIds", from: "[1]", to: "[2]" }] },
      detail: expect.stringMatching(/^an earlier update deleted it first for a dependency, and stopped before its replacement/), // prettier-ignore
    });
    expect(endsOfA(told).map(({ what }) => what)).toEqual(["left to expire", "failed"]);
  });

  it("leaves a token that the next update's overlap has revoked", async () => {
    const told = await audited([first(), interrupted(), replaced({ previous: previous("a", { fate: "revoke", expiresAt: day(60) }) })]); // prettier-ignore
    expect(endsOfA(told).map(({ what }) => what)).toEqual(["left to expire", "failed", "ended"]);
  });

  it.each<[string, Recorded]>([
    ["a destroy", { day: -10, kind: "destroy", tokens: [], changes: { delete: 1 } }],
    ["an update without the resource", { day: -10, tokens: [], changes: { same: 1 } }],
  ])("leaves a token that %s does not end, because Pulumi asks for nothing then", async (_, gone) => {
    const told = await audited([first(), interrupted(), gone]);
    expect(endsOfA(told).map(({ what }) => what)).toEqual(["left to expire", "failed"]);
    expect(told.tokens?.[0]?.end).toMatchObject({ how: "left to expire" });
  });

  it("ends the previous token of the token that it left", async () => {
    const held = { previous: previous("p", { expiresAt: day(40) }), channelIds: [1, 2] };
    const told = await audited([
      { ...first(), tokens: [token("a", { id: "jti-p", outputs: { fingerprint: printOf("p"), expiresAt: day(40) } })] }, // prettier-ignore
      { ...first(held), day: -25, changes: { replace: 1 } },
      interrupted(held),
    ]);
    const ends = told.events.filter(({ token: each, what }) => each?.fingerprint === printOf("p") && what !== "minted"); // prettier-ignore
    expect(ends.map(({ what, detail }) => `${what}: ${detail.split(":")[0] ?? ""}`)).toEqual([
      expect.stringMatching(/^left to expire/),
      "ended: the token after it was deleted first",
    ]);
  });

  it.each([{ gone: true }, { verified: false }])(
    "leaves the previous token of one that dependents never received, because the new token carries it over: %j",
    async (outputs) => {
      const held = { previous: previous("p", { expiresAt: day(40) }), channelIds: [1, 2], ...outputs };
      const told = await audited([first(held), interrupted(held)]);
      expect(told.events.filter(({ token: each }) => each?.fingerprint === printOf("p")).map(({ what }) => what)).toEqual(["minted", "left to expire"]); // prettier-ignore
    },
  );

  it("is told of a history that begins with it", async () => {
    expect(outline(await audited([interrupted()]))).toEqual([
      "minted a (confirmed)",
      "left to expire a (inferred)",
      "failed a (inferred)",
    ]);
  });
});
