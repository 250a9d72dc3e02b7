import { fingerprint } from "../../provider/domain/fingerprint";
import { KINDS } from "../../provider/domain/kinds";
import { mintByHand } from "../support/by-hand";
import { forgedFrom } from "../support/forged";
import { CREDENTIALS, OTHER_STORE, STORE } from "./support/bigcommerce";
import { declare } from "./support/samples";
import { startWorld, type World } from "./support/world";

let world: World;
afterEach(() => world.close());

const byHand = (family: string, store: keyof typeof CREDENTIALS = STORE) =>
  mintByHand(world.emulator, {
    ...{ store, credential: CREDENTIALS[store], family, endsInDays: 80 },
    body: {
      channel_ids: [1, 2],
      ...(family === KINDS.private.family && { scopes: ["Customer", "Unauthenticated"] }),
      ...(family === KINDS.storefront.family && {
        allowed_cors_origins: ["https://a.example", "https://b.example"],
      }),
    },
  });
/** GraphQL answers nothing of use from now on, as on a channel without a site. */
const silence = () => {
  world.emulator.faults.push({ kind: "status", status: 404, path: "/graphql", times: Infinity });
};

describe.each(Object.values(KINDS))("a text with the id of a $name token in use", (kind) => {
  it("is not adopted, and the token in use works on", async () => {
    world = await startWorld({ generation: 2 });
    const token = await byHand(kind.family);
    const up = await world.up([declare(kind, { adopt: forgedFrom(token) })]);
    expect(up.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/nothing was adopted: adopt: the store's GraphQL API calls it invalid: it is no token of BigCommerce$/),
    ]); // prettier-ignore
    expect(up.requests).toEqual(["GRAPHQL abc123"]);
    expect(world.engine.entries).toEqual([]);
    expect(world.alive()).toBe("A");
  });

  it.each([
    ["removed", 0, async () => world.destroy()],
    ["replaced by a change", 0, async () => world.up([declare(kind, { channelIds: [3] })])],
    ["forced", 0, async () => world.up([declare(kind)], { replace: ["x"] })],
    [
      "a live predecessor that goes with its successor, without `adopt`",
      60,
      async () => {
        await world.up([declare(kind)]);
        await world.up([declare(kind)]);
        return world.destroy();
      },
    ],
  ])("ends no other token where it was adopted unasked and is %s", async (_, days, end) => {
    world = await startWorld({ generation: 2 });
    const token = await byHand(kind.family);
    const forged = forgedFrom(token);
    silence();
    await world.up([declare(kind, { adopt: forged })]);
    world.advance(days);
    await end();
    expect(world.alive()).toContain("A");
    const deletes = world.emulator.requests.filter(({ method }) => method === "DELETE");
    expect(deletes.map(({ path }) => path).filter((path) => path.endsWith(world.token("A").jti ?? ""))).toEqual([]);
  }); // prettier-ignore

  it("is not told from the list by a refresh, which sees the text alone", async () => {
    world = await startWorld({ generation: 2 });
    const token = await byHand(kind.family);
    silence();
    await world.up([declare(kind, { adopt: forgedFrom(token) })]);
    world.emulator.faults.clear();
    await world.revokeElsewhere("A");
    const refresh = await world.refresh();
    expect(refresh).toMatchObject({ requests: ["GRAPHQL abc123"], looks: 0 });
    expect(refresh.lines.at(-1)).toContain(
      "whether adopted tokens in store abc123 were revoked until the store's GraphQL API accepts them",
    );
    expect(world.engine.entries).toHaveLength(1);
  });
});

describe("a token that was adopted while GraphQL did not answer", () => {
  const kind = KINDS.private;
  const adopted = async () => {
    world = await startWorld({ generation: 2 });
    const token = await byHand(kind.family);
    silence();
    const program = [declare(kind, { adopt: token })];
    const up = await world.up(program);
    world.emulator.faults.clear();
    return { up, program };
  };

  it("is taken at its word, with a warning", async () => {
    const { up } = await adopted();
    expect(up).toMatchObject({ errors: [], failures: [] });
    expect(up.lines).toContainEqual(
      expect.stringMatching(/^warning: \S+: the store's GraphQL API did not say whether the token to adopt is genuine/),
    ); // prettier-ignore
    expect(world.outputs()).not.toHaveProperty("verified");
  });

  it("is revoked by its id once GraphQL has accepted its text", async () => {
    await adopted();
    expect((await world.destroy()).requests).toEqual(["GRAPHQL abc123", "DELETE abc123 A"]);
    expect(world.emulator.requests.at(-1)?.path).toMatch(/\/api-token-private\/[^/]+$/);
    expect(world.alive()).toBe("");
  });

  it("is revoked by its text where GraphQL still does not answer", async () => {
    await adopted();
    silence();
    await world.destroy();
    expect(world.emulator.requests.at(-1)?.path).toMatch(/\/api-token$/);
    expect(world.alive()).toBe("");
  });

  it("is known as genuine after a refresh, and asked about no more", async () => {
    await adopted();
    const refresh = await world.refresh();
    expect([refresh.requests, refresh.lines.filter((line) => !line.includes("is reached at"))]).toEqual([
      ["GRAPHQL abc123"],
      [],
    ]);
    expect(world.outputs()).toMatchObject({ token: "A", verified: true });
    expect((await world.refresh()).requests).toEqual([]);
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 A"]);
  });

  it("is gone where GraphQL does not know its text any more", async () => {
    await adopted();
    await world.revokeElsewhere("A");
    await world.refresh();
    expect(world.outputs()).toMatchObject({ gone: true });
  });

  it("is marked in its successor's state, so that it is asked about there as well", async () => {
    const { program } = await adopted();
    await world.up([declare(kind)]);
    world.advance(60);
    await world.up([declare(kind)]);
    expect(program).toHaveLength(1);
    expect(world.outputs()).toMatchObject({ token: "B", previous: { fingerprint: "A", unproven: true } });
    expect((await world.destroy()).requests).toEqual([
      "GRAPHQL abc123",
      "DELETE abc123 A",
      "DELETE abc123 B",
    ]);
    expect(world.alive()).toBe("");
  });
});

it.each([
  ["an error of the service", { errors: [{ message: "Something went wrong" }] }],
  ["another status with its own words", { errors: [{ message: "JWT signature is invalid" }] }],
  ["no data", { data: {} }],
])("an answer of 200 with %s accepts no text", async (_, body) => {
  world = await startWorld({ generation: 2 });
  const token = await byHand(KINDS.private.family);
  world.emulator.faults.push({ kind: "reply", path: "/graphql", reply: { status: 200, body }, times: Infinity });
  await world.up([declare(KINDS.private, { adopt: forgedFrom(token) })]);
  if (world.engine.entries.length > 0) expect(world.outputs()).not.toHaveProperty("verified");
  await world.destroy();
  expect(world.alive()).toBe("A");
}); // prettier-ignore

it("nobody is told to revoke an id that may be another token's", async () => {
  world = await startWorld({ generation: 2 });
  const token = await byHand(KINDS.private.family);
  silence();
  await world.up([declare(KINDS.private, { adopt: forgedFrom(token) })]);
  await world.up([declare(KINDS.private)]);
  const up = await world.up([declare(KINDS.private, { channelIds: [3] })]);
  const told = up.lines.filter((line) => line.includes("The provider does not try again"));
  expect(told).toEqual([
    expect.stringContaining(
      "to revoke the token by hand, use its value (its id may be another token's) and the credential of API account client-main",
    ),
  ]);
  expect(told.join("\n")).not.toContain(world.token("A").jti);
});

it("a token of another store is not adopted", async () => {
  world = await startWorld({ generation: 2 });
  const token = await byHand(KINDS.private.family, OTHER_STORE);
  const up = await world.up([declare(KINDS.private, { adopt: token })]);
  expect(up.errors[0]?.message).toMatch(
    /adopt: the store's GraphQL API says that it is another store's token$/,
  );
  expect(world.engine.entries).toEqual([]);
});

it("what GraphQL accepted at its adoption is revoked by its id, without a question", async () => {
  world = await startWorld({ generation: 2 });
  await world.up([declare(KINDS.private, { adopt: await byHand(KINDS.private.family) })]);
  expect(world.outputs()).toMatchObject({ adopted: "A", verified: true });
  expect((await world.destroy()).requests).toEqual(["DELETE abc123 A"]);
  expect(world.emulator.requests.at(-1)?.path).toMatch(/\/api-token-private\/[^/]+$/);
});

it("a text that nobody signed is kept as not proven where `verify` asks elsewhere, and ends no other token", async () => {
  world = await startWorld({ generation: 2 });
  const token = await byHand(KINDS.private.family);
  const forged = forgedFrom(token);
  const graphqlUrl = `${world.emulator.url}/graphql`;
  const up = await world.up([declare(KINDS.private, { adopt: forged, verify: { graphqlUrl } })]);
  expect(up.errors[0]?.message).toContain("calls it invalid");
  expect(fingerprint(forged)).not.toBe(fingerprint(token));
  expect(world.alive()).toBe("A");
});
