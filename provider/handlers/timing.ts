import { TokensError } from "../errors";
import { type ParsedInputs, rotateBeforeSeconds } from "../domain/inputs";
import {
  durationSeconds,
  type Expiry,
  expiryFor,
  formatExpiry,
  formatTime,
  isDue,
  readExpiry,
} from "../domain/expiry";
import type { CheckedInputs } from "../domain/state";
import { hasUnknown, UNKNOWN } from "../domain/unknown";

/** A fixed end nearer than this is taken for a mistake. */
const MIN_AHEAD_S = 10;

/** The expiry, and the policy where one stands: a due token gets a new expiry, an adopted one has its own. */
export function timingOf(
  now: number,
  { expiresAt, lifetime, rotateBefore, adopt }: ParsedInputs,
  old: CheckedInputs | undefined,
  adopted: Expiry | undefined,
): Pick<CheckedInputs, "expiresAt" | "lifetime" | "rotateBefore"> {
  if (lifetime === undefined) return { expiresAt: fixedExpiry(now, expiresAt, old) };
  if (expiresAt !== undefined && !hasUnknown([expiresAt, lifetime])) {
    // `ignoreChanges: ["expiresAt"]` passes the stored expiry beside the lifetime: that pins the token.
    if (old?.expiresAt === expiresAt) return { expiresAt };
    throw new TokensError(
      "expiry_ambiguous",
      "expiresAt: stands beside lifetime; give one of them (a lifetime is rotated by `pulumi up`, a fixed end is not)",
    );
  }
  const policy = { lifetime, ...(rotateBefore !== undefined && { rotateBefore }) };
  if (hasUnknown([expiresAt, lifetime, rotateBefore, !old && adopt]))
    return { ...policy, expiresAt: UNKNOWN };
  if (adopted !== undefined) return { ...policy, expiresAt: formatExpiry(adopted) };
  const seconds = durationSeconds(lifetime) ?? 0;
  const due =
    !old ||
    isDue({
      now,
      expiry: readExpiry(old.expiresAt),
      lifetime: seconds,
      rotateBefore: rotateBeforeSeconds(policy),
      oldLifetime: durationSeconds(old.lifetime ?? ""),
    });
  return { ...policy, expiresAt: due ? formatTime(expiryFor(now, seconds)) : old.expiresAt };
}

function fixedExpiry(now: number, expiresAt: string | undefined, old: CheckedInputs | undefined): string {
  if (expiresAt === undefined || hasUnknown(expiresAt)) return UNKNOWN;
  const expiry = readExpiry(expiresAt);
  if (expiry !== "never" && expiry < now + MIN_AHEAD_S && old?.expiresAt !== expiresAt) {
    throw new TokensError(
      "expiry_past",
      "expiresAt: is past, or less than 10 seconds ahead; give a later time, or lifetime to have the token rotated",
    );
  }
  return expiresAt;
}
