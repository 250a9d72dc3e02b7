import { defined } from "../defined";
import { effectiveExpiry } from "./disposition";
import { rotateBeforeSeconds } from "./inputs";
import type { Kind } from "./kinds";
import { DAY, durationSeconds, type Expiry, readExpiry } from "./expiry";
import { type Notice, notice } from "../notice-formats";
import type { PreviewedInputs, TokenState } from "./state";
import { hasUnknown, isKnown } from "./unknown";

/** A fixed end nearer than this is near enough to be forgotten. */
const SOON = 30 * DAY;

/** A window shorter than this is easily missed by a scheduled update. */
const SHORT_WINDOW = DAY;

/** A previous token that works no longer than this leaves little time to deploy the new one. */
const SHORT_OVERLAP = 2 * DAY;

/** What a person should think over in inputs that are in order; each ends with the README section on it. */
export function warningsOf(kind: Kind, inputs: PreviewedInputs, now: number): readonly Notice[] {
  return [...originsWarnings(kind, inputs), ...lifeWarnings(kind, inputs, now), ...windowWarnings(inputs)];
}

/** https://docs.bigcommerce.com/docs/rest-authentication/tokens */
function originsWarnings(
  { endsWithoutOrigins }: Kind,
  { label, allowedCorsOrigins, verify }: PreviewedInputs,
): readonly Notice[] {
  if (!endsWithoutOrigins || allowedCorsOrigins !== undefined) return [];
  const isTried = verify !== undefined && !hasUnknown(verify);
  return [...(isTried ? [notice("verify_without_origins", { label })] : []), notice("no_origins", { label })];
}

function lifeWarnings({ longLife }: Kind, inputs: PreviewedInputs, now: number): readonly Notice[] {
  const { label, expiresAt, lifetime } = inputs;
  if (!isKnown(expiresAt) || !isKnown(lifetime)) return [];
  const end = readExpiry(expiresAt);
  const left = end === "never" ? Infinity : end - now;
  const life = durationSeconds(lifetime ?? "") ?? left;
  const warnings: Notice[] = [];
  if (longLife !== undefined && life > longLife) {
    warnings.push(
      life === Infinity
        ? notice("never_expires", { label })
        : notice("long_life", { label, maxDays: longLife / DAY }),
    );
  }
  if (lifetime === undefined && end !== "never" && left <= SOON) {
    warnings.push(notice(left <= 0 ? "fixed_expired" : "fixed_expiry", { label, expiry: end }));
  }
  return warnings;
}

function windowWarnings(inputs: PreviewedInputs): readonly Notice[] {
  const policy = defined({ lifetime: inputs.lifetime, rotateBefore: inputs.rotateBefore });
  if (policy.lifetime === undefined || !isKnown(policy)) return [];
  if (rotateBeforeSeconds(policy) >= SHORT_WINDOW) return [];
  return [notice("short_window", { label: inputs.label })];
}

/** Since when a token is due by the policy that it was minted with and its own expiry, whatever else changes now. */
export function dueSince(
  old: Pick<TokenState, "expiresAt" | "effectiveExpiresAt" | "lifetime" | "rotateBefore">,
  now: number,
): number | undefined {
  const end = effectiveExpiry(old);
  if (old.lifetime === undefined || end === "never") return undefined;
  const since = end - rotateBeforeSeconds(old);
  return now < since ? undefined : since;
}

/** Whether a token that is left to expire leaves little time to deploy the new one. */
export function isShortOverlap(end: Expiry, now: number): boolean {
  return end !== "never" && end - now < SHORT_OVERLAP;
}
