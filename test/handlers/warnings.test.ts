import { KINDS } from "../../provider/kinds";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const LABEL = "acme/shop/prod/private/x";
const kind = KINDS.private;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

it("are said in preview and up, once each, though check runs twice for a replacement", async () => {
  const old = declare(kind, { lifetime: "30d", rotateBefore: "12h" });
  expect((await world.preview([old])).advice).toHaveLength(1);
  expect((await world.up([old])).advice).toEqual([
    expect.stringMatching(/^warning: acme\/shop\/prod\/private\/x: is rotated only in the last 24 hours/),
  ]);
  const wide = declare(kind, { lifetime: "30d", rotateBefore: "12h", channelIds: [1, 2, 3] });
  expect((await world.up([wide])).advice).toHaveLength(1);
});

it("tell a rotation that comes with a change from the change itself", async () => {
  await world.up([declare(kind)]);
  world.advance(61);
  const up = await world.up([declare(kind, { channelIds: [1, 2, 3] })]);
  expect(up.advice).toEqual([`warning: ${LABEL}: is rotated, because it is due since 2026-09-30T00:00:00Z`]);
});

it("tell how little time a predecessor leaves to its users, unless it is revoked", async () => {
  await world.up([declare(kind)]);
  world.advance(89);
  const up = await world.up([declare(kind)]);
  expect(up.advice).toContainEqual(
    expect.stringMatching(/token A works only until 2026-10-30T00:00:00Z: deploy its successor before/),
  );
  await world.up([declare(kind, { channelIds: [1] })]);
  world.advance(89);
  const narrowed = await world.up([declare(kind, { channelIds: [1], scopes: ["Customer"] })]);
  expect(narrowed.advice.join()).not.toContain("works only until");
});

it("never fail anything", async () => {
  const { failures, errors } = await world.up([declare(kind, { lifetime: null, expiresAt: "never" })]);
  expect([...failures, ...errors]).toEqual([]);
});
