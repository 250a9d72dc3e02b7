import type { FaultAction } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CASES } from "./support/cases";
import { declare, ODD_THROWS, SECRET } from "./support/samples";
import { startWorld, type World, type WorldOptions } from "./support/world";

const kind = KINDS.private;
const PROVEN = { verify: true };
const NEVER: FaultAction = {
  kind: "status",
  status: 401,
  body: { errors: [{ message: "GraphQL invalid credentials. JWT is expired" }] },
};

let world: World;
const start = async (options?: WorldOptions) => {
  world = await startWorld(options);
};
afterEach(() => world.close());

const refuse = (fault = NEVER, times = Infinity) => {
  world.emulator.faults.push({ ...fault, path: "/graphql", times });
};
const kept = [expect.objectContaining({ code: "partial_failure" })];

describe.each(CASES)("a new token, tried at GraphQL: $title", ({ kind, generation }) => {
  beforeEach(() => start({ generation }));
  const program = [declare(kind, PROVEN)];

  it("[V1] is handed on once it was accepted, and is not tried again", async () => {
    const up = await world.up(program);
    expect(up.errors).toEqual([]);
    expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A", verify: true, verified: true });
    const isForBrowsers = kind.rights.includes("allowedCorsOrigins");
    const asked = world.emulator.requests.find(({ path }) => path === "/graphql");
    expect(asked?.headers["origin"]).toBe(isForBrowsers ? "https://a.example" : undefined);
    for (const run of [() => world.up(program), () => world.refresh(), () => world.preview(program)]) {
      expect((await run()).requests).toEqual([]);
      expect(world.outputs()).toMatchObject({ token: "A", verified: true });
    }
    expect((await world.up(program)).calls).toEqual(["check x", "diff x"]);
  });

  it("is said to be verified: when it is new, with the line of a rotation, and when a later update settles it", async () => {
    const word = `acme/shop/prod/${kind.name}/x: token A is verified: the store's GraphQL API accepts it`;
    expect((await world.up(program)).lines).toContain(word);
    world.advance(61);
    expect((await world.up(program)).lines.filter((line) => line.startsWith("acme"))).toEqual([
      `acme/shop/prod/${kind.name}/x: rotated, old A valid until 2026-10-30T00:00:00Z, new B expires 2026-12-30T00:00:00Z, verified`,
    ]);
    refuse();
    world.advance(61);
    await world.up(program);
    world.emulator.faults.clear();
    expect((await world.up(program)).lines).toContain(word.replace("token A", "token C"));
  });

  it("[V12,E9] is kept where it was refused, tried again by the next update, and minted once", async () => {
    refuse();
    const up = await world.up(program);
    expect(up.errors).toEqual(kept);
    expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123"]);
    expect(up.errors[0]?.message).toMatch(
      /^acme\/shop\/prod\/\w+\/x: token [0-9a-f]{16} is not proven to work: GraphQL at store-abc123-1\.mybigcommerce\.com: answered 401, "GraphQL invalid credentials\. JWT is expired"\. It is kept in the state/,
    );
    expect(world.engine.live("x").initErrors).toEqual([up.errors[0]?.message]);
    expect(world.engine.live("x").id).toBe(world.token("A").jti ?? world.token("A").fingerprint);
    expect(world.outputs()).toMatchObject({ token: "A", verified: false, apiAccount: "client-main" });

    for (const run of [() => world.up(program), () => world.up(program, { refresh: true })]) {
      const next = await run();
      expect(next.errors).toEqual(kept);
      expect(next.requests).toEqual(["GRAPHQL abc123"]);
      expect(world.outputs()).toMatchObject({ token: "A", verified: false });
    }

    await world.refresh();
    expect(world.engine.live("x").initErrors).toBeUndefined();
    world.emulator.faults.clear();
    const proven = await world.up(program);
    expect(proven.calls).toEqual(["check x", "diff x", "update x"]);
    expect(proven.errors).toEqual([]);
    expect(proven.requests).toEqual(["GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A", verified: true, rotateAt: "2026-09-30T00:00:00Z" });
    expect((await world.up(program)).calls).toEqual(["check x", "diff x"]);
    expect(world.emulator.issued).toHaveLength(1);
  });
});

describe("a token that is not proven", () => {
  beforeEach(async () => {
    await start();
    refuse();
    await world.up([declare(kind, PROVEN)]);
  });

  it("is settled without a request once verify is turned off", async () => {
    const up = await world.up([declare(kind)]);
    expect(up.calls).toEqual(["check x", "diff x", "update x"]);
    expect(up.errors).toEqual([]);
    expect(up.requests).toEqual([]);
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(world.outputs()).not.toHaveProperty("verified");
    expect(world.outputs()).not.toHaveProperty("verify");
  });

  it("is tried where a changed verify says", async () => {
    const graphqlUrl = `${world.emulator.url}/stores/abc123/channels/2/graphql`;
    world.emulator.faults.clear();
    const up = await world.up([declare(kind, { verify: { graphqlUrl } })]);
    expect(up.errors).toEqual([]);
    expect(up.requests).toEqual(["GRAPHQL abc123"]);
    expect(world.emulator.requests.at(-1)).toMatchObject({ path: "/stores/abc123/channels/2/graphql" });
    expect(world.outputs()).toMatchObject({ verify: { graphqlUrl }, verified: true });
  });

  it("needs no credential to be proven", async () => {
    world.emulator.faults.clear();
    delete world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"];
    const up = await world.up([declare(kind, PROVEN)]);
    expect(up.errors).toEqual([]);
    expect(world.outputs()).toMatchObject({ verified: true });
    expect(JSON.stringify(world.emulator.requests.at(-1)?.headers)).not.toMatch(/x-auth-token/i);
  });

  it("is rotated once it is due, and revoked", async () => {
    world.emulator.faults.clear();
    world.advance(61);
    const up = await world.up([declare(kind, PROVEN)]);
    expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123", "DELETE abc123 A"]);
    expect(world.alive()).toBe("B");
  });

  it("is gone where a refresh saw that it was revoked, and the next one is minted", async () => {
    await world.revokeElsewhere("A");
    world.advance(1);
    world.emulator.faults.clear();
    expect((await world.up([declare(kind, PROVEN)], { refresh: true })).errors).toEqual([]);
    expect(world.outputs()).toMatchObject({ token: "B", verified: true });
  });
});

describe("[V14] whatever goes wrong while a token is tried, it is kept and tried again", () => {
  it.each(ODD_THROWS)("%s", async (_, make) => {
    await start({
      wrap: (client) => ({
        ...client,
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tested
        verify: () => Promise.reject(make()),
      }),
    });
    const up = await world.up([declare(kind, PROVEN)]);
    expect(up.errors).toEqual(kept);
    expect(up.errors[0]?.message).toMatch(/is not proven to work: internal error: /);
    expect(up.errors[0]?.message).not.toContain(SECRET);
    expect(world.outputs()).toMatchObject({ token: "A", verified: false });

    world.wrap = undefined;
    expect((await world.up([declare(kind, PROVEN)])).requests).toEqual(["GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A", verified: true });
  });

  it("a failure to record it as well, and then it is proven before it is handed on", async () => {
    await start();
    const heard = jest.spyOn(JSON, "stringify");
    world.wrap = (client) => ({
      ...client,
      mint: async (...args) => {
        const minted = await client.mint(...args);
        heard.mockImplementationOnce(() => {
          throw new RangeError(SECRET);
        });
        return minted;
      },
    });
    const up = await world.up([declare(kind, PROVEN)]);
    heard.mockRestore();
    world.wrap = undefined;
    expect(up.errors).toEqual(kept);
    expect(up.requests).toEqual(["POST abc123"]);
    expect((await world.up([declare(kind, PROVEN)])).requests).toEqual(["GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A", verified: true });
  });
});

it("[K14] the same create, asked for again by the engine, answers the same and asks nothing", async () => {
  await start();
  refuse();
  const handlers = world.handlers("private");
  const args = { ...declare(kind, PROVEN).args, label: "l", __provider: "code" };
  const { inputs } = await handlers.check({}, args);
  const first = await handlers.create(inputs).catch((error: unknown) => error);
  expect(first).toMatchObject({ code: "partial_failure", properties: { verified: false, verify: true } });
  expect(await handlers.create(inputs).catch((error: unknown) => error)).toEqual(first);
  expect(world.emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
});

it("a token that is not what was asked for is revoked untried", async () => {
  await start();
  world.emulator.faults.push({ kind: "claims", claims: { cid: [1, 2, 3] } });
  const up = await world.up([declare(kind, PROVEN)]);
  expect(up.errors).toEqual([expect.objectContaining({ code: "token_mismatch" })]);
  expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
});
