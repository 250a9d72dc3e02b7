import { randomBytes } from "node:crypto";

import { declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const token = (name: string, opts: string): Declared => ({
  ...{ kind: "PrivateToken", name, opts },
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
});

describe("explicit providers", () => {
  let stack: Stack;
  const provider = (name: string, storeHash: string, credential: string) =>
    `const ${name} = new Provider("${name}", { storeHash: "${storeHash}", accessToken: process.env.${credential} });\n`;
  const PROGRAM =
    'const { Provider } = require("../plugin-classes.cjs");\n' +
    provider("first", "abc123", "FIRST") +
    provider("second", "def456", "SECOND") +
    declare(token("one", "{ provider: first }"), token("two", "{ provider: second }"));

  beforeAll(async () => {
    stack = await Stack.start(PROGRAM, { host: "plugin" });
    stack.env["FIRST"] = stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
    stack.env["SECOND"] = stack.otherCredential;
    for (const name of ["BIGCOMMERCE_ACCESS_TOKEN", "BIGCOMMERCE_STORE_HASH"]) stack.env[name] = undefined;
    await stack.up();
  });
  afterAll(() => stack.close());

  it("mint in their own stores with their own credentials", async () => {
    expect((await stack.token("one")).outputs).toMatchObject({ storeHash: "abc123", apiAccount: "client-a" });
    expect((await stack.token("two")).outputs).toMatchObject({ storeHash: "def456", apiAccount: "client-b" });
  });

  it("take a new credential without a request and without a replacement", async () => {
    stack.requests();
    const before = await stack.token("one");
    const credential = stack.env["FIRST"];
    stack.env["FIRST"] = randomBytes(16).toString("hex").slice(1);
    const output = await stack.up();
    expect(output).toMatch(/1 updated/);
    expect(stack.requests()).toEqual([]);
    expect((await stack.token("one")).id).toBe(before.id);
    stack.env["FIRST"] = credential;
    await stack.up();
    expect(stack.requests()).toEqual([]);
  });

  it("are refused in the preview for a key that they do not have, and for a malformed store", async () => {
    const wrong = PROGRAM.replace('storeHash: "abc123"', 'storehash: "abc123"');
    stack.program(wrong);
    expect(await stack.fails("preview")).toContain(
      "storehash: the provider has no such input; did you mean storeHash?",
    );
    stack.program(PROGRAM.replace('"abc123"', '"ABC 123"'));
    expect(await stack.fails("preview")).toMatch(/store ?Hash/i);
    stack.program(PROGRAM);
  });

  it("revoke with their own credentials", async () => {
    stack.requests();
    await stack.destroy();
    expect(stack.requests()).toEqual(["DELETE", "DELETE"]);
    expect(stack.live()).toEqual([]);
  });
});

describe("two providers of one store", () => {
  let stack: Stack;
  afterEach(() => stack.close());

  it("share its rate limit without knowing of each other: all tokens are minted and revoked", async () => {
    const many = (provider: string) =>
      declare(
        ...[1, 2, 3, 4, 5, 6].map((index) => token(`${provider}${index}`, `{ provider: ${provider} }`)),
      );
    const providers = ["first", "second"]
      .map((name) => `const ${name} = new Provider("${name}", {});\n`)
      .join("");
    stack = await Stack.start(
      `const { Provider } = require("../plugin-classes.cjs");\n${providers}${many("first")}\n${many("second")}`,
      { host: "plugin", quota: { requests: 4, windowMs: 1_000 } },
    );
    await stack.up();
    expect(await stack.tokens()).toHaveLength(12);
    expect(new Set(stack.live()).size).toBe(12);
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });
});
