import { effectLine } from "../support/effect-line";
import { audited, outline, type Recorded } from "./histories";
import { DAY, day, type Exported, NOW, previous, printOf, token } from "./states";

type Outputs = Readonly<Record<string, unknown>>;

const A = printOf("a");
const ISSUED = day(-200);
const replaced = { changes: { replace: 1 } };

/** The resource `web`, holding the token of a name; the first of its tokens was adopted unless it is said otherwise. */
const web = (name: string, outputs: Outputs = {}, rest: Outputs = {}): Exported =>
  token("web", {
    id: `jti-${name}`,
    outputs: { fingerprint: printOf(name), issuedAt: name === "a" ? ISSUED : day(-20), adopted: A, ...outputs },
    rest,
  }); // prettier-ignore
const FIRST: Recorded = { day: -30, tokens: [web("a")], changes: { create: 2 } };

function said(effect: Parameters<typeof effectLine>[0], name: string): string {
  return `bigcommerce-tokens: ${effectLine(effect, "acme/shop/dev/private/web", printOf(name), day(60))}`;
}
const logged = (seconds: number, message: string) => JSON.stringify({ sequence: 7, timestamp: seconds, diagnosticEvent: { message, severity: "info#err" } }); // prettier-ignore
const toldWith = async (updates: readonly Recorded[], ...lines: readonly string[]) =>
  audited(updates, ["--events", "up.log"], { files: { "up.log": lines.join("\n") } });

it("a token that was made by hand was adopted, by which update, and issued long before", async () => {
  const { events, tokens } = await audited([{ ...FIRST, message: "take it over" }]);
  expect(events).toEqual([
    {
      ...{ what: "adopted", evidence: "inferred", time: day(-30), until: day(60), changes: [] },
      detail: `issued at ${ISSUED}; works until ${day(60)}`,
      token: expect.objectContaining({ resource: "web", fingerprint: A }),
      update: expect.objectContaining({ number: 1, message: "take it over" }),
    },
  ]);
  expect(tokens).toEqual([expect.objectContaining({ fingerprint: A, adoptedIn: 1, issuedAt: ISSUED })]);
  expect(tokens?.[0]).not.toHaveProperty("mintedIn");
});

it("its successor was minted, though the state goes on naming what was adopted", async () => {
  const successor = web("b", { expiresAt: day(70), previous: previous("a", { expiresAt: day(60) }) });
  const told = await audited([FIRST, { day: -20, tokens: [successor], ...replaced }]);
  expect(outline(told)).toEqual(["adopted web (inferred)", "rotated web (confirmed)", "left to expire web (inferred)"]);
  expect(told.tokens?.[1]).toMatchObject({ fingerprint: printOf("b"), mintedIn: 2 });
}); // prettier-ignore

it("a replacement by adoption says so, by what it differs, and what it replaced", async () => {
  const minted = web("a", { adopted: undefined, issuedAt: day(-30) });
  const other = web("b", { adopted: printOf("b"), issuedAt: day(-90), expiresAt: day(10), previous: previous("a") });
  const { events } = await audited([{ ...FIRST, tokens: [minted] }, { day: -20, tokens: [other], ...replaced }]);
  expect(events[1]).toMatchObject({
    ...{ what: "adopted", evidence: "inferred", time: day(-20), predecessor: A, update: { number: 2 } },
    detail: `another token was adopted, issued at ${day(-90)}`,
    changes: [{ input: "expiresAt", from: day(60), to: day(10) }],
  });
}); // prettier-ignore

it.each([
  [-150, -140, [A]],
  [-300, -201, []],
  [-300, -200, [A]],
])("it was alive from its issue on, whoever held it: between day %d and day %d", async (from, to, expected) => {
  const { alive } = await audited([FIRST], ["--live-between", day(from), day(to)]);
  expect(alive?.map(({ fingerprint }) => fingerprint)).toEqual(expected);
}); // prettier-ignore

it("the time of an adoption is that of the log, where it has one", async () => {
  const { events } = await toldWith([FIRST], logged(NOW - 30 * DAY - 20, said("adopted", "a")));
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ what: "adopted", time: day(-30 - 20 / DAY) });
});

it("the log knows of an adoption that the state no longer names", async () => {
  const { events } = await toldWith([{ ...FIRST, tokens: [web("a", { adopted: undefined })] }], logged(NOW - 30 * DAY, said("adopted", "a"))); // prettier-ignore
  expect(events[0]).toMatchObject({ what: "adopted", update: { number: 1 } });
});

describe("what the history does not have", () => {
  it.each<[string, Recorded]>([
    ["its first update made nothing", { ...FIRST, changes: { same: 2 } }],
    ["its first state has it as a predecessor", { ...FIRST, tokens: [web("b", { previous: previous("a") })] }],
  ])("is told as such, at no time: %s", async (_, first) => {
    const told = await audited([first]);
    const adoption = told.events.find(({ what }) => what === "adopted");
    expect(adoption).toMatchObject({ detail: expect.stringMatching(/^before this history begins; issued at/) });
    expect(adoption).not.toHaveProperty("update");
    expect(adoption).not.toHaveProperty("time");
  }); // prettier-ignore

  it("is an adoption of a token that no state names, told from the log, with no time of issue", async () => {
    const at = NOW - 9 * DAY;
    const told = await toldWith(
      [FIRST],
      logged(at, said("adopted", "lost")),
      logged(at, said("revoke accepted", "lost")),
    );
    expect([...outline(told)].sort()).toEqual(["adopted web (inferred)", "adopted web (reported)", "revoked web (reported)"]); // prettier-ignore
    expect(told.tokens?.[1]).not.toHaveProperty("issuedAt");
  });
});

describe("a token that the history knew before", () => {
  const api = (outputs: Outputs = {}) =>
    token("api", { id: "jti-a", outputs: { fingerprint: A, issuedAt: ISSUED, adopted: A, ...outputs } });
  const dropped: Recorded = { day: -20, tokens: [], changes: { same: 1 } };

  it("is adopted once more where it had left the state", async () => {
    const again = { day: -10, tokens: [web("a")], changes: { create: 1 } };
    const told = await audited([FIRST, dropped, again]);
    expect(outline(told)).toEqual(["adopted web (inferred)", "drifted web (inferred)", "adopted web (inferred)"]);
    expect(told.tokens).toEqual([expect.objectContaining({ adoptedIn: 3 })]);
    expect(told.tokens?.[0]).not.toHaveProperty("end");
  }); // prettier-ignore

  it("came back by other means, where nothing was made", async () => {
    const told = await audited([FIRST, dropped, { ...dropped, day: -10, tokens: [web("a")] }]);
    expect(outline(told).at(-1)).toBe("drifted web (inferred)");
  });

  it("went from one resource to another, which says whose it was", async () => {
    const minted = { ...FIRST, tokens: [web("a", { adopted: undefined, issuedAt: day(-30) })] };
    const told = await audited([minted, { day: -10, tokens: [api({ issuedAt: day(-30) })], changes: { create: 1, delete: 1 } }]);
    expect(outline(told)).toEqual(["minted web (confirmed)", "adopted api (inferred)"]);
    expect(told.events[1]).toMatchObject({ time: day(-10), detail: `it belonged to web; works until ${day(60)}` });
    expect(told.tokens).toEqual([expect.objectContaining({ mintedIn: 1, adoptedIn: 2 })]);
  }); // prettier-ignore

  it("is not adopted again by a resource that was only renamed", async () => {
    const told = await audited([FIRST, { day: -10, tokens: [api()], changes: { same: 2 } }]);
    expect(outline(told)).toEqual(["adopted web (inferred)"]);
    const never = { adopted: undefined, issuedAt: day(-30) };
    const renamed = { day: -10, tokens: [api(never)], changes: { same: 2, create: 1 } };
    expect(outline(await audited([{ ...FIRST, tokens: [web("a", never)] }, renamed]))).toHaveLength(1);
  });
});

it("an adoption that was not settled failed as one", async () => {
  const { events } = await audited([{ ...FIRST, result: "failed", tokens: [web("a", { verified: false })] }]);
  expect(events.at(-1)).toMatchObject({ what: "failed", detail: expect.stringMatching(/^adopted, with a partial failure: works until/) }); // prettier-ignore
});
