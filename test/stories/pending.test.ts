import { declare, type Declared } from "../support/program";
import { itOnOneHost, ORGANIZATION, Stack } from "../support/stack";

const token = (args: Readonly<Record<string, unknown>>): Declared => ({
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
});
const consumed = (args: Readonly<Record<string, unknown>>) =>
  `${declare(token(args))}\nnew Consumer("consumer", { value: server.fingerprint });`;

describe("a replacement whose dependant fails", () => {
  let stack: Stack;
  const fingerprint = async () => String((await stack.token("server")).outputs["fingerprint"]);
  /** Applies the arguments while the dependant fails; returns the fingerprint that they left behind. */
  const failWith = async (args: Readonly<Record<string, unknown>>) => {
    const old = await fingerprint();
    stack.program(consumed(args));
    stack.env["FAIL_CONSUMER"] = "1";
    await stack.upFails();
    delete stack.env["FAIL_CONSUMER"];
    return old;
  };

  beforeEach(async () => {
    stack = await Stack.start(consumed({ scopes: ["B2B", "Customer"] }));
    await stack.up();
  });
  afterEach(() => stack.close());

  it("[E5] keeps the old token alive, and the next up ends it by its recorded fate without minting", async () => {
    const old = await failWith({ scopes: ["Customer"] });
    expect(stack.live()).toContain(old);
    expect(await stack.tokens("server")).toHaveLength(2);
    stack.requests();
    await stack.up();
    expect(stack.requests()).toEqual(["DELETE"]);
    expect(stack.live()).toEqual([await fingerprint()]);
    expect(await stack.tokens("server")).toHaveLength(1);
  });

  itOnOneHost(
    "ends both by onDelete where the resource is removed before the next up, each asked once",
    async () => {
      await failWith({ scopes: ["B2B", "Customer", "Unauthenticated"] });
      stack.program("");
      stack.requests();
      await stack.up();
      expect(stack.requests()).toEqual(["DELETE", "DELETE"]);
      expect(stack.live()).toEqual([]);
    },
  );
});

describe("a revocation that fails", () => {
  let stack: Stack;
  const fingerprint = async () => String((await stack.token("server")).outputs["fingerprint"]);
  const unavailable = () => {
    stack.emulator.faults.push({ method: "DELETE", kind: "status", status: 403, times: Infinity });
  };
  const available = () => {
    stack.emulator.faults.clear();
  };

  beforeEach(async () => {
    stack = await Stack.start(declare(token({ scopes: ["B2B", "Customer"] })));
    await stack.up();
  });
  afterEach(() => stack.close());

  it("[R14] during a replacement is finished by the next up, which mints nothing", async () => {
    const old = await fingerprint();
    stack.program(declare(token({ scopes: ["Customer"] })));
    unavailable();
    await stack.upFails();
    available();
    expect(stack.live()).toContain(old);
    stack.requests();
    await stack.up();
    expect(stack.requests()).toEqual(["DELETE"]);
    expect(stack.live()).toEqual([await fingerprint()]);
  });

  it("[R4] of a removed token keeps it in the state, and BIGCOMMERCE_ON_DELETE=letExpire is the way out", async () => {
    const old = await fingerprint();
    unavailable();
    const output = await stack.fails("destroy", "--yes", "--skip-preview");
    expect(output).toContain(`token ${old} of ${ORGANIZATION}/shop/dev/private/server was not revoked`);
    expect(output).toContain("BIGCOMMERCE_ON_DELETE=letExpire");
    expect(output).not.toMatch(/\n\s+at /);
    stack.env["BIGCOMMERCE_ON_DELETE"] = "letExpire";
    stack.requests();
    expect(await stack.destroy()).toContain("BIGCOMMERCE_ON_DELETE=letExpire applies");
    expect(stack.requests()).toEqual([]);
    expect(stack.live()).toEqual([old]);
  });
});

itOnOneHost(
  "[R5,R8] a token that somebody else revoked is gone with its predecessor, and said to be dead already where BigCommerce refuses and its list tells",
  async () => {
    const stack = await Stack.start(declare(token({})), { generation: 2, deadTokenRevocation: "refused" });
    try {
      await stack.up();
      stack.program(declare(token({ channelIds: [1, 2] })));
      await stack.up();
      for (const { token: text } of stack.emulator.issued) {
        await fetch(`${stack.emulator.url}/stores/abc123/v3/storefront/api-token`, {
          method: "DELETE",
          headers: {
            accept: "application/json",
            "x-auth-token": stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "",
            "sf-api-token": text,
          },
        });
      }
      const output = await stack.destroy();
      // The engine shows each line twice.
      const said =
        output.match(/bigcommerce-tokens: \S+: token \w{16} was revoked before this run, says .*/g) ?? [];
      expect(new Set(said).size).toBe(2);
      for (const line of said) expect(line.endsWith("the store's list")).toBe(true);
      expect(await stack.tokens()).toEqual([]);
    } finally {
      await stack.close();
    }
  },
);
