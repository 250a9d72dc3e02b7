import { declare, type Declared } from "../support/program";
import { HOST, itOnClasses, Stack } from "../support/stack";

const token = (kind: Declared["kind"], args: Readonly<Record<string, unknown>>, opts?: string): string =>
  declare({ kind, name: "bad", args, ...(opts !== undefined && { opts }) });

/** The address of a code's entry. */
const ENTRY = / \(https:\S+\/docs\/reference\/errors\.md#input_invalid\)$/;
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
    for (const [line] of output.matchAll(/has a problem: .*$/gm)) expect(line).toMatch(ENTRY);
  });

  it("[S10] prints no value of a secret input", async () => {
    const output = await preview(
      'new PrivateToken("bad", { channelIds: [1], scopes: [pulumi.secret("sesame-open")], lifetime: pulumi.secret("sesame-shut") });',
    );
    expect(output).toContain("scopes[0]: must be one of Unauthenticated, Customer, B2B");
    expect(output).toContain("lifetime: must be a duration");
    expect(output).not.toContain("sesame");
  });

  itOnClasses("[E4] an import is refused by the class in one line", async () => {
    const output = await preview(token("PrivateToken", PRIVATE, '{ import: "x" }'));
    expect(output).toMatch(
      /private token "bad": the import option is not supported: .* \(https:\S+#option_refused\)$/m,
    );
  });

  it("a credential as an argument is refused, unquoted", async () => {
    const output = await preview(token("PrivateToken", { ...PRIVATE, accessToken: "sesame-open" }));
    expect(output).toContain(
      HOST === "plugin"
        ? "resource 'bad' has a problem: accessToken: there is no such property; remove it"
        : 'private token "bad": accessToken is not an argument',
    );
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

  it("[T6] plain http off loopback fails the preview and says what to set", async () => {
    const { BIGCOMMERCE_API_URL } = stack.env;
    stack.env["BIGCOMMERCE_API_URL"] = "http://api.example.com";
    expect(await preview(token("PrivateToken", PRIVATE))).toContain(
      "environment variable BIGCOMMERCE_API_URL is not an API host",
    );
    Object.assign(stack.env, { BIGCOMMERCE_API_URL });
  });

  it("two different default stores fail the preview, with both", async () => {
    await stack.ok("config", "set", "bigcommerce:storeHash", "def456");
    const output = await preview(token("PrivateToken", PRIVATE));
    expect(output).toContain("bigcommerce:storeHash is def456");
    expect(output).toContain("BIGCOMMERCE_STORE_HASH is abc123");
    await stack.ok("config", "rm", "bigcommerce:storeHash");
  });
});
