import { createSettings, type Environment } from "../../provider/settings/settings";
import { SECRET } from "../handlers/support/samples";

const settings = (env: Environment, config: Record<string, string> = {}) =>
  createSettings(env, { get: (key) => (Object.hasOwn(config, key) ? config[key] : undefined) });

const OWN = { BIGCOMMERCE_ACCESS_TOKEN_ABC123: "own" };
const STORES = { "bigcommerce:stores": '{"abc123":{"accessToken":"stores"}}' };
const CONFIG = { "bigcommerce:accessToken": "config", "bigcommerce:storeHash": "abc123" };
const ENV = { BIGCOMMERCE_ACCESS_TOKEN: "env" };

describe("the credential of a store: the first that is found wins", () => {
  it.each([
    ["its own variable, before all", { ...OWN, ...ENV }, { ...STORES, ...CONFIG }, "own"],
    ["its own entry in the configuration", ENV, { ...STORES, ...CONFIG }, "stores"],
    ["the configuration's, for the configuration's store", ENV, CONFIG, "config"],
    ["the environment's, for the configuration's store", ENV, { "bigcommerce:storeHash": "abc123" }, "env"],
    [
      "the environment's, for the environment's store",
      { ...ENV, BIGCOMMERCE_STORE_HASH: "abc123" },
      {},
      "env",
    ],
    ["the environment's, where no default store is set", ENV, {}, "env"],
    [
      "the next one where its own variable is empty",
      { ...ENV, BIGCOMMERCE_ACCESS_TOKEN_ABC123: "" },
      STORES,
      "stores",
    ],
    [
      "the next one where its entry names only a host",
      ENV,
      { "bigcommerce:stores": '{"abc123":{"apiUrl":"https://h.x"}}' },
      "env",
    ],
  ])("%s", (_, env, config, accessToken) => {
    expect(settings(env, config).credential("abc123")?.accessToken).toBe(accessToken);
  });

  it.each([
    ["the configuration's is another store's", {}, { ...CONFIG, "bigcommerce:storeHash": "other9" }],
    ["the configuration's has no store", {}, { "bigcommerce:accessToken": "config" }],
    [
      "the configuration's meets the environment's store only",
      { BIGCOMMERCE_STORE_HASH: "abc123" },
      { "bigcommerce:accessToken": "config" },
    ],
    ["the environment's is for another default store", { ...ENV, BIGCOMMERCE_STORE_HASH: "other9" }, {}],
    ["the entry is another store's", {}, { "bigcommerce:stores": '{"other9":{"accessToken":"stores"}}' }],
    ["the variable is another store's", { BIGCOMMERCE_ACCESS_TOKEN_OTHER9: "own" }, {}],
    ["all variables are empty", { BIGCOMMERCE_ACCESS_TOKEN: "", BIGCOMMERCE_ACCESS_TOKEN_ABC123: "" }, {}],
  ])("none where %s", (_, env, config) => {
    expect(settings(env, config).credential("abc123")).toBeUndefined();
  });

  it("[R10] is read anew each time, so that a changed variable counts at once", () => {
    const env: Record<string, string> = { BIGCOMMERCE_ACCESS_TOKEN: "first" };
    const live = settings(env);
    expect(live.credential("abc123")?.accessToken).toBe("first");
    env["BIGCOMMERCE_ACCESS_TOKEN"] = "second";
    expect(live.credential("abc123")?.accessToken).toBe("second");
  });

  it("of a store called constructor is not inherited from anywhere", () => {
    expect(settings({}, STORES).credential("constructor")).toBeUndefined();
    expect(settings({}, STORES).apiUrl("constructor")).toBe("https://api.bigcommerce.com");
    const own = { "bigcommerce:stores": '{"constructor":{"accessToken":"own"}}' };
    expect(settings({}, own).credential("constructor")?.accessToken).toBe("own");
  });
});

const SOURCES: readonly [source: string, set: (value: string) => [Environment, Record<string, string>]][] = [
  ["BIGCOMMERCE_ACCESS_TOKEN_ABC123", (value) => [{ BIGCOMMERCE_ACCESS_TOKEN_ABC123: value }, {}]],
  [
    "bigcommerce:stores.abc123.accessToken",
    (value) => [{}, { "bigcommerce:stores": JSON.stringify({ abc123: { accessToken: value } }) }],
  ],
  ["bigcommerce:accessToken", (value) => [{}, { ...CONFIG, "bigcommerce:accessToken": value }]],
  ["BIGCOMMERCE_ACCESS_TOKEN", (value) => [{ BIGCOMMERCE_ACCESS_TOKEN: value }, {}]],
];

describe.each(SOURCES)("a credential from %s", (source, set) => {
  const isConfig = source.startsWith("bigcommerce:");

  it("[R10] names its source, and for configuration that destroy uses the last up's", () => {
    const found = settings(...set("good")).credential("abc123");
    expect(found?.source).toMatch(new RegExp(`\\b${source.replaceAll(".", "\\.")}\\b`));
    expect(/destroy.*last `pulumi up`/.test(found?.source ?? "")).toBe(isConfig);
  });

  it.each([
    ["[U2] a newline behind", `${SECRET}\n`, /ends with white space or a newline.*printf/],
    ["[U2] a space behind", `${SECRET} `, /ends with white space/],
    ["[U3] a space in front", ` ${SECRET}`, /characters that an access token cannot have/],
    ["[U3] a line break inside", `${SECRET}\r\nX-Evil: 1`, /characters/],
    ["[U3] NUL", `${SECRET}\0`, /characters/],
    ["[U3] an arrow", `${SECRET}→`, /characters/],
  ])("with %s is refused by its source, and never quoted", (_, value, hint) => {
    const read = () => settings(...set(value)).credential("abc123");
    expect(read).toThrow(expect.objectContaining({ code: "credential_malformed" }) as Error);
    expect(read).toThrow(hint);
    expect(read).toThrow(source);
    expect(read).not.toThrow(SECRET);
    expect(read).not.toThrow("\n");
  });

  if (isConfig) {
    it("[U3] that is empty is refused, because configuration is written on purpose", () => {
      expect(() => settings(...set("")).credential("abc123")).toThrow(/is empty/);
    });
  }
});

describe("malformed bigcommerce:stores fail by name, and are never quoted", () => {
  it.each([
    ["no JSON", SECRET],
    ["a text", JSON.stringify(SECRET)],
    ["a list", JSON.stringify([SECRET])],
    ["null", "null"],
    ["a store that is a text", JSON.stringify({ abc123: SECRET })],
    ["[U3] a credential that is null", '{"abc123":{"accessToken":null}}'],
    ["[U3] a credential that is a list", JSON.stringify({ abc123: { accessToken: [SECRET] } })],
    ["a misspelt key", JSON.stringify({ abc123: { acessToken: SECRET } })],
    ["a hash in capitals", JSON.stringify({ ABC123: { accessToken: SECRET } })],
    ["a hash that is none", JSON.stringify({ [`../${SECRET}`]: {} })],
  ])("%s", (_, text) => {
    const read = settings({}, { "bigcommerce:stores": text });
    for (const use of [() => read.credential("abc123"), () => read.apiUrl("abc123")]) {
      expect(use).toThrow(expect.objectContaining({ code: "config_invalid" }) as Error);
      expect(use).toThrow(/bigcommerce:stores .*is malformed.*pulumi config set --secret --path/);
      expect(use).not.toThrow(SECRET);
    }
  });
});

describe("says what to set where a store has no credential, and what destroy uses", () => {
  const STORE = /^set environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123, or run `pulumi config set --secret --path bigcommerce:stores\.abc123\.accessToken` .*last `pulumi up`\)$/;
  const DEFAULT = /^set environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123, or run `pulumi config set --secret bigcommerce:accessToken` .*last `pulumi up`\)$/;

  it.each<[string, Environment, Record<string, string>, RegExp]>([
    ["the default store of the configuration", {}, { "bigcommerce:storeHash": "abc123" }, DEFAULT],
    ["another store than the default one", {}, { "bigcommerce:storeHash": "def456" }, STORE],
    ["a store beside no default", {}, {}, STORE],
    // `bigcommerce:accessToken` is only for a store that the configuration names.
    ["the default store of the environment", { BIGCOMMERCE_STORE_HASH: "abc123" }, {}, STORE],
  ])("%s", (_, env, config, expected) => {
    expect(settings(env, config).credentialRemedy("abc123")).toMatch(expected);
  });
}); // prettier-ignore
