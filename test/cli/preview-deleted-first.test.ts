import { cli } from "./fake-system";
import { day, NOW, previous, printOf, urnOf } from "./states";

type Fields = Readonly<Record<string, unknown>>;

const STORE = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::store";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const INPUTS: Fields = {
  ...{ label: "acme/shop/dev/private/a", storeHash: "abc123", channelIds: [1], scopes: ["Customer"] },
  ...{ expiresAt: day(60), lifetime: "90d", rotateBefore: "30d", overlap: "auto", onDelete: "revoke" },
};

/** A state as `preview --json` prints it; the flags are Pulumi's own. */
const state = (outputs: Fields = {}, flags: Fields = {}): Fields => ({
  ...{ type: "pulumi-nodejs:dynamic/bigcommerce:PrivateToken", id: "jti-a", inputs: INPUTS, ...flags },
  outputs: { ...INPUTS, fingerprint: printOf("a"), token: "[secret]", ...outputs },
});
const step = (op: string, oldState?: Fields, newState?: Fields, rest: Fields = {}): Fields => ({
  ...{ op, urn: urnOf("a"), ...(oldState && { oldState }), ...(newState && { newState }), ...rest },
});
const fresh = (rest: Fields = {}) => ({ type: "pulumi-nodejs:dynamic/bigcommerce:PrivateToken", inputs: { ...INPUTS, channelIds: [UNKNOWN], ...rest } }); // prettier-ignore

/** As Pulumi prints the steps of a token whose dependency is replaced delete-first. */
const deletedFirst = (outputs: Fields = {}, isEarlier = false, rest: Fields = {}): readonly Fields[] => {
  const marked = state(outputs, { pendingReplacement: true });
  return [
    step("delete-replaced", isEarlier ? marked : state(outputs)),
    step("replace", marked, fresh(rest)),
    step("create-replacement", marked, fresh(rest), { replaceReasons: ["channelIds"] }),
  ];
};

interface Told {
  readonly tokens: readonly { readonly what: string; readonly reasons: Fields[]; readonly ends: Fields[] }[];
}
async function shown(steps: readonly Fields[], format: string, messages: readonly string[] = []) {
  const diagnostics = messages.map((message) => ({ message, severity: "info#err" }));
  const files = { "p.json": JSON.stringify({ steps, diagnostics, changeSummary: {} }) };
  return (await cli(["preview", "--file", "p.json", "--format", format], { now: NOW, files })).stdout;
}
const planned = async (steps: readonly Fields[], ...messages: readonly string[]) =>
  (JSON.parse(await shown(steps, "json", messages)) as Told).tokens;
const ends = async (steps: readonly Fields[], ...messages: readonly string[]) =>
  (await planned(steps, ...messages))[0]?.ends.map(({ fingerprint, end }) => [fingerprint, end]);

describe("a token whose dependency is replaced delete-first", () => {
  it("is left until it expires, and says that this is why it is replaced", async () => {
    expect(await planned(deletedFirst())).toEqual([
      expect.objectContaining({
        ...{ what: "replace", reasons: [{ kind: "deleted first" }] },
        ends: [expect.objectContaining({ fingerprint: printOf("a"), end: "left to expire", expiresAt: day(60) })],
      }),
    ]); // prettier-ignore
    const table = await shown(deletedFirst(), "table");
    expect(table).toMatch(/a dependency is deleted first/);
    expect(table).toContain(`${printOf("a")} works until ${day(60)}`);
    expect(table).not.toMatch(/forced|revoked/);
  });

  it.each([{ expiresAt: "never", lifetime: undefined }, { verified: false }, { overlap: "never" }])(
    "is revoked before its successor is minted where the rule says so: %j",
    async (outputs) => {
      expect(await ends(deletedFirst(outputs))).toEqual([[printOf("a"), "revoked"]]);
      expect(await shown(deletedFirst(outputs), "markdown")).toContain("revoked before the new token is minted"); // prettier-ignore
    },
  );

  it.each(["revoke", "letExpire"])(
    "ends by onDelete where replaceWith alone replaces it: %s",
    async (onDelete) => {
      const follower = (outputs: Fields) =>
        deletedFirst(outputs).map((each) => ({
          ...each,
          oldState: { ...(each["oldState"] as Fields), replaceWith: [STORE] },
        }));
      const end = onDelete === "revoke" ? "revoked" : "left to expire";
      expect(await ends(follower({ onDelete }))).toEqual([[printOf("a"), end]]);
      const said = `bigcommerce-tokens: acme/shop/dev/private/a: token ${printOf("a")} works until ${day(60)}, because a resource that it depends on is deleted before it is replaced; \`pulumi-bigcommerce-tokens retire\` revokes it once the new token is in use, BIGCOMMERCE_ON_DELETE=revoke at once`;
      expect(await ends(follower({ onDelete }), said)).toEqual([[printOf("a"), "left to expire"]]);
    },
  );

  it("takes its live previous token along, which is revoked", async () => {
    const held = { previous: previous("old"), previousToken: "[secret]" };
    expect(await ends(deletedFirst(held))).toEqual([
      [printOf("a"), "left to expire"],
      [printOf("old"), "revoked"],
    ]);
  });

  it.each<[string, Fields]>([
    ["a refresh saw gone", { gone: true }],
    ["was never proven", { verified: false }],
  ])("leaves its previous token to the new one where dependents never received the token that %s", async (_, outputs) => {
    const held = { previous: previous("old"), previousToken: "[secret]", ...outputs };
    expect((await ends(deletedFirst(held)))?.[1]).toEqual([printOf("old"), "left to expire"]);
    expect(await shown(deletedFirst(held), "table")).toContain(`${printOf("old")} (previous token) works until ${day(10)}`);
  }); // prettier-ignore

  it.each(["revoke", "letExpire"])("ends as the environment says: BIGCOMMERCE_ON_DELETE=%s", async (override) => {
    const line = `bigcommerce-tokens: warning: BIGCOMMERCE_ON_DELETE=${override} applies to every token that this run replaces or deletes`;
    expect(await ends(deletedFirst({ overlap: "never" }), line)).toEqual([[printOf("a"), override === "revoke" ? "revoked" : "left to expire"]]);
  }); // prettier-ignore

  it("was left by an earlier update that was interrupted, and so was nothing that the rule revoked then", async () => {
    const held = { previous: previous("old"), previousToken: "[secret]" };
    expect(await ends(deletedFirst(held, true))).toEqual([[printOf("a"), "left to expire"]]);
    expect(await ends(deletedFirst({ overlap: "never" }, true))).toEqual([]);
    expect((await planned(deletedFirst({}, true)))[0]?.reasons).toEqual([{ kind: "deleted first" }]);
  });
});

describe("an option that keeps Pulumi from calling the provider leaves the token", () => {
  const other = (op: string) => ({ op, urn: STORE, oldState: { type: "aws:s3/bucket:Bucket", id: "b" } });

  it.each<[string, readonly Fields[], string]>([
    ["retainOnDelete, removed", [step("delete", state({}, { retainOnDelete: true }))], "left to expire"],
    ["retainOnDelete, forced", [step("replace", state({}, { retainOnDelete: true }), fresh(), { replaceReasons: ["id"] })], "left to expire"],
    ["deletedWith, that one is deleted too", [step("delete", state({}, { deletedWith: STORE })), other("delete")], "left to expire"],
    ["deletedWith, that one is replaced", [step("delete", state({}, { deletedWith: STORE })), other("replace")], "left to expire"],
    ["deletedWith, that one stays", [step("delete", state({}, { deletedWith: STORE })), other("same")], "revoked"],
    ["retainOnDelete, expired", [step("delete", state({ expiresAt: day(-1) }, { retainOnDelete: true }))], "expired"],
    ["retainOnDelete, gone", [step("delete", state({ gone: true }, { retainOnDelete: true }))], "gone"],
  ])("%s", async (_, steps, end) => {
    expect(await ends(steps)).toEqual([[printOf("a"), end]]);
  }); // prettier-ignore

  it("with the previous token", async () => {
    const held = state({ previous: previous("old"), previousToken: "[secret]" }, { retainOnDelete: true });
    expect(await ends([step("delete", held)])).toEqual([
      [printOf("a"), "left to expire"],
      [printOf("old"), "left to expire"],
    ]);
  });
});
