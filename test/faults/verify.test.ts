import type { Fault, FaultAction } from "../../emulator/index";
import { KINDS } from "../../provider/domain/kinds";
import { declare } from "../handlers/support/samples";
import { startWorld, type World, type WorldOptions } from "../handlers/support/world";

type Action = FaultAction & Pick<Fault, "times">;

/** How often GraphQL is asked, and why the token is not proven; nothing where it is. */
type Row = readonly [ids: string, what: string, fault: Action | undefined, asks: number, why?: RegExp];

const answers = (status: number, body: unknown, headers = {}): Action => ({
  ...{ kind: "status", status, body, headers },
  times: Infinity,
});
const says = (message: string, status = 401) => answers(status, { errors: [{ message }] });
const page = answers(200, "<html>Sign in</html>", { "content-type": "text/html" });
const unscoped = { message: "No.", extensions: { code: "INSUFFICIENT_ACCESS_SCOPE" } };
const once = (fault: Action): Action => ({ ...fault, times: 1 });
const always = (fault: FaultAction): Action => ({ ...fault, times: Infinity });

/** 10 s of an operation's time hold the waits 0.5, 1, 2 and 4 s. */
const PATIENT = 5;

/** What one `up` of a new token comes to whose proof meets a fault. */
const ROWS: readonly Row[] = [
  ["V1", "no fault", undefined, 1],
  ["V1", "rights that do not reach to the store's name", answers(200, { data: null, errors: [unscoped] }), 1],
  ["V2", "not known yet, for a moment", once(says("Unknown JWT token")), 2],
  ["V2", "not known yet, twice", { ...says("GraphQL invalid credentials. JWT signature is invalid"), times: 2 }, 3],
  ["V2", "never known", says("Unknown JWT token"), PATIENT, /answered 401, "Unknown JWT token"/],
  ["V3", "expired", says("GraphQL invalid credentials. JWT is expired"), 1, /JWT is expired/],
  ["V3", "another channel's", says("JWT channel id doesn't match channel id of the URL"), 1, /channel id doesn't match/],
  ["V4", "a bare 401", answers(401, undefined), PATIENT, /answered 401\./],
  ["V4", "403", says("Forbidden", 403), PATIENT, /answered 403, "Forbidden"/],
  ["V4", "errors in a 200", says("Later.", 200), PATIENT, /answered 200, but the body says errors, "Later\."/],
  ["V5", "429 once", once(says("slow", 429)), 2],
  ["V5", "429 that asks for a second", once(answers(429, undefined, { "retry-after": "1" })), 2],
  ["V5", "429 that asks for an hour", answers(429, undefined, { "retry-after": "3600" }), 1, /answered 429/],
  ["V6", "500 once", once(answers(500, undefined)), 2],
  ["V6", "503 for ever", answers(503, undefined), PATIENT, /answered 503/],
  ["V6", "a reset once", once({ kind: "reset-before" }), 2],
  ["V6", "a lost answer once", once({ kind: "reset-after" }), 2],
  ["V6", "half an answer once", once({ kind: "truncate" }), 2],
  ["V6", "a reset for ever", always({ kind: "reset-before" }), PATIENT, /the connection broke off/],
  ["V8", "404 of two channels", answers(404, undefined), 2, /store-abc123-2\S+: answered 404/],
  ["V8", "404 of the first channel", once(answers(404, undefined)), 2],
  ["V8", "405 of the first channel", once(answers(405, undefined)), 2],
  ["V8", "a redirect of the first channel", once({ kind: "redirect", location: "https://shop.example.com/" }), 2],
  ["V8", "a page of two channels", page, 2, /answered 200 with a body \(text\/html\) that is not the expected one/],
  ["V10", "a body of a megabyte", answers(200, "x".repeat(1_000_000)), 2, /the reply is too large/],
]; // prettier-ignore

const program = [declare(KINDS.private, { verify: true })];

let world: World;
const start = async (options: WorldOptions, fault?: Action) => {
  // With 10 s, of which waits take their part.
  world = await startWorld({ sockets: true, hurry: 2, ...options });
  if (fault) world.emulator.faults.push({ ...fault, path: "/graphql" });
};
afterEach(() => world.close());

/** One mint whatever came of the proof; where it failed, the next update proves the same token with one question. */
async function expectOutcome(asks: number, why?: RegExp): Promise<void> {
  const up = await world.up(program);
  expect(up.requests).toEqual(["POST abc123", ...Array.from({ length: asks }, () => "GRAPHQL abc123")]);
  expect(up.errors.map((error) => (error as Error & { code: string }).code)).toEqual(
    why ? ["partial_failure"] : [],
  );
  if (why) expect(up.errors[0]?.message).toMatch(why);
  expect(world.outputs()).toMatchObject({ token: "A", verified: !why });
  for (const { headers } of world.emulator.requests.filter(({ path }) => path.endsWith("/graphql"))) {
    expect(headers).not.toHaveProperty("x-auth-token");
  }

  world.emulator.faults.clear();
  await world.refresh();
  const next = await world.up(program);
  expect(next.errors).toEqual([]);
  expect(next.requests).toEqual(why ? ["GRAPHQL abc123"] : []);
  expect(world.outputs()).toMatchObject({ token: "A", verified: true });
  expect(world.alive()).toBe("A");
}

describe("a new token whose proof meets", () => {
  const rows = ROWS.map(([ids, what, fault, asks, why]) => ({ ids, what, fault, asks, why }));
  it.each(rows)("[$ids,V12] $what", async ({ fault, asks, why }) => {
    await start({}, fault);
    await expectOutcome(asks, why);
  });

  it.each<[string, FaultAction]>([
    ["no answer", { kind: "hang" }],
    ["an answer that drips", { kind: "drip", everyMs: 500 }],
  ])("[V7,V12] %s, once, and again and again", async (_, fault) => {
    await start({ hurry: 50 }, once(fault));
    await expectOutcome(2);
    await world.close();

    await start({ hurry: 50 }, always(fault));
    const up = await world.up(program);
    // The mint and the proof have a deadline of 10 s each.
    expect(world.tookMs()).toBeLessThan(20_000);
    expect(up.errors[0]?.message).toMatch(/is not proven to work: .*no complete reply came in time/);
    expect(world.outputs()).toMatchObject({ token: "A", verified: false });
  });

  it("[V11] its own token in the answer: nothing that anybody reads holds it", async () => {
    await start({});
    world.wrap = (client) => ({
      ...client,
      mint: async (...args) => {
        const minted = await client.mint(...args);
        world.emulator.faults.push({ ...says(`JWT is expired: ${minted.token}`), path: "/graphql" });
        return minted;
      },
    });
    await expectOutcome(1, /answered 401, "JWT is expired: \*\*\*"/);
  });
});
