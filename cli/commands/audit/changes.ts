import { formatExpiry } from "../../../provider/domain/expiry";
import type { HeldToken } from "../../tokens/held-token";
import { isUsed } from "../../tokens/holders";
import type { Change } from "./model";

/** The inputs that BigCommerce signs into a token, except its expiration. */
const RIGHTS = ["storeHash", "apiUrl", "channelIds", "scopes", "allowedCorsOrigins"] as const;

const SECRET = "(secret)";

/** The inputs in which a token differs from the token that it replaced. */
export function changesBetween(before: HeldToken, after: HeldToken): readonly Change[] {
  return [
    ...rightsBetween(before, after),
    ...expiryBetween(before, after),
    ...changed("lifetime", before.lifetime ?? "none", after.lifetime ?? "none"),
  ];
}

export function rightsBetween(before: HeldToken, after: HeldToken): readonly Change[] {
  return RIGHTS.flatMap((input) => changed(input, shown(before, input), shown(after, input)));
}

/**
 * True if a change of inputs replaced a token that no dependent had received. The state of the new token does not name it,
 * as it names any other token that a change replaced.
 */
export function replacesUnused(before: HeldToken, after: HeldToken): boolean {
  if (!before.isUnproven || isUsed(before)) return false;
  const isFixed = before.lifetime === undefined && after.lifetime === undefined;
  return rightsBetween(before, after).length > 0 || (isFixed && before.expiry !== after.expiry);
}

/** The differences between two states of the same token. A value that became secret did not change. */
export function driftBetween(before: HeldToken, after: HeldToken): readonly Change[] {
  return [...rightsBetween(before, after), ...expiryBetween(before, after)].filter(
    ({ from, to }) => from !== SECRET && to !== SECRET,
  );
}

function expiryBetween(before: HeldToken, after: HeldToken): readonly Change[] {
  return changed("expiresAt", expiryText(before), expiryText(after));
}

function changed(input: string, from: string, to: string): readonly Change[] {
  return from === to ? [] : [{ input, from, to }];
}

function shown(token: HeldToken, input: (typeof RIGHTS)[number]): string {
  if (token.hidden.includes(input)) return SECRET;
  const value = token[input];
  if (value === undefined) return "none";
  return typeof value === "string" ? value : `[${value.join(", ")}]`;
}

function expiryText({ expiry }: HeldToken): string {
  return expiry === undefined ? SECRET : formatExpiry(expiry);
}
