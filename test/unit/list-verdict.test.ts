import fc from "fast-check";

import {
  type Doubt,
  judgeInLists,
  type ReadTokenList,
  type SoughtToken,
  type TokenList,
} from "../../provider/bigcommerce/token-list";
import type { ListedToken } from "../../provider/bigcommerce/token-list-page";

const AS_OF = 1_800_000_000;
const TOKEN: SoughtToken = { jti: "a", apiAccount: "client-a", issuedAt: AS_OF - 86_400 };

const row = (change: Partial<ListedToken> = {}): ListedToken => ({
  ...{ jti: "a", channelIds: [1], isRevoked: false, isExpired: false },
  ...change,
});

/** A whole list of the token's own account that does not show it. */
const list = (change: Partial<ReadTokenList> = {}, rows: readonly ListedToken[] = []): TokenList => ({
  ...{ kind: "listed", byJti: new Map(rows.map((each) => [each.jti, each])), account: "client-a" },
  ...{ isWhole: true, mayBeWhole: true, unread: new Set<string>(), asOf: AS_OF, headers: {} },
  ...change,
});
const failed = (kind: "no list" | "unreadable"): TokenList => ({ kind, failed: {} as never });
const strange = (change: Partial<ReadTokenList> = {}) => list({ account: "client-b", ...change });
const nameless = (change: Partial<ReadTokenList> = {}): TokenList => {
  const { account: _, ...rest } = list(change) as ReadTokenList;
  return rest;
};

describe("a row decides", () => {
  it.each([
    ["alive", {}],
    ["revoked", { isRevoked: true }],
    ["expired", { isExpired: true }],
    ["revoked", { isRevoked: true, isExpired: true }],
  ] as const)("%s: %j", (is, change) => {
    expect(judgeInLists([list({}, [row(change)])], TOKEN)).toEqual({ is });
  });

  it.each<[string, TokenList]>([
    ["another account's", strange()],
    ["one without an account", nameless()],
    ["one that is not whole", list({ isWhole: false })],
    ["one that does not show the token", list()],
    ["none", failed("no list")],
    ["one that could not be read", failed("unreadable")],
  ])("in whichever list it stands: beside %s", (_, other) => {
    const shown = list({ isWhole: false, account: "client-b" }, [row()]);
    expect(judgeInLists([other, shown], TOKEN)).toEqual({ is: "alive" });
    expect(judgeInLists([shown, other], TOKEN)).toEqual({ is: "alive" });
  });
});

it.each<[readonly Doubt[], TokenList, Partial<SoughtToken>?]>([
  [[], list()],
  [["no list"], failed("no list")],
  [["unreadable"], failed("unreadable")],
  [["no jti"], list(), { jti: undefined }],
  [["unknown account"], nameless()],
  [["unknown account"], list(), { apiAccount: undefined }],
  [["not whole"], list({ isWhole: false })],
  [["not whole"], list({ unread: new Set(["a"]) })],
  [[], list({ unread: new Set(["b"]) })],
  [["too new"], list(), { issuedAt: AS_OF - 299 }],
  [[], list(), { issuedAt: AS_OF - 300 }],
  [["too new"], list(), { issuedAt: AS_OF + 60 }],
  [["too new"], list(), { issuedAt: undefined }],
  [["too new"], list(), { issuedAt: NaN }],
  [["unknown account", "not whole", "too new"], nameless({ isWhole: false }), { issuedAt: AS_OF }],
])("a list that does not show the token leaves these doubts: %j", (doubts, given, change = {}) => {
  const verdict = judgeInLists([given], { ...TOKEN, ...change });
  const expected = doubts.length === 0 ? { is: "missing" } : { is: "unknown", lists: [{ list: given, doubts }] };
  expect(verdict).toEqual(expected);
}); // prettier-ignore

it("the list of another account says nothing of a token that it does not show", () => {
  expect(judgeInLists([strange()], TOKEN)).toEqual({ is: "unknown", lists: [] });
  expect(judgeInLists([strange(), list()], TOKEN)).toEqual({ is: "missing" });
  const partly = list({ isWhole: false });
  const lists = [{ list: partly, doubts: ["not whole"] }];
  expect(judgeInLists([strange(), partly], TOKEN)).toEqual({ is: "unknown", lists });
  expect(judgeInLists([strange()], { ...TOKEN, apiAccount: undefined })).toMatchObject({ is: "unknown" });
});

it("no list says nothing", () => {
  expect(judgeInLists([], TOKEN)).toEqual({ is: "unknown", lists: [] });
});

it("never calls a token missing unless a whole, settled list of its own account does not show it", () => {
  const any = fc.record({
    account: fc.constantFrom("client-a", "client-b", undefined),
    isWhole: fc.boolean(),
    isUnread: fc.boolean(),
    age: fc.integer({ min: -60, max: 600 }),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 3 }), (all) => {
      const lists = all.map(({ account, isWhole, isUnread, age }) => {
        const change = { isWhole, unread: new Set(isUnread ? ["a"] : []), asOf: AS_OF + age };
        return account === undefined ? nameless(change) : list({ ...change, account });
      });
      const verdict = judgeInLists(lists, { ...TOKEN, issuedAt: AS_OF });
      const mayTell = all.some(
        ({ account, isWhole, isUnread, age }) => account === "client-a" && isWhole && !isUnread && age >= 300,
      );
      expect(verdict.is === "missing").toBe(mayTell);
    }),
  );
});
