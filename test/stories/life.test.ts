import { DAY, declare, type Declared } from "../support/program";
import { ORGANIZATION, Stack } from "../support/stack";

const SERVER: Declared = {
  kind: "PrivateToken",
  name: "server",
  args: {
    channelIds: [2, 1, 2],
    scopes: ["Unauthenticated", "Customer"],
    lifetime: "90d",
    rotateBefore: "30d",
  },
};
const WEB: Declared = {
  kind: "StorefrontToken",
  name: "web",
  args: {
    channelIds: [1],
    allowedCorsOrigins: ["https://b.example.com", "https://a.example.com"],
    lifetime: "2w",
  },
};
const SUPPORT: Declared = {
  kind: "ImpersonationToken",
  name: "support",
  args: { channelIds: [1], expiresAt: "never" },
};
const EXPORTS = "exports.server = server.token;";

const REORDERED: Declared[] = [
  {
    ...SERVER,
    args: { ...SERVER.args, channelIds: [1, 2], scopes: ["Customer", "Unauthenticated", "Customer"] },
  },
  {
    ...WEB,
    args: {
      ...WEB.args,
      allowedCorsOrigins: ["https://a.example.com", "https://b.example.com"],
      lifetime: "14d",
    },
  },
  SUPPORT,
];

describe.each([1, 2] as const)("three kinds of token in a store of generation %d", (generation) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start(declare(SERVER, WEB, SUPPORT) + EXPORTS, { generation });
  });
  afterAll(() => stack.close());

  it("[E1] sends nothing in a preview", async () => {
    const output = await stack.ok("preview", "--diff");
    expect(stack.requests()).toEqual([]);
    expect(output).toMatch(/channelIds\s*: \[\s*\[0\]: 1\s*\[1\]: 2\s*\]/);
  });

  it("[H1] mints one token a resource, with what was asked for and no more", async () => {
    const output = await stack.up();
    expect(stack.requests()).toEqual(["POST", "POST", "POST"]);
    const minting = stack.emulator.requests.filter(({ method }) => method === "POST");
    const bodies = Object.fromEntries(minting.map(({ path, body }) => [path.split("/").at(-1), body]));
    const named = (kind: string) =>
      generation === 1
        ? {}
        : {
            name: expect.stringMatching(
              new RegExp(`^${ORGANIZATION}/shop/dev/${kind}#[0-9a-f]{32}$`),
            ) as string,
          };
    const day = (days: number) => Math.floor((Date.now() / 1000 + days * DAY) / DAY) * DAY;
    expect(bodies).toEqual({
      "api-token-private": {
        channel_ids: [1, 2],
        scopes: ["Customer", "Unauthenticated"],
        expires_at: day(90),
        ...named("private/server"),
      },
      "api-token": {
        channel_ids: [1],
        allowed_cors_origins: ["https://a.example.com", "https://b.example.com"],
        expires_at: day(14),
        ...named("storefront/web"),
      },
      "api-token-customer-impersonation": {
        ...{ channel_ids: [1], expires_at: 0 },
        ...named("impersonation/support"),
      },
    });
    const minted = stack.emulator.issued.map(({ fingerprint }) => fingerprint);
    for (const fingerprint of minted)
      expect(output).toMatch(new RegExp(`bigcommerce-tokens: minted \\S+ ${fingerprint} `));
  });

  it("[H1,E7] records every output, the token as ciphertext only", async () => {
    const { id, outputs } = await stack.token("server");
    const issued = stack.emulator.issued.find(({ type }) => type === "private");
    expect(id).toBe(issued?.jti ?? issued?.fingerprint);
    expect(outputs).toMatchObject({
      label: `${ORGANIZATION}/shop/dev/private/server`,
      fingerprint: issued?.fingerprint,
      issuedAt: new Date((issued?.issuedAt ?? 0) * 1000).toISOString().replace(".000Z", "Z"),
      expiresAt: new Date((issued?.expiresAt ?? 0) * 1000).toISOString().replace(".000Z", "Z"),
      rotateAt: new Date(((issued?.expiresAt ?? 0) - 30 * DAY) * 1000).toISOString().replace(".000Z", "Z"),
      apiAccount: "client-a",
      storeHash: "abc123",
      channelIds: [1, 2],
      scopes: ["Customer", "Unauthenticated"],
      overlap: "auto",
      onDelete: "revoke",
      lifetime: "90d",
      rotateBefore: "30d",
    });
    expect(outputs["token"]).toHaveProperty("ciphertext");
    expect(Buffer.byteLength((outputs["__provider"] as string | undefined) ?? "")).toBeLessThanOrEqual(300);
  });

  it("hands the token to the program's outputs as a secret", async () => {
    expect(JSON.parse(await stack.ok("stack", "output", "--json"))).toEqual({ server: "[secret]" });
  });

  it("[E2] changes nothing and sends nothing in a second up, nor for reordered sets and durations of the same length", async () => {
    stack.program(declare(...REORDERED) + EXPORTS);
    await stack.up("--expect-no-changes");
    expect(stack.requests()).toEqual([]);
  });

  it("rotates a due token on a plain up, shows the new end in the preview, and leaves the old one to expire", async () => {
    const old = (await stack.token("server")).outputs;
    stack.advance(61 * DAY);
    const preview = await stack.ok("preview", "--diff");
    expect(preview).toMatch(/~ expiresAt\s*: "\S+" => "\S+"/);
    expect(preview).toContain(`token ${String(old["fingerprint"])} works until ${String(old["expiresAt"])}`);
    expect(stack.requests()).toEqual([]);

    const output = await stack.up();
    // The storefront token expired more than a day ago: nothing is sent for it.
    expect(stack.requests()).toEqual(["POST", "POST"]);
    const rotated = await stack.token("server");
    expect(rotated.outputs["previous"]).toMatchObject({ fingerprint: old["fingerprint"], fate: "letExpire" });
    expect(rotated.outputs["previousToken"]).toHaveProperty("ciphertext");
    expect(output).toContain(
      `bigcommerce-tokens: left to expire ${ORGANIZATION}/shop/dev/private/server ${String(old["fingerprint"])} ${String(old["expiresAt"])}`,
    );
    expect(stack.live()).toEqual(
      expect.arrayContaining([old["fingerprint"], rotated.outputs["fingerprint"]] as string[]),
    );
  });

  it("[R1] revokes every token in a destroy, the live predecessor before its successor", async () => {
    const predecessor = (await stack.token("server")).outputs["previous"] as { fingerprint: string };
    const output = await stack.destroy();
    expect(stack.requests()).toEqual(["DELETE", "DELETE", "DELETE", "DELETE"]);
    expect(stack.live()).toEqual([]);
    const ended = [...output.matchAll(/revoke accepted \S+private\/server (\S+)/g)].map((match) => match[1]);
    expect([...new Set(ended)][0]).toBe(predecessor.fingerprint);
  });
});
