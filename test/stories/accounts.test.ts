import { declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const token = (name: string, args: Readonly<Record<string, unknown>> = {}): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
});

let stack: Stack;
afterEach(() => stack.close());

it("[R10,R17] the way from one API account to another: both set, all rotated, nothing of the old one left", async () => {
  const [old, fresh] = ["an-old-account-credential-0123", "a-new-account-credential-4567"];
  const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
  stack = await Stack.start(declare(token("server"), token("worker", { scopes: ["B2B"] })), {
    stores: [
      {
        hash: "abc123",
        accounts: [
          { clientId: "client-old", accessToken: old, scopes },
          { clientId: "client-new", accessToken: fresh, scopes },
        ],
      },
    ],
  });
  stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = old;
  await stack.up();

  // The new account mints and the old one revokes, until nothing of the old one lives.
  stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = fresh;
  stack.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = old;
  await stack.up("--replace", await stack.urn("server"), "--replace", await stack.urn("worker"));
  const live = stack.live();
  expect(live).toHaveLength(2);
  for (const { outputs } of await stack.tokens()) {
    expect(live).toContain(outputs["fingerprint"]);
    expect(outputs["apiAccount"]).toBe("client-new");
  }
  const { clientId } = stack.emulator.issued.find(({ revokedAt }) => revokedAt === undefined)!;
  expect(clientId).toBe("client-new");

  delete stack.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"];
  await stack.destroy();
  expect(stack.live()).toEqual([]);
});
