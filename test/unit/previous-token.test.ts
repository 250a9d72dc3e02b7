import { DAY, effectiveExpiry } from "../../provider/domain/expiry";
import { keptPrevious, livePrevious, previousOf } from "../../provider/domain/previous-token";
import type { HeldPredecessor, TokenState } from "../../provider/domain/state";

const NOW = 1_785_000_000;
const END = NOW + 10 * DAY;

const OLD: TokenState = {
  ...{ label: "o/p/s/private/x", storeHash: "abc123", channelIds: [1, 2], expiresAt: END },
  ...{ overlap: "auto", onDelete: "revoke", lifetime: "30d", rotateAt: END - 1 },
  ...{ token: "old.token.x", fingerprint: "0123456789abcdef", issuedAt: NOW - DAY },
};
const FACTS = {
  ...{ id: "id-1", fingerprint: "0123456789abcdef", issuedAt: NOW - DAY },
  ...{ expiresAt: END, storeHash: "abc123", channelIds: [1, 2] },
};

describe("a successor keeps of the token that it replaces", () => {
  it("the facts and the token, where it is left to expire, and nothing that does not apply", () => {
    expect(previousOf("id-1", OLD, "letExpire", NOW)).toStrictEqual({
      previous: { ...FACTS, fate: "letExpire" },
      previousToken: "old.token.x",
    });
  });

  it("the facts alone, where it is revoked", () => {
    expect(previousOf("id-1", OLD, "revoke", NOW)).toStrictEqual({
      previous: { ...FACTS, fate: "revoke" },
    });
  });

  it("its rights, its account and its host, where it has them", () => {
    const rights = {
      ...{ scopes: ["B2B"], allowedCorsOrigins: ["https://a.example"] },
      ...{ apiAccount: "client-1", apiUrl: "https://api.example.com" },
    };
    expect(previousOf("id-1", { ...OLD, ...rights }, "revoke", NOW)).toStrictEqual({
      previous: { ...FACTS, ...rights, fate: "revoke" },
    });
  });

  it("the earlier end of its own claim", () => {
    const effectiveExpiresAt = END - DAY;
    const { previous } = previousOf("id-1", { ...OLD, effectiveExpiresAt }, "letExpire", NOW);
    expect(previous?.expiresAt).toBe(effectiveExpiresAt);
  });

  it("nothing of one that has expired", () => {
    expect(previousOf("id-1", OLD, "letExpire", END)).toStrictEqual({});
    expect(previousOf("id-1", OLD, "letExpire", END - 1)).not.toStrictEqual({});
  });

  it("nothing of the predecessor's own predecessor", () => {
    const nested = {
      ...OLD,
      previous: { ...FACTS, id: "id-0", fate: "letExpire" as const },
      previousToken: "x.y.z",
    };
    expect(JSON.stringify(previousOf("id-1", nested, "letExpire", NOW))).not.toMatch(/id-0|x\.y\.z/);
  });
});

describe("a state answers for its previous token", () => {
  const previous = { ...FACTS, fate: "letExpire" as const };
  const state = { previous, previousToken: "old.token.x" };

  it("while it was left to expire and has not expired", () => {
    expect(livePrevious(state, END - 1)).toBe(previous);
  });

  it.each([
    ["once it has expired", state, END],
    [
      "when its revocation was asked for",
      { ...state, previous: { ...previous, fate: "revoke" as const } },
      NOW,
    ],
    ["without its token", { previous }, NOW],
    ["where there was none", {}, NOW],
  ])("not %s", (_, held, now) => {
    expect(livePrevious<HeldPredecessor>(held, now)).toBeUndefined();
  });

  it("whose end never comes, if it was left", () => {
    const endless = { ...state, previous: { ...previous, expiresAt: "never" as const } };
    expect(livePrevious(endless, NOW + 1e9)).toBeDefined();
  });
});

describe("an update in place keeps", () => {
  const previous = { ...FACTS, fate: "letExpire" as const };

  it("the previous token until it has expired", () => {
    const state = { previous, previousToken: "old.token.x" };
    expect(keptPrevious(state, END - 1)).toStrictEqual(state);
    expect(keptPrevious(state, END)).toStrictEqual({});
  });

  it("what was asked to be revoked, without inventing a token", () => {
    const state = { previous: { ...previous, fate: "revoke" as const } };
    expect(keptPrevious(state, NOW)).toStrictEqual(state);
  });
});

it("counts the token's own end where it is earlier than what was asked for", () => {
  expect(effectiveExpiry({ expiresAt: END })).toBe(END);
  expect(effectiveExpiry({ expiresAt: END, effectiveExpiresAt: NOW })).toBe(NOW);
  expect(effectiveExpiry({ expiresAt: "never", effectiveExpiresAt: NOW })).toBe(NOW);
  expect(effectiveExpiry({ expiresAt: "never" })).toBe("never");
});
