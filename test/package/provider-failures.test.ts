import { closeSync, openSync } from "node:fs";

import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";

import { SECRET, SIGNATURE } from "../../provider/pulumi-values";
import type { Bag, CallError } from "./provider-process";
import { NAMES, useWorld } from "./provider-world";

const world = useWorld();

describe("bad inputs", () => {
  it("[S10] fail check all at once, each in one line that names its property and holds no value", async () => {
    const value = "hunter2-hunter2";
    await world.configure();
    const { failures } = await world.provider.check(
      {},
      world.inputsOf("PrivateToken", {
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
    expect(world.provider.output).not.toContain(value);
    expect(world.emulator.requests).toEqual([]);
  });
});

describe("a failure", () => {
  it("[K16] of create is one line, and sends nothing where no credential is set", async () => {
    await world.provider.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf("ImpersonationToken"));
    const { details } = await failure(world.provider.create(inputs));
    expect(details).toMatch(
      /^no credential for store abc123: .*BIGCOMMERCE_ACCESS_TOKEN_ABC123.*nothing was sent \(\S+\/docs\/reference\/errors\.md#credential_missing\)$/,
    );
    expect(world.emulator.requests).toEqual([]);
  });

  it("of delete is one line, and so is what Pulumi prints of its stack", async () => {
    await world.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf("StorefrontToken"));
    const { id, outputs } = await world.provider.create(inputs);
    world.emulator.faults.push({ method: "DELETE", kind: "status", status: 401 });
    const { details } = await failure(world.provider.delete(id, outputs));
    expect(details).not.toContain("\n");
    expect(world.provider.output).not.toMatch(/^\s+at /m);
    expect(world.emulator.issued[0]?.revokedAt).toBeUndefined();
  });

  it("[E15,K14] of a mint of which nobody knows is not repeated by the same process, however often it is asked", async () => {
    await world.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf("PrivateToken"));
    world.emulator.faults.push({ method: "GET", kind: "status", status: 404 });
    world.emulator.faults.push({ method: "POST", kind: "reset-after" });
    expect((await failure(world.provider.create(inputs))).details).toContain("[UNKNOWN]");
    for (let count = 0; count < 3; count += 1) {
      const { details } = await failure(world.provider.create(inputs));
      expect(details).toMatch(/nothing was sent.*BIGCOMMERCE_ON_UNKNOWN=mint/);
    }
    expect(world.emulator.issued).toHaveLength(1);
  });

  it("[E9,E24] after the mint records the token, and all that its deletion needs", async () => {
    await world.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf("PrivateToken"));
    // It would be due from its first second, and cannot be revoked.
    const exp = world.emulator.clock.now() + 3600;
    world.emulator.faults.push({ method: "POST", kind: "claims", claims: { exp } });
    world.emulator.faults.push({ method: "DELETE", kind: "status", status: 403 });
    const { id, properties, reasons } = keptBy(await failure(world.provider.create(inputs)));
    expect(properties).toMatchObject({
      ...inputs,
      // As a secret of Pulumi's.
      token: { [SIGNATURE]: SECRET, value: world.emulator.issued[0]?.token },
      effectiveExpiresAt: new Date(exp * 1000).toISOString().replace(".000", ""),
    });
    expect(reasons).toEqual([
      expect.stringMatching(/^[^\n]*rotateBefore[^\n]*\/errors\.md#partial_failure\)$/),
    ]);
    await world.provider.delete(id, properties);
    expect(world.emulator.issued[0]?.revokedAt).toBeDefined();
  });
});

describe("ten creates at the same time, right after the start", () => {
  it("[K15] are all authenticated from the stack's configuration", async () => {
    await world.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf("PrivateToken"));
    await world.restart();
    await world.configure();
    const created = await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const kind = NAMES[index % NAMES.length] ?? "PrivateToken";
        const { scopes, ...rest } = inputs;
        return world.provider.create({
          ...rest,
          ...(kind === "PrivateToken" && { scopes }),
          label: `acme/shop/dev/t/${index}`,
          __provider: world.inputsOf(kind)["__provider"],
        });
      }),
    );
    expect(new Set(created.map(({ id }) => id)).size).toBe(10);
    const asked = world.emulator.requests.map(({ method, status }) => `${method} ${status ?? ""}`);
    expect(asked.sort()).toEqual([
      ...Array<string>(3).fill("GET 200"),
      ...Array<string>(10).fill("POST 200"),
    ]);
    expect(world.emulator.requests.every(({ headers }) => headers["x-auth-token"] === world.credential)).toBe(
      true,
    );
  });
});

describe("a disk that is full", () => {
  it("[K12] for what the process says, costs no token", async () => {
    const full = openSync("/dev/full", "w");
    try {
      await world.restart(full);
      await world.configure();
      const { inputs } = await world.provider.check({}, world.inputsOf("PrivateToken"));
      const { id, outputs } = await world.provider.create(inputs);
      expect(outputs["fingerprint"]).toBe(world.emulator.issued[0]?.fingerprint);
      await world.provider.delete(id, outputs);
      expect(world.emulator.issued.map(({ revokedAt }) => revokedAt !== undefined)).toEqual([true]);
    } finally {
      closeSync(full);
    }
  }, 60_000);
});

describe("an interrupted process", () => {
  it("ends at once, though a request waits for its answer, and leaves nothing behind", async () => {
    await world.configure();
    const { inputs } = await world.provider.check({}, world.inputsOf("PrivateToken"));
    world.emulator.faults.push({ method: "POST", kind: "hang" });
    const lost = failure(world.provider.create(inputs));
    const deadline = performance.now() + 20_000;
    while (world.emulator.requests.length < 2 && performance.now() < deadline)
      await new Promise(setImmediate);
    expect(world.emulator.requests.map(({ status }) => status)).toEqual([200, undefined]);
    const start = performance.now();
    expect(await world.provider.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(4000);
    await lost;
  });
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
