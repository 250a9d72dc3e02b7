import fc from "fast-check";

import { durationSeconds } from "../../provider/domain/expiry";
import { lifeProblem } from "../../provider/domain/outputs";
import { dueSince, expiryFor, isDue, rotateBeforeSeconds } from "../../provider/domain/rotation";
import type { CheckedInputs } from "../../provider/domain/state";
import { gridOf, type Policy, policy, windowOf } from "../support/policies";
import { runs } from "../support/property-runs";

const YEAR_2020 = 1_577_836_800;
const YEAR_2200 = 7_258_118_400;
const time = fc.integer({ min: YEAR_2020, max: YEAR_2200 });

const textsOf = ({ lifetime, rotateBefore }: Policy) => ({
  lifetime: lifetime.text,
  ...(rotateBefore && { rotateBefore: rotateBefore.text }),
});
const inputsOf = (given: Policy, expiresAt: number): CheckedInputs => ({
  ...{ label: "l", storeHash: "s", channelIds: [1], overlap: "auto", onDelete: "revoke", expiresAt },
  ...textsOf(given),
});
const dueAt = (given: Policy, expiry: number, now: number) =>
  isDue({
    ...{ now, expiry, lifetime: given.lifetime.seconds, oldLifetime: given.lifetime.seconds },
    rotateBefore: rotateBeforeSeconds(textsOf(given)),
  });

it("a lifetime and rotateBefore are read as the seconds that they say", () => {
  fc.assert(
    fc.property(policy, (given) => {
      expect(durationSeconds(given.lifetime.text)).toBe(given.lifetime.seconds);
      expect(rotateBeforeSeconds(textsOf(given))).toBe(windowOf(given));
    }),
    runs(300),
  );
});

it("an expiration is at most a lifetime ahead, at least a lifetime less its rounding, and never earlier for a later mint", () => {
  fc.assert(
    fc.property(policy, time, fc.nat(100_000_000), ({ lifetime: { seconds } }, minted, later) => {
      const left = expiryFor(minted, seconds) - minted;
      expect(left).toBeLessThanOrEqual(seconds);
      expect(left).toBeGreaterThan(seconds - gridOf(seconds));
      expect((minted + left) % gridOf(seconds)).toBe(0);
      expect(expiryFor(minted + later, seconds)).toBeGreaterThanOrEqual(left + minted);
    }),
    runs(300),
  );
});

it("an expiration is the same for a preview and an update in one cell of its rounding", () => {
  fc.assert(
    fc.property(
      policy,
      time,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ lifetime: { seconds } }, cell, at) => {
        const grid = gridOf(seconds);
        const begin = Math.floor(cell / grid) * grid - seconds;
        const within = Math.round(at * (grid - 1));
        expect(expiryFor(begin + within, seconds)).toBe(expiryFor(begin, seconds));
      },
    ),
    runs(300),
  );
});

it("a token is not due at its birth, and due once: from its rotation time on, which is before its expiration", () => {
  fc.assert(
    fc.property(policy, time, (given, minted) => {
      const expiry = expiryFor(minted, given.lifetime.seconds);
      const due = expiry - windowOf(given);
      expect(due).toBeGreaterThan(minted);
      expect(due).toBeLessThan(expiry);
      expect(lifeProblem(inputsOf(given, expiry), minted)).toBeUndefined();
      for (const now of [minted, due - 1, due, due + 1, expiry - 1, expiry, expiry + 1]) {
        expect(dueAt(given, expiry, now)).toBe(now >= due);
        expect(dueSince(inputsOf(given, expiry), now)).toBe(now >= due ? due : undefined);
      }
    }),
    runs(300),
  );
});

it("a changed policy rotates a token once, whenever that is, and the new token is not due by it", () => {
  fc.assert(
    fc.property(policy, policy, time, fc.nat(2_000_000_000), (before, after, minted, later) => {
      const now = minted + later;
      const old = expiryFor(minted, before.lifetime.seconds);
      const { seconds } = after.lifetime;
      const question = { now, lifetime: seconds, rotateBefore: rotateBeforeSeconds(textsOf(after)) };
      const left = old - now;
      const isChanged = seconds !== before.lifetime.seconds;
      const isRotated = isDue({ ...question, expiry: old, oldLifetime: before.lifetime.seconds });
      expect(isRotated).toBe(left <= windowOf(after) || (isChanged && left > seconds));
      // What an update leaves in the state: the new token or the old one, and the new policy.
      const expiry = isRotated ? expiryFor(now, seconds) : old;
      expect(dueAt(after, expiry, now)).toBe(false);
    }),
    runs(300),
  );
});
