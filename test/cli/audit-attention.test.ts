import { cli } from "./fake-system";
import { historyFiles, type Recorded } from "./histories";
import { day, NOW, printOf, SECRET, token } from "./states";

/** What the page tells first: the word, the resource and the sentence of each concern, without markup. */
async function concerns(updates: readonly Recorded[], options: { log?: string; args?: string[] } = {}) {
  const files = { ...historyFiles(updates), ...(options.log !== undefined && { "up.log": options.log }) };
  const args = [...(options.log === undefined ? [] : ["--events", "up.log"]), ...(options.args ?? [])];
  const { stdout } = await cli(["audit", "--history", "h", "--format", "html", ...args], { now: NOW, files });
  const [, list = ""] = /<h2 id="attention">[^]*?<ul class="concerns">\n([^]*?)<\/ul>/.exec(stdout) ?? [];
  return list
    .split(/<li>/)
    .slice(1)
    .map((item) => {
      const [, tone, word] = /<b class="(\w+)">([^<]*)<\/b>/.exec(item) ?? [];
      const [, resource] = /<strong>([^<]*)/.exec(item) ?? [];
      const [, text = ""] = /<p>([^]*)<\/p>/.exec(item) ?? [];
      return { tone, word, resource, text: text.replace(/<\/?code>/g, "`") };
    });
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
  ["is missing", first("a", { gone: true }), "bad", "missing", /^A refresh saw that it is gone/],
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

it("revocations without a proof are one concern, and none once a log proves them", async () => {
  const updates: readonly Recorded[] = [
    {
      day: -30,
      tokens: [token("a"), token("b", { outputs: { expiresAt: day(90) } })],
      changes: { create: 2 },
    },
    { ...removed, changes: { delete: 2 } },
  ];
  const [concern, ...others] = await concerns(updates);
  expect(others).toEqual([]);
  expect(concern).toMatchObject({ tone: "warn", word: "no proof", resource: "" });
  expect(concern?.text).toMatch(/^2 tokens of 2 resources were to be revoked, but nothing here proves it\. Without a revocation the last of them is valid until 2027-04-10 12:00/); // prettier-ignore
  const [single] = await concerns([first("a"), removed]);
  expect(single).toMatchObject({ word: "no proof", resource: "a", text: expect.stringMatching(/^It was to be revoked, but nothing here proves it\./) }); // prettier-ignore
  const line = (name: string) =>
    JSON.stringify({
      ...{ sequence: 1, timestamp: Date.parse(day(-5)) / 1_000 - 20 },
      diagnosticEvent: {
        message: `bigcommerce-tokens: revoke accepted acme/shop/dev/private/${name} ${printOf(name)} ${day(60)}`,
        severity: "info#err",
      },
    });
  expect(await concerns(updates, { log: ["a", "b"].map(line).join("\n") })).toEqual([]);
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
