import type { IssuedToken } from "../../emulator";
import { fingerprint } from "../../provider/domain/fingerprint";
import { forgedFrom } from "../support/forged";
import { Store } from "./issuing";
import { byJti, KIND_NAMES, revoking } from "./revoking";
import { type Exported, NOW, SECRET } from "./states";

let store: Store;
const { run, revoke, mint, held, without } = revoking(() => store);

beforeEach(async () => {
  store = await Store.open({}, ["abc123", "def456"]);
});

describe("a token on standard input that a state holds", () => {
  it.each(KIND_NAMES)("%s is revoked by its id in its store, without a question before", async (kind) => {
    const issued = await mint(kind);
    store.resources = [held("server", issued, kind)];
    const env = { ...without("BIGCOMMERCE_STORE_HASH") };
    const { code, stdout, stderr } = await revoke(issued, [], { env });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^[^\n]+ is the token of server [^\n]+\n$/);
    expect(store.requests()).toEqual([byJti(issued, kind), "POST /graphql"]);
    expect(store.revoked()).toEqual([issued.fingerprint]);
    expect(stdout).toMatch(new RegExp(`\ntoken ${issued.fingerprint} · ${kind} · store abc123 · API account client-a · acme/shop/dev/private/server · expires `)); // prettier-ignore
    expect(stdout).toMatch(/\n {4}pulumi up --stack acme\/shop\/dev --replace urn:\S+::server\n$/);
  });

  it("names its resource and its role in JSON, and says by what it was revoked", async () => {
    const [old, fresh] = [await mint(), await mint()];
    store.resources = [held("server", fresh, "private", { previous: store.previous(old) })];
    const { stdout } = await revoke(old, ["--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ by: "jti", result: "accepted", role: "predecessor", fingerprint: old.fingerprint },
      ...{ storeHash: "abc123", label: "acme/shop/dev/private/server" },
    });
    expect(store.requests()[0]).toBe(byJti(old));
    expect(store.revoked()).toEqual([old.fingerprint]);
  });

  it("is revoked in the store that the state names, whichever is configured", async () => {
    const issued = await mint("private", "def456");
    store.resources = [held("server", issued, "private", { storeHash: "def456" })];
    const env = { ...store.env, BIGCOMMERCE_ACCESS_TOKEN_DEF456: store.credentials["client-a"] };
    expect((await revoke(issued, [], { env })).code).toBe(0);
    expect(store.revoked()).toEqual([issued.fingerprint]);
    expect(store.requests()[0]).toMatch(/^DELETE \/stores\/def456\//);
  });

  it("is refused with a --store that the state contradicts, and nothing is sent", async () => {
    const issued = await mint();
    store.resources = [held("server", issued)];
    const { code, stdout, stderr } = await revoke(issued, ["--store", "def456"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `pulumi-bigcommerce-tokens: token ${issued.fingerprint} belongs to store abc123, not to def456\n`,
    );
    expect([store.requests(), store.revoked()]).toEqual([[], []]);
  });

  it("that keeps its store secret is revoked where --store or the configuration say it", async () => {
    const [one, two] = [await mint(), await mint()];
    const hidden = { storeHash: SECRET };
    store.resources = [held("one", one, "private", hidden), held("two", two, "private", hidden)];
    expect((await revoke(one, ["--store", "abc123"])).code).toBe(0);
    expect((await revoke(two)).code).toBe(0);
    expect(store.revoked()).toEqual([one.fingerprint, two.fingerprint]);
  });

  it("meets no other host than its own", async () => {
    const issued = await mint();
    store.resources = [held("server", issued, "private", { apiUrl: "https://elsewhere.example" })];
    const { code, stderr } = await revoke(issued);
    expect(code).toBe(1);
    expect(stderr).toContain("minted at https://elsewhere.example");
    expect(store.requests()).toEqual([]);
  });

  it("is revoked all the same where a refresh saw it gone", async () => {
    const issued = await mint();
    store.resources = [held("server", issued, "private", { gone: true })];
    const { code, stdout } = await revoke(issued, ["--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: "accepted", by: "jti", role: "current" });
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("is told as expired, not as gone, where both are so, and nothing is sent", async () => {
    const issued = await store.mint({ expiresAt: NOW + 3_600 });
    store.resources = [held("server", issued, "private", { gone: true })];
    store.emulator.clock.advance(3_600 + 86_401);
    const { code, stdout } = await revoke(issued, ["--json"], { env: without("BIGCOMMERCE_ACCESS_TOKEN") });
    expect([code, store.requests()]).toEqual([0, []]);
    expect(JSON.parse(stdout)).toMatchObject({ result: "expired long ago" });
  });

  it("goes by its own expiration where the state names an earlier one", async () => {
    const issued = await mint();
    store.resources = [held("server", issued, "private", { expiresAt: "2027-01-01T00:00:00Z" })];
    expect((await revoke(issued)).code).toBe(0);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("is asked about where it was adopted and never proven, and again counts as its own once it was", async () => {
    const issued = await mint();
    store.resources = [held("server", issued, "private", { adopted: issued.fingerprint })];
    await revoke(issued);
    expect(store.requests()).toEqual(["POST /graphql", byJti(issued), "POST /graphql"]);
    const proven = await mint();
    store.resources = [held("server", proven, "private", { adopted: proven.fingerprint, verified: true })];
    await revoke(proven);
    expect(store.requests().slice(3)).toEqual([byJti(proven), "POST /graphql"]);
  });

  it("is asked about where its state records another id than its own", async () => {
    const [issued, other] = [await mint(), await mint()];
    store.resources = [{ ...held("server", issued), id: other.jti }];
    expect((await revoke(issued)).code).toBe(0);
    expect(store.requests()).toEqual(["POST /graphql", byJti(issued), "POST /graphql"]);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });

  it("is revoked by its value where GraphQL does not answer and no state has proven it, and JSON says so", async () => {
    const issued = await mint();
    store.emulator.faults.push({ kind: "status", status: 404, path: "/graphql", times: Infinity });
    store.resources = [held("server", issued, "private", { adopted: issued.fingerprint })];
    const { code, stdout } = await revoke(issued, ["--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ by: "value", result: "accepted" });
    expect(store.revoked()).toEqual([issued.fingerprint]);
  });
});

describe.each(KIND_NAMES)(
  "a text with the id of a %s token that a state holds under another fingerprint",
  (kind) => {
    it("is refused in one line that names the resource, and nothing is sent", async () => {
      const issued = await mint(kind);
      store.others = { "acme/shop/prod": [held("server", issued, kind)] };
      const forged = forgedFrom(issued.token);
      for (const args of [[], ["--store", "abc123"], ["--stack", "acme/shop/prod"]]) {
        const { code, stdout, stderr } = await revoke(forged, args);
        expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
        expect(stderr).toBe(
          `pulumi-bigcommerce-tokens: ${fingerprint(forged)}: nothing was sent, because this is not the token whose id it claims: that id ` +
            `belongs to the token of server in stack acme/shop/prod. Who uses that token, and how to revoke it: npm exec --no -- pulumi-bigcommerce-tokens inspect --fingerprint ${issued.fingerprint}\n`,
        );
      }
      expect([store.requests(), store.revoked()]).toEqual([[], []]);
    });

    it("is refused as the predecessor's, too, and where another state adopted the text", async () => {
    const [old, fresh] = [await mint(kind), await mint(kind)];
    const forged = forgedFrom(old.token);
    const print = fingerprint(forged);
    store.resources = [held("by-hand", { ...old, fingerprint: print }, kind, { adopted: print })];
    store.others = { "acme/shop/prod": [held("server", fresh, kind, { previous: store.previous(old) })] };
    const { code, stderr } = await revoke(forged);
    expect(code).toBe(1);
    expect(stderr).toContain(`that id belongs to the previous token of server in stack acme/shop/prod. Who uses that token, and how to revoke it: npm exec --no -- pulumi-bigcommerce-tokens inspect --fingerprint ${old.fingerprint}\n`);
    store.resources = [...store.resources, held("server", fresh, kind, { previous: store.previous(old) })];
    store.values[print] = forged;
    const byPrint = await run(["--fingerprint", print]);
    expect([byPrint.code, byPrint.stderr]).toEqual([1, expect.stringContaining("because this is not the token whose id it claims")]);
    expect([store.requests(), store.revoked()]).toEqual([[], []]);
  }); // prettier-ignore
  },
);

describe("an id that is another token's only by appearance refuses nothing", () => {
  it.each<[string, (issued: IssuedToken) => Exported]>([
    ["of a token that was adopted and never proven", (issued) => held("x", issued, "private", { fingerprint: "0123456789abcdef", adopted: "0123456789abcdef" })],
    ["of another kind", (issued) => held("x", issued, "impersonation", { fingerprint: "0123456789abcdef" })],
    ["of another store than --store says", (issued) => held("x", issued, "private", { fingerprint: "0123456789abcdef", storeHash: "def456" })],
    ["of a fingerprint that the state keeps secret", (issued) => held("x", issued, "private", { fingerprint: SECRET })],
  ])("%s", async (_, resource) => {
    const issued = await mint();
    store.resources = [resource(issued)];
    expect((await revoke(issued, ["--store", "abc123"])).code).toBe(0);
    expect(store.requests()).toEqual(["POST /graphql", byJti(issued), "POST /graphql"]);
    expect(store.revoked()).toEqual([issued.fingerprint]);
  }); // prettier-ignore
});
