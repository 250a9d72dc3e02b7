import { normalize } from "node:path";

import type { EmulatorOptions, GoodAnswer } from "../../emulator";
import { leaksIn } from "../support/leaks";
import { cli, type FakeSystemOptions, type Told } from "./fake-system";
import { day, DAY, exported, type Exported, NOW, previous, printOf, token } from "./states";
import { CREDENTIAL, OTHER_CREDENTIAL, Stores } from "./stores";

let stores: Stores | undefined;
afterEach(async () => {
  await stores?.emulator.close();
  stores = undefined;
});

const MODULES = {
  "@pulumi/pulumi/package.json": "/m/sdk.json",
  "pulumi-bigcommerce-tokens/package.json": "/m/own.json",
  ...Object.fromEntries(
    ["storefront", "private", "impersonation"].map((kind) => [`pulumi-bigcommerce-tokens/lifecycle/${kind}`, "/m/x.js"]),
  ),
}; // prettier-ignore
const PROGRAM = `program ${normalize("/program")}`;
const FILES = {
  "/program/Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "/program/package.json": '{"dependencies":{"pulumi-bigcommerce-tokens":"^0.1.0"}}',
  "/m/sdk.json": '{"version":"3.270.0"}',
  "/m/own.json": '{"version":"0.1.0"}',
};

function engine(resources: readonly Exported[] = [], version = "v3.259.0") {
  return ([command]: readonly string[]) => {
    if (command === "version") return { stdout: `${version}\n` };
    return { stdout: command === "stack" ? exported(...resources) : "{}" };
  };
} // prettier-ignore

async function doctor(options: FakeSystemOptions = {}, args: readonly string[] = []): Promise<Told> {
  const usual = { files: FILES, modules: MODULES, pulumi: engine(), now: NOW, env: stores?.env ?? {} };
  const told = await cli(["doctor", ...args], { ...usual, ...options });
  if (stores) expect(leaksIn(told.stdout + told.stderr, stores.secrets)).toBe(0);
  return told;
}

const lines = ({ stdout }: Told) => stdout.split("\n").map((line) => line.trim());

describe("of the program's folder", () => {
  it("says that all is well", async () => {
    stores = await Stores.open();
    const told = await doctor();
    expect(told.code).toBe(0);
    expect(lines(told).slice(0, 7)).toEqual([
      ...[PROGRAM, "ok   Node.js 24.9.0", "ok   Pulumi CLI v3.259.0", "ok   @pulumi/pulumi 3.270.0"],
      "ok   pulumi-bigcommerce-tokens 0.1.0 resolves from here",
      "ok   pulumi-bigcommerce-tokens is a direct dependency",
      "",
    ]);
  });

  it.each<[string, FakeSystemOptions, string]>([
    ["an old Node.js", { nodeVersion: "20.19.5" }, "Node.js 20.19.5: 22 or later is needed"],
    ["an old CLI", { pulumi: engine([], "v3.225.1") }, "Pulumi CLI v3.225.1: 3.226 or later is needed"],
    ["no CLI", { pulumi: () => ({ code: 1 }) }, "`pulumi version` failed"],
    ["an old SDK", { files: { ...FILES, "/m/sdk.json": '{"version":"3.250.9"}' } }, "@pulumi/pulumi 3.250.9: 3.251 or later, below 4, is needed"],
    ["a new SDK", { files: { ...FILES, "/m/sdk.json": '{"version":"4.0.0"}' } }, "@pulumi/pulumi 4.0.0: 3.251 or later, below 4, is needed"],
    ["no SDK", { modules: { ...MODULES, "@pulumi/pulumi/package.json": "/nope" } }, "@pulumi/pulumi cannot be resolved: npm install @pulumi/pulumi"],
    ["no package", { modules: { ...MODULES, "pulumi-bigcommerce-tokens/lifecycle/private": undefined as never } }, "pulumi-bigcommerce-tokens cannot be resolved from here: npm install pulumi-bigcommerce-tokens, as a direct dependency"],
    ["a package that only another brings along", { files: { ...FILES, "/program/package.json": '{"dependencies":{"other":"1"}}' } }, "pulumi-bigcommerce-tokens is not a direct dependency of the program: npm install pulumi-bigcommerce-tokens"],
  ])("finds %s", async (_, options, text) => {
    const told = await doctor(options);
    expect(lines(told)).toContain(`BAD  ${text}`);
    expect(told.code).toBe(3);
  }); // prettier-ignore

  it("accepts the first Node.js that every SDK of the peer range accepts", async () => {
    expect(lines(await doctor({ nodeVersion: "22.0.0" }))).toContain("ok   Node.js 22.0.0");
  });

  it.each(["20.20.0", "20.20.2", "21.7.3"])("warns of Node.js %s, and fails nothing", async (nodeVersion) => {
    stores = await Stores.open();
    const text = `Node.js ${nodeVersion} still works; @pulumi/pulumi supports 22 and later only`;
    const told = await doctor({ nodeVersion });
    expect([told.code, lines(told)]).toEqual([0, expect.arrayContaining([`warn ${text}`])]);
    const { findings } = JSON.parse((await doctor({ nodeVersion }, ["--json"])).stdout) as {
      readonly findings: readonly { readonly checks: readonly unknown[] }[];
    };
    expect(findings[0]?.checks[0]).toEqual({ name: "node", verdict: "warning", text });
  });

  it("looks where the engine would: in the folder of main", async () => {
    const { "/program/package.json": manifest, ...files } = FILES;
    const moved = { ...files, "/program/Pulumi.yaml": "main: infra/index.ts\n", "/program/infra/package.json": manifest };
    expect(lines(await doctor({ files: moved }))).toEqual(
      expect.arrayContaining([`program ${normalize("/program/infra")}`, "ok   pulumi-bigcommerce-tokens is a direct dependency"]),
    );
  }); // prettier-ignore

  it("says where there is none", async () => {
    stores = await Stores.open();
    const told = await doctor({ files: {} });
    expect(lines(told)).toContain("?    there is no Pulumi.yaml in /program or above it: run this in the program's folder");
    expect(told.code).toBe(0);
  }); // prettier-ignore
});

describe("of a store", () => {
  const SCOPE = '"Storefront API Tokens: manage" (store_storefront_api)';
  const IMPERSONATION =
    '"Storefront API Customer Impersonation Tokens: manage" (store_storefront_api_customer_impersonation)';
  const open = async (options: Partial<EmulatorOptions> = {}) => (stores = await Stores.open(options));
  const account = (
    ...scopes: ("store_storefront_api" | "store_storefront_api_customer_impersonation")[]
  ) => ({
    stores: [{ hash: "abc123", accounts: [{ clientId: "client-a", accessToken: CREDENTIAL, scopes }] }],
  });
  const held = (name: string, outputs: Readonly<Record<string, unknown>> = {}) =>
    token(name, { outputs: { apiUrl: stores!.emulator.url, ...outputs } });

  it("says that all is well, by reading alone", async () => {
    const { emulator } = await open();
    const dead = await stores!.mint("dead");
    await stores!.mint("alive");
    await stores!.revoke(dead);
    const before = emulator.requests.length;
    const told = await doctor({ pulumi: engine([held("server")]) });
    expect(emulator.clock.now()).toBe(NOW);
    expect(lines(told).slice(lines(told).indexOf(`store abc123 at ${emulator.url}`) + 1)).toEqual([
      "ok   credential from environment variable BIGCOMMERCE_ACCESS_TOKEN",
      "ok   generation 2: the store lists its tokens",
      "ok   API account client-a",
      `ok   OAuth scope ${SCOPE}`,
      `ok   OAuth scope ${IMPERSONATION}`,
      "ok   clock: no more than 5 s from the store's",
      "ok   quota: 144 of 150 requests left in this window",
      "ok   1 revoked token of this API account not expired yet; a store holds a limited number",
      "",
    ]);
    expect(emulator.requests.slice(before).map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
    expect(told.code).toBe(0);
  });

  it("counts no revoked token that has expired: it takes no place any more", async () => {
    const { emulator } = await open();
    await stores!.revoke(await stores!.mint("dead"));
    emulator.clock.advance(60 * DAY);
    expect(lines(await doctor({ now: NOW + 60 * DAY }))).toContain(
      "ok   0 revoked tokens of this API account not expired yet; a store holds a limited number",
    );
  });

  it("says that there may be more revoked tokens where a list was not read whole", async () => {
    const { emulator } = await open();
    await stores!.revoke(await stores!.mint("dead"));
    const more = { meta: { pagination: { total_pages: 1, total: 2 } } };
    const reply = ({ body }: GoodAnswer) => ({ body: { ...(body as object), ...more } });
    emulator.faults.push({ kind: "reply", method: "GET", path: /api-token-private$/, reply });
    expect(lines(await doctor())).toContain(
      "ok   at least 1 revoked token of this API account not expired yet; a store holds a limited number",
    );
  });

  it("says what a store without lists cannot tell", async () => {
    await open({ generation: 1 });
    const told = await doctor();
    expect(lines(told)).toEqual(
      expect.arrayContaining([
        "ok   generation 1: the store has no token lists, so that a lost token cannot be found, and --live cannot compare",
        "?    API account: unknown, because no list shows a token of it",
        "?    OAuth scopes: unknown, because without token lists only a mint would show them",
      ]),
    );
    expect(told.code).toBe(0);
  });

  it.each([
    ["that nobody needs", [], "ok   ", ", which no token of the state needs", 0],
    ["that a token needs", ["support"], "BAD  ", "", 3],
  ])("tells a missing scope %s", async (_, names, mark, tail, code) => {
    await open(account("store_storefront_api"));
    const resources = names.map((name) => token(name, { kind: "impersonation", outputs: { apiUrl: stores!.emulator.url } }));
    const told = await doctor({ pulumi: engine(resources) });
    expect(lines(told)).toContain(`${mark}the API account lacks the OAuth scope ${IMPERSONATION}${tail}`);
    expect(lines(told)).toContain(`ok   OAuth scope ${SCOPE}`);
    expect(told.code).toBe(code);
  }); // prettier-ignore

  it("tells that all scopes may be missing because the hash is wrong", async () => {
    await open();
    const told = await doctor({ env: { ...stores!.env, BIGCOMMERCE_STORE_HASH: "wrong1" } });
    expect(lines(told)).toContain(
      `BAD  the API account lacks the OAuth scope ${SCOPE}; or the store hash is wrong, to which BigCommerce responds alike`,
    );
    expect(told.code).toBe(3);
  });

  it.each([
    ["is refused", { BIGCOMMERCE_ACCESS_TOKEN: "x".repeat(31) }, /BAD {2}BigCommerce refuses the credential \(401\)/],
    ["is missing", { BIGCOMMERCE_ACCESS_TOKEN: "" }, /BAD {2}no credential for store abc123: set/],
    ["cannot be sent", { BIGCOMMERCE_ACCESS_TOKEN: "a b" }, /BAD {2}environment variable BIGCOMMERCE_ACCESS_TOKEN has characters/],
  ])("tells a credential that %s", async (_, env, message) => {
    await open();
    const told = await doctor({ env: { ...stores!.env, ...env } });
    expect(told.stdout).toMatch(message);
    expect(told.code).toBe(3);
  }); // prettier-ignore

  it("tells tokens that another account minted, unless its credential is still at hand", async () => {
    await open();
    await stores!.mint("own");
    const pulumi = engine([held("a", { apiAccount: "client-b" }), held("b")]);
    const lonely = await doctor({ pulumi });
    expect(lines(lonely)).toContain(
      "BAD  API account client-a; the state also holds tokens of client-b, which only that account can list and revoke: " +
        "set its credential as BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS",
    );
    const env = { ...stores!.env, BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS: OTHER_CREDENTIAL };
    const told = await doctor({ pulumi, env });
    expect(told.stdout).toMatch(/ok {3}API account client-a; .* client-b, which are revoked with the credential from .*_PREVIOUS$/m);
    expect([lonely.code, told.code]).toEqual([3, 0]);
  }); // prettier-ignore

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["was revoked", { fate: "revoke" }],
    ["has expired", { expiresAt: day(-1) }],
  ])("needs no credential of another account for a predecessor that %s", async (_, facts) => {
    await open();
    await stores!.mint("own");
    const before = previous("old", { apiUrl: stores!.emulator.url, apiAccount: "client-b", ...facts });
    const told = await doctor({ pulumi: engine([held("a", { previous: before })]) });
    expect([lines(told).includes("ok   API account client-a"), told.code]).toEqual([true, 0]);
  });

  describe("whose list is empty, because its API account is new", () => {
    const UNKNOWN = "API account: unknown, because no list shows a token of it";
    const THEIRS =
      "BAD  API account: not client-b, which minted live tokens of the state, or those tokens are gone: no list shows them. " +
      "To list and revoke them, set its credential as BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS";
    const states = (...names: readonly string[]) =>
      engine(names.map((name) => held(name, { apiAccount: "client-b" })));

    it("tells that the state's live tokens are another's", async () => {
      await open();
      const told = await doctor({ pulumi: states("a", "b") });
      expect(lines(told)).toContain(THEIRS);
      expect(told.code).toBe(3);
    });

    it("tells it of predecessors that are left to expire as well", async () => {
      await open();
      const { url: apiUrl } = stores!.emulator;
      const before = previous("old", { apiUrl, apiAccount: "client-b" });
      const told = await doctor({ pulumi: engine([held("a", { apiAccount: undefined, previous: before })]) });
      expect([lines(told).includes(THEIRS), told.code]).toEqual([true, 3]);
    });

    it("is well with the credential of the account before", async () => {
      await open();
      const env = { ...stores!.env, BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS: OTHER_CREDENTIAL };
      const told = await doctor({ pulumi: states("a"), env });
      expect(lines(told)).toContain(
        `?    ${UNKNOWN}; the state holds tokens of client-b, which are revoked with the credential from environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS`,
      );
      expect(told.code).toBe(0);
    });

    it.each<[string, Readonly<Record<string, unknown>>]>([
      ["have expired", { expiresAt: day(-1) }],
      ["were seen gone by a refresh", { gone: true }],
      ["name no minter", { apiAccount: undefined }],
    ])("says nothing of tokens that %s", async (_, outputs) => {
      await open();
      const told = await doctor({ pulumi: engine([held("a", { apiAccount: "client-b", ...outputs })]) });
      expect([lines(told).includes(`?    ${UNKNOWN}`), told.code]).toEqual([true, 0]);
    });

    it("says nothing of tokens without a jti, which no list shows", async () => {
      await open();
      const { url: apiUrl } = stores!.emulator;
      const bare = token("a", { id: printOf("a"), outputs: { apiUrl, apiAccount: "client-b" } });
      const told = await doctor({ pulumi: engine([bare]) });
      expect([lines(told).includes(`?    ${UNKNOWN}`), told.code]).toEqual([true, 0]);
    });

    it("says nothing where a list that may hold them was not read whole", async () => {
      const { emulator } = await open();
      const more = { meta: { pagination: { total_pages: 1, total: 2 } } };
      const reply = ({ body }: GoodAnswer) => ({ body: { ...(body as object), ...more } });
      emulator.faults.push({ kind: "reply", method: "GET", path: /api-token-private$/, reply });
      const told = await doctor({ pulumi: states("a") });
      expect([lines(told).includes(`?    ${UNKNOWN}`), told.code]).toEqual([true, 0]);
    });
  });

  it("does not take an account for another where the list holds a token of the state, though its rows name nobody", async () => {
    const { emulator } = await open();
    const issued = await stores!.mint("a");
    const reply = ({ body }: GoodAnswer) => {
      const { data, ...rest } = body as { data: object[] };
      return { body: { ...rest, data: data.map((row) => ({ ...row, principal: undefined })) } };
    };
    emulator.faults.push({ kind: "reply", method: "GET", path: /api-token-private$/, reply });
    const told = await doctor({ pulumi: engine([stores!.state("a", issued), held("b")]) });
    expect(told.code).toBe(0);
    expect(told.stdout).toContain("?    API account: unknown");
  });

  it.each([
    [-60, "this machine's is 60 s behind the store's"],
    [60, "this machine's is 60 s ahead of the store's"],
  ])("tells a clock that is %d s off", async (offset, text) => {
    await open();
    const told = await doctor({ now: NOW + offset });
    expect(lines(told)).toContain(`BAD  clock: ${text}: set it`);
    expect(told.code).toBe(3);
  });

  it("is told of every store of every stack with --all, each once", async () => {
    await open();
    const pulumi = (args: readonly string[]) => {
      if (args[1] === "ls") return { stdout: '[{"name":"dev"},{"name":"prod"}]' };
      const hashes = args.includes("prod") ? ["def456", "abc123"] : ["abc123"];
      return engine(hashes.map((storeHash) => held(storeHash, { storeHash })))(args);
    };
    const { findings } = JSON.parse((await doctor({ pulumi }, ["--all", "--json"])).stdout) as {
      findings: { subject: string }[];
    };
    expect(findings.map(({ subject }) => subject.replace(/ at .*/, ""))).toEqual([
      ...[PROGRAM, "store abc123", "store def456"],
    ]);
  });
});

it("without a state that can be read, it looks at the default store all the same", async () => {
  stores = await Stores.open();
  const told = await doctor({ pulumi: undefined as never });
  expect(told.stdout).toMatch(/\? {4}no state was read: there is no pulumi on PATH/);
  expect(lines(told)).toContain("ok   generation 2: the store lists its tokens");
  // Without a CLI no update can run.
  expect(told.code).toBe(3);
});

it("a state that was named and cannot be read is an error", async () => {
  const { code, stdout, stderr } = await doctor({}, ["--file", "nope"]);
  expect({ code, stdout, stderr }).toEqual({
    ...{ code: 1, stdout: "", stderr: "pulumi-bigcommerce-tokens: nope: the file does not exist\n" },
  });
});
