import { cli } from "./fake-system";
import { audited, outline, type Recorded, type ToldAudit } from "./histories";
import { DAY, day, exported, NOW, previous, printOf, token } from "./states";

type Outputs = Readonly<Record<string, unknown>>;

const A = printOf("a");
const FIRST: Recorded = { day: -30, tokens: [token("a")], changes: { create: 2 } };
const REFRESHED: Recorded = { day: -20, kind: "refresh", tokens: [], changes: { delete: 1, same: 1 } };
const MARKED: Recorded = {
  ...REFRESHED,
  tokens: [token("a", { outputs: { gone: true } })],
  changes: { same: 2 },
};
const SEEN = "a refresh saw that it was revoked outside of this stack, or is missing from the store's list";
const LABEL = "acme/shop/dev/private/a";
const LINE = `bigcommerce-tokens: warning: ${LABEL}: token ${A} was revoked outside of this stack; the next \`pulumi up\` mints a new one`;

/** The successor of `a` in its resource, which names none where that was gone. */
const after = (outputs: Outputs = {}) =>
  token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), issuedAt: day(-10), ...outputs } });

const toldWith = async (updates: readonly Recorded[], ...lines: readonly string[]) =>
  audited(updates, ["--events", "up.log"], { files: { "up.log": lines.join("\n") } });

it.each<[string, Recorded, number]>([
  ["marked", MARKED, -20],
  ["took out of the state", REFRESHED, -20],
])("what a refresh %s was seen to be gone then, by the store's own list", async (_, refresh, at) => {
  const { events, tokens } = await audited([FIRST, refresh]);
  expect(events.slice(1)).toEqual([
    expect.objectContaining({
      ...{ what: "drifted", evidence: "confirmed", time: day(at), detail: SEEN },
      ...{ update: expect.objectContaining({ number: 2, kind: "refresh" }), token: expect.objectContaining({ fingerprint: A }) },
    }),
  ]);
  expect(tokens?.[0]?.end).toEqual({ how: "drifted", evidence: "confirmed", time: day(at), update: 2 });
}); // prettier-ignore

it.each([MARKED, REFRESHED])("what is gone is alive until the refresh that saw it, and no longer", async (refresh) => {
  const alive = async (from: number, to: number) => (await audited([FIRST, refresh], ["--live-between", day(from), day(to)])).alive ?? []; // prettier-ignore
  expect(await alive(-25, -22)).toEqual([expect.objectContaining({ fingerprint: A, until: day(-20), isSure: true })]); // prettier-ignore
  expect(await alive(-19, -18)).toEqual([]);
}); // prettier-ignore

it("what left the state without a refresh may be alive still", async () => {
  const dropped = { ...REFRESHED, kind: "update", changes: { same: 1 } };
  const { alive } = await audited([FIRST, dropped], ["--live-between", day(-19), day(-18)]);
  expect(alive).toEqual([expect.objectContaining({ until: day(60) })]);
});

it("a refresh that found everything proves nothing of what had left the state before it", async () => {
  const told = await audited([FIRST, { ...REFRESHED, changes: { same: 1 } }]);
  expect(outline(told).at(-1)).toBe("drifted a (inferred)");
});

it("what had expired by the refresh had expired", async () => {
  const brief = { ...FIRST, tokens: [token("a", { outputs: { expiresAt: day(-25) } })] };
  expect(outline(await audited([brief, REFRESHED])).at(-1)).toBe("expired a (inferred)");
});

it("its successor says why it came, and the token that was gone ends once", async () => {
  const told = await audited([FIRST, MARKED, { day: -10, tokens: [after()], changes: { replace: 1 } }]);
  expect(outline(told)).toEqual(["minted a (confirmed)", "drifted a (confirmed)", "replaced a (confirmed)"]);
  expect(told.events[2]?.detail).toMatch(/^the old token was gone/);
}); // prettier-ignore

it("its successor that answers for an older predecessor was no rotation", async () => {
  const older = previous("older", { expiresAt: day(40) });
  const first = { ...FIRST, tokens: [token("a", { outputs: { previous: older } })] };
  const marked = { ...MARKED, tokens: [token("a", { outputs: { previous: older, gone: true } })] };
  const told = await audited([first, marked, { day: -10, tokens: [after({ expiresAt: day(70), previous: older })], changes: { replace: 1 } }]); // prettier-ignore
  expect(told.events.at(-1)).toMatchObject({ what: "replaced", detail: "the old token was gone" });
});

it("an `up --refresh` of 0.1.0, which drops and mints in one go, shows as a drop, and as no force", async () => {
  const told = await audited([FIRST, { day: -10, tokens: [after()], changes: { create: 1, same: 1 } }]);
  expect([...outline(told)].sort()).toEqual(["drifted a (inferred)", "minted a (confirmed)", "minted a (confirmed)"]);
  expect(told.events.find(({ predecessor }) => predecessor)?.detail).toMatch(/^the old token had left the state/);
}); // prettier-ignore

it("the refresh's own line tells it, whatever the update counts; a printed one is reported", async () => {
  const update = { day: -10, tokens: [after()], changes: { replace: 1 } };
  expect(outline(await audited([FIRST, update]))).toContain("ended a (inferred)");
  const told = await toldWith([FIRST, update], ` ~  pulumi:pulumi:Stack shop-dev refreshing (0s) ${LINE}`);
  const drift = told.events.find(({ what }) => what === "drifted");
  expect(drift).toMatchObject({ evidence: "reported", detail: "a refresh saw that it was revoked outside of this stack" }); // prettier-ignore
  expect(told.events.find(({ what }) => what === "replaced")?.detail).toMatch(/^the old token was gone/);
});

it("the log says how it was seen, and when", async () => {
  const missing = LINE.replace("was revoked outside of this stack", "is no longer in the list of API account c1, which minted it"); // prettier-ignore
  const seen = JSON.stringify({ sequence: 7, timestamp: NOW - 20 * DAY - 9, diagnosticEvent: { message: missing, severity: "info#err" } }); // prettier-ignore
  const { events } = await toldWith([FIRST, MARKED], seen);
  expect(events.slice(1)).toEqual([
    expect.objectContaining({
      ...{ what: "drifted", evidence: "confirmed", time: day(-20 - 9 / DAY) },
      detail: "a refresh saw that it is no longer in the list of API account c1, which minted it",
    }),
  ]);
});

it("a history that begins with it tells its mint and its end", async () => {
  const told = await audited([{ ...MARKED, day: -30 }]);
  expect(outline(told)).toEqual(["minted a (confirmed)", "drifted a (confirmed)"]);
});

describe("between two exports", () => {
  const gone = exported(token("a", { outputs: { gone: true } }));
  const between = async (before: string, ...args: readonly string[]) => {
    const files = { "a.json": before, "b.json": gone };
    const { stdout } = await cli(["audit", "diff", "a.json", "b.json", "--json", ...args], {
      files,
      now: NOW,
    });
    return JSON.parse(stdout) as ToldAudit;
  };

  it("it is told, in no update", async () => {
    const { events } = await between(exported(token("a")));
    expect(events).toEqual([
      expect.objectContaining({ what: "drifted", evidence: "confirmed", detail: SEEN }),
    ]);
  });

  it("it was dead where both have it so", async () => {
    expect(await between(gone, "--live-between", day(1), day(2))).toMatchObject({ events: [], alive: [] });
  });
});
