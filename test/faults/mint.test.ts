import type { Fault, FaultAction, ReplyFields } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { CREDENTIALS, STORE } from "../handlers/support/bigcommerce";
import { declare } from "../handlers/support/samples";
import { startWorld, type World } from "../handlers/support/world";

/** What a first `up` of one token comes to, in a store without a list and in one with it. */
interface Ending {
  readonly outcome: "success" | "NOT_SENT" | "REJECTED" | "UNKNOWN";
  readonly posts: number;
  readonly deletes: number;
  readonly alive: number;
}

const ending = (outcome: Ending["outcome"], posts: number, deletes: number, alive: number): Ending => ({
  ...{ outcome, posts, deletes, alive },
});
type Endings = readonly [without: Ending, withList: Ending];

const both = (end: Ending): Endings => [end, end];
const MINTED = both(ending("success", 1, 0, 1));
const REPEATED = both(ending("success", 2, 0, 1));
const REFUSED = both(ending("REJECTED", 1, 0, 0));
/** BigCommerce did nothing, which nobody can know. */
const UNSURE = both(ending("UNKNOWN", 1, 0, 0));
/** A token was minted, and its value lost. */
const LOST: Endings = [ending("UNKNOWN", 1, 0, 1), ending("success", 2, 1, 1)];
/** A token was minted, and its value came in a reply that cannot be trusted. */
const STRAY: Endings = [ending("REJECTED", 1, 1, 0), ending("success", 2, 1, 1)];
/** The same, and what came cannot be revoked by its value. */
const MANGLED: Endings = [ending("UNKNOWN", 1, 1, 1), ending("success", 2, 1, 1)];

type Row = readonly [ids: string, what: string, fault: FaultAction, ends: Endings, says?: RegExp];

const answers = (status: number, more: ReplyFields = {}): FaultAction => ({
  kind: "status",
  status,
  ...more,
});
const replies = (reply: ReplyFields): FaultAction => ({ kind: "reply", reply });
const body = (content: unknown): FaultAction => replies({ body: content });
const token = (value: unknown): FaultAction => body({ data: { token: value }, meta: {} });
const raw = (bytes: string): FaultAction => ({ kind: "raw", bytes });
const tokenOf = (good: unknown) => (good as { data: { token: string } }).data.token;
const each = <T>(values: readonly T[], row: (value: T) => Row): Row[] => values.map(row);

const ROWS: readonly Row[] = [
  ["H1", "200", { kind: "delay", ms: 0 }, MINTED],
  ["H2", "201", replies({ status: 201 }), MINTED],
  ...each([202, 206, 207], (status) => ["H2", String(status), replies({ status }), STRAY]),
  ["H2", "204", replies({ status: 204, body: undefined }), LOST],
  ["H3", "400", answers(400, { body: { title: "a field is bad" } }), REFUSED, /"a field is bad"/],
  [
    "H3",
    "422",
    answers(422, { body: { errors: { channel_ids: "no such channel" } } }),
    REFUSED,
    /no such channel/,
  ],
  ["H4", "422 with an echo", answers(422, { body: { title: CREDENTIALS[STORE] } }), REFUSED, /"\*\*\*"/],
  ["H5", "401", answers(401), REFUSED, /BIGCOMMERCE_ACCESS_TOKEN_ABC123/],
  [
    "H6",
    "403",
    answers(403),
    REFUSED,
    /OAuth scope "Storefront API .*Tokens: manage" \(store_storefront_api(_customer_impersonation)?\), or check the store hash/,
  ],
  ["H7", "404", answers(404), REFUSED, /Check the store hash/],
  ...each([405, 406, 409, 413, 415, 423, 451], (status) => ["H8", String(status), answers(status), REFUSED]),
  ["H9", "500", answers(500), UNSURE, /answered 500/],
  ["H9", "500 after the work", replies({ status: 500, body: undefined }), LOST],
  ["H9", "500 with the token in it", replies({ status: 500 }), STRAY],
  ...each([501, 505], (status) => ["H10", String(status), answers(status), UNSURE]),
  ...each([502, 503, 504], (status) => ["H11", String(status), answers(status), UNSURE]),
  ["H12", "503 with Retry-After", answers(503, { headers: { "retry-after": "1" } }), UNSURE],
  ...each([507, 509, 520, 527, 599, 600, 999], (status) => ["H13", String(status), answers(status), UNSURE]),
  ["H13", "0", raw("HTTP/1.1 0 Nothing\r\nContent-Length: 0\r\n\r\n"), UNSURE],
  [
    "H15",
    "101",
    raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    UNSURE,
  ],
  ["H16", "304", answers(304), UNSURE],
  ...each([408, 499], (status) => ["H17", String(status), answers(status), UNSURE]),
  ["L1", "429", answers(429, { headers: { "x-rate-limit-time-reset-ms": "300" } }), REPEATED],
  [
    "L11",
    "500 with a rate limit",
    answers(500, { headers: { "x-rate-limit-time-reset-ms": "1500" } }),
    UNSURE,
  ],
  ["N5", "no answer", { kind: "hang" }, UNSURE, /no complete reply came in time/],
  ["N5,N20", "no answer to the work", { kind: "hang-after" }, LOST],
  ["N6", "a reset before the work", { kind: "reset-before" }, UNSURE],
  ["N6", "a reset after the work", { kind: "reset-after" }, LOST],
  ["N9", "an answer of a byte a second", { kind: "drip", everyMs: 1_000 }, LOST],
  ...each([0, 1, 20, 60], (bytes) => [
    "N10,N21",
    `${bytes} bytes of the body`,
    { kind: "truncate", bytes },
    LOST,
  ]),
  ["N18", "no HTTP", raw("220 mail.example ESMTP\r\n"), UNSURE],
  ["N19", "HTTP/1.0 without a word", raw("HTTP/1.0 200 OK\r\n\r\n"), UNSURE],
  ["T1", "a redirect", { kind: "redirect", location: "/elsewhere" }, UNSURE, /Redirects are never followed/],
  ["T14,B9", "a login page", replies({ body: "<html>", headers: { "content-type": "text/html" } }), LOST],
  ...each(["", "null", "[]", '"x"', "{}", '{"data":null}', '{"data":[]}'], (text) => [
    "B1",
    `body ${text}`,
    body(text),
    LOST,
  ]),
  ...each([undefined, null, 0, true, {}, [], ""], (value) => [
    "B2",
    `token ${JSON.stringify(value)}`,
    token(value),
    LOST,
  ]),
  ...each(["   ", "a.b.c\r\nX: y", "a.b.\u0000", "é.é.é", "\uFEFFa.b.c", "a".repeat(17_000)], (value) => [
    ...(["B3", `token ${JSON.stringify(value.slice(0, 12))}`, token(value), LOST] as const),
  ]),
  ["B3", "a token of 100 kB", token(`a.b.${"c".repeat(100_000)}`), LOST],
  ["B4", "what is no JWT", token("opaque-text-that-is-no-jwt"), MANGLED],
  ["B5", "UTF-16", body(Buffer.from('{"data":{"token":"a.b.c"}}', "utf16le")), LOST],
  ["B7", "a polluting key", body('{"__proto__":{"data":{"token":"a.b.c"}}}'), LOST],
  ["B8", "deep nesting", body("[".repeat(30_000)), LOST],
  ["B10", "half a token and no JSON", body('{"data":{"token":"eyJhbGciOiJFUzI1NiJ9.eyJ'), LOST],
];

let world: World;
afterEach(() => world.close());

const expectNoToken = /valid until 2026-10-30T00:00:00Z may exist that nothing records/;

async function firstUp(generation: 1 | 2, fault: Fault) {
  const kind = KINDS.private;
  world = await startWorld({ sockets: true, generation, timeoutMs: 60_000, hurry: 20 });
  world.emulator.faults.push({ ...fault, method: "POST", path: /api-token/ });
  return world.up([declare(kind)]);
}

const CATALOGUE = ROWS.map(([ids, what, fault, ends, says]) => ({ ids, what, fault, ends, says }));

describe.each(CATALOGUE)("[$ids] $what", ({ fault, ends, says }) => {
  it.each([
    ["without", 1, ends[0]],
    ["with", 2, ends[1]],
  ] as const)("%s a list", async (_, generation, expected) => {
    const up = await firstUp(generation, fault);
    const message = up.errors[0]?.message;
    const outcome = message === undefined ? "success" : /\[(NOT_SENT|REJECTED|UNKNOWN)\b/.exec(message)?.[1];
    const count = (method: string) => up.requests.filter((line) => line.startsWith(method)).length;
    expect({
      ...{ outcome, posts: count("POST"), deletes: count("DELETE"), alive: world.alive().length },
    }).toEqual(expected);
    if (message !== undefined) {
      expect(up.errors).toHaveLength(1);
      expect(expectNoToken.test(message)).toBe(outcome === "UNKNOWN");
      if (says) expect(message).toMatch(says);
      if (outcome === "UNKNOWN" && generation === 2) expect(message).toMatch(/named \S+#[0-9a-f]{32},/);
      expect(world.engine.entries).toEqual([]);
    } else {
      expect(world.outputs()).toMatchObject({ token: world.alive(), fingerprint: world.alive() });
    }
  });
});

describe("[H18] a 200 with a token that says it is an error", () => {
  const saying = (status: number): FaultAction => ({
    kind: "reply",
    reply: ({ body: good }) => ({ body: { data: { token: tokenOf(good) }, status, title: "No" } }),
  });

  it.each([
    [1, 500, ending("REJECTED", 1, 1, 0)],
    [2, 500, ending("success", 2, 1, 1)],
    [1, 422, ending("REJECTED", 1, 1, 0)],
    [2, 422, ending("REJECTED", 1, 1, 0)],
  ] as const)("in generation %i, of class %i", async (generation, status, expected) => {
    const up = await firstUp(generation, saying(status));
    expect(up.errors).toHaveLength(expected.outcome === "success" ? 0 : 1);
    expect(up.requests.filter((line) => line.startsWith("POST"))).toHaveLength(expected.posts);
    expect(up.requests.filter((line) => line.startsWith("DELETE"))).toHaveLength(expected.deletes);
    expect(world.alive()).toHaveLength(expected.alive);
  });
});
