import type { FaultAction } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS, STORE } from "../handlers/support/bigcommerce";
import { declare } from "../handlers/support/samples";
import { startWorld, type World } from "../handlers/support/world";
import { mintByHand } from "../support/by-hand";

const { private: kind } = KINDS;

let world: World;
afterEach(() => world.close());

async function adopting(hurry = 1) {
  world = await startWorld({ sockets: true, generation: 2, hurry });
  const token = await mintByHand(world.emulator, {
    ...{ store: STORE, credential: CREDENTIALS[STORE], family: kind.family, endsInDays: 80 },
    body: { channel_ids: [1, 2], scopes: ["Customer", "Unauthenticated"] },
  });
  return [declare(kind, { adopt: token })];
}

const list = (body: unknown): FaultAction => ({ kind: "reply", reply: { status: 200, body } });
const answers: readonly (readonly [string, FaultAction])[] = [
  ...[401, 403, 404, 405, 422, 500, 501, 502, 503].map(
    (status) => [String(status), { kind: "status", status }] as const,
  ),
  ["429 for a second", { kind: "status", status: 429, headers: { "X-Rate-Limit-Time-Reset-Ms": "1000" } }],
  ["429 without a time", { kind: "status", status: 429 }],
  ["a page of HTML", list("<html>")],
  ["another shape", list({ data: {} })],
  ["rows of another shape", list({ data: [{ jti: 1 }, null, "x"], meta: {} })],
  ["an empty list", list({ data: [], meta: { pagination: { total: 0, total_pages: 0 } } })],
  ["a redirect", { kind: "redirect", location: "https://elsewhere.example/" }],
];

it.each(answers)("[A1] a list that answers %s keeps no token from being adopted", async (what, fault) => {
  const program = await adopting();
  world.emulator.faults.push({ ...fault, method: "GET", times: Infinity });
  const up = await world.up(program);
  expect(up).toMatchObject({ requests: ["GRAPHQL abc123"], errors: [], failures: [] });
  // Another account's token is not to be told from one that a whole list does not show.
  const isMissing = what === "an empty list";
  const isSaid = /the token to adopt cannot be revoked .* does not show it$/m.test(up.lines.join("\n"));
  expect(isSaid).toBe(isMissing);
  expect(world.outputs()).toMatchObject({ token: "A", adopted: "A" });
});

it.each<readonly [string, FaultAction]>([
  ["never answers", { kind: "hang" }],
  ["is reset before its answer", { kind: "reset-before" }],
  ["is reset within its answer", { kind: "truncate" }],
  ["comes a byte a second", { kind: "drip", everyMs: 1_000 }],
])("[A2] a list that %s keeps no token from being adopted in time", async (_, fault) => {
  const program = await adopting(20);
  world.emulator.faults.push({ ...fault, method: "GET", times: Infinity });
  const up = await world.up(program);
  // The list has a deadline of 10 s, and so has GraphQL.
  expect(world.tookMs()).toBeLessThan(20_000);
  expect(up).toMatchObject({ requests: ["GRAPHQL abc123"], errors: [] });
  expect(world.outputs()).toMatchObject({ token: "A" });
});

it("[A3] a revoked token is not adopted, in a first create and in the place of another", async () => {
  const program = await adopting();
  await world.revokeElsewhere("A");
  expect((await world.up(program)).errors[0]?.message).toMatch(
    /was revoked outside of this stack; remove adopt to mint a token/,
  );
  expect(world.engine.entries).toEqual([]);

  await world.up([declare(kind)]);
  const up = await world.up(program);
  expect(up.errors).toHaveLength(1);
  expect(up.requests).toEqual([]);
  expect(world.outputs()).toMatchObject({ token: "B" });
  expect(world.alive()).toBe("B");
});
