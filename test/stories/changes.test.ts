import { declare, type Declared, inDays } from "../support/program";
import { type StateResource, Stack } from "../support/stack";

const FAR = inDays(200);
const FURTHER = inDays(300);
const NEAR = inDays(100);
const ONE = "https://one.example.com";
const TWO = "https://two.example.com";

type Kind = Declared["kind"];
type Args = Readonly<Record<string, unknown>>;

/** What becomes of the old token: no new one is minted for "kept" and "recorded". */
type Result = "left" | "revoked" | "kept" | "recorded";

interface Change {
  readonly name: string;
  readonly kind: Kind;
  readonly before: Args;
  readonly after: Args;
  readonly result: Result;
}

const change = (name: string, kind: Kind, before: Args, after: Args, result: Result): Change => ({
  name,
  kind,
  before: { channelIds: [1, 2], ...(kind === "PrivateToken" && { scopes: ["Customer"] }), ...before },
  after,
  result,
});

const CHANGES: readonly Change[] = [
  change(
    "narrowedScopes",
    "PrivateToken",
    { scopes: ["B2B", "Customer"], lifetime: "90d" },
    { scopes: ["Customer"] },
    "revoked",
  ),
  change("narrowedChannels", "ImpersonationToken", { lifetime: "90d" }, { channelIds: [1] }, "revoked"),
  change(
    "narrowedOrigins",
    "StorefrontToken",
    { allowedCorsOrigins: [ONE, TWO], lifetime: "90d" },
    { allowedCorsOrigins: [ONE] },
    "revoked",
  ),
  change("originsAppear", "StorefrontToken", { lifetime: "90d" }, { allowedCorsOrigins: [ONE] }, "revoked"),
  change(
    "originsVanish",
    "StorefrontToken",
    { allowedCorsOrigins: [ONE], lifetime: "90d" },
    { allowedCorsOrigins: [] },
    "revoked",
  ),
  change("otherChannel", "StorefrontToken", { lifetime: "90d" }, { channelIds: [1, 3] }, "revoked"),
  change(
    "otherChannelAlways",
    "StorefrontToken",
    { lifetime: "90d" },
    { channelIds: [1, 3], overlap: "always" },
    "left",
  ),
  change("addedChannel", "PrivateToken", { lifetime: "90d" }, { channelIds: [1, 2, 3] }, "left"),
  change(
    "addedChannelNever",
    "PrivateToken",
    { lifetime: "90d" },
    { channelIds: [1, 2, 3], overlap: "never" },
    "revoked",
  ),
  change("addedScope", "PrivateToken", { expiresAt: FAR }, { scopes: ["Customer", "B2B"] }, "left"),
  change(
    "addedOrigin",
    "StorefrontToken",
    { allowedCorsOrigins: [ONE], lifetime: "90d" },
    { allowedCorsOrigins: [ONE, TWO] },
    "left",
  ),
  change("extended", "ImpersonationToken", { expiresAt: FAR }, { expiresAt: FURTHER }, "left"),
  change("shortened", "ImpersonationToken", { expiresAt: FAR }, { expiresAt: NEAR }, "revoked"),
  change("neverToFixed", "PrivateToken", { expiresAt: "never" }, { expiresAt: FAR }, "revoked"),
  change(
    "neverToLifetimeAlways",
    "PrivateToken",
    { expiresAt: "never" },
    { expiresAt: undefined, lifetime: "90d", overlap: "always" },
    "revoked",
  ),
  change("fixedToNever", "PrivateToken", { expiresAt: FAR }, { expiresAt: "never" }, "left"),
  change("stricterLifetime", "PrivateToken", { lifetime: "90d" }, { lifetime: "30d" }, "revoked"),
  change("movedStore", "PrivateToken", { lifetime: "90d" }, { storeHash: "def456" }, "revoked"),
  change(
    "movedStoreAlways",
    "PrivateToken",
    { lifetime: "90d" },
    { storeHash: "def456", overlap: "always" },
    "left",
  ),
  change(
    "fixedIn80dToLifetime",
    "PrivateToken",
    { expiresAt: inDays(80) },
    { expiresAt: undefined, lifetime: "90d" },
    "recorded",
  ),
  change(
    "fixedIn20dToLifetime",
    "PrivateToken",
    { expiresAt: inDays(20) },
    { expiresAt: undefined, lifetime: "90d" },
    "left",
  ),
  change("looserLifetime", "PrivateToken", { lifetime: "30d" }, { lifetime: "31d" }, "recorded"),
  change("sameLifetime", "PrivateToken", { lifetime: "14d" }, { lifetime: "2w" }, "kept"),
  change(
    "policies",
    "PrivateToken",
    { lifetime: "90d" },
    { onDelete: "letExpire", overlap: "never" },
    "recorded",
  ),
];

const OTHERS: Declared[] = [
  { kind: "PrivateToken", name: "removed", args: { channelIds: [1], scopes: ["B2B"], lifetime: "90d" } },
  {
    kind: "PrivateToken",
    name: "removedLetExpire",
    args: { channelIds: [1], scopes: ["B2B"], lifetime: "90d", onDelete: "letExpire" },
  },
  { kind: "StorefrontToken", name: "x", args: { channelIds: [1], lifetime: "90d" } },
];

const PRIVATE_X: Declared = {
  kind: "PrivateToken",
  name: "x",
  args: { channelIds: [1], scopes: ["B2B"], lifetime: "90d" },
};

describe("every changed input and what becomes of the old token", () => {
  let stack: Stack;
  let before: ReadonlyMap<string, StateResource>;
  let after: ReadonlyMap<string, StateResource>;
  let preview: string;
  let previewed: readonly string[];

  const byName = async () =>
    new Map((await stack.tokens()).map((one) => [one.urn.split("::").at(-1) ?? "", one]));
  const fingerprint = (state: ReadonlyMap<string, StateResource>, name: string) =>
    String(state.get(name)?.outputs["fingerprint"]);

  beforeAll(async () => {
    const first = CHANGES.map(({ name, kind, before: args }) => ({ name, kind, args }));
    stack = await Stack.start(declare(...first, ...OTHERS));
    stack.env["BIGCOMMERCE_ACCESS_TOKEN_DEF456"] = stack.otherCredential;
    await stack.up();
    before = await byName();
    const second = CHANGES.map(({ name, kind, before: args, after: more }) => ({
      name,
      kind,
      args: { ...args, ...more },
    }));
    stack.program(declare(...second, PRIVATE_X));
    stack.requests();
    preview = await stack.ok("preview");
    previewed = stack.requests();
    await stack.up();
    after = await byName();
  });
  afterAll(() => stack.close());

  it.each(CHANGES)("[E5] $name: the old token is $result", ({ name, result }) => {
    const old = fingerprint(before, name);
    const fresh = fingerprint(after, name);
    const minted = result === "left" || result === "revoked";
    expect(fresh === old).toBe(!minted);
    expect(stack.live().includes(old)).toBe(result !== "revoked");
    expect(stack.live()).toContain(fresh);
    const previous = after.get(name)?.outputs["previous"];
    if (!minted) expect(previous).toBeUndefined();
    else
      expect(previous).toMatchObject({ fingerprint: old, fate: result === "left" ? "letExpire" : "revoke" });
    const line =
      result === "left" ? `${old} works until ` : `${old} will be revoked at the end of this update`;
    expect(preview.includes(`token ${line}`)).toBe(minted);
  });

  it("[E1] sends nothing in a preview that creates, updates, replaces and deletes", () => {
    expect(preview).toMatch(/1 to create\n.*\d+ to update\n.*\d+ to delete\n.*\d+ to replace/s);
    expect(previewed).toEqual([]);
  });

  it("mints once for each replaced token, and never updates by minting", () => {
    const replaced = CHANGES.filter(({ result }) => result === "left" || result === "revoked");
    const first = CHANGES.length + OTHERS.length;
    expect(stack.emulator.issued).toHaveLength(first + replaced.length + 1);
  });

  it("revokes a removed token, or leaves it to expire where onDelete says so", () => {
    expect(stack.live()).not.toContain(fingerprint(before, "removed"));
    expect(stack.live()).toContain(fingerprint(before, "removedLetExpire"));
  });

  it("takes a StorefrontToken that becomes a PrivateToken of the same name for a removed one", () => {
    expect(stack.live()).not.toContain(fingerprint(before, "x"));
    expect(stack.live()).toContain(fingerprint(after, "x"));
  });

  it("ends a moved token in its own store, with that store's credential", () => {
    const old = stack.emulator.issued.find((one) => one.fingerprint === fingerprint(before, "movedStore"));
    expect(old).toMatchObject({ storeHash: "abc123", clientId: "client-a" });
    expect(old?.revokedAt).toBeDefined();
  });

  it("[E2] changes nothing in the next up", async () => {
    stack.requests();
    await stack.up("--expect-no-changes");
    expect(stack.requests()).toEqual([]);
  });

  it("revokes in a destroy what is alive in either store, live predecessors included, and leaves what says letExpire", async () => {
    await stack.destroy();
    const left = [fingerprint(before, "removedLetExpire"), fingerprint(after, "policies")];
    expect(new Set(stack.live())).toEqual(new Set(left));
  });
});
