import { defined } from "../defined";
import { effectiveExpiry } from "./disposition";
import { rotateBeforeSeconds } from "./inputs";
import type { Kind } from "./kinds";
import { DAY, durationSeconds, type Expiry, formatTime, readExpiry } from "./expiry";
import type { PreviewedInputs, TokenState } from "./state";
import { hasUnknown, isKnown } from "./unknown";

const YEAR = 365 * DAY;

/** A fixed end nearer than this is near enough to be forgotten. */
const SOON = 30 * DAY;

/** A window shorter than this is easily missed by a scheduled update. */
const SHORT_WINDOW = DAY;

/** A predecessor that works no longer than this leaves little time to deploy its successor. */
const SHORT_OVERLAP = 2 * DAY;

const UNVERIFIABLE =
  "has verify, but no allowedCorsOrigins: BigCommerce may refuse such a token from a server, so that verify may not be " +
  "able to tell whether it works; give allowedCorsOrigins, or leave verify out " +
  "(README.md#verifying-storefront-tokens-without-origins)";

/** What a person should think over in inputs that are in order; each ends with the README section on it. */
export function warningsOf(kind: Kind, inputs: PreviewedInputs, now: number): readonly string[] {
  return [...originsWarnings(kind, inputs), ...lifeWarnings(kind, inputs, now), ...windowWarnings(inputs)];
}

/** https://docs.bigcommerce.com/docs/rest-authentication/tokens */
function originsWarnings(
  { endsWithoutOrigins }: Kind,
  { allowedCorsOrigins, verify }: PreviewedInputs,
): string[] {
  if (!endsWithoutOrigins || allowedCorsOrigins !== undefined) return [];
  const isTried = verify !== undefined && !hasUnknown(verify);
  return [
    ...(isTried ? [UNVERIFIABLE] : []),
    "has no allowedCorsOrigins: since 2026-06-30 BigCommerce refuses such tokens, and on 2027-03-31 it ends the older " +
      "ones (README.md#storefront-tokens-without-origins)",
  ];
}

function lifeWarnings({ longLife }: Kind, inputs: PreviewedInputs, now: number): string[] {
  const { expiresAt, lifetime } = inputs;
  if (!isKnown(expiresAt) || !isKnown(lifetime)) return [];
  const end = readExpiry(expiresAt);
  const left = end === "never" ? Infinity : end - now;
  const life = durationSeconds(lifetime ?? "") ?? left;
  const warnings: string[] = [];
  if (longLife !== undefined && life > longLife) {
    const most = longLife === YEAR ? "a year" : `${longLife / DAY} days`;
    const how = life === Infinity ? "never expires" : `lives for more than ${most}`;
    warnings.push(`${how}: whoever gets hold of it can use it that long (README.md#long-lives)`);
  }
  if (lifetime === undefined && left <= SOON) {
    const when = left <= 0 ? "has expired at" : "ends at";
    warnings.push(`${when} ${expiresAt}, and nothing rotates a fixed end (README.md#fixed-ends)`);
  }
  return warnings;
}

function windowWarnings(inputs: PreviewedInputs): string[] {
  const policy = defined({ lifetime: inputs.lifetime, rotateBefore: inputs.rotateBefore });
  if (policy.lifetime === undefined || !isKnown(policy)) return [];
  if (rotateBeforeSeconds(policy) >= SHORT_WINDOW) return [];
  return [
    "is rotated only in the last 24 hours of its life: an update that fails then, or is not run, lets it expire " +
      "(README.md#short-windows)",
  ];
}

/** That a token was due by the policy that it was minted with, and by its own end, whatever else is changed now. */
export function dueWarning(
  old: Pick<TokenState, "expiresAt" | "effectiveExpiresAt" | "lifetime" | "rotateBefore">,
  now: number,
): string | undefined {
  const end = effectiveExpiry(old);
  if (old.lifetime === undefined || end === "never") return undefined;
  const since = end - rotateBeforeSeconds(old);
  if (now < since) return undefined;
  return `is due since ${formatTime(since)}, so it is to be rotated (README.md#due-rotations)`;
}

/** That a token which is left to expire leaves little time to those who use it. */
export function overlapWarning(end: Expiry, now: number): string | undefined {
  if (end === "never" || end - now >= SHORT_OVERLAP) return undefined;
  return `works only until ${formatTime(end)}: deploy its successor before (README.md#short-overlaps)`;
}
