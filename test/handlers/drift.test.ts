import type { FaultAction, GoodAnswer } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS } from "./support/bigcommerce";
import { declare } from "./support/samples";
import { startWorld, type World, type WorldOptions } from "./support/world";

const kind = KINDS.private;
const WIDE = { channelIds: [1, 2, 3] };

let world: World;
afterEach(() => world.close());
const start = async (options: WorldOptions = {}) => {
  world = await startWorld({ generation: 2, ...options });
  await world.up([declare(kind)]);
};
const onGet = (fault: FaultAction, more: { readonly after?: number; readonly times?: number } = {}) => {
  world.emulator.faults.push({ ...fault, method: "GET", ...more });
};
const UNREAD = (what: string) =>
  new RegExp(`^warning: the list of private tokens in store abc123 could not be read \\(${what}`);
const state = () => JSON.stringify(world.engine.entries.map(({ id, outputs }) => ({ id, outputs })));

describe("a refresh of a token that was revoked outside of the stack", () => {
  it("[X9] marks it, says so, and the next up mints a new one in its place", async () => {
    await start();
    await world.revokeElsewhere("A");
    const refresh = await world.refresh();
    expect(refresh.lines).toContainEqual(
      expect.stringMatching(
        /^warning: acme\S+: token A was revoked outside of this stack; `pulumi up --refresh` mints a new token/,
      ),
    );
    expect(world.outputs()).toMatchObject({ token: "A", gone: true, goneAt: "2026-08-01T00:00:00Z" });
    const up = await world.up([declare(kind)]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("B");
  });

  it("[X9] in an `up --refresh` mints the new one at once", async () => {
    await start();
    await world.revokeElsewhere("A");
    const up = await world.up([declare(kind)], { refresh: true });
    expect(up.requests).toEqual(["POST abc123"]);
    expect(world.alive()).toBe("B");
    expect((await world.up([declare(kind)])).requests).toEqual([]);
  });

  it("[X9] in a `preview --refresh` is shown as a replacement, and the state stays", async () => {
    await start();
    await world.revokeElsewhere("A");
    const preview = await world.preview([declare(kind)], { refresh: true });
    expect(preview).toMatchObject({
      calls: ["read x", "diff x", "check x", "diff x", "check x"],
      requests: [],
      errors: [],
    });
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(world.outputs()).not.toHaveProperty("gone");
  });

  describe("with a live predecessor", () => {
    beforeEach(async () => {
      await start();
      await world.up([declare(kind, WIDE)]);
      await world.revokeElsewhere("B");
      await world.refresh();
    });

    it("marks it, and the next up replaces it and carries the predecessor over", async () => {
      expect(world.outputs()).toMatchObject({ gone: true, token: "B", previousToken: "A" });
      const preview = await world.preview([declare(kind, WIDE)]);
      expect(preview.calls).toEqual(["check x", "diff x", "check x"]);
      const up = await world.up([declare(kind, WIDE)]);
      expect(up.requests).toEqual(["POST abc123"]);
      const said = preview.lines.filter((line) => line.startsWith("acme"));
      expect(said).toEqual([
        "acme/shop/prod/private/x: will be replaced: token B is gone",
        expect.stringMatching(/x: previous token A works until/),
      ]);
      expect(up.lines.filter((line) => line.startsWith("acme"))).toEqual([
        expect.stringMatching(/x: replaced, old B was gone, new C expires \S+$/),
      ]);
      expect(world.alive()).toBe("AC");
      expect(world.outputs()).toMatchObject({
        token: "C",
        previousToken: "A",
        previous: { fingerprint: "A" },
      });
      expect(world.outputs()).not.toHaveProperty("gone");
      expect(world.engine.entries).toHaveLength(1);
      await world.destroy();
      expect(world.alive()).toBe("");
    });

    it("says no other of the predecessor than what comes, where BIGCOMMERCE_ON_DELETE=revoke ends what ends", async () => {
      world.env["BIGCOMMERCE_ON_DELETE"] = "revoke";
      const preview = await world.preview([declare(kind, WIDE)]);
      expect(preview.lines).toContainEqual(expect.stringMatching(/x: previous token A works until/));
      await world.up([declare(kind, WIDE)]);
      expect(world.alive()).toBe("AC");
    });

    it("and a dependant that fails: the next up does not end the predecessor either", async () => {
      await world.up([declare(kind, WIDE)], { dependantFails: true });
      expect(world.engine.entries).toHaveLength(2);
      const up = await world.up([declare(kind, WIDE)]);
      expect(up.requests).toEqual([]);
      expect(world.alive()).toBe("AC");
      expect(world.engine.entries).toHaveLength(1);
    });

    it("ends the predecessor alone when it is removed, destroyed or forced", async () => {
      const forced = await world.up([declare(kind, WIDE)], { replace: ["x"] });
      expect(forced.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
      expect(world.alive()).toBe("C");
    });

    it("does not carry it over where rights are taken away at the same time: it ends with that update", async () => {
      const narrow = declare(kind, { ...WIDE, scopes: ["Customer"] });
      const preview = await world.preview([narrow]);
      const up = await world.up([narrow]);
      expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
      const ends = preview.lines.filter((line) => line.includes("will be revoked"));
      expect(ends).toEqual([expect.stringMatching(/x: previous token A will be revoked/)]);
      expect(world.alive()).toBe("C");
      expect(world.outputs()).not.toHaveProperty("previous");
    });

    it("nor where a dependant fails in that update: the next one ends it", async () => {
      const narrow = declare(kind, { ...WIDE, scopes: ["Customer"] });
      await world.up([narrow], { dependantFails: true });
      expect(world.alive()).toBe("AC");
      expect((await world.up([narrow])).requests).toEqual(["DELETE abc123 A"]);
      expect(world.alive()).toBe("C");
    });

    it("ends the predecessor in an `up --refresh --replace`, which its successor does not answer for", async () => {
      await world.up([declare(kind, WIDE)], { refresh: true, replace: ["x"] });
      expect(world.alive()).toBe("C");
    });

    it("ends the predecessor alone by onDelete when it is removed", async () => {
      const removed = await world.up([]);
      expect(removed.requests).toEqual(["DELETE abc123 A"]);
      expect(world.engine.entries).toEqual([]);
      expect(world.alive()).toBe("");
    });
  });
});

it("[R11] what is gone is not replaced where the credential for its predecessor's end is missing", async () => {
  await start();
  await world.up([declare(kind, { storeHash: "other9", overlap: "always" })]);
  world.engine.entries = world.engine.entries.map((entry) => ({
    ...entry,
    outputs: { ...entry.outputs, gone: true },
  }));
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
  const up = await world.up([declare(kind, { storeHash: "other9" })]);
  expect(up.errors[0]?.message).toContain("no credential for store abc123");
  expect(up.requests).toEqual([]);
});

describe("a refresh leaves the state as it is", () => {
  it("[E3] where the list shows the token alive", async () => {
    await start();
    const before = state();
    const refresh = await world.refresh();
    expect({ requests: refresh.requests, looks: refresh.looks, lines: refresh.lines }).toEqual({
      ...{ requests: [], looks: 1 },
      lines: [expect.stringMatching(/is reached at/)],
    });
    expect(state()).toBe(before);
  });

  it("[X9] where the list calls it expired, and its state does not: an end is no revocation", async () => {
    await start();
    const before = state();
    const expired = ({ body }: GoodAnswer) => {
      const { data } = body as { data: object[] };
      return { body: { data: data.map((row) => ({ ...row, is_expired: true })) } };
    };
    onGet({ kind: "reply", reply: expired });
    expect((await world.refresh()).lines).toEqual([expect.stringMatching(/is reached at/)]);
    expect(state()).toBe(before);
  });

  it("where the store has no list, and says so once", async () => {
    world = await startWorld({ generation: 1 });
    await world.up([declare(kind), declare(kind, {}, { name: "y" })]);
    await world.revokeElsewhere("A");
    const before = state();
    // Tokens of such a store have no jti, by which alone a list could show them.
    const { looks, lines } = await world.refresh();
    expect([looks, lines]).toEqual([
      0,
      [expect.stringMatching(/^store abc123 holds tokens without an id \(jti\)/)],
    ]);
    expect(state()).toBe(before);
  });

  it.each<[string, FaultAction, RegExp]>([
    ["[X3] where the list has gone", { kind: "status", status: 404 }, /^store abc123 has no list of its tokens/],
    ["[X3] where the list takes no such question", { kind: "status", status: 422 }, /^store abc123 has no list/],
    ["[X3] where the credential is refused", { kind: "status", status: 401 }, UNREAD("answered 401")],
    ["[X3] where a scope is missing", { kind: "status", status: 403 }, UNREAD('answered 403; the API account needs the OAuth scope "Storefront API Tokens: manage" \\(store_storefront_api\\)')],
    ["where the list fails", { kind: "status", status: 500 }, UNREAD("answered 500")],
    ["where the store has no time", { kind: "status", status: 429 }, UNREAD("answered 429")],
    ["where the list is cut", { kind: "truncate" }, UNREAD("answered 200, then the connection broke off")],
    ["where the list is a page", { kind: "reply", reply: { body: "<html>" } }, UNREAD("answered 200 with a body")],
  ])("%s", async (_, fault, line) => {
    await start();
    await world.up([declare(kind), declare(kind, {}, { name: "y" })]);
    await world.revokeElsewhere("A");
    const before = state();
    onGet(fault, { times: Infinity });
    const refresh = await world.refresh();
    expect(refresh.errors).toEqual([]);
    expect(refresh.lines.slice(1)).toEqual([expect.stringMatching(line)]);
    expect(state()).toBe(before);
  }); // prettier-ignore

  it("where a credential is missing, or the host is another", async () => {
    await start();
    const before = state();
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    const refresh = await world.refresh();
    expect(refresh.errors).toEqual([]);
    expect(refresh.lines.at(-1)).toMatch(
      /^a refresh could not look up the tokens in store abc123: no credential/,
    );
    expect(state()).toBe(before);
  });

  it("[R9] and asks nothing, where the token has expired", async () => {
    await start();
    world.advance(90);
    expect((await world.refresh()).looks).toBe(0);
    expect(world.engine.entries).toHaveLength(1);
  });
});

it("sees with the credential of the account before what that one minted", async () => {
  await start();
  await world.revokeElsewhere("A");
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.colleague;
  world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = CREDENTIALS.abc123;
  await world.refresh();
  expect(world.outputs()).toMatchObject({ gone: true });
});
