import { defined } from "../defined";
import { InputError, type ParsedInputs } from "../domain/inputs";
import { durationSeconds, type Expiry } from "../domain/expiry";
import type { CheckedInputs, PreviewedInputs } from "../domain/state";
import { isKnown, UNKNOWN, Unknown } from "../domain/unknown";
import { expiryFor, isDue, rotateBeforeSeconds } from "../domain/rotation";

/** A fixed expiration nearer than this is taken for a mistake. */
const MIN_AHEAD_S = 10;

/** The expiration, and the rotation policy if one is given: a due token gets a new expiration, an adopted one keeps its own. */
export function timingOf(
  now: number,
  { expiresAt, lifetime, rotateBefore, adopt }: ParsedInputs,
  old: CheckedInputs | undefined,
  adopted: Expiry | undefined,
): Pick<PreviewedInputs, "expiresAt" | "lifetime" | "rotateBefore"> {
  if (lifetime === undefined) return { expiresAt: fixedExpiry(now, expiresAt, old) };
  if (expiresAt !== undefined && isKnown(expiresAt) && isKnown(lifetime)) {
    // `ignoreChanges: ["expiresAt"]` passes the stored expiration beside the lifetime: that pins the token.
    if (old?.expiresAt === expiresAt) return { expiresAt };
    throw new InputError(
      "expiry_ambiguous",
      "expiresAt",
      "stands beside lifetime; give one of them (a lifetime is rotated by `pulumi up`, a fixed end is not)",
    );
  }
  const policy = defined({ lifetime, rotateBefore });
  if (!isKnown(policy) || !isKnown(expiresAt) || (!old && !isKnown(adopt))) {
    return { ...policy, expiresAt: UNKNOWN };
  }
  if (adopted !== undefined) return { ...policy, expiresAt: adopted };
  const seconds = durationSeconds(policy.lifetime) ?? 0;
  const fresh = expiryFor(now, seconds);
  if (!old) return { ...policy, expiresAt: fresh };
  const due = isDue({
    now,
    expiry: old.expiresAt,
    lifetime: seconds,
    rotateBefore: rotateBeforeSeconds(policy),
    oldLifetime: durationSeconds(old.lifetime),
  });
  return { ...policy, expiresAt: due ? fresh : old.expiresAt };
}

/** True if no token is minted with this fixed expiration. */
export function isTooSoon(expiry: Expiry, now: number): boolean {
  return expiry !== "never" && expiry < now + MIN_AHEAD_S;
}

function fixedExpiry(now: number, expiry: ParsedInputs["expiresAt"], old: CheckedInputs | undefined) {
  if (expiry === undefined || expiry instanceof Unknown) return UNKNOWN;
  if (!isTooSoon(expiry, now) || old?.expiresAt === expiry) return expiry;
  throw new InputError(
    "expiry_past",
    "expiresAt",
    "is past, or less than 10 seconds ahead; give a later time, or lifetime to have the token rotated",
  );
}
