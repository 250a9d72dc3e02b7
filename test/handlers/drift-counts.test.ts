import type { GoodAnswer } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS } from "./support/bigcommerce";
import { declare } from "./support/samples";
import { startWorld, type World, type WorldOptions } from "./support/world";

const kind = KINDS.private;
const program = ["x", "y", "z"].map((name) => declare(kind, {}, { name }));

let world: World;
afterEach(() => world.close());

/** Tokens A, B and C of x, y and z, long minted. */
const start = async (options: WorldOptions = {}) => {
  world = await startWorld({ generation: 2, ...options });
  await world.up(program);
  world.advance(1);
};
const state = () => JSON.stringify(world.engine.entries.map(({ id, outputs }) => ({ id, outputs })));
type Row = Readonly<Record<string, unknown>>;
/** What the store answers for its list, page by page; the last one again and again. */
const onList = (...pages: readonly ((rows: readonly Row[]) => object)[]) => {
  for (const [index, page] of pages.entries()) {
    const reply = ({ body }: GoodAnswer) => ({ body: page((body as { data: readonly Row[] }).data) });
    const times = index === pages.length - 1 ? Infinity : 1;
    world.emulator.faults.push({ kind: "reply", reply, method: "GET", times });
  }
};
/** Leaves A out. */
const without = (more: object) => (rows: readonly Row[]) => ({
  data: rows.filter(({ jti }) => jti !== world.token("A").jti),
  ...more,
});
const paged = (pagination: unknown) => ({ meta: { pagination } });
const onGraphql = (status: number) => {
  world.emulator.faults.push({ kind: "status", status, path: "/graphql", times: Infinity });
};
/** What a refresh said, but for the host. */
const refreshed = async () => (await world.refresh()).lines.filter((line) => !/is reached at/.test(line));

const PARTIAL =
  "the list of private tokens in store abc123 was not read whole, because it is too long, not counted, not " +
  "understood, or changed meanwhile: tokens that it does not show stay in the state as they are";

/** Two of three tokens, and nothing that says that there is a third. */
const UNCOUNTED: readonly (readonly [string, object])[] = [
  ["without meta", {}],
  ["meta that is nothing", { meta: null }],
  ["meta without anything", { meta: {} }],
  ["pages alone", paged({ total_pages: 1 })],
  ["a total of nothing", paged({ total: null, total_pages: 1 })],
  ["a total in words", paged({ total: "three", total_pages: 1 })],
  ["a page's count alone", paged({ count: 2, per_page: 2, current_page: 1 })],
  ["a link to the next page", paged({ links: { next: "?page=2&limit=2" } })],
  ["a cursor", { meta: { cursor_pagination: { end_cursor: "b", links: { next: "?after=b" } } } }],
];

describe.each(UNCOUNTED)("a list that does not say how many tokens it has: %s", (_, more) => {
  it("takes no token from the state that works, and none is minted anew", async () => {
    await start();
    onList(without(more));
    const before = state();
    const refresh = await world.refresh();
    expect([refresh.looks, refresh.requests]).toEqual([1, ["GRAPHQL abc123"]]);
    expect(refresh.lines.slice(1)).toEqual([PARTIAL]);
    expect(state()).toBe(before);
    expect((await world.up(program)).requests).toEqual([]);
    expect((await world.up(program, { refresh: true })).requests).toEqual(["GRAPHQL abc123"]);
    expect(world.alive()).toBe("ABC");
  });
});

describe("a token that such a list does not show", () => {
  it("is gone where GraphQL calls it unknown", async () => {
    await start();
    onList((rows) => ({ data: rows }));
    world.emulator.forget(world.token("A"));
    expect(await refreshed()).toEqual([
      expect.stringMatching(/token A is no longer in the store's list; `pulumi up/),
    ]);
    expect(world.inUse()).toEqual(["y", "z"]);
  });

  it("is gone where the list shows no token at all, and GraphQL calls it unknown", async () => {
    await start();
    onList(() => ({ data: [], meta: {} }));
    for (const letter of ["A", "B", "C"]) world.emulator.forget(world.token(letter));
    expect((await world.refresh()).requests).toHaveLength(3);
    expect(world.inUse()).toEqual([]);
  });

  it.each([503, 401, 404])("is kept where GraphQL does not tell: %i", async (status) => {
    await start();
    onList((rows) => ({ data: rows }));
    world.emulator.forget(world.token("A"));
    onGraphql(status);
    expect(await refreshed()).toEqual([PARTIAL]);
    expect(world.inUse()).toEqual(["x", "y", "z"]);
  });

  it("is kept while it is not proven, and is not asked about", async () => {
    await start();
    onList(without({}));
    world.engine.entries = world.engine.entries.map((entry) => ({
      ...entry,
      outputs: { ...entry.outputs, verified: false },
    }));
    expect((await world.refresh()).requests).toEqual([]);
    expect(world.inUse()).toEqual(["x", "y", "z"]);
  });

  it("is kept, and is not asked about, where its own row is not understood", async () => {
    await start();
    onList((rows) => ({
      data: rows.map((row) => (row["jti"] === world.token("A").jti ? { ...row, is_revoked: "yes" } : row)),
    }));
    const refresh = await world.refresh();
    expect([refresh.requests, refresh.lines.slice(1)]).toEqual([[], [PARTIAL]]);
  });
});

describe("a list that counts in another way is read to its end", () => {
  it.each<[string, object]>([
    ["its tokens alone", { total: 3 }],
    ["its tokens, and no pages that can be read", { total: 3, total_pages: null }],
    ["in digits", { total: "3", total_pages: "2" }],
  ])("%s", async (_, pagination) => {
    await start();
    const before = state();
    onList(
      (rows) => ({ data: rows.slice(0, 2), ...paged(pagination) }),
      () => ({ data: [{ jti: world.token("A").jti, is_revoked: false, is_expired: false }], ...paged(pagination) }),
    ); // prettier-ignore
    const refresh = await world.refresh();
    expect([refresh.looks, refresh.requests, refresh.lines.slice(1)]).toEqual([2, [], []]);
    expect(state()).toBe(before);
    expect((await world.up(program)).requests).toEqual([]);
  });

  it("and is not whole where a page is empty before that: what it hides is kept", async () => {
    await start();
    const before = state();
    onList(without(paged({ total: 3 })), () => ({ data: [], ...paged({ total: 3 }) }));
    const refresh = await world.refresh();
    expect([refresh.looks, refresh.requests, refresh.lines.slice(1)]).toEqual([2, [], [PARTIAL]]);
    expect(state()).toBe(before);
  });

  it("and tells what is gone where it is whole", async () => {
    await start();
    world.emulator.forget(world.token("A"));
    onList((rows) => ({ data: rows, ...paged({ total: "2" }) }));
    expect(await refreshed()).toEqual([
      expect.stringMatching(/token A is no longer in the list of API account client-main/),
    ]);
    expect(world.inUse()).toEqual(["y", "z"]);
  });
});

it("of two accounts' lists, the one that fails is told, and not the one that does not tell whose it is", async () => {
  await start();
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.colleague;
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = "credential-of-nobody-canary";
  const before = state();
  expect(await refreshed()).toEqual([
    "warning: the list of private tokens in store abc123 could not be read (answered 401): tokens that it does not show " +
      "stay in the state as they are",
  ]);
  expect(state()).toBe(before);
});
