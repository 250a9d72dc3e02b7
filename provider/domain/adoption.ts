import { type Claims, readClaims } from "./claims";
import { fingerprint } from "./fingerprint";
import type { InputFailure, ParsedInputs } from "./inputs";
import { type Kind, kindOfType } from "./kinds";
import type { Expiry } from "./expiry";
import { durationSeconds, formatExpiry, isPast, secondsLeft, worksUntil } from "./expiry";
import type { TokenState } from "./state";
import { isKnown, type Unknown } from "./unknown";

/** Why the token of `adopt` does not match the inputs. No reason quotes the token. */
export function adoptionProblems(
  kind: Kind,
  inputs: ParsedInputs,
  token: string,
  now: number,
): readonly InputFailure[] {
  const claims = readClaims(token);
  const { expiresAt: expiry = "never" } = claims;
  const refuse = (...reasons: readonly string[]) => reasons.map((reason) => ({ property: "adopt", reason }));
  if (claims.tokenType === undefined && claims.channelIds === undefined) {
    return refuse("is not a token of BigCommerce; give the whole token, as BigCommerce answered it");
  }
  if (isPast(expiry, now)) return refuse("has expired; remove it to mint a token");
  if (isOtherKind(kind, claims)) {
    return refuse(`is another kind of token; this resource holds ${kind.name} tokens`);
  }
  return refuse(...rightsProblems(inputs, claims), ...expiryProblems(inputs, expiry, now));
}

/** When a token expires, by its own claims. */
export function claimedExpiry(token: string): Expiry {
  return readClaims(token).expiresAt ?? "never";
}

/** True if create takes over the token of `adopt`. False if the replaced resource already holds or held this token. */
export function isAdopting(
  replacement: { readonly old: TokenState } | undefined,
  token: string | Unknown | undefined,
): token is string {
  return typeof token === "string" && !(replacement && holdsOrHeld(replacement.old, token));
}

/** True if the resource holds this adopted token, or held it before a rotation. */
export function holdsOrHeld({ fingerprint: own, adopted }: TokenState, token: string): boolean {
  return [own, adopted].includes(fingerprint(token));
}

/** True if the resource's current token was adopted, not minted. */
export function isAdopted(state: Pick<TokenState, "fingerprint" | "adopted">): boolean {
  return state.adopted === state.fingerprint;
}

/**
 * True if the `jti` claim of the token is trusted: the token was minted by us, or GraphQL has accepted its text. Any other
 * token may be forged with the `jti` of another valid token, so it must be neither looked up nor revoked by its `jti`.
 */
export function hasOwnJti(state: Pick<TokenState, "fingerprint" | "adopted" | "verified">): boolean {
  return !isAdopted(state) || state.verified === true;
}

/** The same for the previous token. States of version 0.1.0 do not have `unproven`. */
export function hasPreviousOwnJti({ previous, adopted }: Pick<TokenState, "previous" | "adopted">): boolean {
  return previous?.unproven === undefined && previous?.fingerprint !== adopted;
}

/** The `token_type` of private tokens is not known. A private token only must not have that of another kind. */
export function isOtherKind(kind: Kind, { tokenType }: Claims): boolean {
  if (tokenType === undefined) return false;
  const published = kindOfType(tokenType);
  return published === undefined ? kind.tokenType !== undefined : published !== kind.name;
}

/** Scopes are not compared: a token has no claim for them. */
function rightsProblems(inputs: ParsedInputs, claims: Claims): readonly string[] {
  const { channelIds = [], allowedCorsOrigins = [] } = inputs;
  const problems: string[] = [];
  if (claims.channelIds && isKnown(channelIds) && !haveSameEntries(claims.channelIds, channelIds)) {
    const own = [...new Set(claims.channelIds)].sort((a, b) => a - b).join(", ");
    problems.push(`is valid for other channels than channelIds; it has [${own}]`);
  }
  const origins = claims.allowedCorsOrigins;
  if (origins && isKnown(allowedCorsOrigins) && !haveSameEntries(origins, allowedCorsOrigins)) {
    problems.push("is bound to other origins than allowedCorsOrigins");
  }
  return problems;
}

function expiryProblems(
  { expiresAt, lifetime }: ParsedInputs,
  expiry: Expiry,
  now: number,
): readonly string[] {
  if (!isKnown(expiresAt) || !isKnown(lifetime)) return [];
  if (lifetime === undefined) {
    if (expiresAt === undefined || expiresAt === expiry) return [];
    const fixed = `expiresAt: "${formatExpiry(expiry)}"`;
    return [`expires at another time than expiresAt; give ${fixed}, or lifetime to rotate it`];
  }
  if (secondsLeft(expiry, now) <= (durationSeconds(lifetime) ?? 0)) return [];
  return [
    `${worksUntil(expiry)}, which is longer than lifetime allows; give a longer lifetime, or expiresAt`,
  ];
}

/** True if two lists have the same entries, in any order. */
export function haveSameEntries<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.every((entry) => b.includes(entry)) && b.every((entry) => a.includes(entry));
}
