import { declare, type Declared, inDays } from "../support/program";
import { Stack } from "../support/stack";

const token = (kind: Declared["kind"], args: Readonly<Record<string, unknown>>, opts?: string): string =>
  declare({ kind, name: "bad", args, ...(opts !== undefined && { opts }) });

const PRIVATE = { channelIds: [1], scopes: ["Customer"], lifetime: "90d" };

describe("bad input", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start("");
  });
  afterAll(() => stack.close());

  const preview = async (program: string) => {
    stack.program(program);
    const output = await stack.fails("preview");
    expect(stack.requests()).toEqual([]);
    expect(output).not.toMatch(/\n\s+at .*:\d+:\d+/);
    return output;
  };

  it("[U19] is reported all at once, one line a problem, each with the property, the rule and the fix", async () => {
    const output = await preview(
      token("StorefrontToken", {
        channelId: 1,
        channelIds: [0, 1.5, "2"],
        allowedCorsOrigins: ["https://shop.example.com/", "https://*.example.com"],
        expiresAt: 1_785_635_176_000,
        lifetme: "90d",
        overlap: "sometimes",
        onDelete: "keep",
        storeHash: "../../x",
      }),
    );
    for (const line of [
      "channelId: there is no such property; say channelIds: [id]",
      "channelIds[0]: must be a channel id",
      "channelIds[1]: must be a channel id",
      "channelIds[2]: must be a channel id",
      "allowedCorsOrigins[0]: must be an origin such as",
      "allowedCorsOrigins[1]: must be an origin such as",
      "expiresAt: looks like milliseconds: give Unix seconds",
      "lifetme: there is no such property; did you mean lifetime?",
      'overlap: must be "auto", "always" or "never"',
      'onDelete: must be "revoke" or "letExpire"',
      "storeHash: must be a store hash: 1 to 32 lower-case letters and digits",
    ]) {
      expect(output).toContain(`has a problem: ${line}`);
    }
  });

  it.each([
    ["[U13] no expiry", { ...PRIVATE, lifetime: undefined }, "expiresAt: no expiry"],
    ["two expiries", { ...PRIVATE, expiresAt: inDays(30) }, "expiresAt: stands beside lifetime"],
    ["[U14] a past expiry", { ...PRIVATE, lifetime: undefined, expiresAt: inDays(-1) }, "expiresAt: is past"],
    ["a window too large", { ...PRIVATE, rotateBefore: "90d" }, "rotateBefore: too large for this lifetime"],
    [
      "never with letExpire",
      { ...PRIVATE, lifetime: undefined, expiresAt: "never", onDelete: "letExpire" },
      'onDelete: "letExpire" cannot stand beside expiresAt "never"',
    ],
  ])("%s fails the preview", async (_, args, line) => {
    expect(await preview(token("PrivateToken", args))).toContain(line);
  });

  it("[S10] prints no value of a secret input", async () => {
    const output = await preview(
      'new PrivateToken("bad", { channelIds: [1], scopes: [pulumi.secret("sesame-open")], lifetime: pulumi.secret("sesame-shut") });',
    );
    expect(output).toContain("scopes[0]: must be one of Unauthenticated, Customer, B2B");
    expect(output).toContain("lifetime: must be a duration");
    expect(output).not.toContain("sesame");
  });

  it.each([
    ["[E4] an id", '{ id: "x" }', "the id option is not supported"],
    ["[E4] an import", '{ import: "x" }', "the import option is not supported"],
    [
      "[E6] deleteBeforeReplace",
      "{ deleteBeforeReplace: true }",
      "deleteBeforeReplace would revoke the token before",
    ],
  ])("%s is refused by the class in one line", async (_, opts, line) => {
    const output = await preview(token("PrivateToken", PRIVATE, opts));
    expect(output).toContain(`private token "bad": ${line}`);
  });

  it("a credential as an argument is refused by the class, unquoted", async () => {
    const output = await preview(token("PrivateToken", { ...PRIVATE, accessToken: "sesame-open" }));
    expect(output).toContain('private token "bad": accessToken is not an argument');
    expect(output).not.toContain("sesame");
  });

  it("[U4] an unknown value passes a preview, also inside a list", async () => {
    stack.program(
      [
        'const one = new Consumer("one", { value: 1 });',
        token("PrivateToken", PRIVATE).replace('"channelIds":[1]', '"channelIds":[one.urn.apply(() => 1)]'),
        'const odd = new PrivateToken("odd", { channelIds: one.id.apply(() => [1]), scopes: [one.id.apply(() => "B2B")], lifetime: one.id.apply(() => "90d") });',
      ].join("\n"),
    );
    await stack.ok("preview");
    await stack.up();
    expect(stack.requests()).toEqual(["POST", "POST"]);
    await stack.destroy();
    stack.requests();
  });

  it.each([
    ["no store", { BIGCOMMERCE_STORE_HASH: undefined }, "storeHash: no store"],
    [
      "[T6] plain http off loopback",
      { BIGCOMMERCE_API_URL: "http://api.example.com" },
      "environment variable BIGCOMMERCE_API_URL is not an API host",
    ],
    [
      "an impossible BIGCOMMERCE_ON_DELETE",
      { BIGCOMMERCE_ON_DELETE: "keep" },
      "environment variable BIGCOMMERCE_ON_DELETE must be revoke or letExpire",
    ],
  ])("%s fails the preview and says what to set", async (_, env, line) => {
    const before = { ...stack.env };
    Object.assign(stack.env, env);
    try {
      expect(await preview(token("PrivateToken", PRIVATE))).toContain(line);
    } finally {
      Object.assign(stack.env, { BIGCOMMERCE_ON_DELETE: undefined }, before);
    }
  });

  it("two different default stores fail the preview, with both", async () => {
    await stack.ok("config", "set", "bigcommerce:storeHash", "def456");
    const output = await preview(token("PrivateToken", PRIVATE));
    expect(output).toContain("bigcommerce:storeHash is def456");
    expect(output).toContain("BIGCOMMERCE_STORE_HASH is abc123");
    await stack.ok("config", "rm", "bigcommerce:storeHash");
  });
});
