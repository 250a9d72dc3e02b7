import { at, call, graphql, HASH, minted, NOW, perTest, revoke, start } from "./support";

const emulator = perTest();

describe("revoking by jti", () => {
  const end = (jti: string, family = "api-token-private", as = "access-a") =>
    call(emulator.it, "DELETE", at(`${family}/${jti}`), { as });
  const UNKNOWN = [404, "No token found for the supplied jti."];

  it("ends the token and answers 204 without a body", async () => {
    const token = await minted(emulator.it, "private");
    const reply = await end(token.jti!);
    expect([reply.status, reply.text, token.revokedAt]).toEqual([204, "", NOW]);
    expect(reply.headers).not.toHaveProperty("content-length");
  });

  it.each(["", "%20"])("asks for a jti that is not %p", async (jti) => {
    const reply = await end(jti);
    expect([reply.status, reply.json.title]).toEqual([400, "jti cannot be blank"]);
  });

  it("does not find an unknown jti, another family's or another account's", async () => {
    const { jti = "" } = await minted(emulator.it, "private");
    for (const reply of [
      await end("unknown"),
      await end(jti, "api-token"),
      await end(jti, undefined, "access-b"),
    ]) {
      expect([reply.status, reply.json.title]).toEqual(UNKNOWN);
    }
    expect(emulator.it.issued[0]!.revokedAt).toBeUndefined();
  });

  it.each([
    ["accepted", [204, undefined]],
    ["refused", UNKNOWN],
  ] as const)("is %s for a dead token where the option says so", async (deadTokenRevocation, expected) => {
    const own = await start({ deadTokenRevocation });
    const { jti = "" } = await minted(own, "private");
    await call(own, "DELETE", at(`api-token-private/${jti}`));
    const reply = await call(own, "DELETE", at(`api-token-private/${jti}`));
    expect([reply.status, reply.json.title]).toEqual(expected);
    await own.close();
  });

  it("meets the limit of revoked tokens", async () => {
    const own = await start({ revokedLimit: 0 });
    const { jti = "" } = await minted(own, "private");
    const reply = await call(own, "DELETE", at(`api-token-private/${jti}`));
    const title = "Store cannot revoke more tokens. Limit # of revoked jtis already reached.";
    expect([reply.status, reply.json.title]).toEqual([422, title]);
    await own.close();
  });
});

describe("revoke-all", () => {
  it("ends what this account issued in this family, and nothing else", async () => {
    emulator.expectProblems();
    const own = await minted(emulator.it, "private");
    const spared = [
      await minted(emulator.it, "private", {}, "access-b"),
      await minted(emulator.it, "simple"),
    ];
    const reply = await call(emulator.it, "POST", at("api-token-private/revoke-all", HASH));
    expect([reply.status, own.revokedAt]).toEqual([204, NOW]);
    expect(spared.map((token) => token.revokedAt)).toEqual([undefined, undefined]);
  });

  it("touches no token that is dead already", async () => {
    emulator.expectProblems();
    const revoked = await minted(emulator.it, "private");
    const expired = await minted(emulator.it, "private", { expires_at: NOW + 10 });
    await revoke(emulator.it, revoked.token);
    emulator.it.clock.advance(10);
    await call(emulator.it, "POST", at("api-token-private/revoke-all"));
    expect([revoked.revokedAt, expired.revokedAt]).toEqual([NOW, undefined]);
  });

  it("[X7] makes close() reject", async () => {
    const own = await start();
    await call(own, "POST", at("api-token/revoke-all"));
    await expect(own.close()).rejects.toThrow(
      /POST \/stores\/abc123\/v3\/storefront\/api-token\/revoke-all: revoke-all/,
    );
  });
});

describe("a token that is forgotten", () => {
  it("is in no list, is found by no revocation, and opens nothing", async () => {
    const [kept, lost] = [await minted(emulator.it, "private"), await minted(emulator.it, "private")];
    emulator.it.forget(lost);
    const { json } = await call(emulator.it, "GET", at("api-token-private"));
    expect(json.data!.map(({ jti }) => jti)).toEqual([kept.jti]);
    expect(json.meta!.pagination!["total"]).toBe(1);
    const byJti = await call(emulator.it, "DELETE", at(`api-token-private/${lost.jti!}`));
    expect([byJti.status, (await revoke(emulator.it, lost.token)).status]).toEqual([404, 422]);
    const used = await graphql(emulator.it, lost.token);
    expect([used.status, used.text]).toEqual([401, expect.stringContaining("Unknown JWT token")]);
    expect(emulator.it.issued).toEqual([kept, lost]);
    expect([kept.revokedAt, lost.revokedAt]).toEqual([undefined, NOW]);
  });

  it("takes no place among the revoked ones", async () => {
    const own = await start({ revokedLimit: 1 });
    const [kept, lost] = [await minted(own, "private"), await minted(own, "private")];
    own.forget(lost);
    expect((await revoke(own, kept.token)).status).toBe(200);
    await own.close();
  });

  it("must be one of this emulator's", async () => {
    const stranger = await minted(emulator.it, "private");
    const own = await start();
    expect(() => {
      own.forget(stranger);
    }).toThrow("forget() takes an object of `issued`, not a copy.");
    await own.close();
  });
});
