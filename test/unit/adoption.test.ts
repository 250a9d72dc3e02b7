import {
  adoptionProblems,
  claimedExpiry,
  hasOwnJti,
  hasPreviousOwnJti,
  haveSameEntries,
  holdsOrHeld,
  isAdopted,
  isAdopting,
} from "../../provider/domain/adoption";
import { fingerprint } from "../../provider/domain/fingerprint";
import type { ParsedInputs } from "../../provider/domain/inputs";
import { KINDS } from "../../provider/domain/kinds";
import type { HeldPredecessor, TokenState } from "../../provider/domain/state";
import { UNKNOWN } from "../../provider/domain/unknown";

const NOW = 1_785_000_000;
const DAY = 86_400;
const { storefront, private: privateKind, impersonation } = KINDS;

const tokenOf = (claims: object) =>
  ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "c2ln"].join(".");
const CLAIMS = { cid: [1, 2], eat: NOW + 90 * DAY, token_type: storefront.tokenType };
const INPUTS = { channelIds: [2, 1], expiresAt: NOW + 90 * DAY } as unknown as ParsedInputs;

const problems = (claims: object, inputs: object = {}, kind = storefront) =>
  adoptionProblems(kind, { ...INPUTS, ...inputs }, tokenOf({ ...CLAIMS, ...claims }), NOW);
const reasons = (...args: Parameters<typeof problems>) => problems(...args).map(({ reason }) => reason);

describe("a token that is adopted", () => {
  it("fits if kind, channels, origins and expiration are those of the inputs", () => {
    expect(problems({})).toEqual([]);
    const origins = ["https://a.example.com", "https://b.example.com"];
    expect(problems({ cors: [...origins].reverse() }, { allowedCorsOrigins: origins })).toEqual([]);
  });

  it("is one of BigCommerce, with channels or a kind", () => {
    const text = "is not a token of BigCommerce; give the whole token, as BigCommerce answered it";
    const bare = { cid: undefined, token_type: undefined };
    expect(problems(bare)).toEqual([{ property: "adopt", reason: text }]);
    expect(reasons({ ...bare, cid: 1 }, { channelIds: [1] }, privateKind)).toEqual([]);
    expect(reasons({ cid: undefined })).toEqual([]);
    expect(adoptionProblems(storefront, INPUTS, "no token", NOW)).toHaveLength(1);
  });

  it.each([
    [NOW - 1, ["has expired; remove it to mint a token"]],
    [NOW, ["has expired; remove it to mint a token"]],
    [NOW + 1, []],
  ])("still works: with %i it has %j", (eat, expected) => {
    expect(reasons({ eat }, { expiresAt: eat })).toEqual(expected);
  });

  it.each([
    ["storefront", storefront, storefront, []],
    ["impersonation", impersonation, impersonation, []],
    ["storefront", impersonation, storefront, ["is another kind of token; this resource holds storefront tokens"]],
    ["private", storefront, privateKind, ["is another kind of token; this resource holds private tokens"]],
  ])("is of the resource's kind, here %s", (_, { tokenType }, kind, expected) => {
    expect(reasons({ token_type: tokenType }, {}, kind)).toEqual(expected);
  }); // prettier-ignore

  it("may have any unpublished number if it is private, and none if it is not", () => {
    expect(reasons({ token_type: 99 }, {}, privateKind)).toEqual([]);
    expect(reasons({ token_type: 99 }, {}, storefront)).toHaveLength(1);
    expect(reasons({ token_type: undefined }, {}, storefront)).toEqual([]);
  });

  it("is for the channels of the inputs, in any order", () => {
    const text = (own: string) => [`is valid for other channels than channelIds; it has [${own}]`];
    expect(reasons({ cid: [10, 9, 10, 1] }, { channelIds: [1] })).toEqual(text("1, 9, 10"));
    expect(reasons({ cid: [1] })).toEqual(text("1"));
    expect(reasons({ cid: [1] }, { channelIds: undefined })).toEqual(text("1"));
    expect(reasons({ cid: [1] }, { channelIds: UNKNOWN })).toEqual([]);
    expect(reasons({ cid: undefined }, { channelIds: [7] })).toEqual([]);
    expect(reasons({ cid: [] }, { channelIds: undefined })).toEqual([]);
  });

  it("is bound to the origins of the inputs", () => {
    const text = ["is bound to other origins than allowedCorsOrigins"];
    const cors = ["https://a.example.com"];
    expect(reasons({ cors })).toEqual(text);
    expect(reasons({ cors: [] })).toEqual([]);
    expect(reasons({ cors }, { allowedCorsOrigins: ["https://b.example.com"] })).toEqual(text);
    expect(reasons({ cors }, { allowedCorsOrigins: UNKNOWN })).toEqual([]);
    expect(reasons({ cors: undefined }, { allowedCorsOrigins: cors })).toEqual([]);
  });

  it("expires when the inputs say, and the message says when that is", () => {
    expect(reasons({}, { expiresAt: NOW })).toEqual([
      'expires at another time than expiresAt; give expiresAt: "2026-10-23T17:20:00Z", or lifetime to rotate it',
    ]);
    expect(reasons({ eat: undefined }, { expiresAt: "never" })).toEqual([]);
    expect(reasons({}, { expiresAt: undefined })).toEqual([]);
    expect(reasons({}, { expiresAt: UNKNOWN })).toEqual([]);
  });

  it.each([
    ["90d", []],
    ["100d", []],
    [UNKNOWN, []],
    [
      "89d",
      [
        "works until 2026-10-23T17:20:00Z, which is longer than lifetime allows; give a longer lifetime, or expiresAt",
      ],
    ],
  ])("lives no longer than the lifetime %j: %j", (lifetime, expected) => {
    expect(reasons({}, { lifetime, expiresAt: undefined })).toEqual(expected);
  });

  it("with a lifetime has an expiration", () => {
    expect(reasons({ eat: undefined }, { lifetime: "90d", expiresAt: undefined })).toEqual([
      "works for ever, which is longer than lifetime allows; give a longer lifetime, or expiresAt",
    ]);
  });
});

it("the expiration of a token is what it claims, and none without a claim", () => {
  expect(claimedExpiry(tokenOf({ eat: NOW }))).toBe(NOW);
  expect([claimedExpiry(tokenOf({})), claimedExpiry("no token")]).toEqual(["never", "never"]);
});

describe("a state", () => {
  const token = tokenOf(CLAIMS);
  const state = (change: Partial<TokenState> = {}) =>
    ({ fingerprint: fingerprint(token), ...change }) as TokenState;

  it("holds an adopted token, or held it before a rotation", () => {
    expect(holdsOrHeld(state(), token)).toBe(true);
    expect(holdsOrHeld(state({ fingerprint: "0".repeat(16), adopted: fingerprint(token) }), token)).toBe(
      true,
    );
    expect(holdsOrHeld(state({ fingerprint: "0".repeat(16) }), token)).toBe(false);
  });

  it("adopts a token that it neither holds nor held", () => {
    expect(isAdopting(undefined, token)).toBe(true);
    expect(isAdopting({ old: state({ fingerprint: "0".repeat(16) }) }, token)).toBe(true);
    expect(isAdopting({ old: state() }, token)).toBe(false);
    expect([isAdopting(undefined, undefined), isAdopting(undefined, UNKNOWN)]).toEqual([false, false]);
  });

  it("trusts the jti of a token that was minted, or that GraphQL accepted", () => {
    const adopted = fingerprint(token);
    expect([isAdopted(state()), isAdopted(state({ adopted }))]).toEqual([false, true]);
    expect(hasOwnJti(state())).toBe(true);
    expect(hasOwnJti(state({ adopted }))).toBe(false);
    expect(hasOwnJti(state({ adopted, verified: false }))).toBe(false);
    expect(hasOwnJti(state({ adopted, verified: true }))).toBe(true);
    expect(hasOwnJti(state({ adopted: "0".repeat(16) }))).toBe(true);
  });

  it("trusts the jti of the previous token unless it is unproven or the adopted one", () => {
    const previous = { fingerprint: "f".repeat(16) } as HeldPredecessor;
    expect(hasPreviousOwnJti({ previous })).toBe(true);
    expect(hasPreviousOwnJti({ previous, adopted: "0".repeat(16) })).toBe(true);
    expect(hasPreviousOwnJti({ previous, adopted: previous.fingerprint })).toBe(false);
    expect(hasPreviousOwnJti({ previous: { ...previous, unproven: true } })).toBe(false);
    expect(hasPreviousOwnJti({})).toBe(false);
  });
});

it("two lists have the same entries in any order, however often", () => {
  expect(haveSameEntries([1, 2], [2, 1, 1])).toBe(true);
  expect([haveSameEntries([1], [1, 2]), haveSameEntries([1, 2], [1])]).toEqual([false, false]);
});
