import type { FaultAction } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS, STORE } from "../handlers/support/bigcommerce";
import { declare } from "../handlers/support/samples";
import { startWorld, type World } from "../handlers/support/world";
import { requestByHand } from "../support/by-hand";

const kind = KINDS.private;
const LABEL = "acme/shop/prod/private/x";
const FAMILY = `/stores/${STORE}/v3/storefront/api-token-private`;

let world: World;
afterEach(() => world.close());

const start = async () => {
  world = await startWorld({ sockets: true, generation: 2 });
};
const lose = (times = 1) => {
  world.emulator.faults.push({ kind: "reset-after", method: "POST", times });
};
const onGet = (fault: FaultAction, more: { readonly after?: number; readonly times?: number } = {}) => {
  world.emulator.faults.push({ ...fault, method: "GET", ...more });
};
/** Mints behind the provider's back, with the same credential. */
const mintElsewhere = async (name: string, expiresAt = 2_000_000_000) => {
  await requestByHand(world.emulator, {
    method: "POST",
    path: FAMILY,
    headers: { "X-Auth-Token": CREDENTIALS[STORE] },
    body: JSON.stringify({ channel_ids: [1], scopes: ["Customer"], expires_at: expiresAt, name }),
  });
};
const names = () => world.emulator.issued.map(({ name }) => name ?? "");

describe("a mint whose reply was lost, in a store with the list", () => {
  beforeEach(start);

  it("[X1] is found by its name, revoked by its jti, and minted once more under a new name", async () => {
    lose();
    const up = await world.up([declare(kind)]);
    expect(up.errors).toEqual([]);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A", "POST abc123"]);
    expect(world.alive()).toBe("B");
    expect(new Set(names()).size).toBe(2);
    for (const name of names()) expect(name).toMatch(/^acme\/shop\/prod\/private\/x#[0-9a-f]{32}$/);
    expect(world.outputs()["listName"]).toBe(names()[1]);
    expect(up.lines).toContain(
      "acme/shop/prod/private/x: the first attempt to mint got no usable answer, so the provider mints again: the mint " +
        "left token A, which was found and revoked",
    );
  });

  it("[X1] twice: both are revoked, and the error says that nothing is left", async () => {
    lose(2);
    const up = await world.up([declare(kind)]);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A", "POST abc123", "DELETE abc123 B"]);
    expect(world.alive()).toBe("");
    expect(up.errors[0]?.message).toMatch(
      /the mint left token \S+, which was found and revoked \[REJECTED\]/,
    );
    expect(up.errors[0]?.message).not.toMatch(/may exist/);
  });

  it("[X1] and cannot be revoked: the error names its jti, and nothing more is minted", async () => {
    lose();
    world.emulator.faults.push({ kind: "status", status: 500, method: "DELETE", times: Infinity });
    const up = await world.up([declare(kind)]);
    expect(up.requests.filter((line) => line.startsWith("POST"))).toEqual(["POST abc123"]);
    expect(up.errors[0]?.message).toContain(
      `the mint left token ${world.token("A").jti ?? ""}, which could not be revoked (answered 500) [UNKNOWN`,
    );
    expect(world.alive()).toBe("A");
  });

  it("[X1] and is dead already is not revoked, and minted once more", async () => {
    lose();
    onGet(
      {
        kind: "reply",
        reply: ({ body }) => {
          const { data } = body as { data: Record<string, unknown>[] };
          return { body: { data: data.map((row) => ({ ...row, is_revoked: true })) } };
        },
      },
      { after: 1 },
    );
    const up = await world.up([declare(kind)]);
    expect(up.errors).toEqual([]);
    expect(up.requests).toEqual(["POST abc123", "POST abc123"]);
  });

  it("[X1] and was minted twice by something on the way: both are revoked", async () => {
    lose();
    onGet(
      {
        kind: "reply",
        reply: ({ body }) => {
          const { data } = body as { data: Record<string, unknown>[] };
          return { body: { data: [{ ...data[0], jti: "another-of-that-name" }, ...data] } };
        },
      },
      { after: 1 },
    );
    const up = await world.up([declare(kind)]);
    // The second one exists in the list alone, so that its revocation is refused.
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123", "DELETE abc123 A"]);
    expect(up.errors[0]?.message).toMatch(
      /the mint left token another-of-that-name, which could not be revoked/,
    );
  });

  it("[X2] is looked for four times, and then reported by its name without a second POST", async () => {
    world.emulator.faults.push({ kind: "reset-before", method: "POST" });
    const up = await world.up([declare(kind)]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(up.looks).toBe(1 + 4);
    const strayName = expect.stringMatching(/^acme\S+#[0-9a-f]{32}$/) as string;
    expect(up.errors[0]).toMatchObject({ failure: { strayName, strayUntil: "2026-10-30T00:00:00Z" } });
    expect(up.errors[0]?.message).toMatch(
      /the store's list does not show whether the mint left a token \[UNKNOWN\]\. A token named acme\S+#[0-9a-f]{32}, valid until 2026-10-30T00:00:00Z may exist/,
    );
  });

  it("[X2] is found when the list shows it late", async () => {
    lose();
    onGet({ kind: "reply", reply: { body: { data: [] } } }, { after: 1, times: 2 });
    const up = await world.up([declare(kind)]);
    expect(up.errors).toEqual([]);
    expect(up.looks).toBe(1 + 3);
    expect(world.alive()).toBe("B");
  });

  it.each<[string, FaultAction]>([
    ["fails", { kind: "status", status: 500 }],
    ["is a page", { kind: "reply", reply: { body: "<html>" } }],
    ["is no list", { kind: "reply", reply: { body: { data: { jti: "a" } } } }],
    ["is cut", { kind: "truncate" }],
    ["is partial", { kind: "reply", reply: { status: 206 } }],
  ])("[X2] is reported as unknown where the list %s", async (_, fault) => {
    lose();
    onGet(fault, { after: 1, times: Infinity });
    const up = await world.up([declare(kind)]);
    expect(up.requests).toEqual(["POST abc123"]);
    expect(up.errors[0]?.message).toMatch(/the store's list could not be read .*\[UNKNOWN\]/);
    expect(world.alive()).toBe("A");
  });

  it.each(["a.b.c", "iss:0123/abc=", "revoke-all", "j".repeat(60)])(
    "[X1,E15] and has an id that fits into no path (%s): it is named, and nothing more is minted",
    async (jti) => {
      world.emulator.faults.push({ kind: "claims", claims: { jti } });
      if (jti.length === 60)
        world.emulator.faults.push({ kind: "status", status: 500, method: "DELETE", times: 9 });
      lose();
      const up = await world.up([declare(kind)]);
      expect(up.errors[0]?.message).toContain(`the mint left token ${jti}, which could not be revoked`);
      expect(up.errors[0]?.message).toContain("[UNKNOWN");
      expect(world.alive()).toBe("A");
    },
  );

  it("[X1] is found beside rows that nobody can read, which are left alone", async () => {
    lose();
    const odd = [
      { jti: null },
      { jti: "" },
      { jti: "a\nbigcommerce-tokens: minted x", is_revoked: false, is_expired: false },
      { jti: CREDENTIALS[STORE], is_revoked: false, is_expired: false },
      { jti: "b", is_revoked: false },
      { jti: "c", name: 7, is_revoked: false, is_expired: false, issued_at: 1e13, expires_at: "soon" },
      5,
      null,
    ];
    const reply = ({ body }: { readonly body: unknown }) => ({
      body: { data: [...odd, ...(body as { data: unknown[] }).data], meta: null },
    });
    onGet({ kind: "reply", reply }, { times: Infinity });
    expect((await world.up([declare(kind)])).errors).toEqual([]);
    expect(world.alive()).toBe("B");
  });

  it.each([0, 1, 249, 250, 300])("[X4] is found among %i others", async (count) => {
    for (let index = 0; index < count; index += 1) await mintElsewhere(`other/${index}`);
    lose();
    const up = await world.up([declare(kind)]);
    expect(up.errors).toEqual([]);
    expect(world.emulator.issued.filter(({ revokedAt }) => revokedAt !== undefined)).toHaveLength(1);
    expect(world.emulator.issued[count]?.revokedAt).toBeDefined();
  });

  it("[X6] leaves alone whatever has a similar name", async () => {
    const nonce = "0".repeat(32);
    for (const name of [`${LABEL}#${nonce}`, LABEL, `${LABEL}#`, `${LABEL}2#${nonce}`])
      await mintElsewhere(name);
    lose();
    await world.up([declare(kind)]);
    expect(world.alive()).toBe("ABCDF");
  });

  it("[X5,X7] asks for nothing but the newest 250, and never for revoke-all", async () => {
    lose();
    await world.up([declare(kind)]);
    const asked = world.emulator.requests.filter(({ method }) => method === "GET");
    expect(new Set(asked.map(({ path, query }) => `${path}?${query}`))).toEqual(
      new Set([`${FAMILY}?sort=issued_at&direction=desc&limit=250`]),
    );
    expect(world.emulator.requests.some(({ path }) => path.endsWith("/revoke-all"))).toBe(false);
  });
});

describe("whether a store has the list", () => {
  beforeEach(start);
  const two = [declare(kind), declare(kind, {}, { name: "y" })];

  it("is asked once per process and family", async () => {
    const up = await world.up([...two, declare(KINDS.storefront, {}, { name: "z" })]);
    expect(up.looks).toBe(2);
    expect((await world.up([...two, declare(kind, {}, { name: "w" })])).looks).toBe(1);
  });

  it("[X3] is asked no more after two looks in vain", async () => {
    onGet({ kind: "status", status: 500 }, { times: Infinity });
    const three = [...two, declare(kind, {}, { name: "z" })];
    const up = await world.up(three);
    expect(up.errors).toEqual([]);
    expect(up.looks).toBe(2 * 3);
  });

  it("a name that the store refuses is done without", async () => {
    const errors = { name: "The name is too odd.", "name:is_odd": "Really." };
    world.emulator.faults.push({
      kind: "status",
      status: 422,
      body: { status: 422, errors },
      method: "POST",
    });
    const up = await world.up([declare(kind)]);
    expect(up.errors).toEqual([]);
    expect(names()).toEqual([""]);
    expect(world.outputs()).not.toHaveProperty("listName");
  });

  it.each([400, 401, 403, 404, 405, 406, 410, 415, 422, 501])(
    "[X3] is remembered as no after %i, and a token is minted without a name",
    async (status) => {
      onGet({ kind: "status", status }, { times: Infinity });
      const up = await world.up(two);
      expect(up.errors).toEqual([]);
      expect(up.looks).toBe(1);
      expect(names()).toEqual(["", ""]);
      expect(world.outputs()).not.toHaveProperty("listName");
    },
  );

  it.each<[string, FaultAction, number]>([
    ["500", { kind: "status", status: 500 }, 3],
    ["a reset", { kind: "reset-before" }, 3],
    ["a page", { kind: "reply", reply: { body: "<html>" } }, 1],
  ])("[X3] is not remembered after %s, which costs no token", async (_, fault, looks) => {
    onGet(fault, { times: looks });
    const up = await world.up(two);
    expect(up.errors).toEqual([]);
    expect(up.looks).toBe(looks + 1);
    expect(names()[0]).toBe("");
    expect(names()[1]).toMatch(/^acme\/shop\/prod\/private\/y#/);
  });

  it("[X3,N5] that never answers costs half of the time at the most, and the mint goes on", async () => {
    await world.close();
    world = await startWorld({ sockets: true, generation: 2, timeoutMs: 60_000, hurry: 20 });
    onGet({ kind: "hang" }, { times: Infinity });
    world.emulator.faults.push({ kind: "delay", method: "POST", ms: 1_000 });
    expect((await world.up([declare(kind)])).errors).toEqual([]);
  });

  it("[N5] and a mint that is not answered either end in the time of one operation", async () => {
    await world.close();
    world = await startWorld({ sockets: true, generation: 2, timeoutMs: 60_000, hurry: 100 });
    for (const method of ["GET", "POST"])
      world.emulator.faults.push({ kind: "hang", method, times: Infinity });
    expect((await world.up([declare(kind)])).errors[0]?.message).toContain("[UNKNOWN]");
    // And a few steps of a clock that hurries.
    expect(world.tookMs()).toBeLessThan(60_000 + 2_000);
  });

  it("[L1,X3] that asks to wait is asked again after the pause, and the mint has its name", async () => {
    const headers = { "x-rate-limit-time-reset-ms": "29000" };
    onGet({ kind: "status", status: 429, headers });
    expect((await world.up([declare(kind)])).errors).toEqual([]);
    expect(names()[0]).toMatch(/#/);
  });

  it("[X10] is given a name that BigCommerce takes, for the longest label as well", async () => {
    await world.up([declare(kind, {}, { name: "n".repeat(80 - "acme/shop/prod/private/".length) })]);
    expect(names()[0]).toHaveLength(80 + 1 + 32);
  });
});

describe("what an interrupted run left", () => {
  beforeEach(start);
  const left = (lines: readonly string[]) =>
    lines.filter((line) => line.includes("the store also holds token"));

  it("[K2] is named by the next create of that label, with its end, and is not revoked", async () => {
    await mintElsewhere(`${LABEL}#${"a".repeat(32)}`);
    const up = await world.up([declare(kind)]);
    expect(left(up.lines)).toEqual([
      expect.stringMatching(
        /^acme\/shop\/prod\/private\/x: .* holds token A .*; expiry: 2033-05-18T\d\d:\d\d:\d\dZ\).* It is too young until 2026-08-01T01:00:00Z\. From then on, for this stack: `npm exec --no -- pulumi-bigcommerce-tokens orphans --revoke --jti \S+` revokes it if no resource holds it$/,
      ),
    ]);
    expect(world.alive()).toBe("AB");
  });

  it("[K2] an hour after its mint, its whole command works at once", async () => {
    await mintElsewhere(`${LABEL}#${"a".repeat(32)}`);
    world.emulator.clock.advance(3_600);
    const up = await world.up([declare(kind)]);
    expect(left(up.lines)).toEqual([
      expect.stringMatching(/ left it\. After the update, for this stack: `npm exec --no -- pulumi-bigcommerce-tokens orphans --revoke --jti \S+` revokes it if no resource holds it$/),
    ]);
  }); // prettier-ignore

  it("may be what a forced replacement replaces, which the provider cannot tell, and is no warning then", async () => {
    await world.up([declare(kind)]);
    const up = await world.up([declare(kind)], { replace: ["x"] });
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(left(up.lines)).toHaveLength(1);
    expect(up.lines.filter((line) => line.startsWith("warning: "))).toEqual([]);
  });

  it("is nothing that this update replaces, nor its live predecessor", async () => {
    await world.up([declare(kind)]);
    await world.up([declare(kind, { channelIds: [1, 2, 3] })]);
    const up = await world.up([declare(kind, { channelIds: [1, 2, 3], scopes: ["Customer"] })]);
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A", "DELETE abc123 B"]);
    expect(left(up.lines)).toEqual([]);
  });

  it("is nothing that is dead, of another label, or without a nonce", async () => {
    const others = [LABEL, `${LABEL}2#${"a".repeat(32)}`, `${LABEL}#y#${"e".repeat(32)}`, `${LABEL}#0123`];
    for (const name of [...others, `${LABEL}#${"b".repeat(32)}`]) await mintElsewhere(name);
    await world.revokeElsewhere("E");
    await mintElsewhere(`${LABEL}#${"c".repeat(32)}`, world.emulator.clock.now() + 60);
    world.emulator.clock.advance(60);
    expect(left((await world.up([declare(kind)])).lines)).toEqual([]);
  });

  it("is told without an end where the list has none that makes sense", async () => {
    await mintElsewhere(`${LABEL}#${"a".repeat(32)}`);
    onGet({
      kind: "reply",
      reply: ({ body }) => {
        const { data } = body as { data: Record<string, unknown>[] };
        return { body: { data: data.map((row) => ({ ...row, expires_at: 1e13, issued_at: -5 })) } };
      },
    });
    const { lines, errors } = await world.up([declare(kind)]);
    expect(errors).toEqual([]);
    expect(left(lines)).toEqual([
      expect.stringMatching(
        /holds token A under this label \(issued: not listed; expiry: not listed\)\. If this update is a forced replacement \(--replace, taint\), it revokes that token at its end, and nothing is to be done\. .* `npm exec --no -- pulumi-bigcommerce-tokens orphans` shows it if no resource holds it$/,
      ),
    ]);
  });

  it("is counted where it is much", async () => {
    for (let index = 0; index < 7; index += 1) await mintElsewhere(`${LABEL}#${String(index).repeat(32)}`);
    const { lines } = await world.up([declare(kind)]);
    expect(left(lines)).toHaveLength(5);
    expect(lines).toContainEqual(expect.stringMatching(/the store holds 2 more tokens under this label/));
  });
});
