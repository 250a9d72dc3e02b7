import { DAY } from "../support/program";
import { Stack } from "../support/stack";

const TYPE = "bigcommerce:index:PrivateToken";

describe("pulumi import of a token that was made by hand", () => {
  let stack: Stack;
  let token: string;

  /** Mints as a person does with curl. */
  async function byHand(family = "api-token-private", body = {}, store = "abc123"): Promise<string> {
    const credential = store === "abc123" ? stack.env["BIGCOMMERCE_ACCESS_TOKEN"] : stack.otherCredential;
    const answer = await fetch(`${stack.emulator.url}/stores/${store}/v3/storefront/${family}`, {
      method: "POST",
      headers: { "X-Auth-Token": credential ?? "", "Content-Type": "application/json" },
      body: JSON.stringify({
        channel_ids: [2, 1],
        expires_at: Math.floor(Date.now() / 1000) + 90 * DAY,
        ...body,
      }),
    });
    const { data } = (await answer.json()) as { data: { token: string } };
    return data.token;
  }
  const importing = (...args: string[]) => [
    "import",
    TYPE,
    "server",
    ...args,
    "--yes",
    "--generate-code=false",
  ];

  beforeEach(async () => {
    seen = 0;
    stack = await Stack.start("", { host: "plugin" });
    token = await byHand("api-token-private", { scopes: ["Unauthenticated", "Customer"] });
    stack.env["BYHAND"] = token;
    changes();
  });
  afterEach(() => stack.close());

  /** Mints and revocations since the last call. What GraphQL is asked changes nothing. */
  function changes(): readonly string[] {
    const fresh = stack.emulator.requests.slice(seen);
    seen = stack.emulator.requests.length;
    return fresh
      .filter(({ method, path }) => method !== "GET" && !path.endsWith("/graphql"))
      .map(({ method }) => method);
  }
  let seen = 0;
  const fingerprint = () => stack.emulator.issued[0]?.fingerprint;

  it("takes kind, channels and expiration from its claims, and its scopes from the store's list", async () => {
    await stack.ok(...importing("env:BYHAND", "--protect=false"));
    expect(changes()).toEqual([]);
    const { id, outputs, inputs } = await stack.token("server");
    expect(id).toBe(stack.emulator.issued[0]?.jti);
    expect(outputs).toMatchObject({
      fingerprint: fingerprint(),
      channelIds: [1, 2],
      scopes: ["Customer", "Unauthenticated"],
      storeHash: "abc123",
    });
    expect(JSON.stringify(inputs)).not.toContain("adopt");

    // The program that declares it changes nothing.
    const expiresAt = String(outputs["expiresAt"]);
    const args = { channelIds: [1, 2], scopes: ["Unauthenticated", "Customer"], expiresAt };
    stack.program(`new PrivateToken("server", ${JSON.stringify(args)});`);
    expect(await stack.up()).toMatch(/2 unchanged/);
    stack.program("");
    await stack.up();
    expect(changes()).toEqual(["DELETE"]);
    expect(stack.live()).toEqual([]);
  });

  it("reads it from a file", async () => {
    stack.write("token.txt", `${token}\n`);
    await stack.ok(...importing("file:token.txt"));
    expect((await stack.token("server")).outputs["fingerprint"]).toBe(fingerprint());
    stack.write("token.txt", "");
  });

  it.each([
    ["", "{}"],
    [", whatever state the program gives beside it", "{ channelIds: [7], fingerprint: 'of another' }"],
  ])("gives a program a token that the stack does not own%s: destroy leaves it", async (_, given) => {
    stack.program(
      `const held = new PrivateToken("held", ${given}, { id: "env:BYHAND" }); exports.token = held.token;`,
    );
    await stack.up();
    const { id, outputs } = await stack.token("held");
    expect(id).toBe(stack.emulator.issued[0]?.jti);
    expect(outputs).toMatchObject({ fingerprint: fingerprint(), channelIds: [1, 2] });
    expect(outputs["token"]).toHaveProperty("ciphertext");
    await stack.up();
    await stack.ok("refresh", "--yes", "--skip-preview");
    await stack.destroy();
    expect(changes()).toEqual([]);
    expect(stack.live()).toEqual([fingerprint()]);
  });

  it("gives a program a token that a resource of the stack gives up in the same update: it is not revoked", async () => {
    await stack.ok(...importing("env:BYHAND", "--protect=false"));
    const old = fingerprint();
    stack.program('new PrivateToken("server", {}, { id: "env:BYHAND" });');
    expect(await stack.up()).not.toContain("revoke accepted");
    expect(stack.live()).toEqual([old]);
    stack.program('new PrivateToken("reader", {}, { id: "env:BYHAND" });');
    await stack.up();
    expect(changes()).toEqual([]);
    expect(stack.live()).toEqual([old]);
  });

  it("gives no program what its own state says of an id that refers to no token", async () => {
    stack.program(
      `new PrivateToken("held", { token: "x", fingerprint: "y", storeHash: "abc123" }, { id: "${token}" });`,
    );
    const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("the id is no reference");
    expect(await stack.tokens()).toEqual([]);
    // The engine itself prints the id that it was given.
    stack.output = stack.output.replaceAll(token, "");
    stack.program("");
  });

  it("refuses scopes that the store's list contradicts", async () => {
    const output = await stack.fails(...importing("env:BYHAND?scopes=Unauthenticated"));
    expect(output).toContain("the store's list says that its scopes are Customer, Unauthenticated");
    await stack.ok(...importing("env:BYHAND?scopes=Unauthenticated,Customer"));
    expect((await stack.token("server")).outputs["scopes"]).toEqual(["Customer", "Unauthenticated"]);
  });

  it("takes a given storefront token with its origins", async () => {
    const origins = ["https://shop.example.com"];
    stack.env["BYHAND"] = await byHand("api-token", { allowed_cors_origins: origins });
    await stack.ok(
      "import",
      "bigcommerce:index:StorefrontToken",
      "web",
      "env:BYHAND",
      "--yes",
      "--generate-code=false",
    );
    expect((await stack.token("web")).outputs).toMatchObject({ allowedCorsOrigins: origins });
  });

  it.each<[string, () => Promise<string> | string, string]>([
    [
      "a token of another store",
      () => byHand("api-token-private", { scopes: ["Customer"] }, "def456"),
      "another store's token",
    ],
    [
      "another kind of token",
      () => byHand("api-token"),
      "it is another kind of token; this resource holds private tokens",
    ],
    ["a forged token", () => forged(token), "calls it invalid"],
    ["a text that is no token", () => "hunter2", "it is not a token"],
  ])("refuses %s", async (_, make, reason) => {
    stack.env["BYHAND"] = await make();
    changes();
    const output = await stack.fails(...importing("env:BYHAND"));
    expect(output).toContain(reason);
    expect(output).not.toContain("hunter2");
    expect(changes()).toEqual([]);
    expect(await stack.tokens()).toEqual([]);
  });

  it("refuses a token that was revoked, and one of an API account whose credential is not set", async () => {
    const revoking = {
      method: "DELETE",
      headers: { "X-Auth-Token": stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "", "Sf-Api-Token": token },
    };
    await fetch(`${stack.emulator.url}/stores/abc123/v3/storefront/api-token`, revoking);
    stack.advance(120);
    expect(await stack.fails(...importing("env:BYHAND"))).toContain("was revoked outside of this stack");
    expect(await stack.tokens()).toEqual([]);
  });

  it.each([
    ["names it, if it is a word", "-/shop/dev/private/web", "-/shop/dev/private/web holds it"],
    ["quotes nothing else of the store's list", "web\u001b[2J\nerror: run this", "another resource holds it"],
  ])("refuses a token of another resource, and %s", async (_, label, reason) => {
    const name = `${label}#${"0123456789abcdef".repeat(2)}`;
    stack.env["BYHAND"] = await byHand("api-token-private", { scopes: ["Customer"], name });
    const output = await stack.fails(...importing("env:BYHAND"));
    expect(output).toContain(reason);
    expect(output).not.toMatch(/\u001b\[2J|run this/);
    expect(await stack.tokens()).toEqual([]);
  });

  it.each([
    ["the token itself as the id", () => token],
    ["an id of the store's list", () => "7e5a4d0e-0000-4000-8000-000000000000"],
    ["a variable that is not set", () => "env:NOBODY_SET_THIS"],
    ["a file that is not there", () => "file:nowhere.txt"],
  ])("refuses %s, and says how to refer to a token", async (_, id) => {
    const { code, output } = await stack.pulumi(...importing(id()));
    expect(code).not.toBe(0);
    expect(output).toContain("nothing was imported");
    expect(changes()).toEqual([]);
    // The engine itself prints the id that it was given.
    stack.output = stack.output.replaceAll(token, "");
  });
});

/** The same claims with another signature. */
function forged(token: string): string {
  const [head = "", claims = "", signature = ""] = token.split(".");
  return [head, claims, signature.split("").reverse().join("")].join(".");
}
