import {
  at,
  call,
  FAMILIES,
  IN_A_DAY,
  minted,
  NOW,
  OTHER_HASH,
  perTest,
  revoke,
  start,
  type Kind,
  type Reply,
} from "./support";

const emulator = perTest();

describe("the list", () => {
  const get = (query = "", as = "access-a") =>
    call(emulator.it, "GET", `${at("api-token-private")}${query}`, { as });
  const mintMany = async (count: number) => {
    for (let index = 0; index < count; index++) {
      await minted(emulator.it, "private", { name: `n${index}`, expires_at: IN_A_DAY - index });
      emulator.it.clock.advance(1);
    }
  };
  const names = (reply: Reply) => reply.json.data!.map((row) => row["name"]);

  it("shows everything but the token", async () => {
    const token = await minted(emulator.it, "private", { name: "server", scopes: ["Customer", "B2B"] });
    const reply = await get();
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      data: [
        {
          jti: token.jti,
          type: "private",
          name: "server",
          principal: { id: "client-a", type: expect.any(String) },
          channel_ids: [1],
          allowed_cors_origins: [],
          scopes: ["Customer", "B2B"],
          issued_at: NOW,
          expires_at: IN_A_DAY,
          is_expired: false,
          is_revoked: false,
        },
      ],
      meta: { pagination: { total: 1, count: 1, per_page: 50, current_page: 1, total_pages: 1 } },
    });
    expect(reply.text).not.toContain(token.token);
  });

  it.each<[Kind, object, object]>([
    ["simple", { allowed_cors_origins: ["https://a.example"] }, { allowed_cors_origins: ["https://a.example"], scopes: [] }],
    ["simple", {}, { allowed_cors_origins: [], scopes: [] }],
    ["customer_impersonation", {}, { allowed_cors_origins: [], scopes: [] }],
    ["private", { scopes: ["Customer"] }, { allowed_cors_origins: [], scopes: ["Customer"] }],
  ])("has every required field in the row of a %s token made with %j", async (kind, fields, own) => {
    const { jti } = await minted(emulator.it, kind, fields);
    const row = (await call(emulator.it, "GET", at(FAMILIES[kind]))).json.data![0]!;
    const required = { jti, type: kind, channel_ids: [1], is_revoked: false, is_expired: false, ...own };
    expect(row).toMatchObject(required);
    const optional = ["expires_at", "issued_at", "principal"];
    expect(Object.keys(row).sort()).toEqual([...Object.keys(required), ...optional].sort());
  }); // prettier-ignore

  it("has no expiry for a token that never expires, nor a name for one without", async () => {
    await minted(emulator.it, "simple", { expires_at: 0, allowed_cors_origins: ["https://a.example"] });
    const row = (await call(emulator.it, "GET", at("api-token"))).json.data![0]!;
    expect(row).not.toHaveProperty("expires_at");
    expect(row).not.toHaveProperty("name");
    expect(row["allowed_cors_origins"]).toEqual(["https://a.example"]);
  });

  it("keeps dead tokens and says of what they died", async () => {
    const token = await minted(emulator.it, "private");
    await revoke(emulator.it, token.token);
    emulator.it.clock.advance(86_399);
    expect((await get()).json.data![0]).toMatchObject({
      is_revoked: true,
      revoked_at: NOW,
      is_expired: false,
    });
    emulator.it.clock.advance(1);
    expect((await get()).json.data![0]).toMatchObject({ is_revoked: true, is_expired: true });
  });

  it("shows neither another account's tokens nor another family's nor another store's", async () => {
    await minted(emulator.it, "private", {}, "access-b");
    await minted(emulator.it, "simple");
    const body = { channel_ids: [1], expires_at: IN_A_DAY, scopes: ["Customer"] };
    await call(emulator.it, "POST", at("api-token-private", OTHER_HASH), { body, as: "access-o" });
    expect((await get()).json.data).toEqual([]);
    expect((await get("", "access-b")).json.data).toHaveLength(1);
  });

  it("keeps apart the stores of one client id", async () => {
    const account = { clientId: "everywhere", accessToken: "t", scopes: ["store_storefront_api" as const] };
    const own = await start({ stores: ["one", "two"].map((hash) => ({ hash, accounts: [account] })) });
    const body = { channel_ids: [1], expires_at: IN_A_DAY };
    await call(own, "POST", at("api-token", "one"), { body, as: "t" });
    const seen = async (hash: string) =>
      (await call(own, "GET", at("api-token", hash), { as: "t" })).json.data!.length;
    expect([await seen("one"), await seen("two")]).toEqual([1, 0]);
    await own.close();
  });

  it("does not know a token without a jti", async () => {
    emulator.it.faults.push({ kind: "claims", claims: { jti: undefined } });
    await minted(emulator.it, "private");
    expect((await get()).json.data).toEqual([]);
  });

  it("sorts a token that never expires as the last to expire", async () => {
    await minted(emulator.it, "private", { name: "never", expires_at: 0 });
    await minted(emulator.it, "private", { name: "soon" });
    expect(names(await get("?sort=expires_at"))).toEqual(["soon", "never"]);
  });

  it("pages", async () => {
    await mintMany(5);
    const reply = await get("?limit=2&page=2");
    expect(names(reply)).toEqual(["n2", "n3"]);
    expect(reply.json.meta?.pagination).toEqual({
      total: 5,
      count: 2,
      per_page: 2,
      current_page: 2,
      total_pages: 3,
    });
    expect((await get("?limit=2&page=4")).json.data).toEqual([]);
  });

  it("has no page where it is empty", async () => {
    const { json } = await get();
    const pagination = { total: 0, count: 0, per_page: 50, current_page: 1, total_pages: 0 };
    expect(json).toEqual({ data: [], meta: { pagination } });
  });

  it.each(["1000000000", "12649387582", "9007199254740991"])(
    "takes page %s, which is empty",
    async (page) => {
      await minted(emulator.it, "private");
      const { status, json } = await get(`?page=${page}`);
      expect([status, json.data]).toEqual([200, []]);
      expect(json.meta?.pagination).toMatchObject({ total: 1, count: 0, current_page: Number(page) });
    },
  );

  it("takes a page of any length, and a limit", async () => {
    await minted(emulator.it, "private");
    const { status, json } = await get(`?page=${"9".repeat(400)}&limit=${"9".repeat(400)}`);
    expect([status, json.data]).toEqual([200, []]);
    expect(json.meta?.pagination).toMatchObject({ per_page: 250, current_page: Number.MAX_SAFE_INTEGER });
  });

  it("shows 50 unless asked, and never more than 250", async () => {
    await mintMany(51);
    expect((await get()).json.meta?.pagination).toMatchObject({ count: 50, per_page: 50, total_pages: 2 });
    expect((await get("?limit=1000")).json.meta?.pagination).toMatchObject({ count: 51, per_page: 250 });
  });

  it.each([
    ["", ["n0", "n1", "n2"]],
    ["?sort=issued_at&direction=desc", ["n2", "n1", "n0"]],
    ["?sort=expires_at", ["n2", "n1", "n0"]],
    ["?sort=expires_at&direction=desc", ["n0", "n1", "n2"]],
  ])("sorts by %p", async (query, expected) => {
    await mintMany(3);
    expect(names(await get(query))).toEqual(expected);
  });

  it.each([
    "?sort=name",
    "?direction=up",
    "?page=0",
    "?page=-1",
    "?page=1.5",
    "?page=",
    "?limit=0",
    "?limit=many",
  ])("refuses %s", async (query) => {
    expect((await get(query)).status).toBe(422);
    expect(emulator.it.requests[0]).not.toHaveProperty("problem");
  });

  it("refuses an unknown parameter, which is a problem", async () => {
    emulator.expectProblems();
    const reply = await get("?name=server");
    expect([reply.status, Object.keys(reply.json.errors ?? {})]).toEqual([422, ["name"]]);
    expect(emulator.it.requests[0]!.problem).toBe("unknown query parameter name");
  });

  it("needs the family's own scope", async () => {
    const path = at("api-token-customer-impersonation");
    expect((await call(emulator.it, "GET", path, { as: "access-plain" })).status).toBe(403);
  });
});
