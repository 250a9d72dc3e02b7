import { killAt, type Place, type Victim } from "./crash";
import { current, Losses, recorded } from "./crash-losses";
import { declare } from "./program";
import { Stack } from "./stack";

/** A step of a request, for a mint (POST) and for a revocation (DELETE). */
interface Point {
  readonly when: string;
  readonly place: (handler: "create" | "delete", method: "POST" | "DELETE") => Place;
  /** BigCommerce has minted or revoked by then. */
  readonly acted: boolean;
  /** Tokens that a mint leaves behind, which no state names. A revocation leaves none. */
  readonly orphans: 0 | 1;
  /** The row of a mint. */
  readonly row: string;
}

const POINTS: readonly Point[] = [
  {
    when: "before it connects",
    place: (handler, method) => ({ step: `${handler}:${method}:connecting` }),
    acted: false,
    orphans: 0,
    row: "K1",
  },
  {
    when: "once BigCommerce has the request",
    place: (_, method) => ({ fault: { kind: "hang", method } }),
    acted: false,
    orphans: 0,
    row: "K2",
  },
  {
    when: "once BigCommerce has done it",
    place: (_, method) => ({ fault: { kind: "hang-after", method } }),
    acted: true,
    orphans: 1,
    row: "K2",
  },
  {
    when: "when the answer comes",
    place: (handler, method) => ({ step: `${handler}:${method}:answered` }),
    acted: true,
    orphans: 1,
    row: "K3",
  },
  {
    when: "before it tells the engine",
    place: (handler) => ({ step: `${handler}:returning` }),
    acted: true,
    orphans: 1,
    row: "K3",
  },
];

export const UP = ["up", "--yes", "--skip-preview"];
const SCOPES = ["B2B", "Customer", "Unauthenticated"];

/** The program with a token of the first so many scopes: fewer scopes revoke the token that had more. */
export const scoped = (count: number): string =>
  declare({
    kind: "PrivateToken",
    name: "server",
    args: { channelIds: [1], scopes: SCOPES.slice(0, count), lifetime: "90d" },
  });

/** For each step one stack, killed in a create, a replacement, the end of what it replaced, and a destroy. */
export function describeKills(victim: Victim): void {
  describe.each(POINTS)(`a ${victim} that is killed $when`, ({ place, acted, orphans, row }) => {
    let stack: Stack;
    let losses: Losses;
    const mint = place("create", "POST");
    const revocation = place("delete", "DELETE");

    beforeAll(async () => {
      stack = await Stack.start(scoped(3), { deadTokenRevocation: "refused" });
      losses = new Losses(stack);
    });
    afterAll(() => stack.close());

    it(`[${row}] leaves ${orphans} behind in a create, and the next up mints`, async () => {
      await killAt(stack, victim, mint, ...UP);
      expect(recorded(stack).tokens).toEqual([]);
      losses.expectMore(orphans);
      losses.expectNamed(await stack.up());
      losses.expectRestLive();
    });

    it(`[${row},K6] leaves ${orphans} behind in a replacement, and the next up replaces`, async () => {
      const old = current(stack);
      stack.program(scoped(2));
      await killAt(stack, victim, mint, ...UP);
      expect(current(stack)).toBe(old);
      losses.expectMore(orphans);
      losses.expectNamed(await stack.up());
      losses.expectRestLive();
      expect(current(stack)).not.toBe(old);
    });

    it("[K5,K6,R13] leaves none in the revocation of what was replaced, and the next up ends it", async () => {
      const old = current(stack);
      stack.program(scoped(1));
      await killAt(stack, victim, revocation, ...UP);
      const minted = stack.emulator.issued.length;
      expect(stack.live().includes(old)).toBe(!acted);
      expect(await stack.up()).not.toContain("was not revoked");
      losses.expectRestLive();
      expect(stack.emulator.issued).toHaveLength(minted);
    });

    it("[K5,R13] leaves none in a destroy, and the next up and the next destroy converge", async () => {
      const last = current(stack);
      await killAt(stack, victim, revocation, "destroy", "--yes", "--skip-preview");
      // An up asks BigCommerce nothing about a token: a revoked one stays in the state until it is deleted.
      await stack.up();
      expect(current(stack)).toBe(last);
      expect(stack.live().includes(last)).toBe(!acted);
      await stack.destroy();
      expect(recorded(stack).tokens).toEqual([]);
      losses.expectRestLive();
    });
  });
}
