import {
  at,
  call,
  FAMILIES,
  graphql,
  HASH,
  minted,
  NOW,
  OTHER_HASH,
  perTest,
  revoke,
  start,
  type Kind,
} from "./support";

const INVALID = "The supplied JWT is invalid.";

describe.each([1, 2] as const)("revoking by token, generation %i", (generation) => {
  const emulator = perTest({ generation });

  it.each(Object.keys(FAMILIES) as Kind[])("ends a %s token", async (kind) => {
    const token = await minted(emulator.it, kind);
    const reply = await revoke(emulator.it, token.token);
    expect([reply.status, reply.json]).toEqual([200, {}]);
    expect(token.revokedAt).toBe(NOW);
  });

  it("ends no other token", async () => {
    const [one, other] = [await minted(emulator.it), await minted(emulator.it)];
    await revoke(emulator.it, one.token);
    expect(other.revokedAt).toBeUndefined();
  });

  it("asks for the header, and notes its absence as a problem", async () => {
    emulator.expectProblems();
    const reply = await call(emulator.it, "DELETE", at("api-token"));
    expect([reply.status, reply.json.title]).toEqual([422, "Sf-Api-Token header has to be provided."]);
    expect(emulator.it.requests[0]!.problem).toContain("Sf-Api-Token");
  });

  it.each(["nonsense", "a.b.c"])("refuses %s", async (text) => {
    const reply = await revoke(emulator.it, text);
    expect([reply.status, reply.json.title]).toEqual([422, INVALID]);
  });

  it("refuses a token whose signature was altered", async () => {
    const token = await minted(emulator.it);
    const [head, , signature] = token.token.split(".");
    const payload = Buffer.from(JSON.stringify({ cid: [1] })).toString("base64url");
    expect((await revoke(emulator.it, `${head}.${payload}.${signature}`)).json.title).toBe(INVALID);
    expect(token.revokedAt).toBeUndefined();
  });

  it("refuses another store's token", async () => {
    const token = await minted(emulator.it);
    const headers = { "sf-api-token": token.token };
    const reply = await call(emulator.it, "DELETE", at("api-token", OTHER_HASH), { as: "access-o", headers });
    expect(reply.json.title).toBe(INVALID);
    expect(token.revokedAt).toBeUndefined();
  });

  it("refuses another account's token", async () => {
    const token = await minted(emulator.it);
    const reply = await revoke(emulator.it, token.token, "access-b");
    expect([reply.status, reply.json.title]).toEqual([422, "The token doesn't belong to the client"]);
    expect(token.revokedAt).toBeUndefined();
  });
});

describe("revoking a token that is dead already", () => {
  it("is accepted by default", async () => {
    const emulator = await start();
    const { token } = await minted(emulator);
    await revoke(emulator, token);
    expect((await revoke(emulator, token)).status).toBe(200);
    await emulator.close();
  });

  it.each([
    ["accepted", [200, undefined]],
    ["refused", [422, INVALID]],
  ] as const)("is %s where the option says so", async (deadTokenRevocation, expected) => {
    const emulator = await start({ deadTokenRevocation });
    const [revoked, expired] = [
      await minted(emulator),
      await minted(emulator, "simple", { expires_at: NOW + 10 }),
    ];
    await revoke(emulator, revoked.token);
    emulator.clock.advance(10);
    for (const token of [revoked, expired]) {
      const reply = await revoke(emulator, token.token);
      expect([reply.status, reply.json.title]).toEqual(expected);
    }
    expect([revoked.revokedAt, expired.revokedAt]).toEqual([NOW, undefined]);
    await emulator.close();
  });
});

describe("the limit of revoked tokens", () => {
  const emulator = perTest({ revokedLimit: 1 });
  const FULL = "Store cannot revoke more tokens. Limit # of revoked tokens already reached.";

  it("refuses one more, until one of them expires", async () => {
    const soon = await minted(emulator.it, "simple", { expires_at: NOW + 10 });
    const later = await minted(emulator.it, "private");
    expect((await revoke(emulator.it, soon.token)).status).toBe(200);
    const refused = await revoke(emulator.it, later.token);
    expect([refused.status, refused.json.title, later.revokedAt]).toEqual([422, FULL, undefined]);
    emulator.it.clock.advance(10);
    expect((await revoke(emulator.it, later.token)).status).toBe(200);
  });

  it("counts each store by itself", async () => {
    const body = { channel_ids: [1], expires_at: NOW + 60 };
    await revoke(emulator.it, (await minted(emulator.it)).token);
    const other = await call(emulator.it, "POST", at("api-token", OTHER_HASH), { body, as: "access-o" });
    const headers = { "sf-api-token": other.json.data!.token! };
    const reply = await call(emulator.it, "DELETE", at("api-token", OTHER_HASH), { as: "access-o", headers });
    expect(reply.status).toBe(200);
  });
});

describe("the delay of a revocation", () => {
  const emulator = perTest({ revocationDelayMs: 60_000 });

  it("lets the token work until it is over", async () => {
    const { token } = await minted(emulator.it, "private");
    await revoke(emulator.it, token);
    emulator.it.clock.advance(59);
    expect((await graphql(emulator.it, token)).status).toBe(200);
    emulator.it.clock.advance(1);
    expect((await graphql(emulator.it, token)).json).toEqual({ errors: [{ message: "Unknown JWT token" }] });
  });

  it("shows the revocation in the list at once", async () => {
    await revoke(emulator.it, (await minted(emulator.it)).token);
    const { json } = await call(emulator.it, "GET", at("api-token", HASH));
    expect(json.data![0]).toMatchObject({ is_revoked: true, revoked_at: NOW });
  });
});
