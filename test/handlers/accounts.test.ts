import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS } from "./support/bigcommerce";
import { CASES } from "./support/cases";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const OWN = "BIGCOMMERCE_ACCESS_TOKEN_ABC123";
const PREVIOUS = "BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS";

let world: World;
afterEach(() => world.close());

describe.each(CASES)("a new API account in the place of an old one: $title", ({ kind, generation }) => {
  const change = () => {
    world.env[OWN] = CREDENTIALS.colleague;
    world.env[PREVIOUS] = CREDENTIALS.abc123;
  };
  beforeEach(async () => {
    world = await startWorld({ generation });
    await world.up([declare(kind)]);
  });

  it("[R17] revokes with the old credential what the old account minted", async () => {
    change();
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.requests.filter((line) => line.startsWith("DELETE"))).toEqual([
      "DELETE abc123 A",
      "DELETE abc123 A",
    ]);
    expect(world.alive()).toBe("");
  });

  it("mints with the new one, and ends what that one minted with it alone", async () => {
    change();
    const up = await world.up([declare(kind)], { replace: ["x"] });
    // What was minted tells that the old token is not the new account's.
    expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(world.outputs()).toMatchObject({ apiAccount: "client-colleague", token: "B" });
    expect(world.alive()).toBe("B");
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 B"]);
  });

  it("needs no old credential that works where the old token is dead already", async () => {
    world.env[OWN] = CREDENTIALS.colleague;
    world.env[PREVIOUS] = "a-wrong-credential";
    await world.revokeElsewhere("A");
    world.advance(1);
    const up = await world.up([declare(kind)], { replace: ["x"] });
    expect(up.errors).toEqual([]);
    expect(world.alive()).toBe("B");
  });

  it("revokes a predecessor of the old account as well", async () => {
    change();
    await world.up([declare(kind, { channelIds: [1, 2, 3] })]);
    expect(world.alive()).toBe("AB");
    expect((await world.destroy()).errors).toEqual([]);
    expect(world.alive()).toBe("");
  });

  it("needs no more than the old credential to revoke", async () => {
    world.env[PREVIOUS] = CREDENTIALS.abc123;
    world.env[OWN] = undefined;
    expect((await world.destroy()).errors).toEqual([]);
    expect(world.alive()).toBe("");
  });

  it("never mints with the old credential", async () => {
    world.env[PREVIOUS] = CREDENTIALS.abc123;
    world.env[OWN] = undefined;
    const up = await world.up([declare(kind), declare(kind, {}, { name: "y" })]);
    expect(up.errors[0]?.message).toContain("no credential for store abc123");
    expect(up.requests).toEqual([]);
  });

  it("[R4] keeps the token where the old credential is refused, and names that one", async () => {
    world.env[OWN] = CREDENTIALS.colleague;
    world.env[PREVIOUS] = "a-wrong-credential";
    const destroy = await world.destroy();
    expect(destroy.errors[0]?.message).toMatch(
      /refuses the access token from environment variable \S+_PREVIOUS/,
    );
    expect(world.engine.entries).toHaveLength(1);
  });
});

it("[U3] a malformed one fails check by its name, and not by its value", async () => {
  world = await startWorld();
  world.env[PREVIOUS] = "with a space";
  const { failures } = await world.preview([declare(KINDS.storefront)]);
  expect(failures).toEqual([
    expect.stringMatching(new RegExp(`^environment variable ${PREVIOUS} has characters`)),
  ]);
});

it("comes from the stack's configuration, where no variable is set", async () => {
  world = await startWorld();
  const kind = KINDS.private;
  await world.up([declare(kind)]);
  world.env[OWN] = CREDENTIALS.colleague;
  world.config["bigcommerce:stores"] = JSON.stringify({
    abc123: { previousAccessToken: CREDENTIALS.abc123 },
  });
  expect((await world.up([])).errors).toEqual([]);
  expect(world.alive()).toBe("");
});
