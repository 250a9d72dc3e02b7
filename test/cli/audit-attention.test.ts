import { cli } from "./fake-system";
import { historyFiles, type Recorded } from "./histories";
import { day, NOW, printOf, SECRET, token } from "./states";

interface Options {
  readonly log?: string;
  readonly args?: readonly string[];
}

async function attention(updates: readonly Recorded[], { log, args = [] }: Options): Promise<string> {
  const files = { ...historyFiles(updates), ...(log !== undefined && { "up.log": log }) };
  const all = [...(log === undefined ? [] : ["--events", "up.log"]), ...args];
  const { stdout } = await cli(["audit", "--history", "h", "--format", "html", ...all], { now: NOW, files });
  return (/<h2 id="attention">([^]*?)<\/section>/.exec(stdout)?.[1] ?? "").replace(/<\/?code>/g, "`");
}

/** What the page tells first: the word, the resource and the sentence of each concern, without markup. */
async function concerns(updates: readonly Recorded[], options: Options = {}) {
  const [, ...items] = (await attention(updates, options)).split(/<li>/);
  return items.map((item) => {
    const [, tone, word] = /<b class="(\w+)">([^<]*)<\/b>/.exec(item) ?? [];
    const [, resource] = /<strong>([^<]*)/.exec(item) ?? [];
    const [, text] = /<p>([^<]*)<\/p>/.exec(item) ?? [];
    return { tone, word, resource, text };
  });
}

/** What the page tells besides of revocations without a proof. */
async function remark(updates: readonly Recorded[], options: Options = {}): Promise<string | undefined> {
  return /<p class="quiet">([^<]*)<\/p>\s*$/.exec(await attention(updates, options))?.[1];
}

const fixed = { lifetime: undefined, rotateBefore: undefined };
const first = (name: string, outputs: object = {}, rest: object = {}): Recorded => ({
  ...{ day: -30, tokens: [token(name, { outputs: { ...outputs }, rest: { ...rest } })] },
  changes: { create: 1 },
});
const removed: Recorded = { day: -5, tokens: [], changes: { delete: 1 } };

it("is nothing where every token is fine", async () => {
  const updates = [
    { day: -30, tokens: [token("a"), token("b", { outputs: { ...fixed, expiresAt: "never" } })] },
  ];
  expect(await concerns(updates)).toEqual([]);
});

it.each<[string, Recorded, string, string, RegExp]>([
  ["is due", first("a", { expiresAt: day(20) }), "warn", "due", /^The next `pulumi up` rotates it\. It expires 2027-01-30 12:00 \(in 20 d\)\.$/],
  ["is overdue", first("a", { expiresAt: day(5) }), "bad", "overdue", /^Half of its rotation window has passed/],
  ["is due but protected", first("a", { expiresAt: day(20) }, { protect: true }), "bad", "due", /^It is protected/],
  ["has expired", first("a", { ...fixed, expiresAt: day(-2) }), "bad", "expired", /It expired 2027-01-08 12:00 \(2 d ago\)\.$/],
  ["is missing", first("a", { gone: true, goneAt: day(-5) }), "bad", "missing", /^Missing since 2027-01-05 12:00; the next `pulumi up` mints a new one\.$/],
  ["failed after its mint", first("a", { verified: false }), "bad", "unproven", /^An update failed after the token was minted/],
  ["waits for its deletion", first("a", {}, { delete: true }), "bad", "pending delete", /^An earlier update could not revoke it/],
  ["cannot be read", first("a", { ...fixed, expiresAt: SECRET }), "bad", "unreadable", /^The state encrypts when it expires/],
])("a token of the state that %s", async (_, update, tone, word, text) => {
  expect(await concerns([update])).toEqual([{ tone, word, resource: "a", text: expect.stringMatching(text) }]);
}); // prettier-ignore

it("a token that left the state without a deletion, until it has expired", async () => {
  const dropped: Recorded = { day: -5, tokens: [], changes: { same: 1 } };
  const [concern, ...others] = await concerns([first("a"), dropped]);
  expect(others).toEqual([]);
  expect(concern).toMatchObject({ tone: "bad", word: "may be valid", resource: "a" });
  expect(concern?.text).toMatch(/Without a revocation it is valid until 2027-03-11 12:00 \(in 60 d\)\. `orphans` finds it/); // prettier-ignore
  expect(await concerns([first("a", { expiresAt: day(-1) }), dropped])).toEqual([]);
});

describe("revocations without a proof are no alarm, but are told", () => {
  const UPDATES: readonly Recorded[] = [
    {
      day: -30,
      tokens: [token("a"), token("b", { outputs: { expiresAt: day(90) } })],
      changes: { create: 2 },
    },
    { ...removed, changes: { delete: 2 } },
  ];
  const said = (name: string) => `bigcommerce-tokens: revoke accepted acme/shop/dev/private/${name} ${printOf(name)} ${day(60)}`; // prettier-ignore
  const event = (name: string) =>
    JSON.stringify({
      ...{ sequence: 1, timestamp: Date.parse(day(-5)) / 1_000 - 20 },
      diagnosticEvent: { message: said(name), severity: "info#err" },
    });

  it("by what should have happened", async () => {
    expect(await concerns(UPDATES)).toEqual([]);
    expect(await remark(UPDATES)).toBe(
      "2 tokens of 2 resources were to be revoked, but nothing here proves it: give `audit --events` what `pulumi up` printed. " +
        "Without a revocation the last of them is valid until 2027-04-10 12:00 (in 90 d). `orphans` finds what the store still lists as valid.",
    );
    expect(await remark([first("a"), removed])).toMatch(/^Token 6130303030303030 of a was to be revoked, .* Without a revocation it is valid until/); // prettier-ignore
  });

  it("by a line of a log", async () => {
    expect(await concerns(UPDATES, { log: said("a") })).toEqual([]);
    expect(await remark(UPDATES, { log: said("a") })).toMatch(
      /^Token 6130303030303030 of a was revoked, as a line of a log says, which is no proof\. Token 6230303030303030 of b was to be revoked,/,
    );
  });

  it("until the store's answer proves them, or the tokens have expired", async () => {
    expect(await remark(UPDATES, { log: ["a", "b"].map(event).join("\n") })).toBeUndefined();
    expect(await remark([first("a", { expiresAt: day(-1) }), removed])).toBeUndefined();
  });
});

it("an interrupted mint, once, and what else failed in the last update, but nothing that an earlier update failed at", async () => {
  const failed: Recorded = { day: -20, tokens: [token("a")], result: "failed" };
  const pendingOperations = [{ resource: token("lost"), type: "creating" }];
  expect(await concerns([first("a"), { ...failed, pendingOperations }])).toEqual([
    { tone: "bad", word: "interrupted", resource: "lost", text: expect.stringMatching(/`orphans` looks for it\.$/) }, // prettier-ignore
  ]);
  expect(await concerns([first("a"), failed])).toEqual([
    { tone: "bad", word: "failed", resource: "", text: "Update #2: the update failed; the history does not say why" }, // prettier-ignore
  ]);
  expect(await concerns([first("a"), failed, { day: -10, tokens: [token("a")], changes: { same: 1 } }])).toEqual([]); // prettier-ignore
});

it("the worst comes first, as of now, whichever time range was asked for", async () => {
  const updates: readonly Recorded[] = [
    { day: -30, tokens: [token("a", { outputs: { expiresAt: day(20) } }), token("b", { outputs: { gone: true } })] }, // prettier-ignore
  ];
  for (const args of [[], ["--since", "2d"], ["--live-between", "29d", "28d"]]) {
    expect((await concerns(updates, { args })).map(({ word }) => word)).toEqual(["missing", "due"]);
  }
});
