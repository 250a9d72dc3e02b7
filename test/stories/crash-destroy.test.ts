import { killAt, type Place } from "../support/crash";
import { Losses, recorded } from "../support/crash-losses";
import { scoped, UP } from "../support/crash-points";
import { Stack } from "../support/stack";

const MINTED: Place = { fault: { kind: "hang-after", method: "POST", path: "api-token-private" } };
const REVOKED: Place = { fault: { kind: "hang-after", method: "DELETE" } };

// A store without the list proves by GraphQL alone that a token is dead.
describe("in a store without a list, a destroy straight after the CLI was killed", () => {
  let stack: Stack;
  let losses: Losses;

  beforeEach(async () => {
    stack = await Stack.start(scoped(3), { generation: 1, deadTokenRevocation: "refused" });
    losses = new Losses(stack);
  });
  afterEach(() => stack.close());

  it("[K2] in a create: nothing is in the state, and the one token is left behind", async () => {
    await killAt(stack, "CLI", MINTED, ...UP);
    losses.expectMore(1);
    await stack.destroy();
    expect(recorded(stack).tokens).toEqual([]);
    losses.expectRestLive();
  });

  it("[K2] in a replacement: the old token is revoked, and the new one is left behind", async () => {
    await stack.up();
    stack.program(scoped(2));
    await killAt(stack, "CLI", MINTED, ...UP);
    losses.expectMore(1);
    await stack.destroy();
    expect(recorded(stack).tokens).toEqual([]);
    losses.expectRestLive();
  });

  it("[K5,K6,R13] in the revocation of what was replaced: both tokens are revoked", async () => {
    await stack.up();
    stack.program(scoped(2));
    await killAt(stack, "CLI", REVOKED, ...UP);
    expect(recorded(stack).tokens).toHaveLength(2);
    await stack.destroy();
    expect(recorded(stack).tokens).toEqual([]);
    expect(stack.emulator.issued).toHaveLength(2);
    expect(stack.live()).toEqual([]);
  });

  it("[K5,R13] in a destroy: the token is gone from the state", async () => {
    await stack.up();
    await killAt(stack, "CLI", REVOKED, "destroy", "--yes", "--skip-preview");
    expect(stack.live()).toEqual([]);
    expect(recorded(stack).tokens).toHaveLength(1);
    await stack.destroy();
    expect(recorded(stack).tokens).toEqual([]);
  });
});
