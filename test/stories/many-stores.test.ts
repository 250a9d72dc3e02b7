import { DAY } from "../support/program";
import { Stack } from "../support/stack";

const HASHES = Array.from({ length: 20 }, (_, index) => `store${String(index + 1).padStart(2, "0")}`);
const OTHERS = HASHES.filter((hash) => hash !== "store07");
const credentialOf = (hash: string) => `the-credential-of-${hash}-0123456789`;
const variableOf = (hash: string) => `BIGCOMMERCE_ACCESS_TOKEN_${hash.toUpperCase()}`;

/** A token and its dependant for each store, named after the shop and not after the store. */
const program = (scopes: readonly string[]) => `
for (const storeHash of ${JSON.stringify(HASHES)}) {
  const args = { storeHash, channelIds: [1], scopes: ${JSON.stringify(scopes)}, lifetime: "90d" };
  const shop = storeHash.replace("store", "shop-");
  const token = new PrivateToken(shop, args);
  new Consumer("consumer-of-" + shop, { value: token.fingerprint });
}`;

describe("twenty stores in one stack, one of which fails", () => {
  let stack: Stack;
  let seen = 0;
  /** The stores that were sent a mint or a revocation since the last call. */
  const sent = () => {
    const fresh = stack.emulator.requests.slice(seen);
    seen = stack.emulator.requests.length;
    const storesOf = (method: string) =>
      fresh.filter((request) => request.method === method).map(({ storeHash }) => storeHash);
    return { minted: storesOf("POST").sort(), revoked: storesOf("DELETE").sort() };
  };
  const upFails = () => stack.upFails("--continue-on-error");
  const liveIn = (hash: string) => {
    const live = stack.live();
    return stack.emulator.issued.filter(
      (token) => token.storeHash === hash && live.includes(token.fingerprint),
    );
  };

  beforeAll(async () => {
    const scopes = ["store_storefront_api"] as const;
    stack = await Stack.start(program(["Customer", "Unauthenticated"]), {
      stores: HASHES.map((hash) => ({
        ...{ hash, accounts: [{ clientId: hash, accessToken: credentialOf(hash), scopes }] },
      })),
    });
    stack.env["BIGCOMMERCE_STORE_HASH"] = undefined;
    stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = undefined;
    for (const hash of OTHERS) stack.env[variableOf(hash)] = credentialOf(hash);
  });
  afterAll(() => stack.close());

  // Each step goes on from the one before.
  it("for want of a credential: the others are minted, recorded and handed over, and the next update mints the one", async () => {
    const output = await upFails();
    expect(output).toMatch(
      /PrivateToken \(shop-07\):\s+(?:bigcommerce-tokens: .*\s+)*error: no credential for store store07: /,
    );
    expect(output).toContain(variableOf("store07"));
    expect(sent()).toEqual({ minted: OTHERS, revoked: [] });
    expect(stack.emulator.issued.map(({ clientId }) => clientId).sort()).toEqual(OTHERS);
    expect((await stack.tokens()).map(({ outputs }) => outputs["storeHash"]).sort()).toEqual(OTHERS);
    expect(await stack.ok("stack", "--show-urns")).toContain("consumer-of-shop-20");

    stack.env[variableOf("store07")] = credentialOf("store07");
    await stack.up();
    expect(sent()).toEqual({ minted: ["store07"], revoked: [] });
    await stack.up("--expect-no-changes");
  });

  it("because its API refuses a rotation: its old token goes on working, and the others are rotated", async () => {
    stack.advance(61 * DAY);
    stack.emulator.faults.push({
      kind: "status",
      status: 403,
      method: "POST",
      path: /store07/,
      times: Infinity,
    });
    const output = await upFails();
    stack.emulator.faults.clear();
    expect(output).toMatch(
      /PrivateToken \(shop-07\):\s+(?:bigcommerce-tokens: .*\s+)*error: Minting a token: .*\(store store07\): answered 403/,
    );
    expect(sent()).toEqual({ minted: HASHES, revoked: [] });
    expect(liveIn("store07")).toHaveLength(1);
    expect(liveIn("store08")).toHaveLength(2);

    await stack.up();
    expect(sent()).toEqual({ minted: ["store07"], revoked: [] });
    expect(liveIn("store07")).toHaveLength(2);
  });

  it("while rights are taken away: no store's old token is revoked before an update in which nothing fails", async () => {
    stack.advance(31 * DAY);
    stack.program(program(["Unauthenticated"]));
    stack.emulator.faults.push({
      kind: "status",
      status: 500,
      method: "POST",
      path: /store07/,
      times: Infinity,
    });
    const output = await upFails();
    stack.emulator.faults.clear();
    expect(output).toMatch(
      /\(shop-07\):\s+(?:bigcommerce-tokens: .*\s+)*error: Minting a token: .*\(store store07\): answered 500.*\/dev\/private\/shop-07/,
    );
    expect(sent()).toEqual({ minted: HASHES, revoked: [] });
    expect(liveIn("store08")).toHaveLength(2);

    await stack.up();
    expect(sent()).toEqual({ minted: ["store07"], revoked: HASHES });
    expect(stack.live()).toHaveLength(HASHES.length);
  });

  it("because a credential is malformed: the update stops at it, what was minted is recorded, and the next mints the rest", async () => {
    stack.program(program(["Customer"]));
    stack.env[variableOf("store07")] = `${credentialOf("store07")}\n`;
    expect(await upFails()).toContain(`${variableOf("store07")} ends with white space`);
    const first = sent();
    expect(first.minted).not.toContain("store07");
    expect(first.revoked).toEqual([]);

    stack.env[variableOf("store07")] = credentialOf("store07");
    await stack.up();
    const second = sent();
    expect([...first.minted, ...second.minted].sort()).toEqual(HASHES);
    expect(second.revoked).toEqual(HASHES);
  });
});
