import { KINDS } from "../../provider/domain/kinds";
import { type ByHand, mintByHand } from "../support/by-hand";
import { CREDENTIALS, STORE } from "./support/bigcommerce";
import { CASES } from "./support/cases";
import { NOW } from "./support/clock";
import { labelOf } from "./support/registration";
import type { Declared } from "./support/run";
import { declare, UNKNOWN } from "./support/samples";
import { startWorld, type World } from "./support/world";

const DAY = 86_400;
const { private: server, storefront } = KINDS;

let world: World;
afterEach(() => world.close());

/** Mints as people do it without this package. */
function byHand({
  family = server.family,
  endsInDays = 80,
  channels = [1, 2],
  credential = CREDENTIALS[STORE],
}: Partial<ByHand> & { readonly channels?: readonly number[] } = {}): Promise<string> {
  const rights: Readonly<Record<string, object>> = {
    [server.family]: { scopes: ["Customer", "Unauthenticated"] },
    [storefront.family]: { allowed_cors_origins: ["https://a.example", "https://b.example"] },
  };
  const body = { channel_ids: channels, ...rights[family] };
  return mintByHand(world.emulator, { store: STORE, credential, family, endsInDays, body });
}

const rfc = (days: number) => new Date((NOW + days * DAY) * 1000).toISOString().replace(".000Z", "Z");
const posts = (requests: readonly string[]) => requests.filter((request) => request.startsWith("POST"));

describe.each(CASES)("a token that was made by hand: $title", ({ kind, generation }) => {
  let token: string;
  beforeEach(async () => {
    world = await startWorld({ generation });
    token = await byHand({ family: kind.family });
  });
  const adopting = (change: Readonly<Record<string, unknown>> = {}) => [
    declare(kind, { adopt: token, ...change }),
  ];

  it("is adopted: nothing is minted, and the state holds what it says of itself", async () => {
    const up = await world.up(adopting());
    expect(up).toMatchObject({ failures: [], errors: [], requests: ["GRAPHQL abc123"] });
    expect(up.lines).toContain(`adopted ${labelOf(kind.name, "x")} A ${rfc(80)}`);
    expect(world.engine.live("x").outputs["token"]).toBe(token);
    expect(world.engine.live("x").id).toBe(world.token("A").jti ?? world.token("A").fingerprint);
    expect(world.outputs()).toMatchObject({
      ...{ token: "A", fingerprint: "A", adopted: "A", apiAccount: "client-main" },
      ...{ issuedAt: rfc(0), expiresAt: rfc(80), rotateAt: rfc(50) },
    });
    expect(world.outputs()).not.toHaveProperty("adopt");
    expect(world.outputs()).not.toHaveProperty("effectiveExpiresAt");
  });

  it("is left alone by further updates, refreshes, and without `adopt`", async () => {
    await world.up(adopting());
    for (const program of [adopting(), [declare(kind)], adopting()]) {
      const up = await world.up(program);
      expect(up).toMatchObject({ calls: ["check x", "diff x"], requests: [], failures: [], errors: [] });
    }
    expect((await world.refresh()).requests).toEqual([]);
    expect((await world.up([declare(kind)])).calls).toEqual(["check x", "diff x"]);
    expect(world.outputs()).toMatchObject({ token: "A" });
  });

  it("is rotated when it is due, though `adopt` still stands, and never adopted again", async () => {
    await world.up(adopting());
    world.advance(60);
    const up = await world.up(adopting());
    expect(up.requests).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({ token: "B", adopted: "A", previousToken: "A" });
    expect(world.alive()).toBe("AB");
    for (const days of [10, 55]) {
      world.advance(days);
      expect((await world.up(adopting())).requests).toEqual(days === 55 ? ["POST abc123"] : []);
    }
    expect(world.outputs()).toMatchObject({ token: "C", adopted: "A" });
  });

  it("is rotated by the next update where it was due already", async () => {
    world.advance(70);
    await world.up(adopting());
    expect(world.outputs()).toMatchObject({ token: "A", expiresAt: rfc(80) });
    await world.up(adopting());
    expect(world.outputs()).toMatchObject({ token: "B", previousToken: "A" });
  });

  it("is replaced by a minted one where an input changes", async () => {
    await world.up(adopting());
    const up = await world.up(adopting({ channelIds: [1] }));
    expect(posts(up.requests)).toEqual(["POST abc123"]);
    expect(world.outputs()).toMatchObject({ token: "B", channelIds: [1], adopted: "A" });
    expect(world.alive()).toBe("B");
  });

  it("is revoked when its resource is removed, or left where onDelete says so", async () => {
    await world.up(adopting());
    expect((await world.up([])).requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("");

    token = await byHand({ family: kind.family });
    await world.up(adopting({ onDelete: "letExpire" }));
    expect((await world.destroy()).requests).toEqual([]);
    expect(world.alive()).toBe("B");
  });

  it("[A5] fails a forced replacement, which ends nothing; the next update clears up, without `adopt` it is replaced", async () => {
    await world.up(adopting());
    const forced = await world.up(adopting(), { replace: ["x"] });
    expect(forced.errors[0]?.message).toMatch(/remove adopt, then replace$/);
    expect(forced.requests).toEqual(["GRAPHQL abc123"]);
    expect(world.alive()).toBe("A");

    const next = await world.up(adopting());
    expect(next).toMatchObject({ requests: [], errors: [] });
    expect(next.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/x: token A is not revoked, because .* holds it as well$/),
      ]),
    );
    expect(world.engine.entries).toHaveLength(1);
    expect(world.alive()).toBe("A");

    expect((await world.up([declare(kind)], { replace: ["x"] })).requests).toEqual([
      "POST abc123",
      "DELETE abc123 A",
    ]);
    expect(world.alive()).toBe("B");
  });

  it("is revoked once where the resource is forced again without `adopt`, or destroyed, after such a failure", async () => {
    await world.up(adopting());
    await world.up(adopting(), { replace: ["x"] });
    const entries = [...world.engine.entries];
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 A"]);
    expect(world.engine.entries).toEqual([]);

    token = await byHand({ family: kind.family });
    await world.up(adopting());
    await world.up(adopting(), { replace: ["x"] });
    expect(world.engine.entries).toHaveLength(entries.length);
    const forced = await world.up([declare(kind)], { replace: ["x"] });
    expect(forced.requests).toEqual(["POST abc123", "DELETE abc123 B"]);
    expect(world.alive()).toBe("C");
  });

  it("takes the place of a minted one, which ends by the rules", async () => {
    await world.up([declare(kind)]);
    expect(world.outputs()).toMatchObject({ token: "B" });
    // It ends before B, so that B is revoked.
    const up = await world.up(adopting());
    expect(up.requests).toEqual(["GRAPHQL abc123", "DELETE abc123 B"]);
    expect(world.outputs()).toMatchObject({ token: "A", previous: { fingerprint: "B", fate: "revoke" } });
    expect(world.alive()).toBe("A");
  });

  it("takes the place of another that was adopted, which goes on where it can do no more", async () => {
    await world.up(adopting());
    const later = await byHand({ family: kind.family, endsInDays: 85 });
    const up = await world.up(adopting({ adopt: later }));
    expect(up).toMatchObject({ requests: ["GRAPHQL abc123"], errors: [], failures: [] });
    expect(world.outputs()).toMatchObject({ token: "B", adopted: "B", previousToken: "A" });
    expect(world.alive()).toBe("AB");
    expect((await world.up(adopting({ adopt: later }))).calls).toEqual(["check x", "diff x"]);
  });

  it("belongs to one resource", async () => {
    const twice = [...adopting(), declare(kind, { adopt: token }, { name: "y" })];
    const first = await world.up(twice);
    expect(first.errors.map(({ message }) => message)).toEqual([
      `${labelOf(kind.name, "y")}: nothing was adopted: adopt: ${labelOf(kind.name, "x")} holds this token already; a ` +
        "token belongs to one resource",
    ]);
    const next = await world.up(twice);
    expect(next.errors).toHaveLength(1);
    expect(next.requests).toEqual([]);
    expect(world.alive()).toBe("A");
  });

  it("moves to another resource without being revoked", async () => {
    await world.up(adopting());
    const up = await world.up([declare(kind, { adopt: token }, { name: "y" })]);
    expect(up).toMatchObject({ requests: ["GRAPHQL abc123"], errors: [] });
    expect(world.engine.entries.map(({ name }) => name)).toEqual(["y"]);
    expect(world.alive()).toBe("A");
    expect((await world.destroy()).requests).toEqual(["DELETE abc123 A"]);
  });

  it("moves as well where the removal has to wait for a dependant", async () => {
    await world.up(adopting());
    const program = [declare(kind, { adopt: token }, { name: "y" })];
    await world.up(program, { dependantFails: true });
    expect(world.engine.entries.map(({ name }) => name)).toEqual(["x", "y"]);
    expect(await world.up(program)).toMatchObject({ requests: [], errors: [] });
    expect(world.engine.entries.map(({ name }) => name)).toEqual(["y"]);
    expect(world.alive()).toBe("A");
  });

  it("is adopted without a credential, which only its end needs", async () => {
    Reflect.deleteProperty(world.env, "BIGCOMMERCE_ACCESS_TOKEN_ABC123");
    expect(await world.up(adopting())).toMatchObject({ requests: ["GRAPHQL abc123"], looks: 0, errors: [] });
    expect(world.outputs()).toMatchObject({ token: "A" });
  });

  it("is proven before it is handed on, where `verify` asks for it", async () => {
    expect((await world.up(adopting({ verify: true }))).requests).toEqual(["GRAPHQL abc123"]);
    expect(world.outputs()).toMatchObject({ token: "A", verified: true });
  });

  it("is kept as not proven where GraphQL refuses it, and nothing of it is minted or revoked", async () => {
    await world.revokeElsewhere("A");
    if (generation === 2)
      world.emulator.faults.push({ kind: "status", status: 404, method: "GET", times: Infinity });
    const up = await world.up(adopting({ verify: true }));
    expect(up.errors[0]?.message).toMatch(/is not proven to work: .*Unknown JWT token/);
    expect(world.outputs()).toMatchObject({ token: "A", verified: false });
    expect(posts(up.requests)).toEqual([]);
  });
});

const BAD: readonly (readonly [
  string,
  Parameters<typeof byHand>[0],
  Readonly<Record<string, unknown>>,
  RegExp,
])[] = [
  [
    "of another kind",
    { family: storefront.family },
    {},
    /^adopt: is another kind of token; this resource holds private tokens$/,
  ],
  [
    "for other channels",
    { channels: [1, 3] },
    {},
    /^adopt: is valid for other channels than channelIds; it has \[1, 3\]$/,
  ],
  [
    "for channels out of order",
    { channels: [3, 1] },
    {},
    /^adopt: is valid for other channels than channelIds; it has \[1, 3\]$/,
  ],
  [
    "for fewer channels",
    { channels: [1] },
    {},
    /^adopt: is valid for other channels than channelIds; it has \[1\]$/,
  ],
  [
    "that lives longer than lifetime",
    { endsInDays: 91 },
    {},
    /^adopt: works until \S+, which is longer than lifetime allows/,
  ],
  [
    "without an end beside lifetime",
    { endsInDays: "never" },
    {},
    /^adopt: works for ever, which is longer than lifetime allows/,
  ],
  [
    "with another expiration than expiresAt",
    { endsInDays: 80 },
    { lifetime: null, expiresAt: rfc(81) },
    new RegExp(`^adopt: expires at another time than expiresAt; give expiresAt: "${rfc(80)}"`),
  ],
  [
    "without an end beside expiresAt",
    { endsInDays: "never" },
    { lifetime: null, expiresAt: rfc(81) },
    /^adopt: expires at another time than expiresAt; give expiresAt: "never"/,
  ],
];

describe("a token may say less of itself, and its end may be exactly as far away as lifetime allows", () => {
  it.each([
    ["without its kind", { token_type: undefined }],
    ["without its channels", { cid: undefined }],
    ["with its one channel as a number, as older ones", { cid: 1 }],
    ["without its account", { sub: undefined }],
  ])("%s", async (_, claims) => {
    world = await startWorld({ generation: 1 });
    world.emulator.faults.push({ kind: "claims", claims });
    const adopt = await byHand({ channels: [1], endsInDays: 90 });
    const up = await world.up([declare(server, { adopt, channelIds: [1] })]);
    expect(up).toMatchObject({ failures: [], errors: [], requests: ["GRAPHQL abc123"] });
    expect(world.outputs()).toMatchObject({ token: "A", expiresAt: rfc(90) });
  });
});

it("an `adopt` that names the token which the resource holds is no change, and is not adopted by a replacement", async () => {
  world = await startWorld({ generation: 2 });
  await world.up([declare(server)]);
  const { token } = world.token("A");
  const same = declare(server, { adopt: token });
  expect(await world.up([same])).toMatchObject({ calls: ["check x", "diff x", "update x"], requests: [] });
  expect((await world.up([same])).calls).toEqual(["check x", "diff x"]);
  const up = await world.up([declare(server, { adopt: token, channelIds: [1] })]);
  expect(up.requests).toEqual(["POST abc123", "GRAPHQL abc123", "DELETE abc123 A"]);
  expect(world.outputs()).toMatchObject({ token: "B", adopted: "A" });
});

it("a forced replacement beside `adopt` fails as well where the token was rotated since, and ends nothing", async () => {
  world = await startWorld({ generation: 1 });
  const program = [declare(server, { adopt: await byHand() })];
  await world.up(program);
  world.advance(60);
  await world.up(program);
  const forced = await world.up(program, { replace: ["x"] });
  expect(forced.errors[0]?.message).toMatch(/remove adopt, then replace$/);
  expect(forced.requests).toEqual(["GRAPHQL abc123"]);
  expect(world.alive()).toBe("AB");
});

it("a check without olds after one with olds, and no diff between them, is a forced replacement, which `adopt` fails", async () => {
  world = await startWorld({ generation: 1 });
  const { args } = declare(server, { adopt: await byHand() });
  await world.up([declare(server, args)]);
  const of = world.handlers("private");
  const news = { ...args, label: labelOf("private", "x"), __provider: "code" };
  expect((await of.check(world.engine.live("x").inputs, news)).failures).toEqual([]);
  expect((await of.check({}, news)).failures).toEqual([
    {
      property: "",
      reason: expect.stringMatching(/remove adopt, then replace \(\S+#adoption_repeated\)$/) as string,
    },
  ]);
});

it("what an engine deletes though nothing replaces it is revoked, unless it was adopted", async () => {
  world = await startWorld({ generation: 1 });
  const { args } = declare(server, { adopt: await byHand() });
  const program = [declare(server, args), declare(server, {}, { name: "minted" })];
  await world.up(program);
  const of = world.handlers("private");
  for (const name of ["x", "minted"]) {
    const { id, inputs, outputs } = world.engine.live(name);
    const checked = await of.check(inputs, inputs);
    await of.diff(id, outputs, checked.inputs);
    await of.delete(id, outputs);
  }
  expect(world.alive()).toBe("A");
});

it("is not adopted where what it replaces must be revoked, and cannot be for want of a credential", async () => {
  world = await startWorld({ generation: 1 });
  const token = await byHand();
  await world.up([declare(server)]);
  Reflect.deleteProperty(world.env, "BIGCOMMERCE_ACCESS_TOKEN_ABC123");
  const up = await world.up([declare(server, { adopt: token })]);
  expect(up.errors[0]?.message).toContain("no credential for store abc123");
  expect(world.outputs()).toMatchObject({ token: "B" });
  expect(world.engine.entries).toHaveLength(1);
});

it("a create that is asked again after it failed gives its own reason again", async () => {
  world = await startWorld({ generation: 2 });
  const adopt = await byHand();
  await world.revokeElsewhere("A");
  const of = world.handlers("private");
  const news = { ...declare(server, { adopt }).args, label: labelOf("private", "x"), __provider: "code" };
  const { inputs } = await of.check({}, news);
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    await expect(of.create(inputs)).rejects.toThrow(/was revoked outside of this stack/);
  }
});

describe("check refuses, before anything is sent and without its value, a token", () => {
  beforeEach(async () => {
    world = await startWorld({ generation: 2 });
  });

  it.each(BAD)("%s", async (_, given, change, problem) => {
    const token = await byHand(given);
    const before = world.emulator.requests.length;
    const { failures } = await world.up([declare(server, { adopt: token, ...change })]);
    expect(failures).toEqual([expect.stringMatching(problem)]);
    expect(world.emulator.requests).toHaveLength(before);
  });

  it("bound to other origins", async () => {
    const token = await byHand({ family: storefront.family });
    const { failures } = await world.up([
      declare(storefront, { adopt: token, allowedCorsOrigins: ["https://a.example"] }),
    ]);
    expect(failures).toEqual(["adopt: is bound to other origins than allowedCorsOrigins"]);
  });

  it("of a private kind in the place of another", async () => {
    const token = await byHand();
    const { failures } = await world.up([declare(KINDS.impersonation, { adopt: token })]);
    expect(failures).toEqual(["adopt: is another kind of token; this resource holds impersonation tokens"]);
  });

  it("that has expired, a second after its end and not one before", async () => {
    const token = await byHand({ endsInDays: 1 });
    world.emulator.clock.advance(DAY - 1);
    expect((await world.preview([declare(server, { adopt: token })])).failures).toEqual([]);
    world.emulator.clock.advance(1);
    expect((await world.preview([declare(server, { adopt: token })])).failures).toEqual([
      "adopt: has expired; remove it to mint a token",
    ]);
  });

  it.each([
    ["no token", "not-a-token"],
    ["empty", ""],
    ["a number", 17],
    ["with a line break", "eyJhbGciOiJFUzI1NiJ9.eyJjaWQiOlsxLDJdfQ.c2ln\n"],
    ["quoted", '"eyJhbGciOiJFUzI1NiJ9.eyJjaWQiOlsxLDJdfQ.c2ln"'],
    ["a token without claims", "a.b.c"],
    ["another service's token", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSIsImV4cCI6MTg5MzQ1NjAwMH0.c2ln"],
  ])("that is none: %s", async (_, adopt) => {
    const { failures } = await world.up([declare(server, { adopt })]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^adopt: is not a token( of BigCommerce)?; give the whole token/);
    expect(failures[0]).not.toContain(`${adopt || "eyJ"}`);
  });
});

it("an `adopt` that a preview does not know yet fails nothing, and neither does one beside a state", async () => {
  world = await startWorld({ generation: 2 });
  const { failures } = await world.preview([declare(server, { adopt: UNKNOWN })]);
  expect(failures).toEqual([]);
  const news = { ...declare(server, { adopt: UNKNOWN }).args, label: labelOf("private", "x") };
  const { inputs } = await world.handlers("private").check({}, news);
  expect(inputs["expiresAt"]).toBe(UNKNOWN);
  const token = await byHand();
  for (const unknown of [
    { channelIds: [UNKNOWN] },
    { lifetime: UNKNOWN },
    { lifetime: null, expiresAt: UNKNOWN },
  ]) {
    expect((await world.preview([declare(server, { adopt: token, ...unknown })])).failures).toEqual([]);
  }
  const origins = await byHand({ family: storefront.family });
  const unknown = { allowedCorsOrigins: [UNKNOWN] };
  expect((await world.preview([declare(storefront, { adopt: origins, ...unknown })])).failures).toEqual([]);
  await world.up([declare(server, { adopt: token })]);
  expect(await world.preview([declare(server, { adopt: UNKNOWN })])).toMatchObject({
    calls: ["check x", "diff x"],
    failures: [],
  });
});

it("a token without an end is adopted beside expiresAt never", async () => {
  world = await startWorld({ generation: 1 });
  const token = await byHand({ endsInDays: "never" });
  await world.up([declare(server, { adopt: token, lifetime: null, expiresAt: "never" })]);
  expect(world.outputs()).toMatchObject({ token: "A", expiresAt: "never" });
});

describe("a token of another API account", () => {
  const program = (token: string): readonly Declared[] => [declare(server, { adopt: token })];
  let token: string;
  beforeEach(async () => {
    world = await startWorld({ generation: 2 });
    // What the present account has minted tells who it is.
    await world.up([declare(server, {}, { name: "own" })]);
    token = await byHand({ credential: CREDENTIALS.colleague });
  });

  it("[A4] is adopted, and said to be irrevocable, with its end", async () => {
    const up = await world.up([declare(server, {}, { name: "own" }), ...program(token)]);
    expect(up.errors).toEqual([]);
    expect(up.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          new RegExp(
            `^warning: \\S+: the token to adopt cannot be revoked and works until ${rfc(80)}: API account client-colleague .*BIGCOMMERCE_ACCESS_TOKEN_ABC123 is client-main$`,
          ),
        ),
      ]),
    );
    expect(world.outputs()).toMatchObject({ token: "B", apiAccount: "client-colleague" });
  });

  it("is like any other where its account's credential is set beside the present one", async () => {
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = CREDENTIALS.colleague;
    const up = await world.up([declare(server, {}, { name: "own" }), ...program(token)]);
    expect(up.lines.join("\n")).not.toContain("cannot be revoked");
    await world.destroy();
    expect(world.alive()).toBe("");
  });
});

it.each([
  ["whole", {}, true],
  ["cut", { data: [], meta: { pagination: { total: 1, total_pages: 1 } } }, false],
])(
  "a token of another API account than one that has minted nothing yet: its list is %s",
  async (_, list, isSaid) => {
    world = await startWorld({ generation: 2 });
    if (!isSaid)
      world.emulator.faults.push({ kind: "reply", method: "GET", reply: { body: list }, times: Infinity });
    const token = await byHand({ credential: CREDENTIALS.colleague });
    const up = await world.up([declare(server, { adopt: token })]);
    expect(up.errors).toEqual([]);
    expect(up.lines.filter((line) => line.includes("cannot be revoked"))).toEqual(
      isSaid
        ? [
            expect.stringMatching(
              new RegExp(
                `^warning: \\S+: the token to adopt cannot be revoked and works until ${rfc(80)}: API account client-colleague minted it, and the list of .* BIGCOMMERCE_ACCESS_TOKEN_ABC123 does not show it$`,
              ),
            ),
          ]
        : [],
    );
  },
);

it.each(["revoked", "missing"])(
  "an adopted token that is %s is replaced after a refresh, and not adopted again",
  async (fate) => {
    world = await startWorld({ generation: 2 });
    const token = await byHand();
    const program = [declare(server, { adopt: token })];
    await world.up(program);
    if (fate === "revoked") await world.revokeElsewhere("A");
    else world.emulator.forget(world.token("A"));
    await world.refresh();
    expect(world.outputs()).toMatchObject({ token: "A", gone: true });
    const up = await world.up(program);
    expect(up).toMatchObject({ requests: ["POST abc123"], errors: [] });
    expect(world.outputs()).toMatchObject({ token: "B", adopted: "A" });
    expect(world.outputs()).not.toHaveProperty("gone");
    expect((await world.up(program)).calls).toEqual(["check x", "diff x"]);
  },
);

it("a minted successor of an adopted token that is revoked elsewhere is replaced, and nothing is adopted", async () => {
  world = await startWorld({ generation: 2 });
  const program = [declare(server, { adopt: await byHand(), channelIds: [1, 2] })];
  await world.up(program);
  const narrow = [declare(server, { ...program[0]!.args, channelIds: [1] })];
  await world.up(narrow);
  await world.revokeElsewhere("B");
  await world.refresh();
  expect((await world.up(narrow)).requests).toEqual(["POST abc123"]);
  expect(world.outputs()).toMatchObject({ token: "C" });
  expect(world.alive()).toBe("C");
});

it.each([[1], [2]] as const)(
  "a token of other scopes is not adopted where a list shows them: generation %s",
  async (generation) => {
    world = await startWorld({ generation });
    const token = await byHand();
    const up = await world.up([declare(server, { adopt: token, scopes: ["Customer"] })]);
    if (generation === 1) {
      expect(up.errors).toEqual([]);
      return;
    }
    expect(up.errors.map(String)).toEqual([
      expect.stringMatching(
        /nothing was adopted: adopt: the token has other scopes than the inputs; the store's list says \[Unauthenticated, Customer\]$/,
      ),
    ]);
    const same = await world.up([declare(server, { adopt: token, scopes: ["Unauthenticated", "Customer"] })]);
    expect(same).toMatchObject({ errors: [], requests: ["GRAPHQL abc123"] });
  },
);

it("a token that the store's list shows to be revoked is not adopted", async () => {
  world = await startWorld({ generation: 2 });
  const token = await byHand();
  await world.revokeElsewhere("A");
  const up = await world.up([declare(server, { adopt: token })]);
  expect(up.errors[0]?.message).toMatch(
    /nothing was adopted: adopt: the token was revoked outside of this stack; remove adopt to mint a token$/,
  );
  expect(world.engine.entries).toEqual([]);
});
