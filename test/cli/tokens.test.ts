import { parseExport } from "../../cli/pulumi/export";
import { isLive, tokensOf } from "../../cli/tokens/held-token";
import {
  day,
  DAY,
  exported,
  type Exported,
  NOW,
  previous,
  printOf,
  SECRET,
  shown,
  token,
  urnOf,
} from "./states";

const read = (...resources: readonly Exported[]) => tokensOf(parseExport(exported(...resources), "x"));
const only = (resource: Exported) => read(resource)[0]!;

it("a token is read with all that its state says of it, and without itself", () => {
  const state = token("web", {
    kind: "storefront",
    outputs: { allowedCorsOrigins: ["https://a.example"], apiUrl: "http://127.0.0.1:1", listName: "n#1" },
  });
  expect(read(state)).toEqual([
    {
      ...{ stack: "dev", project: "shop", urn: urnOf("web", "storefront"), resource: "web" },
      ...{ kind: "storefront", role: "current", id: "jti-web", jti: "jti-web", fingerprint: printOf("web") },
      ...{ label: "acme/shop/dev/storefront/web", listName: "n#1", lifetime: "90d", rotateBefore: "30d" },
      ...{ storeHash: "abc123", apiUrl: "http://127.0.0.1:1", apiAccount: "client-a", channelIds: [1] },
      ...{ allowedCorsOrigins: ["https://a.example"], issuedAt: NOW - 30 * DAY, expiry: NOW + 60 * DAY },
      ...{
        rotateAt: NOW + 30 * DAY,
        isProtected: false,
        isTainted: false,
        isUnproven: false,
        isAdopted: false,
        hasOwnJti: true,
        isGone: false,
        hidden: [],
      },
    },
  ]);
});

it("resources of other kinds are none of ours, and so is a resource of theirs that was deleted for its successor", () => {
  const other = { urn: "urn:pulumi:dev::shop::a:b:C::x", type: "a:b:C", outputs: token("x")["outputs"] };
  expect(read(other, { ...other, urn: `${other.urn}2`, pendingReplacement: true })).toEqual([]);
});

it("the earlier of what was asked for and what the token claims is its end", () => {
  const { expiry, rotateAt } = only(token("a", { outputs: { effectiveExpiresAt: day(40) } }));
  expect({ expiry, rotateAt }).toEqual({ expiry: NOW + 40 * DAY, rotateAt: NOW + 10 * DAY });
});

it.each([
  [
    "a third of its lifetime before its end, where nothing is said",
    { rotateBefore: undefined },
    NOW + 30 * DAY,
  ],
  ["never, with a fixed end", { lifetime: undefined, rotateBefore: undefined }, undefined],
  ["when the state says, with a secret lifetime", { lifetime: SECRET, rotateAt: day(7) }, NOW + 7 * DAY],
  ["by the rule, not by what is shown to readers", { rotateAt: day(7) }, NOW + 30 * DAY],
])("a token rotates %s", (_, outputs, rotateAt) => {
  expect(only(token("a", { outputs })).rotateAt).toBe(rotateAt);
});

it("an id that is the fingerprint is no jti", () => {
  expect(only(token("a", { id: printOf("a") })).jti).toBeUndefined();
});

it("what the program gave as a secret is absent, and named", () => {
  const hidden = only(token("a", { outputs: { channelIds: SECRET, scopes: ["Customer", SECRET], storeHash: SECRET } }));
  expect(hidden).toMatchObject({ hidden: ["storeHash", "channelIds", "scopes"], fingerprint: printOf("a") });
  for (const name of ["channelIds", "scopes", "storeHash"]) expect(hidden).not.toHaveProperty(name);
}); // prettier-ignore

it("what an export with --show-secrets shows is read, but never the token", () => {
  const plain = token("a", {
    outputs: { channelIds: shown([2]), scopes: [shown("B2B")], token: shown("eyJ") },
  });
  expect(only(plain)).toMatchObject({ channelIds: [2], scopes: ["B2B"], hidden: [] });
  expect(JSON.stringify(only(plain))).not.toContain("eyJ");
});

describe("a predecessor", () => {
  const successor = (rest = {}, options = {}) =>
    token("server", { ...options, outputs: { previous: previous("old", rest), previousToken: SECRET } });

  it("is a row of its own, with its own rights and end", () => {
    expect(read(successor({ channelIds: [1, 2] }))[1]).toMatchObject({
      ...{ resource: "server", role: "predecessor", fingerprint: printOf("old"), jti: "jti-old" },
      ...{ channelIds: [1, 2], scopes: ["Customer"], expiry: NOW + 10 * DAY, fate: "letExpire" },
    });
  });

  it("is told once, by its own resource, while that waits for its deletion", () => {
    const pending = token("old", { rest: { delete: true } });
    const found = read(successor(), pending).map(({ role, fingerprint }) => [role, fingerprint]);
    expect(found).toEqual([
      ["current", printOf("server")],
      ["pending delete", printOf("old")],
    ]);
  });

  it.each([
    ["is live until it expires", {}, 10 * DAY - 1, true],
    ["is not live any more from then on", {}, 10 * DAY, false],
    ["does not count as live once its revocation was asked for", { fate: "revoke" }, 0, false],
  ])("%s", (_, rest, after, live) => {
    expect(isLive(read(successor(rest))[1]!, NOW + after)).toBe(live);
  });
});

it.each([
  ["by the provider's mark", { outputs: { verified: false } }],
  ["by the engine's errors", { rest: { initErrors: ["something failed"] } }],
])("an unproven token is known %s", (_, options) => {
  expect(only(token("a", options)).isUnproven).toBe(true);
});

it("a damaged state gives what can be read of it", () => {
  const outputs = {
    channelIds: "x",
    scopes: [1],
    issuedAt: 5,
    previous: "y",
    lifetime: "long",
    expiresAt: "z",
  };
  expect(only(token("a", { outputs }))).toMatchObject({ fingerprint: printOf("a"), expiry: "never" });
});
