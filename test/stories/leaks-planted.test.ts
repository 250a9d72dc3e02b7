import { declare } from "../support/program";
import { Stack } from "../support/stack";

const TOKEN = declare({
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
});

/** What closing a stack says after one `pulumi up` of a program that leaks; nothing where it says nothing. */
async function closingAfter(program: string, env: Record<string, string> = {}): Promise<string> {
  const stack = await Stack.start(`${TOKEN}\n${program}`, { ownProcess: true });
  Object.assign(stack.env, env);
  try {
    // Pulumi prints outputs that are no secrets.
    await stack.up("--suppress-outputs");
  } catch (error) {
    await stack.close().catch(() => undefined);
    throw error;
  }
  return stack.close().then(
    () => "",
    (error: unknown) => String(error),
  );
}

describe("a program that leaks a token makes its story fail", () => {
  it("[S1] base64 of it on standard output, with something before it", async () => {
    const said = await closingAfter(
      'server.token.apply((token) => console.log(Buffer.from("token: " + token).toString("base64")));',
    );
    expect(said).toContain("1 secrets stand in what pulumi printed");
  });

  it("[S1] the credential in hex on standard error", async () => {
    const said = await closingAfter(
      'console.error(Buffer.from(process.env.BIGCOMMERCE_ACCESS_TOKEN).toString("hex"));',
    );
    expect(said).toContain("1 secrets stand in what pulumi printed");
  });

  it("[S3] an output that is no secret: in the state and in its history, compressed ones", async () => {
    const said = await closingAfter(
      "exports.plain = pulumi.unsecret(server.token.apply((token) => ({ encoded: encodeURIComponent(token) })));",
      { PULUMI_DIY_BACKEND_GZIP: "true" },
    );
    expect(said).toMatch(/secrets stand in .*stacks\/shop\/dev\.json\.gz/);
    expect(said).toMatch(/history\/shop\/dev\/dev-\d+\.checkpoint\.json\.gz/);
  });

  it("[S1] a log file, compressed and without its end", async () => {
    const said = await closingAfter(`
      const { gzipSync } = require("node:zlib");
      const { tmpdir } = require("node:os");
      const { join } = require("node:path");
      server.token.apply((token) => {
        const packed = gzipSync(JSON.stringify({ token }) + "\\n" + "a line after it\\n".repeat(99));
        require("node:fs").writeFileSync(join(tmpdir(), "program.log.gz"), packed.subarray(0, -20));
      });
    `);
    expect(said).toMatch(/secrets stand in \S*program\.log\.gz$/);
  });

  it("and none that leaks nothing", async () => {
    expect(await closingAfter("exports.token = server.token;")).toBe("");
  });
});
