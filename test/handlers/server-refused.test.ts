import { KINDS } from "../../provider/domain/kinds";
import { mintByHand } from "../support/by-hand";
import { CREDENTIALS, STORE } from "./support/bigcommerce";
import { declare } from "./support/samples";
import { startWorld, type World, type WorldOptions } from "./support/world";

/** A storefront token without origins, at a BigCommerce that refuses it from servers in words of its own. */
const { storefront: kind } = KINDS;
const NO_ORIGINS = { allowedCorsOrigins: null };
const program = [declare(kind, NO_ORIGINS)];

let world: World;
const start = async (options: WorldOptions = {}) => {
  world = await startWorld({ storefrontServerToServer: "refused", ...options });
};
afterEach(() => world.close());

const onDelete = (status: number, title: string) => {
  world.emulator.faults.push({ kind: "status", status, body: { status, title }, method: "DELETE", times: Infinity });
}; // prettier-ignore
/** A list of the same account that shows another token, and not the one at hand. */
const hideAll = () => {
  const others = [{ jti: "another", principal: { id: "client-main" }, is_revoked: false, is_expired: false }];
  const body = { data: others, meta: { pagination: { total: 1, total_pages: 1 } } };
  world.emulator.faults.push({ kind: "reply", reply: { body }, method: "GET", times: Infinity });
};
const emptyList = () => {
  const body = { data: [], meta: { pagination: { total: 0, total_pages: 0 } } };
  world.emulator.faults.push({ kind: "reply", reply: { body }, method: "GET", times: Infinity });
};

describe("a revocation that BigCommerce refuses", () => {
  it.each<[generation: 1 | 2, status: number, title: string]>([
    [1, 422, "The supplied JWT is invalid."],
    [2, 404, "No token found for the supplied jti."],
  ])("is not done because GraphQL refuses the server, generation %i", async (generation, status, title) => {
    await start({ generation });
    await world.up(program);
    onDelete(status, title);
    if (generation === 2) hideAll();
    const destroyed = await world.destroy();
    expect(destroyed.errors).toHaveLength(1);
    expect(destroyed.requests.at(-1)).toBe("GRAPHQL abc123");
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(world.alive()).toBe("A");
  });
});

describe("a refresh that asks GraphQL, because the list does not tell", () => {
  it("keeps a token of the last minutes that the list does not show yet", async () => {
    await start();
    await world.up(program);
    hideAll();
    const refreshed = await world.refresh();
    expect(refreshed.requests).toEqual(["GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(world.outputs()).not.toHaveProperty("gone");
    expect(refreshed.lines.at(-1)).toMatch(/may not show tokens of the last minutes yet/);
    expect((await world.up(program)).requests).toEqual([]);
  });

  it("keeps a token of a list that does not say whose it is", async () => {
    await start();
    await world.up(program);
    world.advance(1);
    emptyList();
    const refreshed = await world.refresh();
    expect(refreshed.requests).toEqual(["GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(refreshed.lines.at(-1)).toMatch(/does not say which API account minted them/);
    expect((await world.up(program)).requests).toEqual([]);
  });

  it("asks of a token with origins for itself, and sees that it is gone", async () => {
    await start();
    await world.up([...program, declare(kind, {}, { name: "y" })]);
    world.advance(1);
    world.emulator.forget(world.emulator.issued.find((token) => token.allowedCorsOrigins.length > 0)!);
    emptyList();
    const refreshed = await world.refresh();
    expect(refreshed.requests).toEqual(["GRAPHQL abc123", "GRAPHQL abc123"]);
    expect(world.inUse()).toEqual(["x"]);
  });

  it("still sees the end that the list shows", async () => {
    await start();
    await world.up(program);
    await world.revokeElsewhere("A");
    await world.refresh();
    expect(world.inUse()).toEqual([]);
  });
});

describe("adopt", () => {
  it.each([1, 2] as const)("takes over such a token, generation %i", async (generation) => {
    await start({ generation });
    const credential = CREDENTIALS[STORE];
    const { family } = kind;
    const body = { channel_ids: [1, 2] };
    const token = await mintByHand(world.emulator, {
      store: STORE,
      credential,
      family,
      endsInDays: 80,
      body,
    });
    if (generation === 2) hideAll();
    const up = await world.up([declare(kind, { ...NO_ORIGINS, adopt: token })]);
    expect([up.errors, up.failures]).toEqual([[], []]);
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(world.emulator.issued).toHaveLength(1);
  });
});

describe("verify", () => {
  const verified = [declare(kind, { ...NO_ORIGINS, verify: true })];
  const CANNOT = expect.stringMatching(
    /is not proven to work: GraphQL at store-abc123-1\.mybigcommerce\.com: answered 401, "Storefront tokens without allowed origins are not accepted from a server\."; BigCommerce may refuse a storefront token without origins from a server, so this proves nothing: give allowedCorsOrigins, or remove verify\. It is kept in the state/,
  ); // prettier-ignore
  const kept = [expect.objectContaining({ code: "partial_failure", message: CANNOT })];

  it("ends in a token that is kept and not proven, after one question, and says the ways out", async () => {
    await start();
    const up = await world.up(verified);
    expect(up.errors).toEqual(kept);
    expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A", verified: false });
    const again = await world.up(verified);
    expect([again.errors, again.requests]).toEqual([kept, ["GRAPHQL abc123"]]);
    expect(world.alive()).toBe("A");
  });

  it("accepts the token as it is once verify is left out", async () => {
    await start();
    await world.up(verified);
    const up = await world.up(program);
    expect([up.errors, up.requests]).toEqual([[], []]);
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(world.alive()).toBe("A");
  });

  it("proves its replacement once it has origins", async () => {
    await start();
    await world.up(verified);
    const up = await world.up([declare(kind, { verify: true })]);
    expect(up.errors).toEqual([]);
    expect(world.outputs()).toMatchObject({ token: "B", verified: true });
    expect(world.alive()).toBe("B");
  });

  it("is warned of in check, once a process though check runs twice, and not where there are origins", async () => {
    await start({ storefrontServerToServer: "accepted" });
    const WARNING =
      /^warning: acme\/shop\/prod\/storefront\/x: has verify, but no allowedCorsOrigins: BigCommerce may refuse .*\(\S+\/warnings\.md#verifying-storefront-tokens-without-origins\)$/;
    const warnings = (advice: readonly string[]) => advice.filter((line) => WARNING.test(line));
    expect(warnings((await world.preview(verified)).advice)).toHaveLength(1);
    expect(warnings((await world.up(verified)).advice)).toHaveLength(1);
    const wide = [declare(kind, { ...NO_ORIGINS, verify: true, channelIds: [1, 2, 3] })];
    expect(warnings((await world.up(wide)).advice)).toHaveLength(1);
    expect(warnings((await world.up([declare(kind, { verify: true })])).advice)).toEqual([]);
  });
});
