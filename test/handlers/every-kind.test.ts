import { mintByHand } from "../support/by-hand";
import { CREDENTIALS, STORE } from "./support/bigcommerce";
import { EVERY_CASE } from "./support/cases";
import { declare, RIGHTS } from "./support/samples";
import { startWorld, type World } from "./support/world";

const BODY = {
  channelIds: (all: unknown) => ["channel_ids", all],
  scopes: (all: unknown) => ["scopes", all],
  allowedCorsOrigins: (all: unknown) => ["allowed_cors_origins", all],
};

let world: World;
afterEach(() => world.close());

describe.each(EVERY_CASE)("a token of every kind: $title", ({ kind, generation }) => {
  beforeEach(async () => {
    world = await startWorld({ generation });
  });
  const rights = { channelIds: [1, 2], ...Object.fromEntries(kind.rights.map((right) => [right, RIGHTS[right].all])) }; // prettier-ignore
  const body = Object.fromEntries(
    Object.entries(rights).map(([name, all]) => BODY[name as keyof typeof BODY](all)),
  ) as Record<string, unknown>;
  const sent = () => world.emulator.requests.find(({ method }) => method === "POST");
  const label = `acme/shop/prod/${kind.name}/x`;

  it("is minted with its rights at its path, rotated when it is due, and revoked with its previous one when it is removed", async () => {
    const up = await world.up([declare(kind)]);
    expect(up).toMatchObject({ failures: [], errors: [], requests: ["POST abc123"] });
    expect(up.lines).toContain(`minted ${label} A 2026-10-30T00:00:00Z`);
    expect(sent()).toMatchObject({ path: `/stores/abc123/v3/storefront/${kind.family}`, body });
    expect(world.token("A")).toMatchObject(rights);
    expect(world.outputs()).toMatchObject({ token: "A", ...rights });

    expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
    world.advance(60);
    expect((await world.up([declare(kind)])).requests).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({
      token: "B",
      previousToken: "A",
      previous: { fate: "letExpire" },
    });
    expect(world.alive()).toBe("AB");
    const removal = await world.up([]);
    expect(removal).toMatchObject({ errors: [], requests: ["DELETE abc123 A", "DELETE abc123 B"] });
    expect(world.alive()).toBe("");
  });

  it.each(["channelIds", ...kind.rights] as const)("is replaced where %s changes, and revoked at once", async (right) => {
    await world.up([declare(kind)]);
    const narrow = { [right]: right === "channelIds" ? [1] : RIGHTS[right].some };
    const up = await world.up([declare(kind, narrow)]);
    expect(up).toMatchObject({ errors: [], requests: ["POST abc123", "DELETE abc123 A"] });
    expect(world.token("B")).toMatchObject({ ...rights, ...narrow });
    expect(world.alive()).toBe("B");
  }); // prettier-ignore

  it("is verified at GraphQL, from an origin of the token where it has some", async () => {
    const up = await world.up([declare(kind, { verify: true })]);
    expect(up).toMatchObject({ errors: [], requests: ["POST abc123", "GRAPHQL abc123"] });
    expect(world.outputs()).toMatchObject({ token: "A", verified: true });
    const asked = world.emulator.requests.find(({ path }) => path === "/graphql");
    const [origin] = kind.rights.includes("allowedCorsOrigins") ? RIGHTS.allowedCorsOrigins.all : [];
    expect(asked?.headers["origin"]).toBe(origin);
  });

  it("that was made by hand is adopted, and revoked when it is removed", async () => {
    const hand = { store: STORE, credential: CREDENTIALS[STORE], family: kind.family, endsInDays: 80 };
    const adopt = await mintByHand(world.emulator, { ...hand, body });
    expect(await world.up([declare(kind, { adopt })])).toMatchObject({ failures: [], errors: [] });
    expect(world.outputs()).toMatchObject({ token: "A", adopted: "A" });
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 A"]);
  });

  it("that was revoked elsewhere is seen gone by a refresh where the store has a list, and minted anew", async () => {
    await world.up([declare(kind)]);
    await world.revokeElsewhere("A");
    await world.up([declare(kind)], { refresh: true });
    expect(world.alive()).toBe(generation === 2 ? "B" : "");
  });

  it("that BigCommerce does not revoke stays in the state until it does", async () => {
    await world.up([declare(kind)]);
    world.emulator.faults.push({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    const refused = await world.destroy();
    expect(refused.errors).toHaveLength(1);
    expect(refused.errors[0]?.message).toContain(label);
    expect(world.engine.live("x").outputs["token"]).toBe(world.token("A").token);
    world.emulator.faults.clear();
    expect(await world.destroy()).toMatchObject({ errors: [] });
    expect(world.alive()).toBe("");
  });
});
