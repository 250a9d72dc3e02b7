import { at, call, HASH, IN_A_DAY, mint, OTHER_HASH, perTest } from "./support";

const body = { channel_ids: [1], expires_at: IN_A_DAY };
const FORBIDDEN = {
  status: 403,
  title: "You don't have a required scope to access the endpoint",
  type: "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes",
  errors: {},
};

describe.each([1, 2] as const)("who may ask, generation %i", (generation) => {
  const emulator = perTest({ generation });

  it.each([
    ["nobody's", "access-x"],
    ["another store's", "access-o"],
  ])("answers 401 to %s access token", async (_whose, as) => {
    const reply = await call(emulator.it, "POST", at("api-token"), { body, as });
    expect([reply.status, reply.json.status]).toEqual([401, 401]);
    expect(emulator.it.issued).toEqual([]);
    expect(emulator.it.requests[0]).not.toHaveProperty("problem");
  });

  it.each([[undefined], [""]])("answers 401, and notes a problem, for the access token %p", async (token) => {
    emulator.expectProblems();
    const reply = await call(emulator.it, "POST", at("api-token"), {
      body,
      headers: { "x-auth-token": token },
    });
    expect([reply.status, reply.json.title]).toEqual([401, "X-Auth-Token header is required"]);
    expect(emulator.it.requests[0]!.problem).toBe("no X-Auth-Token header");
  });

  it("answers 403 in BigCommerce's words for a missing scope", async () => {
    const reply = await mint(emulator.it, "customer_impersonation", {}, "access-plain");
    expect([reply.status, reply.json]).toEqual([403, FORBIDDEN]);
    expect(await mint(emulator.it, "private", {}, "access-plain")).toMatchObject({ status: 200 });
  });

  it("answers the same 403 for a store hash that does not exist", async () => {
    const reply = await call(emulator.it, "POST", at("api-token", "nosuch"), { body });
    expect([reply.status, reply.json]).toEqual([403, FORBIDDEN]);
    expect(emulator.it.requests[0]).not.toHaveProperty("storeHash");
  });

  it("keeps stores apart", async () => {
    await call(emulator.it, "POST", at("api-token", OTHER_HASH), { body, as: "access-o" });
    await call(emulator.it, "POST", at("api-token"), { body });
    expect(emulator.it.issued.map((token) => token.storeHash)).toEqual([OTHER_HASH, HASH]);
    expect(emulator.it.requests.map((request) => request.storeHash)).toEqual([OTHER_HASH, HASH]);
  });
});

describe.each([1, 2] as const)("what no correct client sends, generation %i", (generation) => {
  const emulator = perTest({ generation });

  const bothOr = (gets: boolean, ...methods: string[]) => [...(gets ? ["GET"] : []), ...methods].join(", ");
  it.each([
    ["PUT", at("api-token"), bothOr(generation === 2, "POST", "DELETE")],
    ["HEAD", at("api-token"), bothOr(generation === 2, "POST", "DELETE")],
    ["DELETE", at("api-token-private"), bothOr(generation === 2, "POST")],
    ["DELETE", at("api-token-customer-impersonation"), bothOr(generation === 2, "POST")],
  ])("answers 405 to %s %s, names the methods, and notes it", async (method, path, allow) => {
    emulator.expectProblems();
    const reply = await call(emulator.it, method, path);
    expect([reply.status, reply.headers.allow]).toEqual([405, allow]);
    expect(emulator.it.requests[0]!.problem).toBe("a method that the route does not have");
  });

  it.each([
    ["POST", at("api-tokens")],
    ["GET", `/stores/${HASH}/v3/channels`],
    ["DELETE", at("api-token/a/b")],
    ["GET", "/"],
    ["POST", "/stores/nosuch/channels/1/graphql"],
  ])("answers 404 without a title to %s %s, and notes the unknown route", async (method, path) => {
    emulator.expectProblems();
    const reply = await call(emulator.it, method, path);
    expect(reply.status).toBe(404);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(Object.keys(reply.json)).toEqual(["status", "type"]);
    expect(emulator.it.requests[0]!.problem).toBe("unknown route");
  });

  it("notes a missing Accept header", async () => {
    emulator.expectProblems();
    const reply = await call(emulator.it, "POST", at("api-token"), { body, headers: { accept: undefined } });
    expect(reply.status).toBe(200);
    expect(emulator.it.requests[0]!.problem).toBe("no Accept header that allows JSON");
  });

  it.each(["*/*", "application/json", "text/plain, application/json;q=0.9"])(
    "accepts Accept: %s",
    async (accept) => {
      await call(emulator.it, "POST", at("api-token"), { body, headers: { accept } });
      expect(emulator.it.requests[0]).not.toHaveProperty("problem");
    },
  );

  it.each(["access-a", "eyJ0eXAiOiJKV1QifQ.eyJjaWQiOjF9XX.c2lnbmF0dXJl"])(
    "notes %s in a query",
    async (token) => {
      emulator.expectProblems();
      await call(emulator.it, "POST", `${at("api-token")}?key=${token}`, { body });
      expect(emulator.it.requests[0]!.problem).toContain("a token in the query string");
      expect(emulator.it.requests[0]!.path).toBe(at("api-token"));
    },
  );

  it("refuses and notes a query on a route that takes none", async () => {
    emulator.expectProblems();
    const reply = await call(emulator.it, "POST", `${at("api-token")}?dry_run=1`, { body });
    expect([reply.status, Object.keys(reply.json.errors ?? {})]).toEqual([422, ["dry_run"]]);
    expect(emulator.it.requests[0]!.problem).toBe("unknown query parameter dry_run");
    expect(emulator.it.issued).toEqual([]);
  });
});

describe("the routes of generation 2 in generation 1", () => {
  const emulator = perTest({ generation: 1 });

  it.each([
    ["GET", at("api-token"), "POST, DELETE"],
    ["GET", `${at("api-token-private")}?limit=1`, "POST"],
  ])("answers 405 to %s %s, a path that it has, which is no problem", async (method, path, allow) => {
    const reply = await call(emulator.it, method, path);
    expect([reply.status, reply.headers.allow]).toEqual([405, allow]);
    expect(emulator.it.requests[0]).not.toHaveProperty("problem");
  });

  it("answers 404 to a DELETE by jti, which is no problem", async () => {
    const reply = await call(emulator.it, "DELETE", at("api-token-private/some-jti"));
    expect([reply.status, Object.keys(reply.json)]).toEqual([404, ["status", "type"]]);
    expect(emulator.it.requests[0]).not.toHaveProperty("problem");
  });

  it("answers 404 to another method of such a path, and notes the unknown route", async () => {
    emulator.expectProblems();
    expect((await call(emulator.it, "PUT", at("api-token-private/some-jti"))).status).toBe(404);
    expect(emulator.it.requests[0]!.problem).toBe("unknown route");
  });

  it("answers 404 to revoke-all, which is one", async () => {
    emulator.expectProblems();
    expect((await call(emulator.it, "POST", at("api-token/revoke-all"))).status).toBe(404);
    expect(emulator.it.requests[0]!.problem).toContain("revoke-all");
  });
});
