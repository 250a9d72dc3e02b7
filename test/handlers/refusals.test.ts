import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS } from "./support/bigcommerce";
import { CASES } from "./support/cases";
import { declare } from "./support/samples";
import { startWorld, type World, type WorldOptions } from "./support/world";

const NARROW = { channelIds: [1] };
const WIDE = { channelIds: [1, 2, 3] };
const ENDLESS = { lifetime: null, expiresAt: "never" };

interface Refusal {
  readonly options?: WorldOptions;
  readonly happens: (world: World) => Promise<void> | void;
  /** What the message says to do. */
  readonly remedy: RegExp;
}

/** BigCommerce's answers that asking again will not change. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  "[R17] belongs to another account": {
    happens: (world) => {
      world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.colleague;
    },
    remedy:
      /API account \S+ minted it\. The variable is BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS; in use: environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123\./,
  },
  "[R18] finds no room among the revoked": {
    options: { revokedLimit: 0 },
    happens: () => undefined,
    remedy:
      /Run it again after one of the store's revoked tokens has expired, which makes room for another\./,
  },
  "[R5,R8] was revoked by somebody else, which cannot be proven": {
    options: { deadTokenRevocation: "refused" },
    happens: async (world) => {
      for (const { fingerprint } of world.emulator.issued.filter(
        ({ revokedAt }) => revokedAt === undefined,
      )) {
        await world.revokeElsewhere(world.letter(fingerprint));
      }
      // Neither the list nor GraphQL tells.
      world.emulator.faults.push({ kind: "status", status: 500, method: "GET", times: Infinity });
      world.emulator.faults.push({ kind: "status", status: 500, path: "/graphql", times: Infinity });
    },
    remedy: /BIGCOMMERCE_ON_DELETE=letExpire/,
  },
};

const ROWS = CASES.flatMap((at) =>
  Object.entries(REFUSALS).map(([what, refusal]) => ({ ...at, what, ...refusal })),
);

let world: World;
afterEach(() => world.close());

describe.each(ROWS)("a token that $what ($title)", ({ kind, generation, options, happens, remedy }) => {
  beforeEach(async () => {
    world = await startWorld({ generation, ...options });
  });

  const refusedOnce = (errors: readonly Error[]) => {
    expect(errors).toHaveLength(1);
    const message = errors[0]?.message ?? "";
    expect(message).toMatch(/stays in the state/);
    expect(message).toMatch(remedy);
    expect(message).toContain(world.token("A").fingerprint);
    expect(message).toContain("BIGCOMMERCE_ON_DELETE=letExpire");
  };

  it("and is removed stays in the state, until the override lets it go without a request", async () => {
    await world.up([declare(kind)]);
    await happens(world);
    refusedOnce((await world.up([])).errors);
    expect(world.engine.entries).toHaveLength(1);

    world.env["BIGCOMMERCE_ON_DELETE"] = "letExpire";
    const out = await world.destroy();
    expect(out.requests).toEqual([]);
    expect(world.engine.entries).toEqual([]);
  });

  it("and is forced stays pending, and the new one lives", async () => {
    await world.up([declare(kind)]);
    await happens(world);
    refusedOnce((await world.up([declare(kind)], { replace: ["x"] })).errors);
    expect(world.engine.pendingOf("x")).toHaveLength(1);
    expect(world.alive()).toContain("B");
  });

  it("and is replaced is dropped with a warning, and stays visible in previous", async () => {
    await world.up([declare(kind)]);
    await happens(world);
    const up = await world.up([declare(kind, NARROW)]);
    expect(up.errors).toEqual([]);
    expect(up.lines.filter((line) => /^warning: \S+: token A /.test(line))).toEqual([
      expect.stringMatching(/was not revoked and may work until it expires \(2026-10-30T00:00:00Z\)/),
    ]);
    expect(world.engine.entries).toHaveLength(1);
    expect(world.outputs()["previous"]).toMatchObject({ fingerprint: "A", fate: "revoke" });
  });

  it("and is replaced without an end always stays", async () => {
    await world.up([declare(kind, ENDLESS)]);
    await happens(world);
    refusedOnce((await world.up([declare(kind)])).errors);
    expect(world.engine.pendingOf("x")).toHaveLength(1);
    await world.up([declare(kind)]);
    expect(world.engine.pendingOf("x")).toHaveLength(1);
  });

  it("and is a predecessor is warned of, and does not keep its successor", async () => {
    await world.up([declare(kind)]);
    await world.up([declare(kind, WIDE)]);
    await happens(world);
    const destroy = await world.destroy();
    expect(destroy.lines).toContainEqual(
      expect.stringMatching(
        /^warning: \S+: token A was not revoked and may work until it expires \(2026-10-30T00:00:00Z\)/,
      ),
    );
    // The successor itself is refused as a removed token: only then does it stay.
    expect(destroy.errors).toHaveLength(1);
    expect(destroy.errors[0]?.message).toContain(world.token("B").fingerprint);
  });
});

const PASSING = [
  ["[R4] 401", { kind: "status", status: 401 }],
  ["[R4] 403", { kind: "status", status: 403 }],
  ["[R7] 429", { kind: "status", status: 429 }],
  ["[R7] 500", { kind: "status", status: 500 }],
  ["[R7] 503", { kind: "status", status: 503 }],
  ["[R7] a reset", { kind: "reset-before" }],
  ["a redirect", { kind: "redirect", location: "https://elsewhere.example/" }],
  [
    "[R2] a login page",
    { kind: "reply", reply: { status: 200, body: "<html>", headers: { "content-type": "text/html" } } },
  ],
] as const;

describe.each(PASSING)(
  "a revocation that meets %s keeps the token pending, whatever its cause",
  (_, fault) => {
    const kind = KINDS.storefront;
    const fail = () => {
      world.emulator.faults.push({ ...fault, method: "DELETE", times: Infinity });
    };
    beforeEach(async () => {
      world = await startWorld();
      await world.up([declare(kind)]);
    });

    it.each([
      ["removed", () => world.up([]), "live"],
      ["forced", () => world.up([declare(kind)], { replace: ["x"] }), "pending"],
      ["replaced", () => world.up([declare(kind, NARROW)]), "pending"],
    ] as const)("%s", async (_cause, run, where) => {
      fail();
      const result = await run();
      expect(result.errors).toHaveLength(1);
      expect(result.errors[0]?.message).toContain("stays in the state");
      const entries = world.engine.entries.filter(({ pending }) => pending === (where === "pending"));
      expect(entries.map(({ outputs }) => outputs["fingerprint"])).toEqual([world.token("A").fingerprint]);
      world.emulator.faults.clear();
      const next = await world.destroy();
      expect(next.errors).toEqual([]);
      expect(world.alive()).toBe("");
    });

    it("a predecessor, and with it its successor, which is not asked", async () => {
      await world.up([declare(kind, WIDE)]);
      fail();
      const destroy = await world.destroy();
      expect(destroy.errors).toHaveLength(1);
      expect(new Set(destroy.requests)).toEqual(new Set(["DELETE abc123 A"]));
      expect(world.engine.entries).toHaveLength(1);
      world.emulator.faults.clear();
      await world.destroy();
      expect(world.alive()).toBe("");
    });
  },
);

it.each(CASES)(
  "[R8] a token that somebody else revoked, where BigCommerce accepts that: $title",
  async ({ kind, generation }) => {
    world = await startWorld({ generation, deadTokenRevocation: "accepted" });
    await world.up([declare(kind)]);
    await world.revokeElsewhere("A");
    const removal = await world.up([]);
    expect(removal.errors).toEqual([]);
    expect(removal.requests).toEqual(["DELETE abc123 A"]);
    expect(world.engine.entries).toEqual([]);
  },
);
