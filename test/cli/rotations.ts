import type { Recorded } from "./histories";
import { day, type Exported, previous, printOf, token } from "./states";

const AUTHOR = { "git.author": "Ann Example", "git.head": "fd41011c0ffee", "git.dirty": "false" };
const LIFETIME = 30;
const LEFT = 10;
const STEP = LIFETIME - LEFT;

/** A fingerprint that no other mint of these histories has. */
const print = (resource: number, mint: number) => printOf(`${resource}.${mint}`.padStart(8, "-"));

/**
 * The history of these many resources, each with a mint and these many rotations. Every token lives for 30 days and is
 * rotated 10 days before it expires; the previous one is left to expire. `last` is the day of the last update.
 */
export function rotationsOf(
  resources: number,
  rotations: number,
  { last = 0 }: { readonly last?: number } = {},
): readonly Recorded[] {
  return Array.from({ length: rotations + 1 }, (_, mint): Recorded => {
    const at = last - (rotations - mint) * STEP;
    const tokens = Array.from({ length: resources }, (__, each): Exported => {
      const id = print(each, mint);
      const times = {
        issuedAt: day(at),
        expiresAt: day(at + LIFETIME),
        lifetime: "30d",
        rotateBefore: "10d",
      };
      const old = previous("x", { issuedAt: day(at - STEP), expiresAt: day(at + LEFT) });
      const before = print(each, mint - 1);
      return token(`service-${each}`, {
        id,
        outputs: {
          ...{ ...times, fingerprint: id },
          ...(mint > 0 && { previous: { ...old, id: before, fingerprint: before } }),
        },
      });
    });
    return {
      ...{ day: at, tokens, message: `Rotate tokens before they expire (${mint})`, environment: AUTHOR },
      changes: mint === 0 ? { create: resources } : { replace: resources },
    };
  });
}

/** The history of these many resources with 12 events each: a mint, five rotations, and other rights in the state. */
export function withTwelveEvents(resources: number, { last = 0 } = {}): readonly Recorded[] {
  const rotations = rotationsOf(resources, 5, { last: last - 1 });
  const tokens = rotations.at(-1)?.tokens?.map((each) => ({
    ...each,
    outputs: { ...(each["outputs"] as object), channelIds: [1, 2] },
  }));
  return [
    ...rotations,
    { day: last, tokens: tokens ?? [], changes: { update: resources }, message: "Import the state", environment: AUTHOR }, // prettier-ignore
  ];
}
