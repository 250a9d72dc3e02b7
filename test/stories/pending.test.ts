import { declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

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

  it("leaves a covered one to expire in the next up, whatever that up's overlap says", async () => {
    const old = await failWith({ scopes: ["B2B", "Customer", "Unauthenticated"] });
    stack.program(consumed({ scopes: ["B2B", "Customer", "Unauthenticated"], overlap: "never" }));
    stack.requests();
    const output = await stack.up();
    expect(stack.requests()).toEqual([]);
    expect(stack.live()).toEqual([old, await fingerprint()]);
    expect(output).toContain(`left to expire organization/shop/dev/private/server ${old} `);
  });

  it("ends both by onDelete where the resource is removed before the next up, each asked once", async () => {
    await failWith({ scopes: ["B2B", "Customer", "Unauthenticated"] });
    stack.program("");
    stack.requests();
    await stack.up();
    expect(stack.requests()).toEqual(["DELETE", "DELETE"]);
    expect(stack.live()).toEqual([]);
  });

  it("keeps two live tokens at most where it fails twice with two replacements", async () => {
    const first = await failWith({ scopes: ["B2B", "Customer", "Unauthenticated"] });
    const second = await failWith({ scopes: ["B2B", "Customer", "Unauthenticated"], channelIds: [1, 2] });
    const third = await fingerprint();
    expect(stack.live()).toEqual([first, second, third]);
    stack.requests();
    await stack.up();
    expect(stack.requests()).toEqual(["DELETE"]);
    expect(stack.live()).toEqual([second, third]);
    expect(await stack.tokens("server")).toHaveLength(1);
  });

  it("revokes a forced one in the next up, although onDelete says letExpire", async () => {
    stack.program(consumed({ scopes: ["B2B", "Customer"], onDelete: "letExpire" }));
    await stack.up();
    const old = await fingerprint();
    stack.env["FAIL_CONSUMER"] = "1";
    await stack.upFails("--replace", await stack.urn("server"));
    delete stack.env["FAIL_CONSUMER"];
    expect(stack.live()).toContain(old);
    stack.requests();
    await stack.up();
    expect(stack.requests()).toEqual(["DELETE"]);
    expect(stack.live()).toEqual([await fingerprint()]);
  });
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

  it("of a narrowed token while its predecessor lives: destroy ends all three", async () => {
    const first = await fingerprint();
    stack.program(declare(token({ scopes: ["B2B", "Customer"], channelIds: [1, 2] })));
    await stack.up();
    const second = await fingerprint();
    stack.program(declare(token({ scopes: ["Customer"], channelIds: [1, 2] })));
    unavailable();
    const output = await stack.upFails();
    expect(output).toContain("stays in the state");
    available();
    expect(stack.live()).toEqual([first, second, await fingerprint()]);
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });

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

  it("under BIGCOMMERCE_ON_DELETE=revoke goes back to the recorded fate in the next run without it", async () => {
    const old = await fingerprint();
    stack.program(declare(token({ scopes: ["B2B", "Customer"], channelIds: [1, 2] })));
    stack.env["BIGCOMMERCE_ON_DELETE"] = "revoke";
    unavailable();
    const output = await stack.upFails();
    expect(output).toContain("warning: BIGCOMMERCE_ON_DELETE=revoke");
    available();
    delete stack.env["BIGCOMMERCE_ON_DELETE"];
    stack.requests();
    await stack.up();
    expect(stack.requests()).toEqual([]);
    expect(stack.live()).toContain(old);
  });

  it("[R4] of a removed token keeps it in the state, and BIGCOMMERCE_ON_DELETE=letExpire is the way out", async () => {
    const old = await fingerprint();
    unavailable();
    const output = await stack.fails("destroy", "--yes", "--skip-preview");
    expect(output).toContain(`token ${old} of organization/shop/dev/private/server was not revoked`);
    expect(output).toContain("BIGCOMMERCE_ON_DELETE=letExpire");
    expect(output).not.toMatch(/\n\s+at /);
    stack.env["BIGCOMMERCE_ON_DELETE"] = "letExpire";
    stack.requests();
    expect(await stack.destroy()).toContain("warning: BIGCOMMERCE_ON_DELETE=letExpire");
    expect(stack.requests()).toEqual([]);
    expect(stack.live()).toEqual([old]);
  });
});

describe.each([
  ["accepted", 2, 0],
  ["refused", 2, 2],
  ["refused", 1, 2],
] as const)(
  "[R5,R8] a token that somebody else revoked, its revocation %s, in generation %i",
  (answer, generation, notices) => {
    it("is gone with its predecessor, and said to be dead already where BigCommerce refuses and its list or GraphQL tells", async () => {
      const stack = await Stack.start(declare(token({})), { generation, deadTokenRevocation: answer });
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
        const by = generation === 2 ? "the store's list" : "the store's GraphQL API";
        // The engine shows each line twice.
        const said =
          output.match(/bigcommerce-tokens: \S+: token \w{16} was revoked before this run, says .*/g) ?? [];
        expect(new Set(said).size).toBe(notices);
        for (const line of said) expect(line.endsWith(by)).toBe(true);
        expect(await stack.tokens()).toEqual([]);
      } finally {
        await stack.close();
      }
    });
  },
);
