import type { IssuedToken } from "../../emulator";
import { DAY } from "../support/program";
import { importRecorded } from "../support/recorded-stack";
import { Stack } from "../support/stack";

const CREDENTIALS = { abc123: "the-credential-of-abc123", def456: "the-credential-of-def456" };
const CHANNELS = Array.from({ length: 2_000 }, (_, at) => at + 1);
const STAR = 'new PrivateToken("star*", base);';

/** The program that made the recorded stack, but for what is given. */
const program = ({ star = STAR, channels = 2_000 } = {}) => `
const base = { channelIds: [1], scopes: ["Customer"], lifetime: "90d" };
const fixed = "2027-06-01T00:00:00Z";
const front = new pulumi.ComponentResource("my:shop:Front", "front");
new StorefrontToken("web", { channelIds: [1, 2], allowedCorsOrigins: ["https://shop.example"], lifetime: "90d" });
new PrivateToken("fixed", { ...base, lifetime: undefined, expiresAt: fixed });
new ImpersonationToken("endless", { channelIds: [1], expiresAt: "never" });
new PrivateToken("widened", { ...base, channelIds: [1, 2] });
new PrivateToken("narrowed", base);
new PrivateToken("adopted", { ...base, adopt: pulumi.secret(process.env.BY_HAND) });
new PrivateToken("adopted once", { ...base, channelIds: [1, 2], adopt: pulumi.secret(process.env.BY_HAND_TOO) });
new PrivateToken("proven", { ...base, verify: true });
new PrivateToken("child", base, { parent: front });
new PrivateToken("without jti", base);
${star}
new ImpersonationToken("elsewhere", { channelIds: [1], lifetime: "90d", storeHash: "def456" });
new PrivateToken("left", { ...base, onDelete: "letExpire" });
new PrivateToken("many", { ...base, channelIds: Array.from({ length: ${channels} }, (_, at) => at + 1) });
new StorefrontToken("underscore", { channelIds: [1], allowedCorsOrigins: ["https://my_shop.example"], expiresAt: fixed });
`;

let stack: Stack;
/** The recorded tokens, by letters. */
let tokens: ReadonlyMap<string, IssuedToken>;
const fingerprints = (...letters: string[]) => letters.map((letter) => tokens.get(letter)?.fingerprint);
/** Those that lived on the day of the recording: L was revoked before. */
const living = () => fingerprints(..."ABCDEFGHIJKMNOPQR".split(""));

/** A stack as 0.1.0 left it, in front of this version. */
async function start(): Promise<void> {
  const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
  const store = (hash: keyof typeof CREDENTIALS, clientId: string) => {
    const accounts = [{ clientId, accessToken: CREDENTIALS[hash], scopes: [...scopes] }];
    return { hash, channels: CHANNELS, accounts };
  };
  const stores = [store("abc123", "client-a"), store("def456", "client-b")];
  stack = await Stack.start(program(), { stores });
  stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = CREDENTIALS.abc123;
  stack.env["BIGCOMMERCE_ACCESS_TOKEN_DEF456"] = CREDENTIALS.def456;
  tokens = await importRecorded(stack, "0.1.0", CREDENTIALS);
  stack.env["BY_HAND"] = tokens.get("A")?.token;
  stack.env["BY_HAND_TOO"] = tokens.get("B")?.token;
  seen = stack.emulator.requests.length;
}

let seen = 0;
/** How many requests of each sort BigCommerce got since the last call, looks into the list aside. */
function sent(): Readonly<Record<string, number>> {
  const fresh = stack.emulator.requests.slice(seen);
  seen = stack.emulator.requests.length;
  const counts: Record<string, number> = {};
  for (const { method, path } of fresh) {
    if (method === "GET") continue;
    const ending = /\/[0-9a-f-]{36}$/.test(path) ? "revoked by id" : "revoked by text";
    const sort = path.endsWith("/graphql") ? "asked" : method === "POST" ? "minted" : ending;
    counts[sort] = (counts[sort] ?? 0) + 1;
  }
  return counts;
}

describe("a stack that version 0.1.0 made", () => {
  beforeAll(start);
  afterAll(() => stack.close());

  it("is previewed and updated with nothing but the labels that are others, without a request", async () => {
    const preview = await stack.ok("preview", "--diff");
    expect(preview).not.toMatch(/replace|delete/);
    expect(preview.match(/^ +~ \w+ *: /gm)?.map((line) => line.trim())).toEqual(
      Array(3).fill(expect.stringMatching(/^~ label +:$/)),
    );
    expect(await stack.up()).toMatch(/~ 3 updated\n +14 unchanged/);
    expect(sent()).toEqual({});
    expect(stack.live()).toEqual(expect.arrayContaining(living()));
  });

  it("is refreshed with one question about what was adopted, and has no changes then", async () => {
    await stack.ok("refresh", "--yes", "--skip-preview");
    expect(sent()).toEqual({ asked: 1 });
    await stack.up("--expect-no-changes");
    expect(sent()).toEqual({});
    expect(stack.live()).toHaveLength(living().length);
  });

  it("takes no other list of more than 1,000 channels, and no new name with *, in one line each", async () => {
    const problems = async (given: Parameters<typeof program>[0]) => {
      stack.program(program(given));
      return [...new Set((await stack.fails("preview")).match(/'.*' has a problem: .*/g))];
    };
    expect(await problems({ channels: 1_999 })).toEqual([
      expect.stringMatching(/^'many' .*: channelIds: has more than 1000 channels, /),
    ]);
    expect(await problems({ star: `${STAR} new PrivateToken("moon*", base);` })).toEqual([
      expect.stringMatching(/^'moon\*' .*: name: holds \*, .*; give .* another name, and aliases: \[\{ name: "moon\*" \}\]/),
    ]);
    expect(sent()).toEqual({});
  }); // prettier-ignore

  it("has its name with * cured by the alias, without a request", async () => {
    stack.program(program({ star: 'new PrivateToken("star", base, { aliases: [{ name: "star*" }] });' }));
    expect(await stack.up()).toMatch(/~ 1 updated\n +16 unchanged/);
    expect(sent()).toEqual({});
  });

  it("rotates what is due with one mint each, and leaves every token that worked but the older predecessors", async () => {
    stack.advance(61 * DAY);
    await stack.up();
    expect(sent()).toEqual({ minted: 12, asked: 2, "revoked by id": 2 });
    const older = fingerprints("B", "I");
    expect(stack.live()).toEqual(expect.arrayContaining(living().filter((each) => !older.includes(each))));
    expect(stack.live()).toHaveLength(living().length - older.length + 12);
    const previous = Object.fromEntries(
      (await stack.tokens()).map(({ urn, outputs }) => [urn.split("::").at(-1), outputs["previous"]]),
    );
    const [star, many] = fingerprints("K", "C");
    expect(previous).toMatchObject({
      star: { fingerprint: star, fate: "letExpire" },
      many: { fingerprint: many, fate: "letExpire", channelIds: CHANNELS },
    });
  });

  it("is destroyed with all that works, by id or by text, but for what is to be left", async () => {
    await stack.destroy();
    expect(sent()).toEqual({ asked: 1, "revoked by id": 24, "revoked by text": 1 });
    const left = stack.emulator.issued.filter(({ name }) => name?.includes("/private/left#"));
    expect(left).toHaveLength(2);
    expect(stack.live()).toEqual(left.map(({ fingerprint }) => fingerprint));
  });
});

describe("a stack that version 0.1.0 made, before any update", () => {
  beforeAll(start);
  afterAll(() => stack.close());

  it("is destroyed as it is, predecessors included", async () => {
    await stack.destroy();
    expect(sent()).toEqual({ asked: 2, "revoked by id": 15, "revoked by text": 1 });
    expect(stack.live()).toEqual(fingerprints("J"));
  });
});
