import { CREDENTIALS } from "./support/bigcommerce";
import { CASES } from "./support/cases";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

describe.each(CASES)("stories of stores, hosts and other people: $title", ({ kind, generation }) => {
  let world: World;
  const start = async (options = {}) => {
    world = await startWorld({ generation, ...options });
    await world.up([declare(kind)]);
  };
  afterEach(() => world.close());

  it("the default store changed: check fails, names both ways, and nothing is sent", async () => {
    await start();
    world.env["BIGCOMMERCE_STORE_HASH"] = "other9";
    const moved = await world.up([declare(kind)]);
    expect(moved.requests).toEqual([]);
    expect(moved.failures).toEqual([
      expect.stringMatching(
        /^storeHash: .*other9.*abc123.*storeHash: "abc123" to keep.*storeHash: "other9" to move it$/,
      ),
    ]);
    expect((await world.up([declare(kind, { storeHash: "abc123" })])).requests).toEqual([]);
    expect((await world.up([declare(kind, { storeHash: "other9" })])).requests).toEqual([
      "POST other9",
      "DELETE abc123 A",
    ]);
  });

  it("default store changed, then --replace: minted in the new one, the old one ends in its own", async () => {
    await start();
    world.env["BIGCOMMERCE_STORE_HASH"] = "other9";
    const forced = await world.up([declare(kind)], { replace: ["x"] });
    expect(forced.requests).toEqual(["POST other9", "DELETE abc123 A"]);
    expect(world.outputs()).toMatchObject({ token: "B", storeHash: "other9" });
  });

  it("API host changed, then removed: nothing is sent, and the token stays until the host is right again", async () => {
    await start();
    const url = world.env["BIGCOMMERCE_API_URL"];
    world.env["BIGCOMMERCE_API_URL"] = "http://127.0.0.1:1";
    const removal = await world.up([]);
    expect(removal.requests).toEqual([]);
    expect(removal.errors[0]?.message).toMatch(
      /API host of store abc123 is now http:\/\/127\.0\.0\.1:1.*BIGCOMMERCE_API_URL/,
    );
    expect(world.engine.entries).toHaveLength(1);

    world.env["BIGCOMMERCE_API_URL"] = url;
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 A"]);
  });

  it("API host changed under a token that stays: check fails before anything else", async () => {
    await start();
    world.env["BIGCOMMERCE_API_URL"] = "http://127.0.0.1:1";
    const up = await world.up([declare(kind, { channelIds: [1] })]);
    expect(up.failures).toEqual([
      expect.stringMatching(/minted at http:\/\/127\.0\.0\.1:\d+.*BIGCOMMERCE_API_URL/),
    ]);
    expect(up.calls).toEqual(["check x"]);
  });

  it("API host changed, and the token expired long ago: it goes without a word to any host", async () => {
    await start();
    world.env["BIGCOMMERCE_API_URL"] = "http://127.0.0.1:1";
    world.advance(92);
    const removal = await world.up([]);
    expect(removal.errors).toEqual([]);
    expect(world.engine.entries).toEqual([]);
  });

  it("API host changed, but the predecessor's is another one still: nothing is sent for either", async () => {
    await start();
    await world.up([declare(kind, { channelIds: [1, 2, 3] })]);
    const entry = world.engine.live("x");
    const previous = { ...(entry.outputs["previous"] as object), apiUrl: "https://elsewhere.example" };
    world.engine.entries = [{ ...entry, outputs: { ...entry.outputs, previous } }];
    const removal = await world.destroy();
    expect(removal.requests).toEqual([]);
    expect(removal.errors[0]?.message).toContain("https://elsewhere.example");
    expect(world.engine.entries).toHaveLength(1);
  });

  it("is told once a run at which host a store is reached", async () => {
    await start();
    const up = await world.up([declare(kind), declare(kind, {}, { name: "y" })]);
    expect(
      up.lines.filter((line) => line.startsWith("store abc123 is reached at http://127.0.0.1:")),
    ).toHaveLength(1);
  });

  it("[R10] credentials changed between up and destroy: the environment of the run counts", async () => {
    await start();
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = "no-longer-valid-canary";
    const refused = await world.destroy();
    expect(refused.errors[0]?.message).toContain("environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123");
    expect(world.engine.entries).toHaveLength(1);
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.abc123;
    expect((await world.destroy()).errors).toEqual([]);
    expect(world.alive()).toBe("");
  });

  it("[R10] credentials in the configuration: destroy uses those of the last up, and says so where they fail", async () => {
    world = await startWorld({ generation });
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    world.config["bigcommerce:stores"] = JSON.stringify({ abc123: { accessToken: CREDENTIALS.abc123 } });
    await world.up([declare(kind)]);
    world.config["bigcommerce:stores"] = JSON.stringify({ abc123: { accessToken: "changed-after-the-up" } });
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("");
  });

  it("[R10] credentials in the configuration that fail at destroy: the message names them and the last up", async () => {
    world = await startWorld({ generation });
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = undefined;
    world.config["bigcommerce:stores"] = JSON.stringify({ abc123: { accessToken: CREDENTIALS.abc123 } });
    await world.up([declare(kind)]);
    world.emulator.faults.push({ kind: "status", status: 401, method: "DELETE" });
    const message = (await world.destroy()).errors[0]?.message;
    expect(message).toMatch(/bigcommerce:stores\.abc123\.accessToken .*last `pulumi up`/);
  });

  it("two stores in one stack: each token is minted and ended with its own store's credential", async () => {
    world = await startWorld({ generation });
    const program = [declare(kind), declare(kind, { storeHash: "other9" }, { name: "y" })];
    expect((await world.up(program)).requests).toEqual(["POST abc123", "POST other9"]);
    expect((await world.destroy()).requests).toEqual(["DELETE other9 B", "DELETE abc123 A"]);
    expect(world.alive()).toBe("");
  });
});
