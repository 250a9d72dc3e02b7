import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";

import { type Emulator, startEmulator } from "../../emulator";
import { leaksIn } from "../support/leaks";
import { required, useFolders } from "./folders";
import { storedTexts } from "./mocked-program";
import { type Bag, type CallError, ProviderProcess } from "./provider-process";

const KINDS = {
  StorefrontToken: { allowedCorsOrigins: ["https://b.example.com", "https://a.example.com"] },
  PrivateToken: { scopes: ["Unauthenticated", "Customer"] },
  ImpersonationToken: {},
} as const;
type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Kind[];

/** As the engine sends a value that a preview does not know yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
const DIFF_NONE = 1;
const DIFF_SOME = 2;

const folders = useFolders();
const credential = randomBytes(16).toString("hex").slice(0, 31);
let texts: Record<string, string>;
let emulator: Emulator;
let provider: ProviderProcess;
let temporary: string;

beforeAll(async () => {
  texts = await storedTexts(folders.installed());
});

beforeEach(async () => {
  const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
  const account = { clientId: "client-a", accessToken: credential, scopes };
  emulator = await startEmulator({
    generation: 2,
    stores: [{ hash: "abc123", accounts: [account], channels: [1, 2] }],
  });
  const cwd = folders.installed();
  temporary = join(cwd, "tmp");
  mkdirSync(temporary);
  provider = await ProviderProcess.start(
    cwd,
    { TMPDIR: temporary, BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_API_URL: emulator.url },
    join(required("TEST_FRESH"), "node_modules", "@pulumi", "pulumi"),
  );
});

afterEach(async () => {
  try {
    expect(await provider.stop()).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
    const secrets = [credential, ...emulator.issued.map(({ token }) => token)];
    expect(leaksIn(provider.output, secrets)).toBe(0);
  } finally {
    await emulator.close();
  }
});

/** Credentials as the stack's configuration, which is how the engine hands secrets to the provider. */
const configured = () => ({
  "bigcommerce:stores": JSON.stringify({ abc123: { accessToken: credential } }),
});

const inputsOf = (kind: Kind, rest: Bag = {}): Bag => ({
  ...KINDS[kind],
  channelIds: [2, 1],
  lifetime: "30d",
  label: `acme/shop/dev/${kind}/t`,
  __provider: texts[kind],
  ...rest,
});

async function failure(call: Promise<unknown>): Promise<CallError> {
  try {
    await call;
  } catch (error) {
    return error as CallError;
  }
  throw new Error("the call did not fail");
}

/** What the engine records of a create that failed although a token may live. */
function keptBy(error: CallError): { id: string; properties: Bag; reasons: string[] } {
  const [status] = error.metadata.get("grpc-status-details-bin");
  const detail = Status.deserializeBinary(status as Buffer).getDetailsList()[0];
  const kept = ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  return {
    id: kept.getId(),
    properties: kept.getProperties()?.toJavaScript() ?? {},
    reasons: kept.getReasonsList(),
  };
}

describe.each(NAMES)("a %s", (kind) => {
  it("lives from check to delete, with complete outputs at every step", async () => {
    await provider.configure(configured());
    const { inputs, failures } = await provider.check({}, inputsOf(kind));
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ channelIds: [1, 2], storeHash: "abc123", __provider: texts[kind] });
    for (const right of Object.values<readonly string[]>(KINDS[kind])) {
      expect(Object.values(inputs)).toContainEqual([...right].sort());
    }

    const { id, outputs } = await provider.create(inputs);
    const issued = emulator.issued[0];
    expect(id).toBe(issued?.jti);
    expect(outputs).toEqual({
      ...inputs,
      token: issued?.token,
      fingerprint: issued?.fingerprint,
      issuedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      rotateAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      apiAccount: "client-a",
    });

    const again = await provider.check(inputs, inputsOf(kind, { channelIds: [1, 2, 1] }));
    expect(again).toEqual({ inputs, failures: [] });
    expect(await provider.diff(id, outputs, inputs)).toEqual({ changes: DIFF_NONE, replaces: [] });
    expect(await provider.read(id, outputs)).toEqual({ id, outputs });

    const changed = await provider.check(inputs, inputsOf(kind, { rotateBefore: "5d" }));
    expect(await provider.diff(id, outputs, changed.inputs)).toEqual({ changes: DIFF_SOME, replaces: [] });
    const updated = await provider.update(id, outputs, changed.inputs);
    const { rotateAt, ...kept } = outputs;
    expect(updated).toMatchObject({ ...kept, rotateBefore: "5d" });
    expect(updated["rotateAt"]).not.toBe(rotateAt);

    await provider.delete(id, updated);
    expect(emulator.requests.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
    expect(emulator.issued[0]?.revokedAt).toBeDefined();
  });

  it("is replaced by a change of its channels, and its state then names its predecessor", async () => {
    await provider.configure(configured());
    const { inputs } = await provider.check({}, inputsOf(kind));
    const { id, outputs } = await provider.create(inputs);
    const news = inputsOf(kind, { channelIds: [1] });
    const first = await provider.check(inputs, news);
    expect(await provider.diff(id, outputs, first.inputs)).toEqual({
      changes: DIFF_SOME,
      replaces: ["channelIds"],
    });
    const second = await provider.check({}, news);
    const successor = await provider.create(second.inputs);
    expect(successor.outputs["previous"]).toMatchObject({ id, fate: "revoke", channelIds: [1, 2] });
    await provider.delete(id, outputs);
    expect(emulator.issued.map(({ revokedAt }) => revokedAt !== undefined)).toEqual([true, false]);
  });
});

describe("what a preview does not know", () => {
  it("passes check and diff, alone and inside lists, and nothing is sent", async () => {
    await provider.configure(configured());
    const known = await provider.check({}, inputsOf("PrivateToken"));
    const state = { ...known.inputs, issuedAt: "2026-01-01T00:00:00Z" };
    const unknowns: Bag[] = [
      ...[{ channelIds: UNKNOWN }, { channelIds: [1, UNKNOWN_NUMBER] }, { scopes: ["Customer", UNKNOWN] }],
      ...[{ lifetime: UNKNOWN }, { rotateBefore: UNKNOWN }, { storeHash: UNKNOWN }, { overlap: UNKNOWN }],
    ];
    for (const unknown of unknowns) {
      const { inputs, failures } = await provider.check(known.inputs, inputsOf("PrivateToken", unknown));
      expect([unknown, failures]).toEqual([unknown, []]);
      expect(inputs).toMatchObject(unknown);
      const { changes } = await provider.diff("id", state, inputs);
      expect([unknown, changes]).toEqual([unknown, DIFF_SOME]);
    }
    expect(emulator.requests).toEqual([]);
  });

  it("includes the expiry, while the lifetime is not known", async () => {
    await provider.configure(configured());
    const { inputs } = await provider.check({}, inputsOf("PrivateToken", { lifetime: UNKNOWN }));
    expect(inputs["expiresAt"]).toBe(UNKNOWN);
  });
});

describe("bad inputs", () => {
  it("fail check all at once, each in one line that names its property and holds no value", async () => {
    const value = "hunter2-hunter2";
    await provider.configure(configured());
    const { failures } = await provider.check(
      {},
      inputsOf("PrivateToken", {
        channelIds: [1, value],
        scopes: [value],
        lifetime: value,
        storeHash: value,
        colour: value,
      }),
    );
    for (const { property, reason } of failures) {
      expect(property).toBe("");
      expect(reason).not.toMatch(/\n|^\s+at /);
      expect(reason).not.toContain(value);
    }
    const named = failures.map(({ reason }) => /^[\w[\]]+/.exec(reason)?.[0]);
    expect(named.sort()).toEqual(["channelIds[1]", "colour", "lifetime", "scopes[0]", "storeHash"]);
    expect(provider.output).not.toContain(value);
    expect(emulator.requests).toEqual([]);
  });
});

describe("a failure", () => {
  it("of create is one line, and sends nothing where no credential is set", async () => {
    await provider.configure();
    const { inputs } = await provider.check({}, inputsOf("ImpersonationToken"));
    const { details } = await failure(provider.create(inputs));
    expect(details).toMatch(
      /^no credential for store abc123: .*BIGCOMMERCE_ACCESS_TOKEN_ABC123.*nothing was sent$/,
    );
    expect(emulator.requests).toEqual([]);
  });

  it("of delete is one line, and so is what Pulumi prints of its stack", async () => {
    await provider.configure(configured());
    const { inputs } = await provider.check({}, inputsOf("StorefrontToken"));
    const { id, outputs } = await provider.create(inputs);
    emulator.faults.push({ method: "DELETE", kind: "status", status: 401 });
    const { details } = await failure(provider.delete(id, outputs));
    expect(details).not.toContain("\n");
    expect(provider.output).not.toMatch(/^\s+at /m);
    expect(emulator.issued[0]?.revokedAt).toBeUndefined();
  });

  it("after the mint records the token, and all that its deletion needs", async () => {
    await provider.configure(configured());
    const { inputs } = await provider.check({}, inputsOf("PrivateToken"));
    // It would be due from its first second, and cannot be revoked.
    const exp = emulator.clock.now() + 3600;
    emulator.faults.push({ method: "POST", kind: "claims", claims: { exp } });
    emulator.faults.push({ method: "DELETE", kind: "status", status: 403 });
    const { id, properties, reasons } = keptBy(await failure(provider.create(inputs)));
    expect(properties).toMatchObject({
      ...inputs,
      token: emulator.issued[0]?.token,
      effectiveExpiresAt: new Date(exp * 1000).toISOString().replace(".000", ""),
    });
    expect(reasons).toEqual([expect.stringMatching(/^[^\n]*rotateBefore[^\n]*$/)]);
    await provider.delete(id, properties);
    expect(emulator.issued[0]?.revokedAt).toBeDefined();
  });
});

describe("ten creates at the same time, right after the start", () => {
  it("are all authenticated from the stack's configuration", async () => {
    await provider.configure(configured());
    const { inputs } = await provider.check({}, inputsOf("PrivateToken"));
    await provider.stop();
    provider = await ProviderProcess.start(
      folders.installed(),
      { TMPDIR: temporary, BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_API_URL: emulator.url },
      join(required("TEST_FRESH"), "node_modules", "@pulumi", "pulumi"),
    );
    await provider.configure(configured());
    const created = await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const kind = NAMES[index % NAMES.length] ?? "PrivateToken";
        const { scopes, ...rest } = inputs;
        return provider.create({
          ...rest,
          ...(kind === "PrivateToken" && { scopes }),
          label: `acme/shop/dev/t/${index}`,
          __provider: texts[kind],
        });
      }),
    );
    expect(new Set(created.map(({ id }) => id)).size).toBe(10);
    expect(emulator.requests.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(emulator.requests.every(({ headers }) => headers["x-auth-token"] === credential)).toBe(true);
  });
});

describe("an interrupted process", () => {
  it("ends at once, though a request waits for its answer, and leaves nothing behind", async () => {
    await provider.configure(configured());
    const { inputs } = await provider.check({}, inputsOf("PrivateToken"));
    emulator.faults.push({ method: "POST", kind: "hang" });
    const lost = failure(provider.create(inputs));
    while (emulator.requests.length === 0) await new Promise(setImmediate);
    const start = performance.now();
    expect(await provider.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(4000);
    await lost;
  });
});
