import { KINDS } from "../../provider/domain/kinds";
import { mintByHand } from "../support/by-hand";
import { CREDENTIALS, STORE } from "./support/bigcommerce";
import { labelOf } from "./support/registration";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

const { private: kind } = KINDS;

let world: World;
afterEach(() => world.close());

const byHand = (credential = CREDENTIALS[STORE]) =>
  mintByHand(world.emulator, {
    ...{ store: STORE, credential, family: kind.family, endsInDays: 80 },
    body: { channel_ids: [1, 2], scopes: ["Customer", "Unauthenticated"] },
  });
/** What the lists answer from now on. */
const list = (rows: readonly object[], total = rows.length) => {
  const body = { data: rows, meta: { pagination: { total, total_pages: 1 } } };
  world.emulator.faults.push({ kind: "reply", method: "GET", reply: { status: 200, body }, times: Infinity });
};
const other = { jti: "another", is_revoked: false, is_expired: false };
const warned = (lines: readonly string[]) => lines.filter((line) => line.includes("cannot be revoked"));

it("a token that another resource may not adopt still ends with the one that held it", async () => {
  world = await startWorld({ generation: 2 });
  const token = await byHand();
  await world.up([declare(kind, { adopt: token })]);
  const { id, outputs } = world.engine.live("x");
  const process = world.handlers(kind.name);
  const asked = {
    ...declare(kind, { adopt: token }).args,
    scopes: ["Customer"],
    label: labelOf("private", "y"),
  };
  const { inputs, failures } = await process.check({}, asked);
  expect(failures).toEqual([]);
  await expect(process.create(inputs)).rejects.toThrow(/the token has other scopes than the inputs/);
  await process.delete(id, outputs);
  expect(world.alive()).toBe("");
});

it("of the scopes that a list shows, only known ones are quoted", async () => {
  world = await startWorld({ generation: 2 });
  const token = await byHand();
  const { jti = "" } = world.token("A");
  list([{ ...other, jti, scopes: ["Customer", `B2B\n${token} ${CREDENTIALS[STORE]}`] }]);
  const up = await world.up([declare(kind, { adopt: token })]);
  expect(up.errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^\S+ nothing was adopted: adopt: the token has .* the store's list says \[Customer\]$/,
    ),
  ]);
});

it.each([
  ["names its account and misses it for the moment", () => { list([{ ...other, principal: { id: "client-main" } }]); }, false],
  ["is empty", () => { list([]); }, true],
  ["counts more than it shows", () => { list([], 1); }, false],
] as const)("a token that works is said to be irrevocable by no guess: the list %s", async (_, answer, isSaid) => {
  world = await startWorld({ generation: 2 });
  const token = await byHand();
  answer();
  const up = await world.up([declare(kind, { adopt: token })]);
  expect(up.errors).toEqual([]);
  expect(warned(up.lines)).toHaveLength(isSaid ? 1 : 0);
}); // prettier-ignore

it("nor is one without an id, which no list shows", async () => {
  world = await startWorld({ generation: 1 });
  const token = await byHand();
  list([]);
  const up = await world.up([declare(kind, { adopt: token })]);
  expect(up.errors).toEqual([]);
  expect(warned(up.lines)).toEqual([]);
});

it("a due token that another one by hand replaces is not said to be rotated", async () => {
  world = await startWorld({ generation: 1 });
  await world.up([declare(kind, { adopt: await byHand() })]);
  world.advance(65);
  const up = await world.up([declare(kind, { adopt: await byHand() })]);
  expect(up.errors).toEqual([]);
  expect(up.advice.join()).not.toContain("due since");
  expect(world.outputs()).toMatchObject({ token: "B", adopted: "B" });
});

it("a predecessor that another resource adopts is not said to leave little time", async () => {
  world = await startWorld({ generation: 1 });
  await world.up([declare(kind)]);
  world.advance(61);
  await world.up([declare(kind)]);
  world.advance(28);
  const alone = await world.preview([declare(kind)]);
  expect(alone.advice.join()).toContain("works only until");
  const args = { adopt: world.token("A").token };
  const up = await world.up([declare(kind, args, { name: "y" }), declare(kind)]);
  expect(up.errors).toEqual([]);
  expect(up.advice.join()).not.toContain("works only until");
});
