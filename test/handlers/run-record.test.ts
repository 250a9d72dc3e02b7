import type { GraphqlAnswer } from "../../provider/bigcommerce/client";
import { createRunRecord, type RunRecord } from "../../provider/handlers/run-record";
import type { HeldPredecessor, TokenState } from "../../provider/domain/state";

const HELD: HeldPredecessor = {
  ...{ id: "id-0", fingerprint: "f0", issuedAt: 1_785_542_400, fate: "letExpire" },
  ...{ expiresAt: 1_798_761_600, storeHash: "abc123", channelIds: [1] },
};
const STATE: TokenState = {
  ...{ label: "x", storeHash: "abc123", channelIds: [1], expiresAt: 1_798_761_600 },
  ...{ overlap: "auto", onDelete: "revoke", token: "a.b.c", fingerprint: "f1" },
  ...{ issuedAt: 1_785_542_400, previous: HELD, previousToken: "d.e.f" },
};
const OTHER: TokenState = { ...STATE, label: "y" };
const OLD = { id: "id-1", old: STATE };

const checkedWithOlds = () => {
  const record = createRunRecord();
  record.checked("x", [], STATE);
  return record;
};

describe("a diff is a refresh", () => {
  it("before a check of its label with old inputs, whatever else was checked", () => {
    const record = createRunRecord();
    expect(record.isRefresh("x")).toBe(true);
    record.checked("y", ["x"], OTHER);
    record.checked("x", [], undefined);
    expect(record.isRefresh("x")).toBe(true);
    record.checked("x", [], STATE);
    expect(record.isRefresh("x")).toBe(false);
  });
});

describe("a check without old inputs", () => {
  it("is that of a new resource at first, and that of a forced replacement after one with old inputs", () => {
    const record = createRunRecord();
    expect(record.checked("x", [], undefined)).toEqual({ isForced: false, before: undefined });
    expect(record.checked("x", [], STATE)).toEqual({ isForced: false, before: STATE });
    expect(record.checked("x", [], undefined)).toEqual({ isForced: true, before: STATE });
    expect(record.checked("x", [], undefined)).toEqual({ isForced: false, before: STATE });
  });

  it("is that of a replacement where diff answered one", () => {
    const record = checkedWithOlds();
    const old = { ...STATE, overlap: "never" } as const;
    record.compared("x", { id: "id-1", old }, true);
    expect(record.checked("x", [], undefined)).toEqual({ isForced: false, before: old });
  });

  it("is that of an interrupted replacement where diff answered none", () => {
    const record = checkedWithOlds();
    record.compared("x", OLD, false);
    expect([record.replacementOf("x"), record.keeperOf("f1")]).toEqual([undefined, "x"]);
    expect(record.checked("x", [], undefined).isForced).toBe(false);
    expect([record.replacementOf("x"), record.keeperOf("f1")]).toEqual([OLD, undefined]);
  });
});

describe("a token whose dependency is deleted first", () => {
  const FIRST = { ...OLD, fate: "letExpire" } as const;
  const REPLACEMENT = { ...FIRST, isDeletedFirst: true };
  let record: RunRecord;
  beforeEach(() => {
    record = createRunRecord();
    record.deletesFirst("x", FIRST);
  });

  it("is no longer one where it was spared, and its delete is that of any other", () => {
    record.checked("x", [], STATE);
    expect(record.replacementOf("x")).toBeUndefined();
    expect(record.deletedFirst("id-1", STATE)).toBeUndefined();
    expect(record.sightingsOf("id-1", STATE).own?.replaced).toBeUndefined();
  });

  it("has a replacement of its own under the name that an alias gives it, but for one that has one", () => {
    record.checked("y", ["x"], undefined);
    expect([record.replacementOf("x"), record.replacementOf("y")]).toEqual([undefined, REPLACEMENT]);
    record.deletesFirst("x", FIRST);
    record.checked("y", ["x"], undefined);
    expect(record.replacementOf("x")).toEqual(REPLACEMENT);
  });

  it("stays one where its delete came, which is neither refused nor another record's", () => {
    expect(record.deletedFirst("another id", STATE)).toBeUndefined();
    expect(record.deletedFirst("id-1", STATE)).toEqual(REPLACEMENT);
    expect(record.sightingsOf("id-1", STATE)).toMatchObject({
      isBeforeSuccessor: false,
      own: { replaced: "letExpire" },
    });
    record.checked("x", [], STATE);
    record.compared("x", { id: "id-2", old: OTHER }, false);
    expect([record.replacementOf("x"), record.keeperOf("f1")]).toEqual([REPLACEMENT, undefined]);
  });
});

describe("an ordinary replacement", () => {
  it("keeps its old name, is before its successor until the create, and forgets nothing that was decided", () => {
    const record = checkedWithOlds();
    record.compared("x", OLD, true);
    record.checked("y", ["x"], undefined);
    expect([record.replacementOf("x"), record.replacementOf("y")]).toEqual([OLD, undefined]);
    expect(record.fatesOf(OLD)).toEqual({ own: "revoke" });
    record.decided("x", OLD, { own: "letExpire", previous: "revoke" });
    expect(record.replacementOf("x")).toEqual({ ...OLD, fate: "letExpire" });
    expect(record.fatesOf({ ...OLD, fate: "letExpire" })).toEqual({ own: "letExpire", previous: "revoke" });
    expect(record.sightingsOf("id-1", STATE)).toMatchObject({ isBeforeSuccessor: true });
    expect(record.sightingsOf("another id", STATE)).toMatchObject({ isBeforeSuccessor: false });
    record.created("x");
    expect(record.sightingsOf("id-1", STATE)).toMatchObject({
      ...{ isDeclared: true, isBeforeSuccessor: false },
      ...{ own: { replaced: "letExpire" }, previous: { replaced: "revoke" } },
    });
  });
});

describe("a token that a state names as its previous one", () => {
  const older = { ...STATE, fingerprint: "f0", previous: undefined } as unknown as TokenState;

  it("goes by the fate that the state of a declared resource records", () => {
    const record = createRunRecord();
    record.names("id-1", STATE, "y");
    expect(record.sightingsOf("id-0", older).own?.named).toBeUndefined();
    record.checked("y", [], undefined);
    expect(record.sightingsOf("id-0", older).own?.named).toBe("letExpire");
  });

  it("is named elsewhere for any other state", () => {
    const record = createRunRecord();
    const isNamedElsewhere = (id: string) => record.sightingsOf(id, STATE).previous?.isNamedElsewhere;
    expect(isNamedElsewhere("id-2")).toBe(false);
    record.names("id-1", STATE, "x");
    expect([isNamedElsewhere("id-1"), isNamedElsewhere("id-2")]).toEqual([false, true]);
  });
});

describe("a token that two records hold", () => {
  it("is kept by the resource that goes on holding it, whichever is compared first", () => {
    for (const isFirstReplaced of [true, false]) {
      const record = createRunRecord();
      expect(record.compared("x", OLD, isFirstReplaced)).toBeUndefined();
      const other = record.compared("y", { id: "id-1", old: OTHER }, !isFirstReplaced);
      expect(other).toBe(isFirstReplaced ? undefined : "x");
      expect(record.keeperOf("f1")).toBe(isFirstReplaced ? "y" : "x");
      expect(record.sightingsOf("id-1", STATE).own?.heldBy).toBe(isFirstReplaced ? "y" : undefined);
      expect(record.sightingsOf("id-1", OTHER).own?.heldBy).toBe(isFirstReplaced ? undefined : "x");
    }
  });

  it("is that of the last of two that both keep it, which is told of the first", () => {
    const record = createRunRecord();
    record.compared("x", OLD, false);
    expect(record.compared("y", { id: "id-1", old: OTHER }, false)).toBe("x");
    expect(record.keeperOf("f1")).toBe("y");
  });

  it("is held beside a record of the same resource where that adopted it, until that is undone", () => {
    const record = createRunRecord();
    record.compared("x", OLD, true);
    const release = record.adopts("x", "f1");
    expect([record.keeperOf("f1"), record.sightingsOf("id-1", STATE).own?.heldBy]).toEqual(["x", "x"]);
    release();
    expect([record.keeperOf("f1"), record.sightingsOf("id-1", STATE).own?.heldBy]).toEqual([
      undefined,
      undefined,
    ]);
    record.adopts("x", "f2")();
    expect(record.keeperOf("f2")).toBeUndefined();
  });

  it("is held by nobody who goes on, as the previous one, until a resource adopts it", () => {
    const record = createRunRecord();
    expect(record.sightingsOf("id-1", STATE).previous?.heldBy).toBeUndefined();
    record.adopts("y", "f0");
    expect(record.sightingsOf("id-1", STATE).previous?.heldBy).toBe("y");
  });

  it("was adopted once more only where nothing is replaced", () => {
    const record = checkedWithOlds();
    record.adopted("x", { id: "id-1", fingerprint: "f1" });
    expect(record.sightingsOf("id-1", STATE).adopted).toBe("f1");
    const replacing = checkedWithOlds();
    replacing.compared("x", OLD, true);
    replacing.adopted("x", { id: "id-1", fingerprint: "f1" });
    expect(replacing.sightingsOf("id-1", STATE).adopted).toBeUndefined();
  });
});

describe("another process of the update", () => {
  const keptBy = (label: string) => ({ add: () => undefined, find: () => ({ keptBy: label }) });

  it("kept the token for another resource, so that its removal here does not revoke it", () => {
    expect(createRunRecord(keptBy("y")).sightingsOf("id-1", STATE).own?.heldBy).toBe("y");
  });

  it("kept it for this very resource, which changes nothing", () => {
    expect(createRunRecord(keptBy("x")).sightingsOf("id-1", STATE).own?.heldBy).toBeUndefined();
  });
});

describe("a mint", () => {
  const facts = { fingerprint: "f1", listName: "x#1", apiAccount: "client-1" };

  it("is answered with a token that no state holds, and tells whose the credential is", () => {
    const record = createRunRecord();
    expect([record.minted(STATE, facts), record.keeperOf("f1"), record.minterOf("abc123")]).toEqual([
      ...[undefined, "x", "client-1"],
    ]);
    expect([record.minterOf("other9"), record.minted(OTHER, facts)]).toEqual([undefined, "x"]);
    record.minted({ label: "z", storeHash: "abc123" }, { fingerprint: "f2" });
    expect(record.minterOf("abc123")).toBe("client-1");
  });

  it.each([
    ["own", "f1"],
    ["previous", "f0"],
  ])("is refused where a state holds the token as its %s one", (_, fingerprint) => {
    const record = createRunRecord();
    record.holds("id-1", STATE);
    expect(record.minted(OTHER, { ...facts, fingerprint })).toBe("x");
    expect([record.keeperOf(fingerprint), record.minterOf("abc123")]).toEqual([undefined, undefined]);
    expect([record.isHeld("id-1"), record.isHeld("id-0"), record.isHeld("f1")]).toEqual([true, true, false]);
  });

  it("was answered with the token of another record, unless the names are the same or the state showed it since", () => {
    const again = (state: TokenState) => record.sightingsOf("id-1", state).own?.isMintedAgain;
    const record = createRunRecord();
    expect(again(STATE)).toBe(false);
    record.minted(STATE, facts);
    expect([
      again({ ...STATE, listName: "x#1" }),
      again({ ...STATE, listName: "x#2" }),
      again(STATE),
    ]).toEqual([...[false, true, true]]);
    record.minted(STATE, { fingerprint: "f0" });
    expect(record.sightingsOf("id-1", STATE).previous?.isMintedAgain).toBe(true);
    record.shows("id-1", STATE);
    expect(again(STATE)).toBe(false);
  });

  it("is in doubt for the very inputs that it was asked with, and kept after a failure", () => {
    const record = createRunRecord();
    record.inDoubt("x", "{}");
    expect([record.isInDoubt("x", "{}"), record.isInDoubt("x", "[]"), record.isInDoubt("y", "{}")]).toEqual([
      ...[true, false, false],
    ]);
    const failure = new Error("failed");
    record.failed("x", failure);
    expect([record.failureOf("x"), record.failureOf("y")]).toEqual([failure, undefined]);
  });
});

describe("a revocation", () => {
  it("is not asked for twice, by fingerprint, while it is under way or once it is done", async () => {
    const record = createRunRecord();
    const asked: string[] = [];
    const revoke = (name: string, isDone: boolean) => () => {
      asked.push(name);
      return Promise.resolve(isDone);
    };
    await Promise.all([
      record.revokeOnce("f1", revoke("first", true)),
      record.revokeOnce("f1", revoke("second", true)),
      record.revokeOnce("f2", revoke("other", true)),
    ]);
    await record.revokeOnce("f1", revoke("third", true));
    expect(asked).toEqual(["first", "other"]);
  });

  it("is asked for again where it was refused, or failed", async () => {
    const record = createRunRecord();
    await record.revokeOnce("f1", () => Promise.resolve(false));
    await expect(record.revokeOnce("f1", () => Promise.reject(new Error("failed")))).rejects.toThrow(
      "failed",
    );
    const last = jest.fn(() => Promise.resolve(true));
    await record.revokeOnce("f1", last);
    expect(last).toHaveBeenCalledTimes(1);
  });
});

describe("what GraphQL answered", () => {
  it("is told to the next that asks in the same store and group", async () => {
    const record = createRunRecord();
    const lasts: (GraphqlAnswer | undefined)[] = [];
    const ask = (storeHash: string, group: string, answer: GraphqlAnswer) =>
      record.answerOf(storeHash, group, async (last) => {
        lasts.push(await last);
        return answer;
      });
    await ask("abc123", "g", "works");
    await ask("other9", "g", "revoked");
    await ask("abc123", "h", "revoked");
    expect(await ask("abc123", "g", "expired")).toBe("expired");
    expect(lasts).toEqual([undefined, undefined, undefined, "works"]);
  });
});

it("a record belongs to one host: another one knows nothing of it", () => {
  const record = checkedWithOlds();
  record.holds("id-1", STATE);
  const other = createRunRecord();
  expect([other.isRefresh("x"), other.isHeld("id-1")]).toEqual([true, false]);
});
