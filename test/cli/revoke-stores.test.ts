import { Store } from "./issuing";
import { byJti, revoking } from "./revoking";

let store: Store;
const { run, revoke, mint, held, failing, configured, without } = revoking(() => store);

/** The stacks of which the state was read, in order. */
const read = (runs: readonly (readonly string[])[]) =>
  runs.filter(([, noun]) => noun === "export").map((args) => args[args.indexOf("--stack") + 1]);

beforeEach(async () => {
  store = await Store.open({}, ["abc123", "def456"]);
});

describe("the store of a token that no state holds", () => {
  it("is the only one that configuration and environment name", async () => {
    const issued = await mint();
    const { code, stderr } = await revoke(issued);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const other = await mint();
    const env = without("BIGCOMMERCE_STORE_HASH");
    const config = { "acme/shop/dev": { "bigcommerce:storeHash": { value: "abc123" } } };
    expect((await revoke(other, [], { env, ...configured(config) })).code).toBe(0);
    expect(store.revoked()).toEqual([issued.fingerprint, other.fingerprint]);
  });

  it.each<[string, Readonly<Record<string, string>>, object, string]>([
    ["none", {}, {}, "none"],
    ["several", { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN_DEF456: "x" }, {}, "abc123, def456"],
    ["two default ones", { BIGCOMMERCE_STORE_HASH: "abc123" }, { "bigcommerce:storeHash": { value: "def456" } }, "abc123, def456"],
    ["several in the configuration", {}, { "bigcommerce:stores": { value: '{"abc123":{},"def456":{}}' } }, "abc123, def456"],
    ["none that can be read", { BIGCOMMERCE_STORE_HASH: "A/B" }, {}, "none; environment variable BIGCOMMERCE_STORE_HASH is not a store hash: [^\\n]+"],
  ])("is asked for where they name %s", async (_, more, config, known) => {
    const issued = await mint();
    const env = { ...without("BIGCOMMERCE_STORE_HASH"), ...more };
    const { code, stdout, stderr } = await revoke(issued, [], { env, ...configured({ "acme/shop/dev": config }) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^pulumi-bigcommerce-tokens: the store of token ${issued.fingerprint} is unknown: give --store HASH; configuration and environment name ${known}\\n$`));
    expect([store.requests(), store.revoked()]).toEqual([[], []]);
  }); // prettier-ignore

  it("is what --store says, without a look into the configuration for it", async () => {
    const issued = await mint("private", "def456");
    const env = { ...store.env, BIGCOMMERCE_ACCESS_TOKEN_DEF456: store.credentials["client-a"] };
    expect((await revoke(issued, ["--store", "def456"], { env })).code).toBe(0);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("does not come from a state that holds other tokens only", async () => {
    const [issued, other] = [await mint(), await mint("private", "def456")];
    store.resources = [held("other", other, "private", { storeHash: "def456" })];
    expect((await revoke(issued)).code).toBe(0);
    expect(store.requests()).toEqual(["POST /graphql", byJti(issued), "POST /graphql"]);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });
});

describe("where the token is looked for", () => {
  it("every stack, the selected one first and then those of its project; the command that replaces it names the stack", async () => {
    const issued = await mint();
    store.others = { "acme/blog/dev": [], "acme/shop/prod": [held("server", issued)], "acme/shop/zone": [] };
    const { code, stdout, runs } = await revoke(issued, [], { env: without("BIGCOMMERCE_STORE_HASH") });
    expect(code).toBe(0);
    // Another resource may have adopted it.
    expect(read(runs)).toEqual(["acme/shop/dev", "acme/shop/prod", "acme/shop/zone", "acme/blog/dev"]);
    expect(stdout).toMatch(/\n {4}pulumi up --stack acme\/shop\/prod --replace urn:\S+\n$/);
    expect(store.requests()).toEqual([byJti(issued), "POST /graphql"]);
  }); // prettier-ignore

  it("goes on past a state that adopted it, to the one that minted it", async () => {
    const issued = await mint();
    store.resources = [held("borrowed", issued, "private", { adopted: issued.fingerprint })];
    store.others = { "acme/shop/prod": [held("server", issued)] };
    const { stdout } = await revoke(issued, ["--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ urn: expect.stringMatching(/::server$/) as string });
    expect(store.requests()).toEqual([byJti(issued), "POST /graphql"]);
  });

  it("with --stack in that one alone", async () => {
    const issued = await mint();
    store.others = { "acme/shop/prod": [held("server", issued)], "acme/shop/test": [] };
    const { code, runs } = await revoke(issued, ["--stack", "acme/shop/test"]);
    expect([code, read(runs)]).toEqual([0, ["acme/shop/test"]]);
    expect(store.requests()[0]).toBe("POST /graphql");
  });

  it("with the credential of the stack that holds it, else with that of this run", async () => {
    const [one, two] = [await mint(), await mint()];
    store.others = { "acme/shop/prod": [held("one", one), held("two", two)] };
    const own = { "bigcommerce:stores": { value: JSON.stringify({ abc123: { accessToken: store.credentials["client-a"] } }) } };
    const foreign = { "bigcommerce:stores": { value: JSON.stringify({ abc123: { accessToken: store.credentials["client-b"] } }) } };
    const env = without("BIGCOMMERCE_STORE_HASH", "BIGCOMMERCE_ACCESS_TOKEN");
    const holders = configured({ "acme/shop/prod": own, "acme/shop/dev": foreign });
    expect((await revoke(one, [], { env, ...holders })).code).toBe(0);
    expect((await revoke(two, [], { env, ...configured({ "acme/shop/dev": own }) })).code).toBe(0);
    expect(store.revoked()).toEqual([one.fingerprint, two.fingerprint]);
  }); // prettier-ignore
});

describe("what cannot be looked through keeps nothing from being revoked", () => {
  it("a stack, and one line says which", async () => {
    const issued = await mint();
    store.others = { "acme/shop/old": { code: 255, stderr: "error: no such stack\n" }, "acme/shop/prod": [] };
    const { code, stderr, runs } = await revoke(issued);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^not searched, and may hold the token: pulumi stack export --stack acme\/shop\/old failed: no such stack\n$/);
    expect(read(runs)).toEqual(["acme/shop/dev", "acme/shop/old", "acme/shop/prod"]);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  }); // prettier-ignore

  it("many stacks, still in one line", async () => {
    const issued = await mint();
    const broken = { code: 255, stderr: "error: broken\n" };
    store.others = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`acme/shop/s${at}`, broken]));
    const { code, stderr } = await revoke(issued);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^not searched[^\n]+: pulumi stack export --stack acme\/shop\/s0 failed: [^\n]+--stack acme\/shop\/s2 failed: [^\n]+; and 6 more\n$/); // prettier-ignore
  });

  it("the whole backend, and one line says so", async () => {
    const issued = await mint();
    const { code, stderr } = await revoke(issued, [], failing((line) => line.startsWith("stack ")));
    expect(code).toBe(0);
    expect(stderr).toMatch(/^not searched, and may hold the token: the stacks of the backend: [^\n]+no network\n$/);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  }); // prettier-ignore

  it("no stack that is selected, of which nothing need be said", async () => {
    const issued = await mint();
    store.others = { "acme/shop/prod": [held("server", issued)] };
    const { code, stderr } = await revoke(
      issued,
      [],
      failing((line) => line.includes("--show-name")),
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^[^\n]+ is the token of server [^\n]+\n$/);
    expect(store.requests()[0]).toBe(byJti(issued));
  });

  it("no Pulumi at all, of which nothing is said: the environment tells the store", async () => {
    const issued = await mint();
    const { pulumi: _, ...bare } = store.system();
    const told = await run(["--wait", "0"], { ...bare, stdin: issued.token, pulumi: undefined as never });
    expect([told.code, told.stderr]).toEqual([0, ""]);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("a stack beside one that holds the token, because it may hold it too", async () => {
    const issued = await mint();
    const broken = { stdout: '{"version":3,"dep' };
    store.others = { "acme/shop/a": broken, "acme/shop/b": [held("server", issued)] };
    const { code, stderr } = await revoke(issued);
    expect(code).toBe(0);
    // The message names the stack once.
    expect(stderr).toMatch(/^not searched, and may hold the token: stack acme\/shop\/a: it is truncated[^\n]*\n[^\n]+ server [^\n]+\n$/);
    expect(stderr.match(/acme\/shop\/a/g)).toHaveLength(1);
  }); // prettier-ignore

  it("but the stack that --stack names must be readable", async () => {
    const issued = await mint();
    store.others = { "acme/shop/old": { code: 255, stderr: "error: no such stack\n" } };
    const { code, stdout, stderr } = await revoke(issued, ["--stack", "acme/shop/old"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: [^\n]+no such stack\n$/);
    expect([store.requests(), store.revoked()]).toEqual([[], []]);
  });
});
