import { MINUTE } from "./expiry";

/** A clock that is further off than this is wrong: a request takes less. */
const MAX_SKEW_S = MINUTE;

/** How wrong this machine's clock is. */
interface ClockSkew {
  readonly side: "ahead" | "behind";
  /** 1 or more. */
  readonly minutes: number;
}

/** Compares this machine's clock with BigCommerce's, both in Unix seconds. Undefined if they agree. */
export function clockSkew(own: number, theirs: number): ClockSkew | undefined {
  const seconds = Math.abs(own - theirs);
  if (seconds <= MAX_SKEW_S) return undefined;
  return { side: own > theirs ? "ahead" : "behind", minutes: Math.round(seconds / MINUTE) };
}
