import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { type Emulator, startEmulator } from "../../emulator";
import { plain, Plugin, type Properties, secretOf, structOf } from "../support/plugin";

const { version } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as {
  version: string;
};
const CREDENTIAL = randomBytes(16).toString("hex").slice(1);
const SERVER = "urn:pulumi:dev::shop::bigcommerce:index:PrivateToken::server";
const PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:bigcommerce::default_0_1_0";
const EXPLICIT = "urn:pulumi:dev::shop::pulumi:providers:bigcommerce::own";
const ARGS = { channelIds: [1], scopes: ["Customer"], lifetime: "90d" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the plugin's protocol", () => {
  let emulator: Emulator;
  let plugin: Plugin;
  beforeEach(async () => {
    emulator = await startEmulator({
      generation: 2,
      stores: [
        {
          hash: "abc123",
          accounts: [{ clientId: "client-a", accessToken: CREDENTIAL, scopes: ["store_storefront_api"] }],
          channels: [1, 2],
        },
      ],
    });
    plugin = await Plugin.start({
      BIGCOMMERCE_API_URL: emulator.url,
      BIGCOMMERCE_STORE_HASH: "abc123",
      BIGCOMMERCE_ACCESS_TOKEN: CREDENTIAL,
    });
  });
  afterEach(async () => {
    await plugin.end();
    await emulator.close({ allowProblems: true });
    for (const secret of [CREDENTIAL, ...emulator.issued.map(({ token }) => token)]) {
      expect(plugin.output).not.toContain(secret);
    }
  });

  /** As the engine creates a resource. */
  async function created(urn = SERVER, args: Properties = ARGS) {
    const { inputs, failures } = await plugin.check(urn, {}, args);
    expect(failures).toEqual([]);
    const { id, outs } = await plugin.create(urn, inputs);
    return { id, inputs, outs, state: plain(outs) };
  }

  it("starts within a second, and tells its version and schema before it is configured", async () => {
    expect(plugin.startMs).toBeLessThan(1_000);
    const info = await plugin.call<PluginInfo>("getPluginInfo", new Empty());
    expect(info.getVersion()).toBe(version);
    const schema = await plugin.call<messages.GetSchemaResponse>(
      "getSchema",
      new messages.GetSchemaRequest(),
    );
    expect(JSON.parse(schema.getSchema())).toMatchObject({ name: "bigcommerce", version });
  });

  it("takes plain values, and says that it previews", async () => {
    const handshake = await plugin.call<messages.ProviderHandshakeResponse>(
      "handshake",
      new messages.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1"),
    );
    expect(handshake.getAcceptSecrets()).toBe(false);
    const configured = await plugin.configure();
    expect(configured.getAcceptsecrets()).toBe(false);
    expect(configured.getSupportspreview()).toBe(true);
    await plugin.call("attach", new PluginAttach().setAddress("127.0.0.1:1"));
  });

  it.each([
    ["invoke", new messages.InvokeRequest()],
    ["call", new messages.CallRequest()],
    ["construct", new messages.ConstructRequest()],
    ["parameterize", new messages.ParameterizeRequest()],
    ["getMapping", new messages.GetMappingRequest()],
  ])("does not implement %s", async (method, request) => {
    await plugin.configure();
    await expect(plugin.call(method, request)).rejects.toMatchObject({ code: grpc.status.UNIMPLEMENTED });
  });

  it("mints, compares, refreshes and revokes, with the token marked as secret", async () => {
    await plugin.configure();
    const { id, inputs, outs, state } = await created();
    const [issued] = emulator.issued;
    expect(secretOf(outs["token"])).toBe(issued?.token);
    expect(outs["label"]).toBe("-/shop/dev/private/server");
    expect(id).toBe(issued?.jti);

    const again = await plugin.check(SERVER, inputs, ARGS);
    expect(again.inputs).toEqual(inputs);
    const same = await plugin.diff(SERVER, id, state, again.inputs);
    expect(same).toEqual({
      changes: messages.DiffResponse.DiffChanges.DIFF_NONE,
      replaces: [],
      detailed: {},
    });
    const read = await plugin.read(SERVER, id, state, inputs);
    expect(plain(read.outs)).toEqual(state);
    expect(read.inputs).toEqual(inputs);
    await plugin.delete(SERVER, id, state);
    expect(emulator.issued.map(({ revokedAt }) => revokedAt !== undefined)).toEqual([true]);
  });

  it("points at the properties that change, and at those that replace", async () => {
    await plugin.configure();
    const { id, inputs, state } = await created();
    const wider = await plugin.check(SERVER, inputs, { ...ARGS, channelIds: [1, 2], overlap: "never" });
    expect(await plugin.diff(SERVER, id, state, wider.inputs)).toEqual({
      changes: messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: ["channelIds"],
      detailed: { channelIds: "UPDATE_REPLACE", overlap: "UPDATE" },
    });
    const fixed = { ...ARGS, lifetime: undefined, expiresAt: inputs["expiresAt"] };
    const pinned = await plugin.check(SERVER, inputs, JSON.parse(JSON.stringify(fixed)) as Properties);
    expect(await plugin.diff(SERVER, id, state, pinned.inputs)).toMatchObject({
      replaces: [],
      detailed: { lifetime: "DELETE" },
    });
  });

  it("sends nothing in a preview, and tells what is known", async () => {
    await plugin.configure();
    const { inputs } = await plugin.check(SERVER, {}, { ...ARGS, channelIds: UNKNOWN });
    const { id, outs } = await plugin.create(SERVER, inputs, { preview: true });
    expect(id).toBe("");
    expect(outs).toMatchObject({
      channelIds: UNKNOWN,
      scopes: ["Customer"],
      storeHash: "abc123",
      fingerprint: UNKNOWN,
    });
    expect(secretOf(outs["token"])).toBe(UNKNOWN);
    expect(emulator.requests).toEqual([]);
  });

  it("names the property of each bad input in the text, and never its value", async () => {
    await plugin.configure();
    const { failures } = await plugin.check(
      SERVER,
      {},
      { ...ARGS, channelIds: [0], scope: ["x"], label: "mine" },
    );
    expect(failures).toEqual([{ property: "", reason: "label: is set by the provider; remove it" }]);
    const others = await plugin.check(SERVER, {}, { ...ARGS, channelIds: [0], scope: ["x"] });
    expect(others.failures).toEqual([
      { property: "", reason: "scope: there is no such property; did you mean scopes?" },
      { property: "", reason: "channelIds[0]: must be a channel id: a whole number of 1 or more" },
    ]);
  });

  it("saves a token whose creation failed after the mint, marked as secret, and nothing else secret travels", async () => {
    await plugin.configure();
    const { inputs } = await plugin.check(
      SERVER,
      {},
      { ...ARGS, verify: { graphqlUrl: "http://127.0.0.1:9/graphql" } },
    );
    const failed = await plugin.create(SERVER, inputs, { timeout: 2 }).catch((error: unknown) => error);
    const [issued] = emulator.issued;
    expect(failed).toMatchObject({
      details: expect.stringContaining("is not proven to work") as string,
      saved: { id: issued?.jti, properties: { fingerprint: issued?.fingerprint, verified: false } },
    });
    const { details, saved } = failed as {
      details: string;
      saved: { properties: Properties; reasons: string[] };
    };
    expect(secretOf(saved.properties["token"])).toBe(issued?.token);
    expect([details, ...saved.reasons].join(" ")).not.toContain(issued?.token);
  });

  it("honours the timeout of a request", async () => {
    await plugin.configure();
    const { inputs } = await plugin.check(
      SERVER,
      {},
      { ...ARGS, verify: { graphqlUrl: "http://127.0.0.1:9/graphql" } },
    );
    const begun = performance.now();
    await expect(plugin.create(SERVER, inputs, { timeout: 1 })).rejects.toMatchObject({ saved: {} });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it("begins nothing after a cancel, until it is configured again", async () => {
    await plugin.configure();
    const { inputs } = await plugin.check(SERVER, {}, ARGS);
    await plugin.call("cancel", new Empty());
    await expect(plugin.create(SERVER, inputs)).rejects.toMatchObject({
      details: expect.stringContaining("cancelled") as string,
    });
    expect(emulator.issued).toEqual([]);
    await plugin.configure();
    await created();
    expect(emulator.issued).toHaveLength(1);
  });

  it("gives every configuration a run of its own", async () => {
    await plugin.configure();
    const { id, inputs, state } = await created(SERVER, { ...ARGS, onDelete: "letExpire" });
    await plugin.check(SERVER, inputs, { ...ARGS, onDelete: "letExpire" });
    await plugin.configure();
    // Nothing checked the resource in this run: it was removed, and its token is left as it says.
    await plugin.delete(SERVER, id, state);
    expect(emulator.issued.map(({ revokedAt }) => revokedAt)).toEqual([undefined]);
  });

  it("is configured once by the engine that started it", async () => {
    const own = await Plugin.start(
      {
        BIGCOMMERCE_API_URL: emulator.url,
        BIGCOMMERCE_STORE_HASH: "abc123",
        BIGCOMMERCE_ACCESS_TOKEN: CREDENTIAL,
      },
      "127.0.0.1:1",
    );
    try {
      await own.configure();
      await expect(own.configure({ apiUrl: "http://127.0.0.1:9" })).rejects.toMatchObject({
        details: "the provider is configured already",
      });
    } finally {
      await own.end();
    }
  });

  it("marks a token to adopt as secret, though the program did not", async () => {
    await plugin.configure();
    const { id, outs } = await created();
    await plugin.delete(SERVER, id, plain(outs));
    const byHand = emulator.issued[0]?.token ?? "";
    const fixed = { channelIds: [1], scopes: ["Customer"], expiresAt: outs["expiresAt"], adopt: byHand };
    const { inputs, failures } = await plugin.check(`${SERVER}2`, {}, fixed);
    expect(failures).toEqual([]);
    expect(secretOf(inputs["adopt"])).toBe(byHand);
  });

  it.each([
    ["an hour", 3_600],
    ["a month, which no timer of Node.js holds", 30 * 86_400],
  ])("mints with a timeout of %s", async (_, timeout) => {
    await plugin.configure();
    const { inputs } = await plugin.check(SERVER, {}, ARGS);
    await plugin.create(SERVER, inputs, { timeout });
    expect(emulator.issued).toHaveLength(1);
  });

  it("reads no pipe in the place of a file", async () => {
    await plugin.configure();
    const folder = mkdtempSync(join(tmpdir(), "pipe-"));
    try {
      execFileSync("mkfifo", [join(folder, "pipe")]);
      await expect(plugin.read(SERVER, `file:${join(folder, "pipe")}`, {})).rejects.toMatchObject({
        details: expect.stringContaining("nothing was imported") as string,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  describe("malformed requests", () => {
    const OTHER = "urn:pulumi:dev::shop::other:index:Thing::server";

    it("answers one line, and goes on", async () => {
      await expect(plugin.check(SERVER, {}, ARGS)).rejects.toMatchObject({
        details: "the provider is not configured yet",
      });
      await plugin.configure();
      for (const urn of ["", "x", OTHER, `${SERVER}\n`.repeat(3), "::::::::"]) {
        const answer = await plugin.check(urn, {}, ARGS).catch((error: unknown) => error);
        const { details = "" } = answer as { details?: string };
        expect(details).not.toContain("\n");
      }
      await expect(plugin.check(OTHER, {}, ARGS)).rejects.toMatchObject({
        details: expect.stringMatching(
          /^there is no such resource type; the provider has bigcommerce:index:/,
        ) as string,
      });
      await plugin.call("check", new messages.CheckRequest().setUrn(SERVER));
      await expect(
        plugin.call("delete", new messages.DeleteRequest().setUrn(SERVER).setId("x")),
      ).rejects.toMatchObject({
        code: grpc.status.UNKNOWN,
      });
      await plugin.call("diff", new messages.DiffRequest().setUrn(SERVER).setId("x"));
      await created();
      expect(emulator.issued).toHaveLength(1);
    });

    it.each<[string, (request: Buffer) => Buffer]>([
      ["a text of 4 GB", () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
      [
        "a property of 4 GB in a resource's own",
        () => Buffer.from([0x12, 13, 0x0a, 11, 0x0a, 1, 0x61, 0x12, 6, 0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      ],
      ["a request that is cut", (request) => request.subarray(0, -1)],
      ["a request that goes on", (request) => Buffer.concat([request, Buffer.from([0x0a])])],
      ["a number without an end", () => Buffer.alloc(12, 0xff)],
      ["a kind of field that does not exist", () => Buffer.from([0x0f])],
    ])("refuses %s at once, sends nothing, and goes on", async (_, malformed) => {
      await plugin.configure();
      const properties = structOf({ ...ARGS, storeHash: "abc123" });
      const request = new messages.CreateRequest().setUrn(SERVER).setProperties(properties);
      const bytes = malformed(Buffer.from(request.serializeBinary()));
      await expect(plugin.raw("Create", bytes)).rejects.toMatchObject({
        ...{ code: grpc.status.INTERNAL, details: "Error deserializing request" },
      });
      expect(emulator.requests).toEqual([]);
      await created();
    });

    it.each([
      ["text for a list", { channelIds: "1" }],
      ["numbers that are no numbers", { channelIds: [Number.NaN] }],
      ["nested far too deep", { channelIds: nested(90) }],
      ["a prototype", JSON.parse('{"__proto__": {"channelIds": [1]}}') as Properties],
      ["null", { channelIds: null }],
      ["an object for a scope", { channelIds: [1], scopes: [{}] }],
    ])("refuses %s, and sends nothing", async (_, args) => {
      await plugin.configure();
      const { failures } = await plugin.check(SERVER, {}, { scopes: ["Customer"], lifetime: "90d", ...args });
      expect(failures.length).toBeGreaterThan(0);
      for (const { property, reason } of failures) {
        expect(property).toBe("");
        expect(reason).not.toContain("\n");
      }
      expect(emulator.requests).toEqual([]);
    });
  });

  describe("the provider's inputs", () => {
    it("are accepted, with credentials marked as secret", async () => {
      const { inputs, failures } = await plugin.check(
        EXPLICIT,
        {},
        { storeHash: "abc123", accessToken: CREDENTIAL, apiUrl: emulator.url },
        "checkConfig",
      );
      expect(failures).toEqual([]);
      expect(inputs).toMatchObject({ storeHash: "abc123", apiUrl: emulator.url });
      expect(secretOf(inputs["accessToken"])).toBe(CREDENTIAL);
    });

    it.each<[string, Properties, string]>([
      [
        "an unknown key",
        { acessToken: "x" },
        "acessToken: the provider has no such input; did you mean accessToken?",
      ],
      [
        "an unknown key like none",
        { zzz: "x" },
        "zzz: the provider has no such input; it has storeHash, accessToken, previousAccessToken, apiUrl, stores",
      ],
      [
        "a name that may be a credential",
        { a1b2c3d4e5f6: "x" },
        "(an input): the provider has no such input; it has storeHash, accessToken, previousAccessToken, apiUrl, stores",
      ],
    ])("are refused for %s", async (_, given, reason) => {
      const { failures } = await plugin.check(EXPLICIT, {}, given, "checkConfig");
      expect(failures).toEqual([{ property: "", reason }]);
    });

    it("are refused for a malformed store, host and credential, without quoting them", async () => {
      const given = {
        storeHash: "NO STORE",
        apiUrl: "ftp://secret.example.com",
        accessToken: "two words",
        stores: "[]",
      };
      const { failures } = await plugin.check(EXPLICIT, {}, given, "checkConfig");
      expect(failures.length).toBeGreaterThan(0);
      const text = JSON.stringify(failures);
      for (const value of ["NO STORE", "secret.example.com", "two words"]) expect(text).not.toContain(value);
    });

    it("are refused for a credential without its store", async () => {
      const own = await Plugin.start({ BIGCOMMERCE_API_URL: emulator.url });
      try {
        const reason =
          "accessToken: needs storeHash beside it, the store that it belongs to; for several stores give stores";
        const { failures } = await own.check(EXPLICIT, {}, { accessToken: "x" }, "checkConfig");
        expect(failures).toEqual([{ property: "", reason }]);
      } finally {
        await own.end();
      }
    });

    it("of the default provider may lack the store, which the environment names", async () => {
      const given = { accessToken: CREDENTIAL, version: "0.1.0" };
      expect((await plugin.check(PROVIDER, {}, given, "checkConfig")).failures).toEqual([]);
    });

    it("never replace the provider, and with it its tokens", async () => {
      const olds = { storeHash: "abc123", accessToken: "old" };
      const news = { storeHash: "def456", accessToken: "new" };
      const { changes, replaces, detailed } = await plugin.diff(EXPLICIT, "id", olds, news, "diffConfig");
      expect(changes).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
      expect(replaces).toEqual([]);
      expect(detailed).toEqual({ storeHash: "UPDATE", accessToken: "UPDATE" });
      const same = await plugin.diff(EXPLICIT, "id", olds, olds, "diffConfig");
      expect(same.changes).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
    });

    it("count after the store's own variable and before the generic one", async () => {
      const other = await Plugin.start({
        BIGCOMMERCE_API_URL: emulator.url,
        BIGCOMMERCE_ACCESS_TOKEN: "not-the-credential",
      });
      const [own] = [plugin, (plugin = other)];
      try {
        await plugin.configure({ storeHash: "abc123", accessToken: CREDENTIAL });
        await created();
        expect(emulator.issued).toHaveLength(1);
      } finally {
        await other.end();
        plugin = own;
      }
    });
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}
