import { defined } from "../defined";
import type { Kind } from "./kinds";
import { DAY, durationSeconds, type Expiry, secondsLeft } from "./expiry";
import { type Notice, notice } from "../notice-formats";
import type { CheckedInputs, PreviewedInputs } from "./state";
import { followsOlderRule } from "./origin-input";
import { hasUnknown, isKnown } from "./unknown";
import { rotateBeforeSeconds } from "./rotation";

/** Nothing rotates a token with a fixed expiration. If it expires within this time, there is a warning. */
const SOON = 30 * DAY;

/** A scheduled update easily misses a rotation window that is shorter than this. */
const SHORT_WINDOW = DAY;

/** If the previous token expires within this time, there is little time to deploy the new token. */
const SHORT_OVERLAP = 2 * DAY;

/** Warnings about valid inputs. Each refers to its section in the README. `old`: the inputs in the state. */
export function warningsOf(
  kind: Kind,
  inputs: PreviewedInputs,
  now: number,
  old?: CheckedInputs,
): readonly Notice[] {
  const before = old === undefined ? [] : decisions(kind, old, now).map(({ code }) => code);
  return [
    ...originsWarnings(kind, inputs),
    ...olderRuleWarnings(inputs, old?.allowedCorsOrigins),
    ...decisions(kind, inputs, now).filter(({ code }) => !before.includes(code)),
    ...fixedWarnings(inputs, now),
  ];
}

/** Whoever writes them decides once: nobody has to act while they stay as they are. */
function decisions(kind: Kind, inputs: PreviewedInputs, now: number): readonly Notice[] {
  return [...lifeWarnings(kind, inputs, now), ...windowWarnings(inputs)];
}

/** An origin in the state was accepted by BigCommerce. */
function olderRuleWarnings(
  { label, allowedCorsOrigins: origins }: PreviewedInputs,
  old: readonly string[] = [],
): readonly Notice[] {
  if (!origins || !isKnown(origins)) return [];
  return origins.flatMap((origin, at) =>
    old.includes(origin) || followsOlderRule(origin)
      ? []
      : [notice("older_origin_rule", { label, input: `allowedCorsOrigins[${at}]` })],
  );
}

/** https://docs.bigcommerce.com/docs/rest-authentication/tokens */
function originsWarnings(
  { forBrowsers }: Kind,
  { label, allowedCorsOrigins, verify }: PreviewedInputs,
): readonly Notice[] {
  if (!forBrowsers || allowedCorsOrigins !== undefined) return [];
  const isTried = verify !== undefined && !hasUnknown(verify);
  return [...(isTried ? [notice("verify_without_origins", { label })] : []), notice("no_origins", { label })];
}

function lifeWarnings({ longValidity }: Kind, inputs: PreviewedInputs, now: number): readonly Notice[] {
  const { label, expiresAt: expiry, lifetime } = inputs;
  if (!isKnown(expiry) || !isKnown(lifetime)) return [];
  const left = secondsLeft(expiry, now);
  const life = durationSeconds(lifetime) ?? left;
  if (longValidity === undefined || life <= longValidity) return [];
  if (life === Infinity) return [notice("never_expires", { label })];
  return [notice("long_life", { label, maxDays: longValidity / DAY })];
}

/** Nothing but a person changes a fixed expiration. */
function fixedWarnings(
  { label, expiresAt: expiry, lifetime }: PreviewedInputs,
  now: number,
): readonly Notice[] {
  if (lifetime !== undefined || expiry === "never" || !isKnown(expiry)) return [];
  const left = secondsLeft(expiry, now);
  return left > SOON ? [] : [notice(left <= 0 ? "fixed_expired" : "fixed_expiry", { label, expiry })];
}

function windowWarnings({ label, lifetime, rotateBefore }: PreviewedInputs): readonly Notice[] {
  const policy = defined({ lifetime, rotateBefore });
  if (policy.lifetime === undefined || !isKnown(policy)) return [];
  return rotateBeforeSeconds(policy) < SHORT_WINDOW ? [notice("short_window", { label })] : [];
}

/**
 * True if the old token expires so soon that there is little time to deploy the new one. Half of a short `rotateBefore` is
 * what its owner chose, and no news.
 */
export function isShortOverlap(
  expiry: Expiry,
  owner: Pick<CheckedInputs, "lifetime" | "rotateBefore">,
  now: number,
): boolean {
  const chosen = owner.lifetime === undefined ? Infinity : rotateBeforeSeconds(owner) / 2;
  return secondsLeft(expiry, now) < Math.min(SHORT_OVERLAP, chosen);
}
