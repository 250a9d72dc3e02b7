import type { FakeSystemOptions } from "./fake-system";
import { commandIn, Store } from "./issuing";
import { NOW } from "./states";

let store: Store;
const revoke = commandIn(() => store, "revoke");

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

describe("a token from standard input", () => {
  it.each([
    ["private", 2],
    ["storefront", 2],
    ["impersonation", 2],
    ["private", 1],
  ] as const)("%s is revoked in a store of generation %d, and proven dead", async (kind, generation) => {
    store = await Store.open({ generation });
    const origins = kind === "storefront" ? { origins: ["https://shop.example"] } : {};
    const issued = await store.mint({ kind, ...origins });
    const { code, stdout, stderr } = await revoke(["--store", "abc123"], {
      stdin: `TOKEN="${issued.token}"\n`,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(store.revoked()).toEqual([issued.fingerprint]);
    expect(stdout).toContain(`token ${issued.fingerprint} · ${kind} · store abc123 · API account client-a`);
    expect(stdout).toMatch(/\nrefused {3}\S+Z +the store's GraphQL API answers "Unknown JWT token"\n/);
  });

  it("waits until the store refuses it, and tells each time for a report", async () => {
    store = await Store.open({ revocationDelayMs: 42_000 });
    const issued = await store.mint();
    const { code, stdout } = await revoke(["--store", "abc123", "--json"], { stdin: issued.token });
    const report = JSON.parse(stdout) as { graphql: { kind: string; text: string; at: string } };
    expect(report).toMatchObject({
      version: 1,
      result: "accepted",
      by: "jti",
      askedAt: iso(NOW),
      answeredAt: iso(NOW),
    });
    expect(report.graphql).toEqual({ kind: "refused", text: "Unknown JWT token", at: iso(NOW + 45) });
    expect(store.requests().filter((line) => line === "POST /graphql")).toHaveLength(11);
    expect(code).toBe(0);
  });

  it("gives up waiting when the time is up, and says that the store still accepts it", async () => {
    store = await Store.open({ revocationDelayMs: 60_000 });
    const issued = await store.mint();
    const { code, stdout } = await revoke(["--store", "abc123", "--wait", "12s"], { stdin: issued.token });
    expect(code).toBe(3);
    expect(stdout).toContain(`open      ${iso(NOW + 12)} the store's GraphQL API still accepts it`);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it.each([
    ["0", 60_000, 3, /\nopen .* still accepts it: ask again later\n/],
    ["0s", 60_000, 3, /\nopen .* still accepts it: ask again later\n/],
    ["0", 0, 0, /\nrefused .* answers "Unknown JWT token"\n/],
  ])("with --wait %s asks GraphQL once, whatever it says: a delay of %d ms", async (wait, delay, expected, said) => {
    store = await Store.open({ revocationDelayMs: delay });
    const issued = await store.mint();
    const { code, stdout } = await revoke(["--store", "abc123", "--wait", wait], { stdin: issued.token });
    expect(code).toBe(expected);
    expect(stdout).toMatch(said);
    expect(store.requests()).toEqual(["POST /graphql", `DELETE /api-token-private/${issued.jti ?? ""}`, "POST /graphql"]);
  }); // prettier-ignore

  it("says that a GraphQL API which does not answer proves nothing", async () => {
    store = await Store.open();
    store.emulator.faults.push({ kind: "status", status: 503, path: "/graphql", times: Infinity });
    const issued = await store.mint();
    const { code, stdout } = await revoke(["--store", "abc123", "--wait", "6s"], { stdin: issued.token });
    expect(code).toBe(3);
    expect(stdout).toMatch(/\nopen .* not proven: answered 503\n/);
  });

  it.each([
    ["a page of JSON that answers no question", { status: "ok" }],
    ["an error that came before the token was checked", { errors: [{ message: "Too complex." }] }],
  ])("takes %s at 200 for no acceptance", async (_, body) => {
    store = await Store.open();
    const issued = await store.mint();
    store.resources = [store.held("server", issued)];
    store.emulator.faults.push({ kind: "status", status: 200, path: "/graphql", body, times: Infinity });
    const { code, stdout } = await revoke(["--fingerprint", issued.fingerprint, "--wait", "0"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/\nopen .* not proven: answered 200/);
  });

  it("revokes with the credential of the API account before what that one minted", async () => {
    store = await Store.open();
    const issued = await store.mint({ account: "client-b" });
    store.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = store.credentials["client-b"];
    expect((await revoke(["--store", "abc123"], { stdin: issued.token })).code).toBe(0);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("fails where another API account minted it, and says that it may still work", async () => {
    store = await Store.open();
    const issued = await store.mint({ account: "client-b" });
    const { code, stdout, stderr } = await revoke(["--store", "abc123"], { stdin: issued.token });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: Revoking token [0-9a-f]{16}: [^\n]*Only the API account that minted a token can revoke it: set its credential as BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>_PREVIOUS\.[^\n]*\n$/); // prettier-ignore
    expect(store.revoked()).toEqual([]);
  });

  it("one that was revoked before is told as such, with its witness", async () => {
    store = await Store.open({ deadTokenRevocation: "refused" });
    const issued = await store.mint();
    await revoke(["--store", "abc123"], { stdin: issued.token });
    const { code, stdout } = await revoke(["--store", "abc123"], { stdin: issued.token });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nrevoked .* before this request, according to the store's list\n/);
  });

  it("sends nothing for one that expired more than a day ago, and needs no credential", async () => {
    store = await Store.open();
    const issued = await store.mint({ expiresAt: NOW + 3600 });
    store.emulator.clock.advance(3600 + 86_401);
    const { code, stdout } = await revoke(["--store", "abc123"], { stdin: issued.token, env: {} });
    expect(code).toBe(0);
    expect(stdout).toContain("more than a day ago: nothing was sent");
    expect(store.requests()).toEqual([]);
  });

  it.each<[string, readonly string[], FakeSystemOptions, RegExp]>([
    ["a terminal", ["--store", "abc123"], { answers: [] }, /give the token on standard input/],
    ["nothing", ["--store", "abc123"], {}, /standard input is empty/],
    ["what is no token", ["--store", "abc123"], { stdin: "hunter2 hunter3" }, /this is not a token/],
    ["no store hash", ["--store", "ABC/.."], { stdin: "x" }, /--store takes a store hash/],
    ["too long a wait", ["--store", "abc123", "--wait", "11m"], { stdin: "x" }, /--wait takes 0, or a span of at most 10m/],
    ["no fingerprint", ["--fingerprint", "xyz"], {}, /--fingerprint takes 16 hex digits/],
  ])("refuses %s in one line, and sends nothing", async (_, args, rest, why) => {
    store = await Store.open();
    const { code, stdout, stderr } = await revoke(args, rest);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: [^\n]+\n$/);
    expect(stderr).toMatch(why);
    expect(stderr).not.toContain("hunter2");
    expect(store.requests()).toEqual([]);
  }); // prettier-ignore

  it("needs a credential, and says which", async () => {
    store = await Store.open();
    const issued = await store.mint();
    const env = { BIGCOMMERCE_API_URL: store.emulator.url };
    const { code, stderr } = await revoke(["--store", "abc123"], { stdin: issued.token, env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/no credential for store abc123: set environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123/);
  }); // prettier-ignore
});

describe("a token of the state", () => {
  it("is revoked by its jti, and proven dead by its value", async () => {
    store = await Store.open();
    const issued = await store.mint();
    store.resources = [store.held("server", issued)];
    const { code, stdout } = await revoke(["--fingerprint", issued.fingerprint]);
    expect(code).toBe(0);
    expect(store.revoked()).toEqual([issued.fingerprint]);
    expect(stdout).toContain("acme/shop/dev/private/server");
    expect(stdout).toMatch(/\n {4}pulumi up --stack acme\/shop\/dev --replace urn:\S+::server\n$/);
  });

  it("is revoked without the passphrase where it has a jti; only the proof is missing", async () => {
    store = await Store.open();
    const issued = await store.mint();
    store.resources = [store.held("server", issued)];
    store.hasPassphrase = false;
    const { code, stdout } = await revoke(["--fingerprint", issued.fingerprint]);
    expect(code).toBe(3);
    expect(store.revoked()).toEqual([issued.fingerprint]);
    expect(stdout).toMatch(/not proven: its value cannot be read from the state/);
  });

  it("is revoked by its value where it has no jti, and not at all without the passphrase", async () => {
    store = await Store.open({ generation: 1 });
    const issued = await store.mint();
    store.resources = [store.held("server", issued)];
    store.hasPassphrase = false;
    const refused = await revoke(["--fingerprint", issued.fingerprint]);
    expect(refused.stderr).toMatch(/incorrect passphrase/);
    expect([refused.code, store.revoked()]).toEqual([1, []]);
    store.hasPassphrase = true;
    expect((await revoke(["--fingerprint", issued.fingerprint])).code).toBe(0);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("is revoked by its value where its id fits into no path", async () => {
    store = await Store.open();
    const issued = await store.mint();
    store.resources = [{ ...store.held("server", issued), id: "revoke-all" }];
    expect((await revoke(["--fingerprint", issued.fingerprint])).code).toBe(0);
    expect(store.requests()).toEqual(["DELETE /api-token", "POST /graphql"]);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("can be a predecessor", async () => {
    store = await Store.open();
    const [old, fresh] = [await store.mint(), await store.mint()];
    store.resources = [store.held("server", fresh, { previous: store.previous(old) })];
    const { stdout } = await revoke(["--fingerprint", old.fingerprint]);
    expect(store.revoked()).toEqual([old.fingerprint]);
    expect(stdout).toContain("previous token of acme/shop/dev/private/server");
    expect(stdout).not.toContain("pulumi up");
  });

  it("meets no other host than its own", async () => {
    store = await Store.open();
    const issued = await store.mint();
    store.resources = [store.held("server", issued, { apiUrl: "https://elsewhere.example" })];
    const { code, stderr } = await revoke(["--fingerprint", issued.fingerprint]);
    expect(code).toBe(1);
    expect(stderr).toContain("minted at https://elsewhere.example");
    expect(store.requests()).toEqual([]);
  });

  it.each([
    ["one that the state does not hold", "0123456789abcdef", "abc123", /holds no token 0123456789abcdef/],
    ["one of another store", undefined, "def456", /belongs to store abc123, not to def456/],
  ])("refuses %s", async (_, print, hash, why) => {
    store = await Store.open();
    const issued = await store.mint();
    store.resources = [store.held("server", issued)];
    const args = ["--store", hash, "--fingerprint", print ?? issued.fingerprint];
    const { code, stderr } = await revoke(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(why);
    expect(store.requests()).toEqual([]);
  });
});

it("sends nothing for a token that a refresh saw gone, and says how to insist", async () => {
  store = await Store.open();
  const issued = await store.mint();
  store.resources = [store.held("server", issued, { gone: true })];
  const { code, stdout, stderr } = await revoke(["--fingerprint", issued.fingerprint]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.split("\n")[1]).toBe(
    "gone                               a refresh saw that it is gone: nothing was sent; to revoke it all the same, pass its value on standard input",
  );
  expect([store.requests(), store.revoked()]).toEqual([[], []]);
  const { stdout: text } = await revoke(["--fingerprint", issued.fingerprint, "--json"]);
  expect(JSON.parse(text)).toMatchObject({ result: "gone" });
  expect(JSON.parse(text)).not.toHaveProperty("graphql");
});
