import { leaksIn } from "../support/leaks";
import { cli, type FakeSystemOptions } from "./fake-system";
import { exported, type Exported, NOW, token } from "./states";
import { CREDENTIAL, OTHER_CREDENTIAL, Stores } from "./stores";

let stores: Stores;
beforeEach(async () => {
  const account = (accessToken: string) => ({
    ...{ clientId: `client-${accessToken[0]!}`, accessToken },
    scopes: ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const,
  });
  stores = await Stores.open({
    stores: [
      { hash: "abc123", accounts: [account(CREDENTIAL)], channels: [1] },
      { hash: "def456", accounts: [account(OTHER_CREDENTIAL)], channels: [1] },
    ],
  });
});
afterEach(() => stores.emulator.close());

type Values = Readonly<Record<string, string>>;
interface Given {
  readonly env?: Values;
  /** Configuration by stack, "" for the selected one; undefined where it cannot be read. */
  readonly configs?: Readonly<Record<string, Values | undefined>>;
  readonly resources?: readonly Exported[];
  /** Keys of the configuration that Pulumi calls no secrets; it calls all others secrets. */
  readonly plain?: readonly string[];
  readonly args?: readonly string[];
}

async function doctor({ env = {}, configs = {}, resources = [], args = [], plain = [] }: Given) {
  const pulumi: FakeSystemOptions["pulumi"] = (given) => {
    const named = given.includes("--stack") ? (given.at(given.indexOf("--stack") + 1) ?? "") : "";
    if (given[0] === "version") return { stdout: "v3.259.0\n" };
    if (given[1] === "ls") return { stdout: JSON.stringify(Object.keys(configs).map((name) => ({ name }))) };
    if (given[0] === "stack") return { stdout: exported(...resources) };
    if (named in configs && configs[named] === undefined) return { code: 255, stderr: "error: no passphrase\n" };
    const entries = Object.entries(configs[named] ?? {}).map(
      ([key, value]) => [`bigcommerce:${key}`, { value, secret: !plain.includes(key) }] as const,
    );
    return { stdout: JSON.stringify(Object.fromEntries(entries)) };
  };
  const system = { env: { BIGCOMMERCE_API_URL: stores.emulator.url, ...env }, pulumi, now: NOW };
  const { stdout } = await cli(["doctor", ...args], system);
  const told = JSON.parse((await cli(["doctor", ...args, "--json"], system)).stdout) as {
    readonly exitCode: number;
    readonly stores: readonly { readonly storeHash: string; readonly apiUrl: string }[];
    readonly findings: readonly { readonly subject: string; readonly checks: readonly { readonly verdict: string; readonly text: string }[] }[];
  };
  expect(leaksIn(stdout + JSON.stringify(told), stores.secrets)).toBe(0);
  const verdicts = told.findings.filter(({ subject }) => subject.startsWith("store")).flatMap(({ checks }) => checks);
  return {
    code: told.exitCode,
    stdout,
    stores: told.stores.map(({ storeHash }) => storeHash).sort(),
    bad: verdicts.filter(({ verdict }) => verdict === "bad").map(({ text }) => text),
    unknown: verdicts.filter(({ verdict }) => verdict === "unknown").map(({ text }) => text),
  };
} // prettier-ignore

const OWN = {
  BIGCOMMERCE_ACCESS_TOKEN_ABC123: CREDENTIAL,
  BIGCOMMERCE_ACCESS_TOKEN_DEF456: OTHER_CREDENTIAL,
};
const MAP = JSON.stringify({
  abc123: { accessToken: CREDENTIAL },
  def456: { accessToken: OTHER_CREDENTIAL },
});

describe("checks every store that is named, before the first update too:", () => {
  it.each<[string, Given, readonly string[]]>([
    ["in bigcommerce:stores", { configs: { "": { stores: MAP } } }, ["abc123", "def456"]],
    ["as bigcommerce:storeHash", { env: { BIGCOMMERCE_ACCESS_TOKEN: CREDENTIAL }, configs: { "": { storeHash: "abc123" } } }, ["abc123"]],
    ["as BIGCOMMERCE_STORE_HASH, beside another default", { env: { ...OWN, BIGCOMMERCE_STORE_HASH: "def456" }, configs: { "": { storeHash: "abc123" } } }, ["abc123", "def456"]],
    ["by variables for their credentials", { env: OWN }, ["abc123", "def456"]],
  ])("%s", async (_, given, hashes) => {
    expect(await doctor(given)).toMatchObject({ stores: hashes, bad: [] });
  }); // prettier-ignore

  it("by a variable for the credential before, which alone is not enough", async () => {
    const { stores: checked, bad } = await doctor({
      env: { BIGCOMMERCE_ACCESS_TOKEN_ABC123: CREDENTIAL, BIGCOMMERCE_ACCESS_TOKEN_DEF456_PREVIOUS: OTHER_CREDENTIAL },
    });
    expect(checked).toEqual(["abc123", "def456"]);
    expect(bad).toEqual([expect.stringMatching(/^no credential for store def456: /)]);
  }); // prettier-ignore

  it("by the state, in a token that waits for its successor", async () => {
    const outputs = { storeHash: "def456", apiUrl: stores.emulator.url };
    const resources = [token("server", { outputs, rest: { pendingReplacement: true } })];
    expect((await doctor({ env: OWN, resources })).stores).toEqual(["abc123", "def456"]);
  });

  it("with the configuration of the stack that names it, not of the selected one", async () => {
    const configs = { "": {}, prod: { storeHash: "def456", stores: MAP } };
    expect(await doctor({ configs, args: ["--stack", "prod"] })).toMatchObject({ stores: ["abc123", "def456"], bad: [] });
  }); // prettier-ignore

  it("in the configurations of all stacks with --all, each once", async () => {
    const only = (hash: string, accessToken: string) => ({
      storeHash: hash,
      stores: JSON.stringify({ [hash]: { accessToken } }),
    });
    const configs = {
      dev: only("abc123", CREDENTIAL),
      prod: only("def456", OTHER_CREDENTIAL),
      test: only("abc123", CREDENTIAL),
    };
    expect(await doctor({ configs, args: ["--all"] })).toMatchObject({
      stores: ["abc123", "def456"],
      bad: [],
    });
  });
});

describe("says what it could not check", () => {
  it("where nothing names a store: exit code 3", async () => {
    const { code, bad, stores: checked } = await doctor({ env: { BIGCOMMERCE_ACCESS_TOKEN: CREDENTIAL } });
    expect({ code, checked }).toEqual({ code: 3, checked: [] });
    expect(bad).toEqual([expect.stringMatching(/^no store was checked, because neither the state, the configuration nor the environment names one: /)]);
    expect(stores.emulator.requests).toEqual([]);
  }); // prettier-ignore

  it("where a variable is malformed: a line, and the others are checked", async () => {
    const env = { ...OWN, "BIGCOMMERCE_ACCESS_TOKEN_MY-SHOP": "x" };
    const { bad, stores: checked } = await doctor({ env });
    expect(checked).toEqual(["abc123", "def456"]);
    expect(bad).toEqual([expect.stringMatching(/^environment variable BIGCOMMERCE_ACCESS_TOKEN_MY-SHOP names no store: /)]);
  }); // prettier-ignore

  it("where the configuration cannot be read", async () => {
    const { unknown, stores: checked } = await doctor({ env: OWN, configs: { "": undefined } });
    expect(checked).toEqual(["abc123", "def456"]);
    expect(unknown).toContainEqual(expect.stringMatching(/^the stack's configuration could not be read, and stores that it names were not searched: [^\n]+no passphrase$/));
  }); // prettier-ignore
});

describe("a credential in the configuration", () => {
  const STORES_TEXT = JSON.stringify({ abc123: { accessToken: CREDENTIAL } });
  const bad = async (plain: readonly string[], config: Values) =>
    (await doctor({ configs: { "": config }, plain, env: OWN })).bad;

  it.each([
    ["accessToken", { storeHash: "abc123", accessToken: CREDENTIAL }, "--secret bigcommerce:accessToken`"],
    ["stores", { stores: STORES_TEXT }, "--secret --path bigcommerce:stores.abc123.accessToken`"],
  ])("is BAD in plain text, with the cure: %s", async (key, config, cure) => {
    expect(await bad([key], config)).toEqual([
      expect.stringContaining(`configuration bigcommerce:${key} holds a credential in plain text, for all who can read`),
    ]);
    expect((await bad([key], config))[0]).toContain(cure);
  });

  it("is well as a secret, and so is a plain key without one", async () => {
    expect(await bad([], { storeHash: "abc123", accessToken: CREDENTIAL, stores: STORES_TEXT })).toEqual([]);
    expect(await bad(["storeHash", "stores"], { storeHash: "abc123", stores: JSON.stringify({ def456: {} }) })).toEqual([]);
  });
}); // prettier-ignore
