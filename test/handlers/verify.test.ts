import type { FaultAction } from "../../emulator/index";
import { KINDS } from "../../provider/kinds";
import { UNKNOWN } from "../../provider/unknowns";
import { CASES } from "./support/cases";
import type { Entry } from "./support/run";
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
const pending = () => world.engine.pendingOf("x").map(({ outputs }) => world.letter(fingerprintOf(outputs)));
const fingerprintOf = (outputs: Entry["outputs"]) => outputs["fingerprint"] as string;
const kept = [expect.objectContaining({ code: "token_kept" })];

describe.each(CASES)("a new token, tried at GraphQL: $title", ({ kind, generation }) => {
  beforeEach(() => start({ generation }));
  const program = [declare(kind, PROVEN)];

  it("[V1] is handed on once it was accepted, and is not tried again", async () => {
    const up = await world.up(program);
    expect(up.errors).toEqual([]);
    expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A", verify: true, verified: true });
    for (const run of [() => world.up(program), () => world.refresh(), () => world.preview(program)]) {
      expect((await run()).requests).toEqual([]);
      expect(world.outputs()).toMatchObject({ token: "A", verified: true });
    }
    expect((await world.up(program)).calls).toEqual(["check x", "diff x"]);
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

describe("a replacement that is not proven", () => {
  beforeEach(() => start());

  it.each([
    { end: "is left to expire", change: {}, days: 61, request: [], alive: "AB" },
    {
      ...{ end: "is revoked", change: { channelIds: [1] }, days: 0 },
      ...{ request: ["DELETE abc123 A"], alive: "B" },
    },
  ])("[V12] keeps the old token until it is, which then $end", async ({ change, days, request, alive }) => {
    await world.up([declare(kind, PROVEN)]);
    world.advance(days);
    refuse();
    const program = [declare(kind, { ...PROVEN, ...change })];
    for (const requests of [["POST abc123", "GRAPHQL abc123"], ["GRAPHQL abc123"]]) {
      const up = await world.up(program);
      expect(up.errors).toEqual(kept);
      expect(up.requests).toEqual(requests);
      expect(up.calls).not.toContain("delete x");
      expect(pending()).toEqual(["A"]);
      expect(world.alive()).toBe("AB");
      await world.refresh();
    }
    world.emulator.faults.clear();
    const proven = await world.up(program);
    expect(proven.calls).toEqual(["check x", "diff x", "update x", "delete x"]);
    expect(proven.requests).toEqual(["GRAPHQL abc123", ...request]);
    expect(world.outputs()).toMatchObject({ token: "B", verified: true, previous: { fingerprint: "A" } });
    expect(world.alive()).toBe(alive);
  });

  describe("after a rotation", () => {
    const program = [declare(kind, PROVEN)];
    beforeEach(async () => {
      await world.up(program);
      world.advance(61);
      refuse();
      await world.up(program);
      expect(world.alive()).toBe("AB");
    });

    it("[V13] is revoked when it is replaced in turn, and the token in use works until it expires", async () => {
      world.emulator.faults.clear();
      const change = [declare(kind, { ...PROVEN, channelIds: [1, 2, 3] })];
      const up = await world.up(change);
      expect(up.errors).toEqual([]);
      expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123", "DELETE abc123 B"]);
      expect(up.lines.filter((line) => line.includes("token A"))).toEqual([
        expect.stringMatching(/token A, its predecessor, works until 2026-10-30T00:00:00Z/),
      ]);
      expect(world.alive()).toBe("AC");
      expect(world.outputs()).toMatchObject({
        ...{ token: "C", verified: true, previousToken: "A" },
        previous: { fingerprint: "A", fate: "letExpire" },
      });
      expect(world.engine.entries).toHaveLength(1);
      expect([...(await world.destroy()).requests].sort()).toEqual(["DELETE abc123 A", "DELETE abc123 C"]);
    });

    it("[V13] takes the token in use along where the next one can do less", async () => {
      world.emulator.faults.clear();
      const up = await world.up([declare(kind, { ...PROVEN, channelIds: [1] })]);
      expect(up.errors).toEqual([]);
      expect(world.alive()).toBe("C");
      expect(world.outputs()["previousToken"]).toBeUndefined();
    });

    it("[V13] is revoked in the next run where this one could not, and the token in use goes on working", async () => {
      world.emulator.faults.clear();
      const change = [declare(kind, { ...PROVEN, channelIds: [1, 2, 3] })];
      world.emulator.faults.push({ kind: "status", status: 403, method: "DELETE" });
      await world.up(change);
      expect(world.alive()).toBe("ABC");
      expect(pending()).toEqual(["B"]);
      expect((await world.up(change)).requests).toEqual(["DELETE abc123 B"]);
      expect(world.alive()).toBe("AC");
      expect(world.outputs()).toMatchObject({ previousToken: "A" });
    });

    it("[V13] and where the next one is not proven either, the token in use still waits", async () => {
      const change = [declare(kind, { ...PROVEN, channelIds: [1, 2, 3] })];
      expect((await world.up(change)).errors).toEqual(kept);
      expect(world.alive()).toBe("ABC");
      expect(pending().sort()).toEqual(["A", "B"]);
      world.emulator.faults.clear();
      expect((await world.up(change)).requests).toEqual(["GRAPHQL abc123", "DELETE abc123 B"]);
      expect(world.alive()).toBe("AC");
    });

    it.each<[string, () => Promise<unknown>, string]>([
      ["forced", () => world.up(program, { replace: ["x"] }), "C"],
      ["removed", () => world.up([]), ""],
      ["destroyed", () => world.destroy(), ""],
    ])("[V13] is revoked with the one before it when it is %s", async (_, run, alive) => {
      world.emulator.faults.clear();
      await run();
      expect(world.alive()).toBe(alive);
      expect(world.engine.entries).toHaveLength(alive.length);
    });
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

describe("a change of verify", () => {
  beforeEach(() => start());

  it.each<[string, unknown, unknown]>([
    ["on", null, true],
    ["off", true, null],
    ["off by its name", true, false],
    ["to another API", true, { graphqlUrl: "https://shop.example.com/graphql" }],
  ])("%s is recorded without a request, and counts from the next token on", async (_, before, after) => {
    await world.up([declare(kind, { verify: before })]);
    const program = [declare(kind, { verify: after })];
    expect((await world.preview(program)).calls).toEqual(["check x", "diff x"]);
    const up = await world.up(program);
    expect(up.calls).toEqual(["check x", "diff x", "update x"]);
    expect(up.requests).toEqual([]);
    expect(world.outputs()).toMatchObject({ token: "A" });
    expect(world.outputs()["verify"]).toEqual(after || undefined);
    expect(world.outputs()["verified"]).toBe(before === true ? true : undefined);
    expect((await world.up(program)).calls).toEqual(["check x", "diff x"]);
  });

  it("counts for the token that it comes with", async () => {
    await world.up([declare(kind)]);
    const up = await world.up([declare(kind, { ...PROVEN, channelIds: [1] })]);
    expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123", "DELETE abc123 A"]);
    await world.up([declare(kind, { channelIds: [1, 2] })]);
    expect(world.outputs()).not.toHaveProperty("verified");
  });

  it("false is the same as none", async () => {
    await world.up([declare(kind)]);
    expect((await world.up([declare(kind, { verify: false })])).calls).toEqual(["check x", "diff x"]);
  });

  it.each([UNKNOWN, { graphqlUrl: UNKNOWN }])(
    "to what is not known yet previews as an update",
    async (verify) => {
      await world.up([declare(kind, PROVEN)]);
      const preview = await world.preview([declare(kind, { verify })]);
      expect(preview).toMatchObject({ failures: [], errors: [], calls: ["check x", "diff x"] });
      expect((await world.preview([declare(kind, { verify }, { name: "y" })])).failures).toEqual([]);
    },
  );
});

it("an update of the record keeps what was proven", async () => {
  await start();
  await world.up([declare(kind, PROVEN)]);
  const up = await world.up([declare(kind, { ...PROVEN, overlap: "never", onDelete: "letExpire" })]);
  expect(up.requests).toEqual([]);
  expect(world.outputs()).toMatchObject({ verified: true, overlap: "never" });
});

describe("check refuses, in one line that quotes nothing,", () => {
  beforeEach(() => start());

  it.each<[unknown, string]>([
    [SECRET, "verify: must be true or false, or an object such as"],
    [{ url: SECRET }, "verify: must be true or false, or an object such as"],
    [
      { graphqlUrl: `http://${SECRET}.example/graphql` },
      "verify: graphqlUrl must be the URL of a GraphQL API",
    ],
    [{ graphqlUrl: 7 }, "verify: graphqlUrl must be the URL of a GraphQL API"],
  ])("%j", async (verify, line) => {
    const { failures, calls } = await world.up([declare(kind, { verify })]);
    expect(calls).toEqual(["check x"]);
    expect(failures).toEqual([expect.stringMatching(`^${line}[^\r\n]*$`)]);
    expect(failures.join()).not.toContain(SECRET);
  });

  it("verify: true at an API host of which no storefront is known, and takes a URL in its place", async () => {
    world.env["BIGCOMMERCE_API_URL"] = "https://gateway.example.com";
    const { failures } = await world.preview([declare(kind, PROVEN)]);
    expect(failures).toEqual([
      'verify: the GraphQL API of a store at another API host is not known; say verify: { graphqlUrl: "https://..." }',
    ]);
    const graphqlUrl = "https://shop.example.com/graphql";
    expect((await world.preview([declare(kind, { verify: { graphqlUrl } })])).failures).toEqual([]);
  });

  it("nothing at BigCommerce's own host", async () => {
    delete world.env["BIGCOMMERCE_API_URL"];
    expect((await world.preview([declare(kind, PROVEN)])).failures).toEqual([]);
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
  expect(first).toMatchObject({ code: "token_kept", properties: { verified: false, verify: true } });
  expect(await handlers.create(inputs).catch((error: unknown) => error)).toBe(first);
  expect(world.emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
});

it("a token that is not what was asked for is revoked untried", async () => {
  await start();
  world.emulator.faults.push({ kind: "claims", claims: { cid: [1, 2, 3] } });
  const up = await world.up([declare(kind, PROVEN)]);
  expect(up.errors).toEqual([expect.objectContaining({ code: "token_unfit" })]);
  expect(up.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
});
