import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { DAY, declare, type Declared } from "../support/program";
import { itOnOneHost, Stack } from "../support/stack";

const token = (name: string, args: Readonly<Record<string, unknown>> = {}): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
});

describe("two stores in one stack", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start(declare(token("here"), token("there", { storeHash: "def456" })));
  });
  afterAll(() => stack.close());

  it("each with the credential that its configuration holds", async () => {
    const own = String(stack.env["BIGCOMMERCE_ACCESS_TOKEN"]);
    for (const name of ["BIGCOMMERCE_ACCESS_TOKEN", "BIGCOMMERCE_STORE_HASH", "BIGCOMMERCE_API_URL"]) {
      stack.env[name] = undefined;
    }
    const set = (...args: string[]) => stack.ok("config", "set", ...args);
    await set("bigcommerce:storeHash", "abc123");
    await set("bigcommerce:apiUrl", stack.emulator.url);
    await set("bigcommerce:accessToken", "--secret", own);
    await set("--path", "bigcommerce:stores.def456.accessToken", "--secret", stack.otherCredential);
    await stack.up();
    const issued = stack.emulator.issued.map(({ storeHash, clientId }) => `${storeHash} ${clientId}`);
    expect(issued.sort()).toEqual(["abc123 client-a", "def456 client-b"]);
  });

  it("[K16] fails for a store whose credential is missing, before any request, and says what to set", async () => {
    await stack.ok("config", "rm", "--path", "bigcommerce:stores.def456.accessToken");
    stack.program(declare(token("here"), token("there", { storeHash: "def456", channelIds: [1, 2] })));
    stack.requests();
    expect(await stack.ok("preview")).toContain("no credential for store def456");
    const output = await stack.upFails();
    expect(output).toContain("BIGCOMMERCE_ACCESS_TOKEN_DEF456");
    expect(output).toContain("bigcommerce:stores.def456.accessToken");
    expect(stack.requests()).toEqual([]);
  });

  it("[R10] destroys with the configuration of the last up, and with a credential from the environment that came after it", async () => {
    await stack.ok("config", "set", "bigcommerce:accessToken", "--secret", "came-after-the-last-up");
    stack.env["BIGCOMMERCE_ACCESS_TOKEN_DEF456"] = stack.otherCredential;
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });
});

describe("the store, the host and the credential of a token", () => {
  let stack: Stack;
  const fingerprint = async () => String((await stack.token("server")).outputs["fingerprint"]);
  beforeEach(async () => {
    stack = await Stack.start(declare(token("server")));
    await stack.up();
    stack.requests();
  });
  afterEach(() => stack.close());

  it("a changed default store moves nothing, until the token says which store it wants", async () => {
    const old = await fingerprint();
    stack.env["BIGCOMMERCE_STORE_HASH"] = "def456";
    stack.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
    stack.env["BIGCOMMERCE_ACCESS_TOKEN_DEF456"] = stack.otherCredential;
    const output = await stack.fails("preview");
    expect(output).toContain('storeHash: "abc123" to keep it there, or storeHash: "def456" to move it');
    expect(stack.requests()).toEqual([]);

    stack.program(declare(token("server", { storeHash: "abc123" })));
    await stack.up("--expect-no-changes");

    stack.program(declare(token("server", { storeHash: "def456" })));
    await stack.up();
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).not.toContain(old);
    expect(stack.emulator.issued.at(-1)?.storeHash).toBe("def456");
  });

  itOnOneHost(
    "[R11] a predecessor left in its own store is ended there by a destroy, and first",
    async () => {
      stack.env["BIGCOMMERCE_ACCESS_TOKEN_DEF456"] = stack.otherCredential;
      stack.program(declare(token("server", { storeHash: "def456", overlap: "always" })));
      await stack.up();
      expect(stack.live()).toHaveLength(2);
      const missing = stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
      delete stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
      stack.requests();
      expect(await stack.fails("destroy", "--yes", "--skip-preview")).toContain(
        "BIGCOMMERCE_ACCESS_TOKEN_ABC123",
      );
      expect(stack.requests()).toEqual([]);
      stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = missing;
      await stack.destroy();
      const stores = stack.emulator.requests
        .filter(({ method }) => method === "DELETE")
        .map((one) => one.storeHash);
      expect(stores).toEqual(["abc123", "def456"]);
      expect(stack.live()).toEqual([]);
    },
  );

  itOnOneHost("a token meets no other host than its own, in check and in delete", async () => {
    const other = createServer((request, response) => {
      strangers++;
      request.resume();
      response.end();
    });
    let strangers = 0;
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    try {
      const own = stack.emulator.url;
      stack.env["BIGCOMMERCE_API_URL"] = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      expect(await stack.fails("preview")).toContain(`this token was minted at ${own}`);
      stack.program("");
      expect(await stack.upFails()).toContain(`this token was minted at ${own}`);
      expect(strangers).toBe(0);
      stack.env["BIGCOMMERCE_API_URL"] = own;
      await stack.up();
      expect(stack.live()).toEqual([]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  itOnOneHost(
    "[U2] a rotation outlives a credential that was malformed in between, and never prints it",
    async () => {
      const good = stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
      stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = `${String(good)}\n`;
      stack.advance(61 * DAY);
      expect(await stack.fails("preview")).toMatch(
        /environment variable BIGCOMMERCE_ACCESS_TOKEN ends with white space or a newline/,
      );
      expect(stack.requests()).toEqual([]);
      stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = good;
      await stack.up();
      expect(stack.requests()).toEqual(["POST"]);
    },
  );
});
