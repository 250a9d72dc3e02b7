import type { TokenList } from "../../provider/bigcommerce/client";
import type { ReadTokenList } from "../../provider/bigcommerce/token-list";
import { clientWith, CREDENTIAL, fastClock, NOW_MS, targetAt } from "./fixtures";
import { closeServers, problem, reply, serve, type Step } from "./servers";

afterEach(closeServers);

const FAMILY = "api-token-private";
const GOOD = { jti: "good", is_revoked: false, is_expired: false };
const row = (index: number, more: object = {}) => ({ ...GOOD, jti: `jti-${index}`, ...more });
const rows = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => row(first + index));

/** A page of a list that has so many pages and tokens in all; without them, a page that does not count. */
const page = (data: readonly unknown[], pages?: number, total?: unknown, headers = {}) =>
  reply(
    200,
    { data, ...(pages !== undefined && { meta: { pagination: { total_pages: pages, total } } }) },
    headers,
  );

/** A page with whatever for its counts. */
const paged = (data: readonly unknown[], pagination: unknown) => reply(200, { data, meta: { pagination } });

const read = async (...steps: Step[]) => {
  const server = await serve(...steps);
  const inventory = await clientWith().tokenList(targetAt(server.url), FAMILY);
  return { inventory, server };
};
const listed = async (...steps: Step[]): Promise<ReadTokenList> => listedIn((await read(...steps)).inventory);
function listedIn(inventory: TokenList): ReadTokenList {
  if (inventory.kind !== "listed") throw new Error(`${inventory.kind}: ${inventory.failed.failure.what}`);
  return inventory;
}

describe("a list", () => {
  it("is read to its end, newest first, each page once", async () => {
    const { inventory, server } = await read(page(rows(1, 250), 2, 251), page(rows(251, 251), 2, 251));
    const { byJti, isWhole, unread } = listedIn(inventory);
    expect([byJti.size, isWhole, unread.size]).toEqual([251, true, 0]);
    expect(server.requests.map((request) => request.split(" ")[1])).toEqual([
      `/stores/abc123/v3/storefront/${FAMILY}?sort=issued_at&direction=desc&limit=250`,
      `/stores/abc123/v3/storefront/${FAMILY}?sort=issued_at&direction=desc&limit=250&page=2`,
    ]);
  });

  it("tells of a token all but the token", async () => {
    const full = {
      ...{ jti: "a", type: "private", name: "server", principal: { id: "client-a", type: "api_account" } },
      ...{ channel_ids: [1, 2], scopes: ["B2B"], allowed_cors_origins: [], is_revoked: true, is_expired: false },
      ...{ issued_at: 1_700_000_000, expires_at: 1_800_000_000, revoked_at: 1_750_000_000 },
    }; // prettier-ignore
    expect((await listed(page([full], 1, 1))).byJti.get("a")).toEqual({
      ...{ jti: "a", name: "server", account: "client-a", channelIds: [1, 2], scopes: ["B2B"] },
      ...{ allowedCorsOrigins: [], isRevoked: true, isExpired: false },
      ...{ issuedAt: 1_700_000_000, expiresAt: 1_800_000_000, revokedAt: 1_750_000_000 },
    });
  });

  it("is read once for all who ask, whatever came of it", async () => {
    const server = await serve(page([GOOD], 1, 1), problem(403, "no"));
    const client = clientWith();
    const ask = (family = FAMILY, over = {}) => client.tokenList(targetAt(server.url, over), family);
    const [one, two] = await Promise.all([ask(), ask()]);
    expect([one === two, (await ask()) === one, server.requests.length]).toEqual([true, true, 1]);
    const other = await ask("api-token");
    expect([other.kind, await ask("api-token"), server.requests.length]).toEqual(["unreadable", other, 2]);
    await ask(FAMILY, { credentialSource: "env BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS" });
    await ask(FAMILY, { storeHash: "def456" });
    expect(server.requests).toHaveLength(4);
  });

  it("is as old as the store's clock or this machine's says, whichever is behind", async () => {
    const asOf = async (offsetMs: number) => {
      const Date = new globalThis.Date(NOW_MS + offsetMs).toUTCString();
      return (await listed(page([], 1, 0, { Date }))).asOf - NOW_MS / 1_000;
    };
    expect([await asOf(-60_000), await asOf(60_000)]).toEqual([-60, 0]);
    expect((await listed(page([], 1, 0, { Date: "yesterday" }))).asOf).toBe(NOW_MS / 1_000);
  });

  it.each<[string, readonly (string | undefined)[], string | undefined]>([
    ["all rows that tell name it", ["client-a", undefined, "client-a"], "client-a"],
    ["no row names one", [undefined], undefined],
    ["there is no row", [], undefined],
    ["the rows name two", ["client-a", "client-b"], undefined],
    ["its name has a line break", ["client\na"], undefined],
  ])("is an account's where %s", async (_, ids, account) => {
    const told = ids.map((id, index) => row(index, id === undefined ? {} : { principal: { id } }));
    expect((await listed(page(told, 1, ids.length))).account).toBe(account);
  });
});

describe("a row that is odd", () => {
  it.each<[string, unknown]>([
    ["no object", "a"],
    ["nothing", null],
    ["a list", [GOOD]],
    ["without an id", { ...GOOD, jti: undefined }],
    ["with a number for an id", { ...GOOD, jti: 7 }],
    ["with an empty id", { ...GOOD, jti: "" }],
    ["with an id of two lines", { ...GOOD, jti: "a\nb" }],
    ["with an endless id", { ...GOOD, jti: "a".repeat(129) }],
    ["with the credential for an id", { ...GOOD, jti: CREDENTIAL.replaceAll('"', "") }],
    ["with a token for an id", { ...GOOD, jti: `eyJ${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}` }],
  ])("is left out, and the list is not whole: %s", async (_, odd) => {
    const { byJti, isWhole, unread } = await listed(page([row(1), odd, row(2)], 1, 3));
    expect([[...byJti.keys()], isWhole, unread.size]).toEqual([["jti-1", "jti-2"], false, 0]);
  });

  it.each<[string, object]>([
    ["is_revoked", { is_revoked: undefined }],
    ["is_revoked", { is_revoked: "yes" }],
    ["is_expired", { is_expired: 0 }],
  ])("is known by its id alone where %s is not understood", async (_, odd) => {
    const { byJti, isWhole, unread } = await listed(page([row(1), { ...GOOD, ...odd }], 1, 2));
    expect([[...byJti.keys()], isWhole, [...unread]]).toEqual([["jti-1"], true, ["good"]]);
  });

  it.each<[string, object]>([
    ["a name", { name: 5 }],
    ["an account", { principal: null }],
    ["an account's id", { principal: { id: 5 } }],
    ["channels", { channel_ids: "all" }],
    ["scopes", { scopes: null }],
    ["origins", { allowed_cors_origins: { a: 1 } }],
    ["times", { issued_at: -1, expires_at: "never", revoked_at: 1_700_000_000_000 }],
  ])("goes without %s that cannot be read", async (_, odd) => {
    const { byJti, isWhole } = await listed(page([{ ...GOOD, ...odd }], 1, 1));
    expect(byJti.get("good")).toEqual({ jti: "good", channelIds: [], isRevoked: false, isExpired: false });
    expect(isWhole).toBe(true);
  });
});

describe("[X4] a list is not whole", () => {
  const full = rows(1, 250);
  it.each<[string, Step[]]>([
    ["where it counts more than it shows", [page(rows(1, 2), 1, 3)]],
    ["where a row stands twice and is counted twice", [page([row(1), row(1)], 1, 2)]],
    ["where one was purged between two pages", [page(full, 2, 260), page(rows(252, 260), 2, 259)]],
    ["where one was minted and one lost meanwhile", [page(full, 2, 260), page(rows(251, 259), 2, 261)]],
    ["where nothing counts two pages", [page(full, 2), page(rows(251, 260), 2)]],
    ["where one of two pages does not count", [page(full, 2, 260), page(rows(251, 260), 2, null)]],
    ["where it does not say how long it is", [page(full), page([])]],
  ])("%s", async (_, steps) => {
    expect((await listed(...steps)).isWhole).toBe(false);
  });

  it("where it goes on after 40 pages, which are as many as are read", async () => {
    const { inventory, server } = await read(page([GOOD], 1_000, 1));
    expect([listedIn(inventory).isWhole, server.requests.length]).toEqual([false, 40]);
  });

  it.each<[string, Step[]]>([
    ["where it counts its tokens, and not its pages", [paged(rows(1, 3), { total: 3 })]],
    ["where its count is a text of digits", [page(rows(1, 3), 1, "3")]],
    ["where a row stands on both sides of a page's end", [page(full, 2, 251), page(rows(250, 251), 2, 251)]],
    ["where it is empty", [page([], 0, 0)]],
  ])("but is %s", async (_, steps) => {
    expect((await listed(...steps)).isWhole).toBe(true);
  });
});

describe("a list that does not say how many tokens it has", () => {
  const all = rows(1, 2);
  const body = (meta: unknown) => reply(200, { data: all, meta });
  it.each<[string, Step]>([
    ["without meta", page(all)],
    ["meta that is nothing", body(null)],
    ["meta without anything", body({})],
    ["no counts in pagination", paged(all, {})],
    ["pages alone", page(all, 1)],
    ["a count of nothing", page(all, 1, null)],
    ["a count below zero", page(all, 1, -1)],
    ["a count in parts", page(all, 1, 2.5)],
    ["a count in words", page(all, 1, "two")],
    ["a count without digits", page(all, 1, "")],
    ["a count without end", page(all, 1, "9".repeat(400))],
    ["a list for its count", page(all, 1, [2])],
    ["a page's count alone", paged(all, { count: 2, per_page: 250, current_page: 1 })],
    ["a link to the next page", paged(all, { links: { next: "?page=2" } })],
    ["a cursor", body({ cursor_pagination: { count: 2, end_cursor: "b", links: { next: "?after=b" } } })],
  ])("may be whole, and is not: %s", async (_, step) => {
    const { inventory, server } = await read(step);
    const { isWhole, mayBeWhole, byJti } = listedIn(inventory);
    expect([isWhole, mayBeWhole, byJti.size, server.requests.length]).toEqual([false, true, 2, 1]);
  });

  it.each<[string, Step[]]>([
    ["a row has no id", [page([row(1), {}])]],
    ["it counts more than it shows", [page(all, 1, 3)]],
    ["it counts less than it shows", [page(all, 1, 1)]],
    ["it goes on after 40 pages", [page(all, 1_000)]],
  ])("cannot be whole where %s", async (_, steps) => {
    expect(await listed(...steps)).toMatchObject({ isWhole: false, mayBeWhole: false });
  });
});

describe("a list that does not say how many pages it has", () => {
  it.each<[string, unknown, unknown]>([
    ["nothing", 120, undefined],
    ["null", 120, null],
    ["a word", "120", "three"],
    ["digits", "120", "3"],
  ])(
    "is read until its tokens are seen, in pages as short as the store's: %s",
    async (_, total, total_pages) => {
      const counts = { total, total_pages };
      const steps = [rows(1, 50), rows(51, 100), rows(101, 120)].map((data) => paged(data, counts));
      const { inventory, server } = await read(...steps);
      const { byJti, isWhole } = listedIn(inventory);
      expect([byJti.size, isWhole, server.requests.length]).toEqual([120, true, 3]);
    },
  );

  it("ends with a page that is empty, and is not whole then", async () => {
    const { inventory, server } = await read(paged(rows(1, 50), { total: 120 }), paged([], { total: 120 }));
    expect(listedIn(inventory)).toMatchObject({ isWhole: false, mayBeWhole: false });
    expect(server.requests).toHaveLength(2);
  });

  it("ends once as many rows were read, where a store shows the same page again and again", async () => {
    const { inventory, server } = await read(paged(rows(1, 50), { total: 120 }));
    expect([listedIn(inventory).isWhole, server.requests.length]).toEqual([false, 3]);
  });

  it("ends after 40 pages", async () => {
    const { inventory, server } = await read(paged([GOOD], { total: 1_000 }));
    expect([listedIn(inventory).isWhole, server.requests.length]).toEqual([false, 40]);
  });
});

describe("a list that fails", () => {
  it.each([301, 400, 404, 405, 410, 422, 501])("is none at all where the answer is %i", async (status) => {
    const { inventory, server } = await read(problem(status, "no"));
    expect([inventory.kind, server.requests.length]).toEqual(["no list", 1]);
  });

  it.each([401, 403])("may be one where the credential is answered %i", async (status) => {
    const { inventory, server } = await read(problem(status, "no"));
    expect([inventory.kind, server.requests.length]).toEqual(["unreadable", 1]);
  });

  it.each<[string, Step, number]>([
    ["500", problem(500, "down"), 6],
    ["429", problem(429, "later"), 6],
    ["a page of a proxy", reply(200, "<html>", { "Content-Type": "text/html" }), 1],
    ["an object for rows", reply(200, { data: { a: 1 } }), 1],
    ["no rows", reply(200, {}), 1],
    ["204", reply(204), 1],
    ["too much to read", reply(200, { data: [], more: "x".repeat(1_200_000) }), 1],
  ])("is unreadable after %s", async (_, step, requests) => {
    const { inventory, server } = await read(step);
    expect([inventory.kind, server.requests.length]).toEqual(["unreadable", requests]);
  });

  it.each([404, 500])("on its second page is unreadable, and what was read does not count: %i", async (status) => {
    const { inventory } = await read(page(rows(1, 250), 2, 251), problem(status, "no"));
    expect(inventory.kind).toBe("unreadable");
  }); // prettier-ignore

  it("[L1] is waited for as long as the store asks, on each page", async () => {
    const clock = fastClock();
    const later = reply(429, "", { "X-Rate-Limit-Time-Reset-Ms": "9000" });
    const server = await serve(later, page(rows(1, 250), 2, 251), later, page(rows(251, 251), 2, 251));
    const inventory = await clientWith(clock).tokenList(targetAt(server.url), FAMILY);
    expect([listedIn(inventory).isWhole, server.requests.length]).toEqual([true, 4]);
    expect(clock.slept.filter((ms) => ms >= 9_000)).toHaveLength(2);
  });
});
