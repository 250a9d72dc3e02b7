import { mintByHand } from "../support/by-hand";
import { commandLine } from "../support/command-line";
import { DAY, declare } from "../support/program";
import { itOnOneHost, ORGANIZATION, Stack, type StackOptions } from "../support/stack";

let stack: Stack;
afterEach(() => stack.close());

/** Mints as people do it without this package, and stores the token as a secret of the stack. */
async function startWithTokenByHand(options: StackOptions = {}, account?: string): Promise<string> {
  stack = await Stack.start(program(), options);
  const token = await mintByHand(stack.emulator, {
    store: stack.store,
    credential: account ?? stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "",
    family: "api-token-private",
    endsInDays: 80,
    body: { channel_ids: [1], scopes: ["Unauthenticated"] },
  });
  await stack.ok("config", "set", "--secret", "byHand", token);
  stack.requests();
  return token;
}

const ADOPT = 'adopt: new pulumi.Config().requireSecret("byHand")';
const INPUTS = 'channelIds: [1], scopes: ["Unauthenticated"], lifetime: "90d"';
const program = (extra = ADOPT, opts = "{}") =>
  `const server = new PrivateToken("server", { ${INPUTS}, ${extra} }, ${opts}); exports.server = server.token;`;

describe("a token that was made by hand", () => {
  itOnOneHost("is adopted in a store of generation 1, and revoked by its removal", async () => {
    await startWithTokenByHand({ generation: 1 });
    const { fingerprint } = stack.emulator.issued[0]!;
    expect(await stack.up()).toMatch(new RegExp(`bigcommerce-tokens: adopted \\S+/server ${fingerprint} `));
    expect(stack.live()).toEqual([fingerprint]);
    stack.program("");
    await stack.up();
    expect(stack.live()).toEqual([]);
  });

  it("is adopted, stays what its users hold, is rotated when due, and revoked at the end", async () => {
    const token = await startWithTokenByHand({ generation: 2 });
    const { fingerprint } = stack.emulator.issued[0]!;
    expect(await stack.up()).toMatch(new RegExp(`bigcommerce-tokens: adopted \\S+/server ${fingerprint} `));
    // GraphQL is asked once whether the token is genuine.
    expect(stack.requests()).toEqual(["POST"]);
    expect(await stack.ok("stack", "output", "server", "--show-secrets")).toBe(`${token}\n`);
    stack.output = stack.output.replaceAll(token, "");
    const adopted = await stack.token("server");
    expect(adopted.outputs).toMatchObject({ fingerprint, adopted: fingerprint, apiAccount: "client-a" });
    expect(adopted.inputs["adopt"]).toMatchObject({ ciphertext: expect.any(String) as string });
    expect(adopted.outputs).not.toHaveProperty("adopt");

    await stack.up("--expect-no-changes");
    await stack.up("--refresh", "--expect-no-changes");
    expect(stack.live()).toEqual([fingerprint]);

    // Rotated while `adopt` still stands in the program, and never adopted again.
    stack.advance(60 * DAY);
    await stack.up();
    expect(stack.requests()).toEqual(["POST"]);
    await stack.up("--expect-no-changes");
    stack.program(program(""));
    await stack.up("--expect-no-changes");
    expect(stack.live()).toHaveLength(2);

    await stack.destroy("--run-program");
    expect(stack.live()).toEqual([]);
  });
});

itOnOneHost("is not adopted again by a forced replacement, which fails and ends nothing", async () => {
  await startWithTokenByHand();
  await stack.up();
  const { fingerprint } = stack.emulator.issued[0]!;
  expect(await stack.upFails("--replace", await stack.urn("server"))).toContain("remove adopt, then replace");
  expect(stack.requests()).toEqual(["POST", "POST"]);
  expect(stack.live()).toEqual([fingerprint]);

  await stack.up();
  expect(stack.requests()).toEqual([]);
  expect(await stack.tokens("server")).toHaveLength(1);

  stack.program(program(""));
  await stack.up("--replace", await stack.urn("server"));
  expect(stack.requests()).toEqual(["POST", "DELETE"]);
  expect(stack.live()).not.toContain(fingerprint);
  expect(stack.live()).toHaveLength(1);
});

it("is a secret of the state even where the program gives it in clear", async () => {
  const token = await startWithTokenByHand();
  stack.program(program(`adopt: ${JSON.stringify(token)}`));
  await stack.up();
  expect((await stack.token("server")).inputs["adopt"]).toMatchObject({
    ciphertext: expect.any(String) as string,
  });
  await stack.ok("preview", "--diff", "--json");
});

it("fails in the preview, in one line each and without its value, where it is not what the inputs say", async () => {
  const token = await startWithTokenByHand();
  const preview = async (args: string) => {
    stack.program(`new PrivateToken("server", { ${args}, ${ADOPT} });`);
    return stack.fails("preview");
  };
  expect(await preview('channelIds: [2], scopes: ["Unauthenticated"], lifetime: "90d"')).toMatch(
    /adopt: is valid for other channels than channelIds; it has \[1\]/,
  );
  await stack.ok("config", "set", "--secret", "byHand", token.slice(0, -5) + "!");
  expect(await preview(INPUTS)).toMatch(/adopt: is not a token/);
  expect(stack.requests()).toEqual([]);
});

itOnOneHost(
  "says of a token of another API account that it cannot be revoked, and when it ends",
  async () => {
    const [own, other] = ["the-credential-in-use-0123456789", "a-colleagues-credential-98765432"];
    const scopes = ["store_storefront_api"] as const;
    const accounts = [
      { clientId: "client-own", accessToken: own, scopes },
      { clientId: "client-other", accessToken: other, scopes },
    ];
    await startWithTokenByHand({ stores: [{ hash: "abc123", accounts }] }, other);
    stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = own;
    const minted = declare({
      kind: "PrivateToken",
      name: "own",
      args: { channelIds: [1], scopes: ["B2B"], lifetime: "90d" },
    });
    stack.program(minted);
    await stack.up();
    stack.program(`${minted}\n${program()}`);
    const up = await stack.up();
    expect(up).toMatch(/cannot be revoked and works until \d{4}-.*client-other minted it.*client-own/);
    expect(await stack.fails("destroy", "--yes", "--skip-preview")).toContain("client-other");
    stack.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = other;
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  },
);

it("moves to another resource: the preview says so, and the update does it", async () => {
  const token = await startWithTokenByHand();
  await stack.up();
  const { fingerprint } = stack.emulator.issued[0]!;
  const moved = 'new PrivateToken("web", { channelIds: [1], scopes: ["Unauthenticated"], lifetime: "90d", ' + `${ADOPT} });`;
  const ends = async () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: stack.environment()["PULUMI_CONFIG_PASSPHRASE"] };
    const { stdout } = await commandLine(stack, ["preview", "--json"], { env });
    const { tokens } = JSON.parse(stdout) as { tokens: { resource: string; what: string; ends: unknown[] }[] };
    return tokens.map(({ resource, what, ends: of }) => [resource, what, of]);
  };
  const adopted = expect.objectContaining({ fingerprint, end: "adopted", adoptedBy: `${ORGANIZATION}/shop/dev/private/web` }) as unknown;

  stack.program(`${moved} new PrivateToken("server", { channelIds: [2], scopes: ["Unauthenticated"], lifetime: "90d" });`);
  expect(await ends()).toEqual([["server", "replace", [adopted]], ["web", "adopt", []]]);
  stack.program(moved);
  expect(await ends()).toEqual([["server", "remove", [adopted]], ["web", "adopt", []]]);
  expect(stack.output).not.toContain(token);

  expect(await stack.up()).toContain(`token ${fingerprint} is not revoked, because ${ORGANIZATION}/shop/dev/private/web holds it as well`);
  expect(stack.live()).toEqual([fingerprint]);
}); // prettier-ignore
