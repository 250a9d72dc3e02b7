import fc from "fast-check";

import { createDynamicHandlers } from "../../provider/host/dynamic";
import { KINDS } from "../../provider/domain/kinds";
import { createRunRecord } from "../../provider/handlers/run-record";
import { createNotices } from "../../provider/notices";
import { createSettings } from "../../provider/settings/settings";
import { DAY, gridOf, type Policy, policy, windowOf } from "../support/policies";
import { runs } from "../support/property-runs";
import { clockOf, NOW } from "./support/clock";
import { FakeEngine } from "./support/engine";
import { instantStore } from "./support/instant-store";
import { declare } from "./support/samples";

const ENV = { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: "x" };
/** When the next `up` comes, and whether the program's policy has changed before it. */
const step = fc.record({
  when: fc.oneof(
    // Seconds since the last `up`.
    fc.nat(3 * 365 * DAY).map((later) => ({ later })),
    fc.nat(100).map((later) => ({ later })),
    // Seconds after the token's `rotateAt`, or after its expiration.
    fc.integer({ min: -2, max: 2 }).map((afterDue) => ({ afterDue })),
    fc.integer({ min: -2, max: 2 * DAY }).map((afterEnd) => ({ afterEnd })),
    // This machine's clock was set back to before the token's mint.
    fc.oneof(fc.nat(100), fc.nat(400 * DAY)).map((beforeMint) => ({ beforeMint })),
  ),
  policy: fc.option(policy, { nil: undefined, freq: 3 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Plan {
  readonly first: Policy;
  readonly steps: readonly Step[];
  /** Seconds by which BigCommerce's clock is ahead of this machine's. */
  readonly skew: number;
  /** Seconds by which BigCommerce shortens a requested expiration. */
  readonly shorter: number;
}
const plan: fc.Arbitrary<Plan> = fc.record({
  first: policy,
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  skew: fc.oneof(fc.constant(0), fc.integer({ min: -7_200, max: 7_200 })),
  shorter: fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 1, max: 40 * DAY })),
});

/** The times in the outputs of the resource, Unix seconds. */
function timesOf(engine: FakeEngine) {
  const { outputs } = engine.live("x");
  const time = (name: string) => Date.parse(String(outputs[name])) / 1_000;
  const requested = time("expiresAt");
  return {
    requested,
    end: "effectiveExpiresAt" in outputs ? time("effectiveExpiresAt") : requested,
    due: time("rotateAt"),
  };
}

async function play({ first, steps, skew, shorter }: Plan): Promise<void> {
  let now = NOW;
  const { client, issued } = instantStore(
    () => now + skew,
    (requested) => requested - shorter,
  );
  const engine = new FakeEngine(() => {
    const record = createRunRecord();
    return (kind) =>
      createDynamicHandlers({
        ...{ kind: KINDS[kind], record, client, nonce: () => "0".repeat(32) },
        clock: clockOf(() => now),
        settings: createSettings(ENV, { get: () => undefined }),
        notices: createNotices(() => undefined),
      });
  });
  const up = ({ lifetime, rotateBefore }: Policy) =>
    engine.up([
      declare(KINDS.impersonation, { lifetime: lifetime.text, rotateBefore: rotateBefore?.text ?? null }),
    ]);

  let current = first;
  let latest = now;
  let mintedAt = now;
  for (const { when, policy: changed } of [{ when: { later: 0 }, policy: undefined } as Step, ...steps]) {
    const [old] = engine.entries;
    const before = old && timesOf(engine);
    if (before && "afterDue" in when) now = before.due + when.afterDue;
    else if (before && "afterEnd" in when) now = before.end + when.afterEnd;
    else if (before && "beforeMint" in when) now = mintedAt - when.beforeMint;
    else if ("later" in when) now += when.later;
    const next = changed ?? current;

    const minted = issued.length;
    const { failures, errors } = await up(next);
    const fresh = issued.slice(minted);
    expect(failures).toEqual([]);

    // A changed lifetime is enforced at once; all else rotates when the new `rotateBefore` says so.
    const isStricter =
      before &&
      next.lifetime.seconds !== current.lifetime.seconds &&
      before.requested > now + next.lifetime.seconds;
    const isDue = !before || isStricter || now >= before.end - windowOf(next);
    expect(fresh).toHaveLength(isDue ? 1 : 0);
    if (errors.length > 0) {
      // Only where BigCommerce left less than `rotateBefore`: the token was revoked again, and the old one stays.
      expect(shorter).toBeGreaterThan(0);
      expect(fresh.map(({ expiresAt = Infinity }) => expiresAt - now <= windowOf(next))).toEqual([true]);
      expect(fresh.map(({ revokedAt }) => revokedAt)).toEqual([now + skew]);
      expect(engine.entries).toEqual(old ? [old] : []);
      continue;
    }
    current = next;

    const { requested, end, due } = timesOf(engine);
    expect(due).toBe(end - windowOf(current));
    expect(due).toBeLessThan(end);
    if (fresh.length > 0) {
      mintedAt = now;
      expect(requested - now).toBeLessThanOrEqual(current.lifetime.seconds);
      expect(requested - now).toBeGreaterThan(current.lifetime.seconds - gridOf(current.lifetime.seconds));
      expect(due).toBeGreaterThan(now);
    } else expect(end).toBe(before?.end);
    // By a clock that is never set back: whatever has expired by it once is no longer revoked.
    latest = Math.max(latest, now);
    const alive = issued.filter(
      ({ revokedAt, expiresAt = Infinity }) => revokedAt === undefined && expiresAt > latest,
    );
    expect(alive.length).toBeLessThanOrEqual(2);

    // A second `up` at the same time has nothing to do, and a third one still has not.
    const { outputs } = engine.live("x");
    for (let again = 0; again < 2; again += 1) {
      expect((await up(current)).calls).toEqual(["check x", "diff x"]);
      expect(issued).toHaveLength(minted + fresh.length);
      expect(engine.live("x").outputs).toEqual(outputs);
    }
  }
}

it("no token outlives its lifetime, and each is rotated once, in the first update from `rotateAt` on, over years of updates at any time", async () => {
  await fc.assert(fc.asyncProperty(plan, play), runs(40));
});
