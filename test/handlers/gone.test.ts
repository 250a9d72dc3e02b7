import { KINDS } from "../../provider/domain/kinds";
import { declare } from "./support/samples";
import { startWorld, type World, type WorldOptions } from "./support/world";

const kind = KINDS.private;
const WIDE = { channelIds: [1, 2, 3] };
const OWN = "BIGCOMMERCE_ACCESS_TOKEN_ABC123";
const FIXED = { lifetime: undefined, expiresAt: "2026-09-01T00:00:00Z" };

let world: World;
afterEach(() => world.close());

/** Tokens A of x and B of y; A is gone, as a refresh a day later found. */
const startGone = async (x = declare(kind), options: WorldOptions = {}) => {
  world = await startWorld({ generation: 2, ...options });
  await world.up([x, declare(kind, {}, { name: "y" })]);
  world.advance(1);
  await world.revokeElsewhere("A");
  await world.refresh();
};
const y = declare(kind, {}, { name: "y" });
/** What was said, but for the host. */
const told = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.filter((line) => !line.includes("is reached at"));
/** The list shows every token alive, as one that was wrong before would. */
const reviveInList = () => {
  world.emulator.faults.push({
    kind: "reply",
    reply: ({ body }) => ({
      body: {
        ...(body as object),
        data: (body as { data: object[] }).data.map((row) => ({ ...row, is_revoked: false })),
      },
    }),
    ...{ method: "GET", times: Infinity },
  });
};

describe("a token that a refresh saw gone", () => {
  it("keeps the time at which the first refresh saw it, and later ones say nothing again", async () => {
    await startGone();
    expect(world.outputs()).toMatchObject({ gone: true, goneAt: "2026-08-02T00:00:00Z" });
    world.advance(3);
    expect(told(await world.refresh())).toEqual([]);
    expect(world.outputs()).toMatchObject({ gone: true, goneAt: "2026-08-02T00:00:00Z" });
  });

  it("is in use again, without a new token, once the list shows it alive", async () => {
    await startGone();
    reviveInList();
    expect(told(await world.refresh())).toEqual([
      "acme/shop/prod/private/x: token A is alive, though an earlier refresh found it gone: it stays in use",
    ]);
    for (const mark of ["gone", "goneAt"]) expect(world.outputs()).not.toHaveProperty(mark);
    await world.destroy();
    expect(world.alive()).toBe("");
  });

  it.each([503, 403])("stays gone where the list cannot be read: %i", async (status) => {
    await startGone();
    world.emulator.faults.push({ kind: "status", status, method: "GET", times: Infinity });
    await world.refresh();
    expect(world.outputs()).toMatchObject({ gone: true, goneAt: "2026-08-02T00:00:00Z" });
  });

  it("stays gone where the list does not tell, though GraphQL accepts another token of its account", async () => {
    await startGone();
    const rows = { data: [], meta: { pagination: { total: 0, total_pages: 0 } } };
    world.emulator.faults.push({ kind: "reply", reply: { body: rows }, method: "GET", times: Infinity });
    await world.refresh();
    expect(world.inUse()).toEqual(["y"]);
  });

  it("leaves the state, and nothing is sent and no credential needed, where the program no longer has it", async () => {
    await startGone();
    world.env[OWN] = undefined;
    expect((await world.up([y])).requests).toEqual([]);
    expect(world.engine.entries.map(({ name }) => name)).toEqual(["y"]);
  });

  it("leaves the state in a destroy, where nothing is sent for it", async () => {
    await startGone();
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 B"]);
    expect(world.engine.entries).toEqual([]);
  });

  it("is replaced where ignoreChanges pins its expiration, and a new lifetime begins", async () => {
    await startGone(declare(kind, {}, { ignoreChanges: ["expiresAt"] }));
    const up = await world.up([declare(kind, {}, { ignoreChanges: ["expiresAt"] }), y]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({ token: "C", lifetime: "90d" });
  });

  it("and is protected stays, with its mark: Pulumi refuses to replace it", async () => {
    await startGone(declare(kind, {}, { protect: true }));
    const up = await world.up([declare(kind, {}, { protect: true }), y]);
    expect(up.requests).toEqual([]);
    expect(up.errors.map(String)).toEqual([expect.stringMatching(/protected/)]);
    expect(world.outputs()).toMatchObject({ token: "A", gone: true });
    expect((await world.up([declare(kind), y])).requests).toEqual(["POST abc123"]);
  });

  it("with a fixed expiration is replaced by one with the same", async () => {
    await startGone(declare(kind, FIXED));
    expect((await world.up([declare(kind, FIXED), y])).requests).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({ token: "C", expiresAt: FIXED.expiresAt });
  });

  it("whose fixed expiration has passed fails no update: that says what to do, and keeps the mark", async () => {
    await startGone(declare(kind, FIXED));
    world.advance(40);
    const up = await world.up([declare(kind, { ...FIXED, onDelete: "letExpire" }), y]);
    expect({ requests: up.requests, errors: up.errors, failures: up.failures }).toEqual({
      ...{ requests: [], errors: [], failures: [] },
    });
    expect(world.heard.join("\n")).toMatch(/x: expired at 2026-09-01T00:00:00Z, and nothing rotates a token/);
    expect(world.outputs()).toMatchObject({ token: "A", gone: true, goneAt: "2026-08-02T00:00:00Z" });
    const cured = await world.up([declare(kind), y]);
    expect(cured.requests).toEqual(["POST abc123"]);
    expect(world.outputs()).not.toHaveProperty("gone");
  });
});

describe("a token that was replaced and still waits for its deletion", () => {
  it("and was revoked elsewhere, is not said to be minted anew, and the next up drops it", async () => {
    world = await startWorld({ generation: 2 });
    await world.up([declare(kind)]);
    await world.up([declare(kind, { channelIds: [1] })], { dependantFails: true });
    world.advance(1);
    await world.revokeElsewhere("A");
    const [line] = told(await world.refresh());
    expect(line).toBe(
      "warning: acme/shop/prod/private/x: token A was revoked outside of this stack; " +
        "`pulumi up --refresh` mints a new token, if the program still needs one",
    );
    const up = await world.up([declare(kind, { channelIds: [1] })], { refresh: true });
    expect(up.requests).toEqual([]);
    expect(world.engine.entries).toHaveLength(1);
    expect(world.alive()).toBe("B");
  });

  it("as gone, and is alive after all, is revoked, and not the token that dependents still use", async () => {
    world = await startWorld({ generation: 2 });
    await world.up([declare(kind)]);
    await world.up([declare(kind, WIDE)]);
    world.advance(1);
    world.emulator.forget(world.token("B"));
    await world.refresh();
    await world.up([declare(kind, WIDE)], { dependantFails: true });
    expect(world.outputs()).toMatchObject({ token: "C", previousToken: "A" });
    const [waiting] = world.engine.pendingOf("x");
    const { gone: _, goneAt: __, ...outputs } = waiting!.outputs;
    world.engine.entries = world.engine.entries.map((entry) =>
      entry === waiting ? { ...entry, outputs } : entry,
    );
    await world.up([declare(kind, WIDE)]);
    expect(world.alive()).toBe("AC");
    expect(world.engine.entries).toHaveLength(1);
  });
});
