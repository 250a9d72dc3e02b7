import { cli } from "./fake-system";
import { audited, outline, type Recorded, type ToldAudit } from "./histories";
import { day, exported, NOW, previous, printOf, token } from "./states";

type Rest = Readonly<Record<string, unknown>>;

const A = printOf("a");
const first = (rest: Rest = {}, outputs: Rest = {}): Recorded => ({
  day: -30,
  tokens: [token("a", { rest, outputs }), token("x"), bucket("old")],
  changes: { create: 4 },
});
const MAY = `it may still work until ${day(60)}`;

/** A resource that is no token. */
function bucket(id: string): Rest {
  return { urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::store", custom: true, id, type: "aws:s3/bucket:Bucket" };
} // prettier-ignore

/** What the resource `a` holds after `pulumi state delete` and `up`. */
const again = (outputs: Rest = {}) =>
  token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), issuedAt: day(-10), ...outputs } });

const ofA = ({ events }: ToldAudit) =>
  events.find(({ what, token: each }) => each?.fingerprint === A && what !== "minted");

describe("a record that left the state without our delete", () => {
  it.each<[string, Partial<Recorded>]>([
    ["was minted anew by the next update", { tokens: [again(), token("x"), bucket("old")], changes: { create: 1, same: 3 } }],
    ["was minted anew beside another resource's replacement", { tokens: [again(), token("x"), bucket("new")], changes: { create: 1, replace: 1, same: 2 } }],
    ["was minted anew beside a new resource", { tokens: [again(), token("x"), token("y"), bucket("new")], changes: { create: 2, replace: 1, same: 2 } }],
    ["was missed by an update that changed nothing", { tokens: [token("x"), bucket("old")], changes: { same: 3 } }],
    ["was missed by an update that replaced something", { tokens: [token("x"), bucket("new")], changes: { same: 2, replace: 1 } }],
    ["was missed by a refresh", { kind: "refresh", tokens: [token("x"), bucket("old")], changes: { same: 3 } }],
    ["left by `pulumi stack import`, which Pulumi Cloud has as an update", { kind: "import", tokens: [token("x"), bucket("old")] }],
  ])("%s: its token may still work", async (_, update) => {
    const told = await audited([first(), { day: -10, ...update }]);
    expect(ofA(told)).toMatchObject({ what: "drifted", evidence: "inferred", until: day(60) });
    expect(ofA(told)?.detail).toMatch(/^its record left the state without a deletion in this history, as after `pulumi state delete`/); // prettier-ignore
    expect(ofA(told)?.detail).toContain(MAY);
    expect(JSON.stringify(told)).not.toMatch(/was gone|forced|revocation was due/);
    const { alive } = await audited([first(), { day: -10, ...update }], ["--live-between", day(-2), day(-1)]);
    expect(alive?.map(({ fingerprint }) => fingerprint)).toContain(A);
  }); // prettier-ignore

  it("its successor was minted, and says what became of the record before it", async () => {
    const update = {
      day: -10,
      tokens: [again(), token("x"), bucket("old")],
      changes: { create: 1, same: 3 },
    };
    const { events } = await audited([first(), update]);
    expect(events.find(({ token: each }) => each?.fingerprint === printOf("b"))).toMatchObject({
      ...{ what: "minted", evidence: "confirmed", predecessor: A },
      detail: expect.stringMatching(/^the old token had left the state without a delete, so it may still be valid/), // prettier-ignore
    });
  });

  it.each<[string, Partial<Recorded>]>([
    ["an update", {}],
    ["a refresh, which may have seen the other gone", { kind: "refresh" }],
  ])("cannot be told from another that %s deleted: neither is said to be revoked", async (_, rest) => {
    const told = await audited([first(), { day: -10, tokens: [bucket("old")], changes: { delete: 1, same: 2 }, ...rest }]); // prettier-ignore
    const ends = told.events.slice(2);
    expect(ends.map(({ what, evidence }) => `${what} (${evidence})`)).toEqual(["drifted (inferred)", "drifted (inferred)"]); // prettier-ignore
    for (const { detail } of ends) expect(detail).toBe(`its record left the state, and this update deleted fewer than left it: ${MAY}`); // prettier-ignore
  });

  it("takes no predecessor with it, which was left to expire and is", async () => {
    const holder = again({ previous: previous("a", { expiresAt: day(60) }), channelIds: [1, 2] });
    const told = await audited([
      { day: -30, tokens: [token("a")], changes: { create: 2 } },
      { day: -20, tokens: [holder], changes: { replace: 1 } },
      { day: -10, tokens: [], changes: { same: 1 } },
    ]);
    expect(outline(told).slice(2)).toEqual(["left to expire a (inferred)", "drifted a (inferred)"]);
    expect(told.tokens?.[0]?.end).toMatchObject({ how: "left to expire" });
  });

  it("is not one that was renamed, or that an update counts as deleted", async () => {
    const renamed = { ...token("a"), urn: String(token("b")["urn"]) };
    const told = await audited([first(), { day: -10, tokens: [renamed, bucket("old")], changes: { delete: 1, same: 3 } }]); // prettier-ignore
    expect(outline(told).slice(2)).toEqual(["ended x (inferred)"]);
  });

  it("is no forced replacement, which an update counts", async () => {
    const update = { day: -10, tokens: [again(), token("x"), token("y"), bucket("old")], changes: { replace: 1, create: 1, same: 3 } }; // prettier-ignore
    const told = await audited([first(), update]);
    expect(ofA(told)).toMatchObject({ what: "ended", detail: expect.stringMatching(/^its replacement was forced: its revocation was due/) }); // prettier-ignore
  });
});

describe("between two exports, which count nothing", () => {
  const between = async (after: string) => {
    const files = { "a.json": exported(token("a")), "b.json": after };
    const { stdout } = await cli(["audit", "diff", "a.json", "b.json", "--json"], { files, now: NOW });
    return JSON.parse(stdout) as ToldAudit;
  };

  it("a token that was minted anew may have been made after the record had left the state", async () => {
    const told = await between(exported(again()));
    expect(ofA(told)?.detail).toMatch(/^its replacement was forced, or its record left the state without a deletion: its revocation was due/); // prettier-ignore
    expect(ofA(told)?.detail).toContain(MAY);
    expect(told.events[0]?.detail).toMatch(/^forced .*; or the old token had left the state/);
  });

  it("so may one that is there no more", async () => {
    expect(ofA(await between(exported()))?.detail).toMatch(/^its resource was removed, or its record left the state without a deletion: .*; it may still work until/); // prettier-ignore
  });
});

describe("an option that keeps Pulumi from calling the provider", () => {
  const STORE = String(bucket("old")["urn"]);
  const destroyed = { day: -10, kind: "destroy", tokens: [], changes: { delete: 4 } };

  it.each<[string, Rest, Partial<Recorded>, string]>([
    ["retainOnDelete, of one that was destroyed", { retainOnDelete: true }, destroyed, "retainOnDelete"],
    [
      "retainOnDelete, of one that was replaced by force",
      { retainOnDelete: true },
      { tokens: [again(), token("x"), bucket("old")], changes: { replace: 1, same: 3 } },
      "retainOnDelete",
    ],
    ["deletedWith, where that was destroyed too", { deletedWith: STORE }, destroyed, "deletedWith"],
    [
      "deletedWith, where that was replaced and the token removed",
      { deletedWith: STORE },
      { tokens: [token("x"), bucket("new")], changes: { replace: 1, delete: 1, same: 2 } },
      "deletedWith",
    ],
  ])("%s: the token was left, and no revocation was due", async (_, rest, update, option) => {
    const told = await audited([first(rest), { day: -10, ...update }]);
    expect(ofA(told)).toMatchObject({ what: "left to expire", evidence: "inferred", until: day(60) });
    expect(ofA(told)?.detail).toMatch(`Pulumi asked for no revocation because of the option ${option}`);
  });

  it("deletedWith says nothing where the other resource stays", async () => {
    const told = await audited([first({ deletedWith: STORE }), { day: -10, tokens: [token("x"), bucket("old")], changes: { delete: 1, same: 3 } }]); // prettier-ignore
    expect(ofA(told)).toMatchObject({
      what: "ended",
      detail: expect.stringContaining("its revocation was due"),
    });
  });

  it("leaves a predecessor as well", async () => {
    const holder = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), channelIds: [1, 2], previous: previous("a", { expiresAt: day(60) }) }, rest: { retainOnDelete: true } }); // prettier-ignore
    const told = await audited([
      { day: -30, tokens: [token("a")], changes: { create: 2 } },
      { day: -20, tokens: [holder], changes: { replace: 1 } },
      { day: -10, kind: "destroy", tokens: [], changes: { delete: 2 } },
    ]);
    expect(outline(told).slice(2)).toEqual(["left to expire a (inferred)", "left to expire a (inferred)"]);
  });
});
