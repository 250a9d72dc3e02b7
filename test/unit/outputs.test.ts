import {
  anomalies,
  clockNotice,
  lifeProblem,
  mismatch,
  outputs,
  recorded,
  tokenFacts,
} from "../../provider/domain/outputs";
import { fingerprint } from "../../provider/domain/fingerprint";
import { DAY } from "../../provider/domain/expiry";
import type { CheckedInputs } from "../../provider/domain/state";
import { tokenOf } from "../../provider/domain/token";

const NOW = 1_785_000_000;
const END = NOW + 90 * DAY;

const INPUTS: CheckedInputs = {
  ...{ label: "o/p/s/private/x", storeHash: "abc123", channelIds: [1, 2], expiresAt: END },
  ...{ overlap: "auto", onDelete: "revoke", __provider: "code" },
};
const ROTATED: CheckedInputs = { ...INPUTS, lifetime: "90d", rotateBefore: "30d" };

const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (claims: object) => `${segment({ alg: "ES256" })}.${segment(claims)}.c2ln`;
const minted = (claims: object) => ({ token: tokenOf(jwt(claims)), mintedAt: NOW });
/** None of these claims is a credential. */
const isSecret = () => false;
const facts = (claims: object, inputs = INPUTS) => tokenFacts(inputs, minted(claims), isSecret).facts;

describe("the id of a token", () => {
  it("is its jti", () => {
    expect(tokenFacts(INPUTS, minted({ jti: "jti-1" }), isSecret).id).toBe("jti-1");
  });

  it.each([[{}], [{ jti: "" }], [{ jti: 5 }], [{ jti: "a b" }]])(
    "[H1] is its fingerprint for claims %j, and never a part of the token",
    (claims) => {
      const { token, ...rest } = minted(claims);
      const { id } = tokenFacts(INPUTS, { token, ...rest }, isSecret);
      expect(id).toBe(token.fingerprint);
      expect(token.value).not.toContain(id);
    },
  );
});

describe("what a token tells", () => {
  it("never as its id or its API account the credential that a server put into a claim", () => {
    const holdsCredential = (text: string) => text.includes("a-credential");
    const told = (claims: object) => tokenFacts(INPUTS, minted(claims), holdsCredential);
    expect(told({ jti: "a-credential" }).id).toMatch(/^[0-9a-f]{16}$/);
    expect(told({ jti: "of-a-credential" }).id).toMatch(/^[0-9a-f]{16}$/);
    expect(told({ jti: "jti-1" }).id).toBe("jti-1");
    expect(told({ sub: "a-credential" }).facts).not.toHaveProperty("apiAccount");
    expect(told({ sub: "an-account" }).facts).toMatchObject({ apiAccount: "an-account" });
  });

  it("when it was issued: by its claim, else by the clock before the request", () => {
    expect(facts({ iat: NOW - 5 }).issuedAt).toBe(NOW - 5);
    expect(facts({}).issuedAt).toBe(NOW);
  });

  it.each([
    ["[B12] an earlier end", END - 1, END - 1],
    ["the end that was asked for", END, undefined],
    ["[B12,J1] a later end", END + 1, undefined],
    ["[B13] no end", undefined, undefined],
  ])("%s", (_, eat, effective) => {
    expect(facts({ eat }).effectiveExpiresAt).toBe(effective);
    expect("effectiveExpiresAt" in facts({ eat })).toBe(effective !== undefined);
  });

  it("an end although none was asked for", () => {
    expect(facts({ eat: END }, { ...INPUTS, expiresAt: "never" }).effectiveExpiresAt).toBe(END);
  });

  it("which account minted it, where it says so", () => {
    expect(facts({ sub: "client-1" }).apiAccount).toBe("client-1");
    expect("apiAccount" in facts({})).toBe(false);
  });
});

describe("a token must not be handed on", () => {
  const inputs = { ...INPUTS, allowedCorsOrigins: ["https://a.example"] };

  it.each([
    ["is valid for a channel too many", inputs, { cid: [1, 2, 3] }, /channels/],
    [
      "is valid for an origin too many",
      inputs,
      { cors: ["https://a.example", "https://b.example"] },
      /origins/,
    ],
    ["is valid for every origin", inputs, { cors: [] }, /origins/],
    ["has expired", inputs, { eat: NOW }, /expired already/],
    ["is due at once", ROTATED, { eat: NOW + 30 * DAY }, /rotateBefore/],
  ])("when it %s", (_, asked, claims, why) => {
    expect(mismatch(asked, facts(claims, asked), minted(claims))).toMatch(why);
  });

  it.each([
    ["says nothing of itself", inputs, {}],
    ["has fewer channels", inputs, { cid: 1 }],
    ["has all its channels in another order", inputs, { cid: [2, 1] }],
    ["has its origin", inputs, { cors: ["https://a.example"] }],
    ["has no origins and none were asked for", INPUTS, { cors: [] }],
    ["ends in a second", inputs, { eat: NOW + 1 }],
    ["is due in a second", ROTATED, { eat: NOW + 30 * DAY + 1 }],
    ["lives for ever although an end was asked for", inputs, { eat: undefined }],
  ])("but may be when it %s", (_, asked, claims) => {
    expect(mismatch(asked, facts(claims, asked), minted(claims))).toBeUndefined();
  });
});

describe("a life is too short", () => {
  it.each([
    ["at its end", INPUTS, END, /expired already/],
    ["no longer than the window", ROTATED, END - 30 * DAY, /rotateBefore/],
    [
      "no longer than the default window of a third",
      { ...INPUTS, lifetime: "90d" },
      END - 30 * DAY,
      /rotateBefore/,
    ],
  ])("%s", (_, state, now, why) => {
    expect(lifeProblem(state, now)).toMatch(why);
    expect(lifeProblem(state, now - 1)).toBeUndefined();
  });
});

describe("the outputs", () => {
  it("are all that was asked for and what became of it, nothing undefined among them", () => {
    const sparse = { ...ROTATED, scopes: undefined, apiUrl: undefined } as unknown as CheckedInputs;
    const told = facts({ iat: NOW, eat: END - 1, sub: "client-1" }, ROTATED);
    expect(outputs(sparse, told, {})).toStrictEqual({
      ...ROTATED,
      ...told,
      rotateAt: END - 1 - 30 * DAY,
    });
  });

  it("say when it is rotated only where it is", () => {
    const rotateAt = (inputs: CheckedInputs) => outputs(inputs, facts({}, inputs), {}).rotateAt;
    expect(rotateAt({ ...INPUTS, lifetime: "90d" })).toBe(END - 30 * DAY);
    expect(rotateAt(ROTATED)).toBe(END - 30 * DAY);
    expect("rotateAt" in outputs(INPUTS, facts({}), {})).toBe(false);
    // `ignoreChanges: ["expiresAt"]` keeps the expiration of a token that never expires, beside a new lifetime.
    const endless: CheckedInputs = { ...ROTATED, expiresAt: "never" };
    expect("rotateAt" in outputs(endless, facts({}, endless), {})).toBe(false);
  });

  it("hold the predecessor, and its token only where it is kept", () => {
    const previous = { id: "id-1", fate: "revoke" } as never;
    expect(outputs(INPUTS, facts({}), { previous })).toMatchObject({ previous });
    expect("previousToken" in outputs(INPUTS, facts({}), { previous })).toBe(false);
    expect(outputs(INPUTS, facts({}), { previous, previousToken: "a.b.c" }).previousToken).toBe("a.b.c");
  });
});

describe("the outputs of an adopted token", () => {
  const TOKEN = jwt({ jti: "jti-1" });
  const ADOPTED = fingerprint(TOKEN);

  it("hold its fingerprint, and no second copy of the token", () => {
    const held = recorded({ ...INPUTS, adopt: TOKEN });
    expect(held).toStrictEqual({ ...INPUTS, adopted: ADOPTED });
    expect(outputs({ ...INPUTS, adopt: TOKEN }, facts({}), {})).toMatchObject({ adopted: ADOPTED });
    expect("adopted" in recorded(INPUTS)).toBe(false);
  });

  it("keep the fingerprint without `adopt` as long as they hold the token, and not after a rotation", () => {
    const held = facts({ jti: "jti-1" });
    expect(outputs(INPUTS, { ...held, adopted: ADOPTED }, {}).adopted).toBe(ADOPTED);
    expect("adopted" in outputs(INPUTS, { ...facts({ jti: "jti-2" }), adopted: ADOPTED }, {})).toBe(false);
  });
});

it("the outputs say of a token that GraphQL accepted it, and nothing else of its test", () => {
  expect(outputs(INPUTS, { ...facts({}), verified: true }, {}).verified).toBe(true);
  expect("verified" in outputs(INPUTS, { ...facts({}), verified: false }, {})).toBe(false);
  expect("verified" in outputs(INPUTS, facts({}), {})).toBe(false);
});

describe("a token that is fit for use, but not quite as requested, is told", () => {
  const told = (claims: object, inputs = INPUTS) => {
    const found = anomalies(inputs, facts(claims, inputs), minted(claims));
    return found.map(({ code, resource, facts: said }) => ({
      code,
      resource,
      expiry: "expiry" in said && said.expiry,
    }));
  };
  const resource = INPUTS.label;
  const ENDLESS: CheckedInputs = { ...INPUTS, expiresAt: "never" };

  it.each<[string, object, CheckedInputs, readonly object[]]>([
    ["as requested", { eat: END }, INPUTS, []],
    ["without an expiration, as requested", {}, ENDLESS, []],
    ["earlier", { eat: END - 1 }, INPUTS, [{ code: "expires_early", resource, expiry: END - 1 }]],
    ["earlier than never", { eat: END }, ENDLESS, [{ code: "expires_early", resource, expiry: END }]],
    ["later", { eat: END + 1 }, INPUTS, [{ code: "expires_late", resource, expiry: END + 1 }]],
    ["not at all", {}, INPUTS, [{ code: "expiry_not_claimed", resource, expiry: END }]],
  ])("if it expires %s", (_, claims, inputs, expected) => {
    expect(told(claims, inputs)).toEqual(expected);
  });

  it("with its fingerprint", () => {
    const token = minted({});
    expect(anomalies(INPUTS, facts({}), token)[0]?.facts).toMatchObject({
      fingerprint: token.token.fingerprint,
    });
  });

  it("if this machine's clock is wrong by more than a minute", () => {
    expect(clockNotice(minted({ iat: NOW + 60 }))).toBeUndefined();
    expect(clockNotice(minted({}))).toBeUndefined();
    expect(clockNotice(minted({ iat: NOW - 120 }))).toMatchObject({
      code: "clock_ahead",
      facts: { minutes: 2 },
    });
    expect(clockNotice(minted({ iat: NOW + 120 }))).toMatchObject({
      code: "clock_behind",
      facts: { minutes: 2 },
    });
  });
});

it("a token that would be rotated in every update says so, and one that has expired", () => {
  expect(lifeProblem({ ...INPUTS, expiresAt: NOW }, NOW)).toBe("it has expired already");
  expect(lifeProblem({ ...INPUTS, expiresAt: NOW + 1 }, NOW)).toBeUndefined();
  expect(lifeProblem({ ...ROTATED, expiresAt: NOW + 30 * DAY }, NOW)).toBe(
    "it lives no longer than rotateBefore, so every update would rotate it (make rotateBefore shorter)",
  );
  expect(lifeProblem({ ...ROTATED, expiresAt: NOW + 30 * DAY + 1 }, NOW)).toBeUndefined();
});

it("a token that is never rotated may expire within rotateBefore", () => {
  expect(lifeProblem({ ...INPUTS, rotateBefore: "30d", expiresAt: NOW + DAY }, NOW)).toBeUndefined();
});
