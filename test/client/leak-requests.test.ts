import { type Emulator, startEmulator } from "../../emulator";
import { leaksIn } from "../support/leaks";
import { clientWith, EXPIRES_AT, fastClock, MINT, REVOKE, targetAt, USER_AGENT } from "./fixtures";

const CREDENTIAL = ["0f9e8d7c6b5a4938", "2716051423aebfc"].join("");
const SCOPE = "store_storefront_api";
const LISTED = {
  spentMs: 0,
  queuedMs: 0,

  newName: () => "label#0123456789abcdef0123456789abcdef",
};

/** Headers that carry a secret, and nothing else does. */
const SECRET_HEADERS = ["x-auth-token", "sf-api-token", "authorization"];

describe.each([1, 2] as const)("the requests to a store of generation %i", (generation) => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({
      generation,
      stores: [{ hash: "abc123", accounts: [{ clientId: "a", accessToken: CREDENTIAL, scopes: [SCOPE] }] }],
      deadTokenRevocation: "refused",
      now: () => Date.parse("2026-10-01T12:00:00Z") / 1_000,
    });
    await everything();
  });
  // Rejects where a request was one that no correct client sends, a token in a query among them.
  afterAll(() => emulator.close());

  /** Everything that the client can ask for: detected, minted, lost and found, revoked, refused and proven. */
  async function everything(): Promise<void> {
    const client = clientWith(fastClock());
    const target = targetAt(emulator.url, { accessToken: CREDENTIAL });
    const body = {
      channel_ids: [1],
      scopes: ["Unauthenticated"],
      expires_at: Date.parse(EXPIRES_AT) / 1_000,
    };
    const request = { ...MINT, body };
    await client.detect(target, MINT.family);
    const { token } = await client.mint(target, request);
    const jti = emulator.issued[0]?.jti ?? "a-jti-of-no-token";
    await client.revoke([target], { ...REVOKE, token, jti });
    await client.revoke([target], { ...REVOKE, token, jti });
    await client.revoke([target], { ...REVOKE, token });
    if (generation === 1) return;
    emulator.faults.push({ method: "POST", kind: "reset-after" });
    await client.mint(target, request, LISTED);
  }

  it("[S7] carry secrets in their own headers only: never in a URL, a User-Agent, a Referer or a body", () => {
    const secrets = [CREDENTIAL, ...emulator.issued.map(({ token }) => token)];
    const methods = new Set(
      emulator.requests.map(({ method, path }) => `${method} ${path.split("/").pop() ?? ""}`),
    );
    expect(methods).toContain("POST graphql");
    expect(secrets.length).toBe(generation === 1 ? 2 : 4);
    for (const { method, path, query, headers, body } of emulator.requests) {
      const rest = Object.entries(headers).filter(([name]) => !SECRET_HEADERS.includes(name));
      expect(leaksIn(JSON.stringify({ method, path, query, body, rest }), secrets)).toBe(0);
      expect(headers["user-agent"]).toBe(USER_AGENT);
      expect(headers.referer).toBeUndefined();
      // Where a secret belongs it must be found: else the search above would prove nothing.
      expect(leaksIn(JSON.stringify(headers), secrets)).toBeGreaterThan(0);
    }
  });

  it("[S7] hand the credential to the REST API alone, and a token to GraphQL alone beside its revocation", () => {
    for (const { method, path, headers } of emulator.requests) {
      const carried = SECRET_HEADERS.filter((name) => name in headers);
      if (path.endsWith("/graphql")) expect(carried).toEqual(["authorization"]);
      else if (method === "DELETE" && path.endsWith("/api-token")) {
        expect(carried).toEqual(["x-auth-token", "sf-api-token"]);
      } else expect(carried).toEqual(["x-auth-token"]);
    }
  });
});
