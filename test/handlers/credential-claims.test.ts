import { KINDS } from "../../provider/domain/kinds";
import { mintByHand } from "../support/by-hand";
import { leaksIn } from "../support/leaks";
import { CREDENTIALS, OTHER_STORE, STORE } from "./support/bigcommerce";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { private: kind } = KINDS;
const PREVIOUS = "credential-of-the-account-before-canary";

let world: World;
afterEach(() => world.close());

const paths = () => world.emulator.requests.map(({ path }) => path).join("\n");

describe.each([
  ["the credential", CREDENTIALS[STORE]],
  ["the credential of the account before", PREVIOUS],
  ["the credential of another store", CREDENTIALS[OTHER_STORE]],
])("a token whose claims hold %s", (_, secret) => {
  const program = [declare(kind)];
  beforeEach(async () => {
    world = await startWorld();
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = PREVIOUS;
    world.emulator.faults.push({ kind: "claims", claims: { jti: secret, sub: secret } });
  });

  it("goes by its fingerprint, and names no account", async () => {
    expect(await world.up(program)).toMatchObject({ errors: [], failures: [] });
    const { id, outputs } = world.engine.live("x");
    expect(id).toBe(outputs["fingerprint"]);
    expect(outputs).not.toHaveProperty("apiAccount");
  });

  it("is revoked by its text, so that the secret stands in no path", async () => {
    await world.up(program);
    await world.refresh();
    await world.destroy();
    expect(world.alive()).toBe("");
    expect(leaksIn(paths(), [secret])).toBe(0);
  });

  it("is adopted so as well", async () => {
    const adopt = await mintByHand(world.emulator, {
      ...{ store: STORE, credential: CREDENTIALS[STORE], family: kind.family, endsInDays: 80 },
      body: { channel_ids: [1, 2], scopes: ["Customer", "Unauthenticated"] },
    });
    expect(await world.up([declare(kind, { adopt })])).toMatchObject({ errors: [], failures: [] });
    expect(world.engine.live("x").id).toBe(world.engine.live("x").outputs["fingerprint"]);
    await world.destroy();
    expect(leaksIn(paths(), [secret])).toBe(0);
  });
});

it("an account that a list names by the credential is no account", async () => {
  world = await startWorld();
  await world.up([declare(kind)]);
  const { jti = "" } = world.token("A");
  const row = { jti, is_revoked: true, is_expired: false, principal: { id: CREDENTIALS[STORE] } };
  const body = { data: [row], meta: { pagination: { total: 1, total_pages: 1 } } };
  world.emulator.faults.push({ kind: "reply", method: "GET", reply: { status: 200, body } });
  await world.refresh();
  expect(leaksIn(world.heard.join("\n"), [CREDENTIALS[STORE]])).toBe(0);
});
