import type { Client } from "../../provider/bigcommerce/client";
import { KINDS } from "../../provider/domain/kinds";
import { declare, SECRET } from "./support/samples";
import { startWorld, type World } from "./support/world";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const EXPIRES = Date.parse("2026-10-30T00:00:00Z") / 1000;

const BODIES = {
  storefront: { allowed_cors_origins: ["https://a.example", "https://b.example"] },
  private: { scopes: ["Customer", "Unauthenticated"] },
  impersonation: {},
};
const PATHS = {
  storefront: "/stores/abc123/v3/storefront/api-token",
  private: "/stores/abc123/v3/storefront/api-token-private",
  impersonation: "/stores/abc123/v3/storefront/api-token-customer-impersonation",
};

describe.each(Object.values(KINDS))("minting a $name token", (kind) => {
  it("[H1] asks for exactly what was declared, sorted, always by channel_ids", async () => {
    await world.up([declare(kind, { channelIds: [2, 1, 2] })]);
    const [, request] = world.emulator.requests;
    expect(request?.path).toBe(PATHS[kind.name]);
    expect(request?.body).toStrictEqual({
      ...{ channel_ids: [1, 2], expires_at: EXPIRES, ...BODIES[kind.name] },
      name: world.outputs()["listName"],
    });
  });

  it("[U13,U15] asks for no end by 0", async () => {
    await world.up([declare(kind, { lifetime: null, expiresAt: "never" })]);
    expect(world.emulator.requests[1]?.body).toMatchObject({ expires_at: 0 });
    expect(world.outputs()).toMatchObject({ expiresAt: "never" });
    expect(world.outputs()).not.toHaveProperty("effectiveExpiresAt");
  });

  it("[B11] keeps all that was asked for in the outputs, and nothing else", async () => {
    await world.up([declare(kind)]);
    expect(Object.keys(world.outputs()).sort()).toEqual(
      [
        ...[
          "__provider",
          "apiAccount",
          "apiUrl",
          "channelIds",
          "expiresAt",
          "fingerprint",
          "issuedAt",
          "label",
        ],
        ...["lifetime", "onDelete", "overlap", "rotateAt", "storeHash", "token", "listName", ...kind.rights],
      ].sort(),
    );
  });

  it("[K16] without a credential fails before any request, and says what to set; its preview only says so once", async () => {
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    const preview = await world.preview([declare(kind), declare(kind, {}, { name: "y" })]);
    expect(preview.failures).toEqual([]);
    expect(preview.lines.filter((line) => line.includes("no credential for store abc123"))).toHaveLength(1);
    const up = await world.up([declare(kind)]);
    expect(up.errors[0]?.message).toMatch(
      /no credential for store abc123: set .*BIGCOMMERCE_ACCESS_TOKEN_ABC123.*nothing was sent/,
    );
    expect(up.requests).toEqual([]);
    expect(world.engine.entries).toEqual([]);
  });

  it("without a credential of the default store says once how to set it, though each token fails", async () => {
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    world.config["bigcommerce:storeHash"] = "abc123";
    const program = [declare(kind), declare(kind, {}, { name: "y" })];
    const { errors, lines } = await world.up(program, { continueOnError: true });
    expect(errors).toHaveLength(2);
    const remedies = [...errors.map(String), ...lines].join("\n").match(/bigcommerce:\w+/g);
    expect(remedies).toEqual(["bigcommerce:accessToken"]);
  });

  it("[U2] with a malformed credential fails in its preview already, by its source and unquoted", async () => {
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = `${SECRET}\n`;
    const preview = await world.preview([declare(kind)]);
    expect(preview.failures).toEqual([
      expect.stringMatching(
        /^environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123 ends with white space or a newline/,
      ),
    ]);
    expect(preview.failures[0]).not.toContain(SECRET);
  });

  it("looks for the old store's credential before a changed storeHash mints, where the fate needs it", async () => {
    await world.up([declare(kind)]);
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    const moved = { storeHash: "other9" };
    const failed = await world.up([declare(kind, moved)]);
    expect(failed.errors[0]?.message).toMatch(/no credential for store abc123/);
    expect(failed.requests).toEqual([]);

    expect((await world.up([declare(kind, { ...moved, overlap: "always" })])).requests).toEqual([
      "POST other9",
    ]);
    expect(world.alive()).toBe("AB");
  });

  it("looks for the credential of an older predecessor's store too", async () => {
    await world.up([declare(kind)]);
    await world.up([declare(kind, { storeHash: "other9", overlap: "always" })]);
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    const third = await world.up([
      declare(kind, { storeHash: "other9", overlap: "always", channelIds: [1] }),
    ]);
    expect(third.errors[0]?.message).toMatch(/no credential for store abc123/);
    expect(third.requests).toEqual([]);
  });

  it("whose end came between preview and up fails before any request", async () => {
    const handlers = world.handlers(kind.name);
    const news = {
      ...declare(kind).args,
      label: "l",
      __provider: "code",
      lifetime: "10s",
      rotateBefore: "8s",
    };
    const { inputs } = await handlers.check({}, news);
    world.emulator.clock.advance(2);
    await expect(handlers.create(inputs)).rejects.toMatchObject({ code: "expires_too_soon" });
    world.emulator.clock.advance(60);
    await expect(handlers.create(inputs)).rejects.toThrow(
      /no token was minted, because it has expired already/,
    );
    expect(world.emulator.requests).toEqual([]);
  });

  it("that BigCommerce refuses leaves nothing in the state, and its old token untouched", async () => {
    world.emulator.faults.push({ kind: "status", status: 422, method: "POST" });
    expect((await world.up([declare(kind)])).errors).toHaveLength(1);
    expect(world.engine.entries).toEqual([]);
    await world.up([declare(kind)]);
    world.emulator.faults.push({ kind: "status", status: 403, method: "POST" });
    const refused = await world.up([declare(kind, { channelIds: [1] })]);
    expect(refused.requests).toEqual(["POST abc123"]);
    expect(refused.errors[0]?.message).toContain(kind.oauthScope);
    expect(world.outputs()["token"]).toBe("A");
    expect(world.alive()).toBe("A");
  });

  it("[H9,E15] that may have happened is not tried again without a list, and the error says until when a token may exist", async () => {
    await world.close();
    world = await startWorld({ generation: 1 });
    world.emulator.faults.push({ kind: "reset-after", method: "POST" });
    const up = await world.up([declare(kind)]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(up.errors[0]?.message).toMatch(/2026-10-30T00:00:00Z may exist/);
    expect(world.alive()).toBe("A");
  });
});

it("a life that is over before its turn has come is not asked for", async () => {
  world.wrap = (client: Client): Client => ({
    ...client,
    mint: (target, request, preparation) => {
      world.emulator.clock.advance(90);
      return client.mint(target, request, preparation);
    },
  });
  const up = await world.up([declare(KINDS.private, { lifetime: "60s", rotateBefore: "10s" })]);
  expect(up.errors[0]?.message).toMatch(/no token was minted, because it has expired already/);
  expect(world.emulator.issued).toEqual([]);
});

it("[K10] fifty creates at once give fifty tokens, each with its own id and state", async () => {
  const handlers = world.handlers("private");
  const minted = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const news = { ...declare(KINDS.private).args, label: `l/${index}`, __provider: "code" };
      const { inputs } = await handlers.check({}, news);
      return handlers.create(inputs);
    }),
  );
  expect(new Set(minted.map(({ id }) => id)).size).toBe(50);
  for (const [index, { outs }] of minted.entries()) expect(outs).toMatchObject({ label: `l/${index}` });
  expect(world.emulator.requests.map(({ method }) => method).sort()).toEqual([
    "GET",
    ...Array<string>(50).fill("POST"),
  ]);
});
