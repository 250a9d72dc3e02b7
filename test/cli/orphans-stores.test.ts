import type { FakeSystemOptions } from "./fake-system";
import { commandIn, Store } from "./issuing";
import type { Exported } from "./states";

let store: Store;
const orphans = commandIn(() => store, "orphans");

type Env = Readonly<Record<string, string>>;

const nonce = "0af1".repeat(8);
const HOST = "BIGCOMMERCE_API_URL";

/** Jtis of an orphan in each of two stores, by their hashes. */
let lost: Readonly<Record<string, string>>;
beforeEach(async () => {
  store = await Store.open({}, ["abc123", "def456"]);
  const mint = async (storeHash: string) =>
    (await store.mint({ storeHash, listName: `acme/shop/dev/private/server#${nonce}` })).jti ?? "";
  lost = { abc123: await mint("abc123"), def456: await mint("def456") };
  store.emulator.clock.advance(7_200);
});

const token = () => store.credentials["client-a"];
/** Where nothing but the arguments names a store. */
const look = (env: Env, config: Env = {}, args: readonly string[] = [], rest: FakeSystemOptions = {}) =>
  orphans(args, {
    env: { [HOST]: store.emulator.url, ...env },
    pulumi: (given) => {
      if (given[0] !== "config") return store.system().pulumi?.(given) ?? {};
      const values = Object.entries(config).map(([key, value]) => [`bigcommerce:${key}`, { value }] as const);
      return { stdout: JSON.stringify(Object.fromEntries(values)) };
    },
    ...rest,
  });
const told = async (...args: Parameters<typeof look>) => {
  const [env, config, more = [], rest] = args;
  const { code, stdout } = await look(env, config, [...more, "--json"], rest);
  const { stores, orphans: found } = JSON.parse(stdout) as {
    readonly stores: readonly { readonly storeHash: string }[];
    readonly orphans: readonly { readonly jti: string }[];
  };
  return {
    code,
    stores: stores.map(({ storeHash }) => storeHash),
    found: found.map(({ jti }) => jti).sort(),
  };
};

describe("looks into every store that is named", () => {
  const own = () => ({ BIGCOMMERCE_ACCESS_TOKEN: token() });
  const held = (storeHash: string, jti: string): Exported => {
    const resource = store.held("x", store.emulator.issued[0]!, { storeHash, apiUrl: store.emulator.url });
    return { ...resource, id: jti };
  };

  it.each<[string, () => readonly [Env, Env?, (readonly string[])?], readonly string[]]>([
    ["by keys of bigcommerce:stores", () => [{}, { stores: JSON.stringify({ abc123: { accessToken: token() }, def456: { accessToken: token() } }) }], ["abc123", "def456"]],
    ["by bigcommerce:storeHash", () => [own(), { storeHash: "def456" }], ["def456"]],
    ["by BIGCOMMERCE_STORE_HASH", () => [{ ...own(), BIGCOMMERCE_STORE_HASH: "abc123" }], ["abc123"]],
    ["by variables of stores' own credentials", () => [{ BIGCOMMERCE_ACCESS_TOKEN_ABC123: token(), BIGCOMMERCE_ACCESS_TOKEN_DEF456: token() }], ["abc123", "def456"]],
    ["by a variable of the account before", () => [{ BIGCOMMERCE_ACCESS_TOKEN_DEF456_PREVIOUS: token() }], ["def456"]],
    ["by --store, beside the others", () => [{ ...own(), BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN_DEF456: token() }, {}, ["--store", "def456"]], ["def456", "abc123"]],
  ])("%s", async (_, of, hashes) => {
    const found = hashes.map((hash) => lost[hash] ?? "").sort();
    expect(await told(...of())).toEqual({ code: 3, stores: hashes, found });
  }); // prettier-ignore

  it.each<[string, (apiUrl: string) => object]>([
    ["of a token", (apiUrl) => ({ storeHash: "def456", apiUrl })],
    ["of a previous token", (apiUrl) => ({ previous: { id: "older", storeHash: "def456", apiUrl, fate: "letExpire" } })],
  ])("by the state: that %s", async (_, outputs) => {
    store.resources = [{ ...held("abc123", "some"), outputs: { ...(held("abc123", "some")["outputs"] as object), ...outputs(store.emulator.url) } }];
    expect((await told(own())).found).toContain(lost["def456"]);
  }); // prettier-ignore

  it("by the state: that of a token which waits for its successor", async () => {
    store.resources = [{ ...held("def456", "some"), pendingReplacement: true }];
    expect((await told(own())).found).toEqual([lost["def456"]]);
  });

  it("by the state: that of a mint that was interrupted, before the state holds any token", async () => {
    const { type, urn } = held("def456", "some");
    const inputs = { storeHash: "def456", apiUrl: store.emulator.url };
    const pending_operations = [{ type: "creating", resource: { type, urn, inputs } }];
    const deployment = { resources: [], pending_operations };
    const pulumi = store.system().pulumi!;
    const rest: FakeSystemOptions = {
      pulumi: (args) => (args[1] === "export" ? { stdout: JSON.stringify({ version: 3, deployment }) } : pulumi(args)),
    };
    expect(await told(own(), {}, [], rest)).toEqual({ code: 3, stores: ["def456"], found: [lost["def456"]] });
  }); // prettier-ignore

  it("and prints which", async () => {
    const env = { BIGCOMMERCE_ACCESS_TOKEN_ABC123: token(), BIGCOMMERCE_ACCESS_TOKEN_DEF456: token() };
    expect((await look(env)).stdout).toMatch(/ Searched stores abc123, def456\.\nTo revoke them:\n/);
  });
});

describe("says what it could not look into", () => {
  it("where nothing names a store: nothing was checked", async () => {
    const { code, stdout } = await look({ BIGCOMMERCE_ACCESS_TOKEN: token() });
    expect([code, stdout]).toEqual([
      3,
      "no store was searched, because neither the state, the configuration nor the environment names one: name one by --store HASH\n\n" +
        "No orphan of acme/shop/dev was found, but not everything could be searched.\n",
    ]);
    expect(await told({ BIGCOMMERCE_ACCESS_TOKEN: token() })).toEqual({ code: 3, stores: [], found: [] });
  });

  it("where a store has no credential", async () => {
    const { code, stdout } = await look(
      { BIGCOMMERCE_ACCESS_TOKEN_ABC123: token() },
      { storeHash: "def456" },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nno credential for store def456: [^\n]+\n/);
    expect(stdout).toContain("Searched store abc123.");
  });

  it("where an account can read no list of a store at all, as with a wrong hash", async () => {
    const { code, stdout } = await look({
      ...{ BIGCOMMERCE_ACCESS_TOKEN_ABC123: token(), BIGCOMMERCE_ACCESS_TOKEN_WRONG1: token() },
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nthe list of storefront tokens in store wrong1: answered 40[13]/);
    expect(stdout).toContain("Searched store abc123.");
  });

  it.each<[string, Env, Env, RegExp, boolean]>([
    [
      "a variable's name",
      { "BIGCOMMERCE_ACCESS_TOKEN_MY-SHOP": "x" },
      {},
      /_MY-SHOP names no store: [^\n]+\n/,
      true,
    ],
    [
      "a key of bigcommerce:stores",
      {},
      { stores: '{"A B":{}}' },
      /bigcommerce:stores [^\n]+ is malformed: [^\n]+\n/,
      false,
    ],
    [
      "the default store",
      {},
      { storeHash: "A B" },
      /bigcommerce:storeHash is not a store hash: [^\n]+\n/,
      true,
    ],
  ])(
    "where %s is malformed, in a line, and looks into what can be read without it",
    async (_, env, config, line, isFound) => {
      const { code, stdout } = await look({ BIGCOMMERCE_ACCESS_TOKEN_ABC123: token(), ...env }, config);
      expect([code, stdout.includes(lost["abc123"]!)]).toEqual([1, isFound]);
      expect(stdout).toMatch(line);
    },
  );

  it.each<[string, Env | undefined, RegExp]>([
    ["bigcommerce:stores is a secret without its passphrase", { stores: "" }, /configuration bigcommerce:stores is a secret that could not be read, and stores that it names were not searched: [^\n]+no passphrase\n/],
    ["the configuration cannot be read at all", undefined, /the stack's configuration could not be read, and stores that it names were not searched: [^\n]+no passphrase\n/],
  ])("where %s", async (_, hidden, line) => {
    const pulumi = store.system().pulumi!;
    store.resources = [store.held("server", store.emulator.issued[0]!)];
    const rest: FakeSystemOptions = {
      pulumi: (args) => {
        if (args[0] !== "config") return pulumi(args);
        if (!hidden || args.includes("--show-secrets")) return { code: 255, stderr: "error: no passphrase\n" };
        return { stdout: JSON.stringify({ "bigcommerce:stores": { secret: true }, "bigcommerce:other": { secret: true } }) };
      },
    };
    const { code, stdout } = await look({ BIGCOMMERCE_ACCESS_TOKEN_ABC123: token() }, {}, [], rest);
    expect(code).toBe(3);
    expect(stdout).toMatch(line);
    expect(stdout).toMatch(/\nNo orphan of acme\/shop\/dev was found, but not everything could be searched\. Searched store abc123\.\n$/);
  }); // prettier-ignore

  it("but nothing of secrets that name no store", async () => {
    store.resources = [store.held("server", store.emulator.issued[0]!)];
    const pulumi = store.system().pulumi!;
    const rest: FakeSystemOptions = {
      pulumi: (args) => {
        if (args[0] !== "config") return pulumi(args);
        if (args.includes("--show-secrets")) return { code: 255, stderr: "error: no passphrase\n" };
        return { stdout: JSON.stringify({ "bigcommerce:accessToken": { secret: true } }) };
      },
    };
    const { code, stdout } = await look({ BIGCOMMERCE_ACCESS_TOKEN_ABC123: token() }, {}, [], rest);
    expect([code, stdout]).toEqual([0, "No orphan of acme/shop/dev. Searched store abc123.\n"]);
  });

  it("where --store is given something else, which is not printed", async () => {
    const { code, stdout, stderr } = await look({}, {}, ["--store", store.emulator.issued[0]!.token]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^pulumi-bigcommerce-tokens: (--store takes a store hash|a token is among the arguments): [^\n]+\n$/,
    );
    expect(store.requests()).toEqual([]);
  });
});
