import { type Emulator, startEmulator } from "../../emulator";
import { clientWith, EXPIRES_AT, failed, fastClock, MINT, REVOKE, targetAt } from "./fixtures";

const ACCESS_TOKEN = "an-access-token-of-the-emulator";
const OTHER_ACCESS_TOKEN = "an-access-token-of-another-account";
const SCOPES = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
const FAMILIES = [
  ["api-token", { allowed_cors_origins: ["https://shop.example.com"] }],
  ["api-token-private", { scopes: ["Unauthenticated"] }],
  ["api-token-customer-impersonation", {}],
] as const;

describe.each([1, 2] as const)("against generation %i of the API", (generation) => {
  let emulator: Emulator;
  const target = (accessToken = ACCESS_TOKEN) => targetAt(emulator.url, { accessToken });
  const mint = (family: string, extra: object) => {
    const body = { channel_ids: [1], expires_at: Date.parse(EXPIRES_AT) / 1_000, ...extra };
    return clientWith().mint(target(), { ...MINT, family, body });
  };
  const lines = () =>
    emulator.requests.map(({ method, path }) => `${method} ${path.split("/storefront/")[1]}`);

  beforeAll(async () => {
    const account = { clientId: "client-one", accessToken: ACCESS_TOKEN, scopes: SCOPES };
    const other = { clientId: "client-two", accessToken: OTHER_ACCESS_TOKEN, scopes: [SCOPES[0]] };
    emulator = await startEmulator({
      generation,
      stores: [{ hash: "abc123", accounts: [account, other] }],
      quota: { requests: 4, windowMs: 30_000 },
      now: () => 1_790_000_000,
    });
  });
  beforeEach(() => {
    emulator.reset();
  });
  afterAll(() => emulator.close({ allowProblems: true }));

  it.each(FAMILIES)("mints %s and revokes it by its header", async (family, extra) => {
    const { token } = await mint(family, extra);
    expect(emulator.issued).toMatchObject([{ token, storeHash: "abc123" }]);
    await clientWith().revoke([target()], { ...REVOKE, family, token });
    expect(emulator.issued[0]!.revokedAt).toBeDefined();
    expect(lines()).toEqual([`POST ${family}`, "DELETE api-token"]);
  });

  it.each(FAMILIES)(
    "[R3] revokes %s by its jti, or by its header where the store has no such route",
    async (family, extra) => {
      const { token } = await mint(family, extra);
      const jti = emulator.issued[0]!.jti ?? "a-jti-that-this-store-never-gave";
      await clientWith().revoke([target()], { ...REVOKE, family, token, jti });
      expect(emulator.issued[0]!.revokedAt).toBeDefined();
      const byHeader = generation === 1 ? ["DELETE api-token"] : [];
      expect(lines()).toEqual([`POST ${family}`, `DELETE ${family}/${jti}`, ...byHeader]);
    },
  );

  it("names what is refused", async () => {
    const wrong = await failed(clientWith().mint(target("a-wrong-access-token"), MINT), [
      "a-wrong-access-token",
    ]);
    expect(wrong.code).toBe("unauthorized");
    expect(wrong.failure.remedy).toContain("set a valid one there");
    expect(wrong.failure).not.toHaveProperty("strayUntil");
    const family = "api-token-customer-impersonation";
    const scope = await failed(clientWith().mint(target(OTHER_ACCESS_TOKEN), { ...MINT, family }));
    expect(scope.code).toBe("forbidden");
    const { token } = await mint("api-token-private", { scopes: ["Customer"] });
    const other = await failed(clientWith().revoke([target(OTHER_ACCESS_TOKEN)], { ...REVOKE, token }), [
      token,
    ]);
    expect(other.code).toBe("other_account");
  });

  it("never mints twice for one reply that was lost", async () => {
    emulator.faults.push({ method: "POST", kind: "reset-after" });
    const error = await failed(mint("api-token-private", { scopes: ["Customer"] }));
    expect(error).toMatchObject({
      code: "connection_failed",
      failure: {
        ...{ outcome: "UNKNOWN", strayUntil: EXPIRES_AT },
        remedy: "Check the network. Another run mints another; this one works until it expires.",
      },
    });
    expect(error.failure).not.toHaveProperty("strayName");
    expect(emulator.issued).toHaveLength(1);
    expect(emulator.requests).toHaveLength(1);
  });

  it("[R7] revokes once more after a reply that was lost", async () => {
    const { token } = await mint("api-token-private", { scopes: ["Customer"] });
    emulator.faults.push({ method: "DELETE", kind: "reset-before", times: 2 });
    await clientWith().revoke([target()], { ...REVOKE, token });
    expect(emulator.issued[0]!.revokedAt).toBeDefined();
    expect(emulator.requests).toHaveLength(4);
  });

  it("waits out the quota's window without ever being refused", async () => {
    const waits: number[] = [];
    const clock = fastClock({ random: 0 });
    const patient = clientWith({
      ...clock,
      sleep: (ms, signal) => {
        waits.push(ms);
        emulator.clock.advance(Math.ceil(ms / 1_000));
        return clock.sleep(ms, signal);
      },
    });
    const body = { channel_ids: [1], scopes: ["Customer"], expires_at: Date.parse(EXPIRES_AT) / 1_000 };
    for (let count = 0; count < 5; count += 1) {
      await patient.mint(target(), { ...MINT, body });
    }
    expect(emulator.issued).toHaveLength(5);
    expect(emulator.requests.map(({ status }) => status)).toEqual(Array<number>(5).fill(200));
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(25_000);
  });
});
