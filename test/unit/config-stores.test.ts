import { createSettings, type Environment } from "../../provider/settings/settings";
import { SECRET } from "../handlers/support/samples";

const settings = (env: Environment, config: Record<string, string> = {}) =>
  createSettings(env, { get: (key) => (Object.hasOwn(config, key) ? config[key] : undefined) });

const refusal = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    expect(message).not.toMatch(/[\r\n]/);
    return { code, message };
  }
  throw new Error("nothing was refused");
};

describe("the default store", () => {
  it.each([
    ["the configuration", {}, { "bigcommerce:storeHash": "conf1" }, "conf1"],
    ["the environment", { BIGCOMMERCE_STORE_HASH: "env1" }, {}, "env1"],
    ["both, where they agree", { BIGCOMMERCE_STORE_HASH: "x1" }, { "bigcommerce:storeHash": "x1" }, "x1"],
    [
      "the configuration beside an empty variable",
      { BIGCOMMERCE_STORE_HASH: "" },
      { "bigcommerce:storeHash": "c" },
      "c",
    ],
    [
      "the environment beside an empty configuration",
      { BIGCOMMERCE_STORE_HASH: "e" },
      { "bigcommerce:storeHash": "" },
      "e",
    ],
  ])("comes from %s", (_, env, config, hash) => {
    expect(settings(env, config).defaultStore()).toBe(hash);
  });

  it.each([
    ["https://api.bigcommerce.com/stores/abc123/v3/", /; did you mean "abc123"\?$/],
    ["ABC123", /; did you mean the same in lower case and without blanks\?$/],
    ["abc 123", /stores\/\{hash\}$/],
  ])("is told from what resembles a store hash: %s", (written, cure) => {
    for (const read of [settings({ BIGCOMMERCE_STORE_HASH: written }), settings({}, { "bigcommerce:storeHash": written })])
      expect(refusal(() => read.defaultStore()).message).toMatch(cure);
  }); // prettier-ignore

  it("is refused where configuration and environment differ, and both are named", () => {
    const read = () =>
      settings({ BIGCOMMERCE_STORE_HASH: "env1" }, { "bigcommerce:storeHash": "conf1" }).defaultStore();
    const { code, message } = refusal(read);
    expect(code).toBe("store_ambiguous");
    for (const part of ["conf1", "env1", "bigcommerce:storeHash", "BIGCOMMERCE_STORE_HASH"]) {
      expect(message).toContain(part);
    }
  });

  it.each([{}, { BIGCOMMERCE_STORE_HASH: "" }])(
    "is missing with environment %j, and all three ways are named",
    (env) => {
      const { code, message } = refusal(() => settings(env).defaultStore());
      expect(code).toBe("store_missing");
      expect(message).toMatch(/storeHash.*pulumi config set bigcommerce:storeHash.*BIGCOMMERCE_STORE_HASH/);
    },
  );

  it.each([
    "../../x",
    "a/../b",
    "a?x#",
    "%2f",
    ".",
    "..",
    " ",
    "a\r\n",
    "@host/",
    "UPPER",
    "größe",
    "x".repeat(33),
  ])("[U1] %j is refused by the name of its source, unquoted", (bad) => {
    for (const [env, config, source] of [
      [{ BIGCOMMERCE_STORE_HASH: bad }, {}, "BIGCOMMERCE_STORE_HASH"],
      [{}, { "bigcommerce:storeHash": bad }, "bigcommerce:storeHash"],
    ] as const) {
      const { code, message } = refusal(() => settings(env, config).defaultStore());
      expect(code).toBe("store_invalid");
      expect(message).toContain(source);
      if (bad.length > 2) expect(message).not.toContain(bad);
    }
  });
});

describe("the API host", () => {
  const ENV = { BIGCOMMERCE_API_URL: "https://env.example" };
  const STORES = { "bigcommerce:stores": '{"abc123":{"apiUrl":"https://store.example"}}' };
  const CONFIG = { "bigcommerce:apiUrl": "https://config.example" };

  it.each([
    ["the environment before all", ENV, { ...STORES, ...CONFIG }, "https://env.example"],
    ["the store's own before the configuration's", {}, { ...STORES, ...CONFIG }, "https://store.example"],
    ["the configuration's", {}, CONFIG, "https://config.example"],
    ["BigCommerce's own", {}, {}, "https://api.bigcommerce.com"],
    [
      "the configuration's beside an empty variable",
      { BIGCOMMERCE_API_URL: "" },
      CONFIG,
      "https://config.example",
    ],
  ])("is %s", (_, env, config, url) => {
    expect(settings(env, config).apiUrl("abc123")).toBe(url);
  });

  it("of one store is not another's", () => {
    expect(settings({}, { ...STORES, ...CONFIG }).apiUrl("other9")).toBe("https://config.example");
  });

  it.each([
    ["https://h.example", "https://h.example"],
    ["https://h.example/", "https://h.example"],
    ["https://h.example:8443", "https://h.example:8443"],
    ["https://h.example:443", "https://h.example"],
    ["https://H.Example.", "https://h.example."],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://127.0.0.1:1", "http://127.0.0.1:1"],
    ["http://127.1.2.3", "http://127.1.2.3"],
    ["http://[::1]:3000", "http://[::1]:3000"],
  ])("[T7] %s is accepted, as the origin that it is", (text, url) => {
    expect(settings({ BIGCOMMERCE_API_URL: text }).apiUrl("abc123")).toBe(url);
  });

  it.each([
    ["[T7] a host that is not ASCII", "https://bücher.example"],
    ["[T6] plain http off loopback", "http://api.bigcommerce.com"],
    ["[T6] plain http to a name that begins like loopback", "http://localhost.example.com"],
    ["[T6] plain http to an address that begins like loopback", "http://127.0.0.1.example.com"],
    ["[T7] a user", `https://${SECRET}@h.example`],
    ["[T7] a password", `https://u:${SECRET}@h.example`],
    ["[T7] a path", `https://h.example/${SECRET}`],
    ["[T7] a query", `https://h.example?${SECRET}`],
    ["[T7] a fragment", `https://h.example#${SECRET}`],
    ["[T17] another scheme", `ftp://h.example/${SECRET}`],
    ["[T17] a file", `file:///${SECRET}`],
    ["[T7] no scheme", `${SECRET}.example`],
    ["[T7] a space", `https://h.example ${SECRET}`],
  ])("%s is refused by the name of its source, unquoted", (_, text) => {
    for (const [env, config, source] of [
      [{ BIGCOMMERCE_API_URL: text }, {}, "BIGCOMMERCE_API_URL"],
      [{}, { "bigcommerce:apiUrl": text }, "bigcommerce:apiUrl"],
      [
        {},
        { "bigcommerce:stores": JSON.stringify({ abc123: { apiUrl: text } }) },
        "bigcommerce:stores.abc123.apiUrl",
      ],
    ] as const) {
      const { code, message } = refusal(() => settings(env, config).apiUrl("abc123"));
      expect(code).toBe("api_url_invalid");
      expect(message).toContain(source);
      expect(message).not.toContain(SECRET);
      expect(message).not.toContain(text);
    }
  });
});

describe("BIGCOMMERCE_ON_DELETE", () => {
  it.each([
    [undefined, undefined],
    ["", undefined],
    ["revoke", "revoke"],
    ["letExpire", "letExpire"],
  ])("%j means %j", (value, override) => {
    expect(settings({ BIGCOMMERCE_ON_DELETE: value }).onDeleteOverride()).toBe(override);
  });

  it.each(["letexpire", "Revoke", "revoke ", "never", SECRET])("%j is refused by name, unquoted", (value) => {
    const { code, message } = refusal(() => settings({ BIGCOMMERCE_ON_DELETE: value }).onDeleteOverride());
    expect(code).toBe("setting_invalid");
    expect(message).toMatch(/BIGCOMMERCE_ON_DELETE must be revoke or letExpire/);
    expect(message).not.toContain(SECRET);
  });

  it("is not read from the configuration", () => {
    expect(settings({}, { "bigcommerce:onDelete": "letExpire" }).onDeleteOverride()).toBeUndefined();
  });
});

describe("BIGCOMMERCE_TIMEOUT_S", () => {
  it.each([
    [undefined, 60_000],
    ["", 60_000],
    ["1", 1000],
    ["3600", 3_600_000],
  ])("%j is %i ms", (value, ms) => {
    expect(settings({ BIGCOMMERCE_TIMEOUT_S: value }).timeoutMs()).toBe(ms);
  });

  it.each(["0", "-1", "3601", "1.5", "1e3", "0x10", "60 ", "sixty", "NaN", "99999999999"])(
    "%j is refused by name",
    (value) => {
      expect(refusal(() => settings({ BIGCOMMERCE_TIMEOUT_S: value }).timeoutMs())).toMatchObject({
        code: "setting_invalid",
        message: expect.stringContaining("BIGCOMMERCE_TIMEOUT_S") as string,
      });
    },
  );
});
