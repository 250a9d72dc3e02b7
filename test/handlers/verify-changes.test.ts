import { KINDS } from "../../provider/domain/kinds";
import { declare, SECRET, UNKNOWN } from "./support/samples";
import { startWorld, type World } from "./support/world";

const kind = KINDS.private;
const PROVEN = { verify: true };

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe("a change of verify", () => {
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
  await world.up([declare(kind, PROVEN)]);
  const up = await world.up([declare(kind, { ...PROVEN, overlap: "never", onDelete: "letExpire" })]);
  expect(up.requests).toEqual([]);
  expect(world.outputs()).toMatchObject({ verified: true, overlap: "never" });
});

describe("check refuses, in one line that quotes nothing,", () => {
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
