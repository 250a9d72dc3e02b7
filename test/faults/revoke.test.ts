import type { Fault, FaultAction } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS } from "../handlers/support/bigcommerce";
import { declare } from "../handlers/support/samples";
import { startWorld, type World, type WorldOptions } from "../handlers/support/world";
import { requestByHand } from "../support/by-hand";

const kind = KINDS.private;

type Row = readonly [
  ids: string,
  what: string,
  fault: FaultAction & Pick<Fault, "times">,
  gone: boolean,
  deletes: number,
  says?: RegExp,
];

const answers = (status: number, title?: string): FaultAction => ({
  kind: "status",
  status,
  ...(title !== undefined && { body: { status, title } }),
});
const always = (fault: FaultAction) => ({ ...fault, times: Infinity });
const replies = (status: number, body: unknown): FaultAction => ({ kind: "reply", reply: { status, body } });
const each = <T>(values: readonly T[], row: (value: T) => Row): Row[] => values.map(row);

/** What one `destroy` of a live token comes to, whose DELETE meets a fault. */
const ROWS: readonly Row[] = [
  ...each([200, 202, 204], (status) => [
    "R1",
    String(status),
    replies(status, undefined),
    true,
    1,
    /revoke accepted/,
  ]),
  [
    "R2",
    "200 and a login page",
    always(replies(200, "<html>")),
    false,
    1,
    /may not have been revoked and stays/,
  ],
  ["R3", "404", always(answers(404)), false, 2, /Check the store hash/],
  ["R4", "401", always(answers(401)), false, 1, /works until 2026-10-30T00:00:00Z/],
  ["R4,R12", "403", always(answers(403)), false, 1, /works until 2026-10-30T00:00:00Z.*letExpire/],
  ["R5", "422 invalid", always(answers(422, "The supplied JWT is invalid.")), false, 1, /stays in the state/],
  ["R7", "429 once", answers(429), true, 2],
  ["R7", "500 five times", { ...answers(500), times: 5 }, true, 6],
  ["R7", "500 six times", { ...answers(500), times: 6 }, false, 6, /6 attempts/],
  [
    "R7,R12",
    "503 for ever",
    always(answers(503)),
    false,
    6,
    /may not have been revoked and stays in the state/,
  ],
  ["R7", "a reset before the work", { kind: "reset-before" }, true, 2],
  ["R7,R13", "a reset after the work", { kind: "reset-after" }, true, 2],
  [
    "R17",
    "another account",
    always(answers(422, "The token doesn't belong to the client")),
    false,
    1,
    /API account client-main minted it\. The variable is BIGCOMMERCE_ACCESS_TOKEN_[A-Z0-9]+_PREVIOUS/,
  ],
  [
    "R18",
    "the limit",
    always(answers(422, "Store cannot revoke more tokens. Limit # of revoked jtis already reached.")),
    false,
    1,
    /after one of the store's revoked tokens has expired/,
  ],
  ...each([400, 409, 410, 423, 451], (status) => ["R20", String(status), always(answers(status)), false, 1]),
  [
    "R20",
    "422 in other words",
    always(answers(422, "Ungültig.")),
    false,
    1,
    /"the server's text was left out"/,
  ],
  ["R20", "422 and nothing", always(answers(422)), false, 1],
  [
    "R19",
    "422 for a missing header",
    always(answers(422, "Sf-Api-Token header has to be provided.")),
    false,
    1,
  ],
  ["T1", "a redirect", always({ kind: "redirect", location: "/" }), false, 1],
];
const CATALOGUE = ROWS.map(([ids, what, fault, gone, deletes, says]) => ({
  ids,
  what,
  fault,
  gone,
  deletes,
  says,
}));

let world: World;
afterEach(() => world.close());

const start = async (options: WorldOptions = {}) => {
  world = await startWorld({ sockets: true, generation: 2, timeoutMs: 60_000, ...options });
  await world.up([declare(kind)]);
};
const count = (requests: readonly string[], method: string) =>
  requests.filter((line) => line.startsWith(method)).length;

describe.each(CATALOGUE)("[$ids] a revocation that meets $what", ({ fault, gone, deletes, says }) => {
  it(gone ? "ends the token" : "leaves the token in the state, and the next run ends it", async () => {
    await start();
    world.emulator.faults.push({ ...fault, method: "DELETE" });
    const destroy = await world.destroy();
    expect(count(destroy.requests, "DELETE")).toBe(deletes);
    expect(world.engine.entries).toHaveLength(gone ? 0 : 1);
    expect(destroy.errors).toHaveLength(gone ? 0 : 1);
    const told = [...destroy.lines, ...destroy.errors.map(({ message }) => message)].join("\n");
    if (says) expect(told).toMatch(says);
    if (!gone) {
      expect(told).toContain("BIGCOMMERCE_ON_DELETE=letExpire");
      expect(told).toContain(world.token("A").fingerprint);
      world.emulator.faults.clear();
      expect((await world.destroy()).errors).toEqual([]);
      expect(world.engine.entries).toEqual([]);
    }
    expect(world.alive()).toBe("");
  });
});

const INVALID = answers(422, "The supplied JWT is invalid.");
const UNAUTHORISED = (message: string): FaultAction => ({
  kind: "status",
  status: 401,
  body: { errors: [{ message }] },
});

describe("a refused revocation counts as done", () => {
  const refuse = (fault: FaultAction = INVALID) => {
    world.emulator.faults.push({ ...fault, method: "DELETE", times: Infinity });
  };
  const unlisted = () => {
    world.emulator.faults.push({ kind: "status", status: 404, method: "GET", times: Infinity });
  };
  const graphql = (fault: FaultAction) => {
    world.emulator.faults.push({ ...fault, path: "/graphql", times: Infinity });
  };
  const isDone = async () => {
    const { errors } = await world.destroy();
    expect(errors.length).toBe(world.engine.entries.length);
    return errors.length === 0;
  };

  it("[R5,R8] when the list shows the token as revoked, and says who says so", async () => {
    await start({ deadTokenRevocation: "refused" });
    await world.revokeElsewhere("A");
    const destroy = await world.destroy();
    expect(destroy.lines).toContainEqual(
      "acme/shop/prod/private/x: token A was revoked before this run, says the store's list",
    );
    expect(destroy.requests).toEqual(["DELETE abc123 A"]);
  });

  it.each([
    ["[R5]", "GraphQL invalid credentials. JWT is expired", true],
    ["[R5,R8]", "Unknown JWT token", true],
    ["[R5]", "GraphQL invalid credentials. JWT signature is invalid", false],
    ["[R5]", "GraphQL invalid credentials. JWT store id doesn't match store id of the URL", false],
    ["[R5]", "GraphQL credentials were missing. No token was sent.", false],
    ["[R5]", "This is not Unknown JWT token but something else", false],
  ])("%s where the store's GraphQL answers 401 %j: %s", async (_, message, done) => {
    await start();
    unlisted();
    refuse();
    graphql(UNAUTHORISED(message));
    expect(await isDone()).toBe(done);
  });

  it.each<[string, FaultAction]>([
    ["403", { kind: "status", status: 403, body: { errors: [{ message: "Unknown JWT token" }] } }],
    ["200", { kind: "status", status: 200, body: { errors: [{ message: "Unknown JWT token" }] } }],
    ["500", { kind: "status", status: 500 }],
    ["a login page", { kind: "status", status: 401, body: "<html>Unknown JWT token" }],
    ["a redirect", { kind: "redirect", location: "https://elsewhere.example/" }],
    ["nothing", { kind: "reset-before" }],
  ])("[R5] not when GraphQL answers %s", async (_, fault) => {
    await start();
    unlisted();
    refuse();
    graphql(fault);
    expect(await isDone()).toBe(false);
  });

  it("[R3] not when GraphQL accepts the token, whatever the refusal", async () => {
    await start({ generation: 1 });
    refuse(answers(404, "No token found for the supplied jti."));
    expect(await isDone()).toBe(false);
    expect(world.alive()).toBe("A");
  });

  it("[R5] asks GraphQL with the token alone, and at the store and channel of the token", async () => {
    await start({ generation: 1 });
    refuse();
    await world.destroy();
    const asked = world.emulator.requests.filter(({ path }) => path === "/graphql");
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers).toMatchObject({
      authorization: `Bearer ${world.token("A").token}`,
      host: "store-abc123-1.mybigcommerce.com",
    });
    expect(asked[0]?.headers).not.toHaveProperty("x-auth-token");
  });

  it("[R5] asks GraphQL from an origin of the token, where it is bound to some", async () => {
    world = await startWorld({ sockets: true, generation: 1, timeoutMs: 60_000 });
    await world.up([declare(KINDS.storefront)]);
    refuse();
    await world.destroy();
    const asked = world.emulator.requests.find(({ path }) => path === "/graphql");
    expect(asked?.headers["origin"]).toBe("https://a.example");
  });

  it("[R17] not when the list of another account does not show it, which is one page", async () => {
    await start();
    world.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = CREDENTIALS.colleague;
    const destroy = await world.destroy();
    expect(destroy.errors).toHaveLength(1);
    expect(destroy.looks).toBe(1);
    expect(count(destroy.requests, "GRAPHQL")).toBe(1);
  });

  it("[R9] as expired, not as revoked, also after an attempt that was lost", async () => {
    await start({ deadTokenRevocation: "refused" });
    world.advance(91);
    world.emulator.faults.push({ kind: "reset-before", method: "DELETE" });
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.requests).toEqual(["DELETE abc123 A", "DELETE abc123 A"]);
    expect(destroy.lines.at(-1)).toMatch(/^expired /);
  });

  it.each([401, 403, 429, 500])("[R4] not after a %i, for which nothing is looked up", async (status) => {
    await start();
    await world.revokeElsewhere("A");
    refuse(answers(status));
    const destroy = await world.destroy();
    expect(destroy.errors).toHaveLength(1);
    expect(destroy.looks).toBe(0);
    expect(count(destroy.requests, "GRAPHQL")).toBe(0);
  });

  it("[R13] without a warning, when an attempt before it was lost", async () => {
    await start({ deadTokenRevocation: "refused" });
    world.emulator.faults.push({ kind: "reset-after", method: "DELETE" });
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.lines.at(-1)).toMatch(/^revoke accepted /);
  });

  it("[X8] by header for a token without a jti, proven by GraphQL", async () => {
    world = await startWorld({ sockets: true, generation: 2, deadTokenRevocation: "refused" });
    world.emulator.faults.push({ kind: "claims", claims: { jti: undefined } });
    await world.up([declare(kind)]);
    await world.revokeElsewhere("A");
    const destroy = await world.destroy();
    expect(destroy.requests).toEqual(["DELETE abc123 A", "GRAPHQL abc123"]);
    expect(destroy.lines).toContainEqual(
      expect.stringMatching(/revoked before this run, says the store's GraphQL/),
    );
  });

  it.each([
    [249, 1],
    [250, 2],
    [600, 3],
  ])("[X4] with %i newer tokens in the list, after %i pages", async (newer, pages) => {
    await start({ deadTokenRevocation: "refused" });
    await world.revokeElsewhere("A");
    world.emulator.clock.advance(1);
    for (let index = 0; index < newer; index += 1) await mintElsewhere();
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.looks).toBe(pages);
    expect(count(destroy.requests, "GRAPHQL")).toBe(0);
  });

  it("[X4] where the store's pages are shorter than was asked for, on the page that has it", async () => {
    await start({ deadTokenRevocation: "refused" });
    await world.revokeElsewhere("A");
    const meta = { pagination: { total_pages: 2 } };
    const row = { jti: world.token("A").jti, is_revoked: true, is_expired: false };
    for (const data of [[], [row]]) {
      world.emulator.faults.push({ kind: "reply", reply: { body: { data, meta } }, method: "GET" });
    }
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.looks).toBe(2);
    expect(count(destroy.requests, "GRAPHQL")).toBe(0);
  });

  it("[R5] by another channel's site, where the first channel has none", async () => {
    await start({ generation: 1 });
    refuse();
    world.emulator.faults.push({ kind: "status", status: 404, path: "/graphql" });
    world.emulator.faults.push({ ...UNAUTHORISED("Unknown JWT token"), path: "/graphql" });
    expect(await isDone()).toBe(true);
    const asked = world.emulator.requests.filter(({ path }) => path === "/graphql");
    expect(asked.map(({ headers }) => headers.host)).toEqual([
      "store-abc123-1.mybigcommerce.com",
      "store-abc123-2.mybigcommerce.com",
    ]);
  });

  it("[C1,R9] not by a local clock some hours ahead, where the server does not tell its time", async () => {
    await start({ generation: 1 });
    const headers = { date: undefined };
    const body = { status: 422, title: "The token doesn't belong to the client" };
    world.emulator.faults.push({
      ...{ kind: "status", status: 422, headers, body },
      ...{ method: "DELETE", times: Infinity },
    });
    world.skew = 90 * 86_400 + 3_600;
    expect(await isDone()).toBe(false);
    world.skew += 86_400 - 3_600;
    expect(await isDone()).toBe(true);
  });

  it("[X4] by GraphQL where ten pages do not show the token", async () => {
    await start({ deadTokenRevocation: "refused" });
    await world.revokeElsewhere("A");
    const row = { is_revoked: false, is_expired: false };
    const data = Array.from({ length: 250 }, (_, index) => ({ ...row, jti: `other-${index}` }));
    world.emulator.faults.push({ kind: "reply", reply: { body: { data } }, method: "GET", times: Infinity });
    const destroy = await world.destroy();
    expect(destroy.errors).toEqual([]);
    expect(destroy.looks).toBe(10);
    expect(count(destroy.requests, "GRAPHQL")).toBe(1);
  });
});

async function mintElsewhere(): Promise<void> {
  await requestByHand(world.emulator, {
    method: "POST",
    path: "/stores/abc123/v3/storefront/api-token-private",
    headers: { "X-Auth-Token": CREDENTIALS.abc123 },
    body: JSON.stringify({ channel_ids: [1], scopes: ["Customer"], expires_at: 2_000_000_000 }),
  });
}

it("[R15] fifty removals of which one fails: 49 gone, one kept, one error", async () => {
  world = await startWorld({ sockets: true, generation: 2 });
  const program = Array.from({ length: 50 }, (_, index) => declare(kind, {}, { name: `x${index}` }));
  await world.up(program);
  const { jti = "" } = world.emulator.issued[20]!;
  world.emulator.faults.push({ kind: "status", status: 403, path: new RegExp(jti), times: Infinity });
  const destroy = await world.destroy();
  expect(destroy.errors).toHaveLength(1);
  expect(world.engine.entries.map(({ id }) => id)).toEqual([jti]);
  expect(world.emulator.issued.filter(({ revokedAt }) => revokedAt === undefined)).toHaveLength(1);
});

it("[R16] a token that is left to expire sends nothing, and its end is said", async () => {
  await start();
  world.env["BIGCOMMERCE_ON_DELETE"] = "letExpire";
  const destroy = await world.destroy();
  expect(destroy.requests).toEqual([]);
  expect(destroy.lines.at(-1)).toMatch(/^left to expire .* 2026-10-30T00:00:00Z$/);
});
